"""What one step of an evaluation hands to the next: the case at hand, and a start with what follows from it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from kept.code.model import Duty, Limit
from kept.engine.entries import Entry, Subject, Timeline
from kept.engine.obligation import Evaluation
from kept.engine.reading import Knowledge, Reader
from kept.engine.rules import Rule, Rules


@dataclass(slots=True)
class Case:
    """One duty on one timeline. `used` holds the answers already given away, where a duty does not share them."""

    rules: Rules
    rule: Rule
    timeline: Timeline
    found: Evaluation
    duty: Duty = field(init=False)
    subject: Subject = field(init=False)
    as_of: datetime = field(init=False)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.duty, self.subject, self.as_of = self.rule.duty, self.timeline.subject, self.timeline.as_of

    def reader(self) -> Reader:
        return Reader(self.timeline, self.rules.vocabulary.attributes, self.rule.edition.terms)


class Start(NamedTuple):
    """A start and what follows from it alone.

    clock        when the clock starts; None where the records lack the event that starts it
    due          when an answer is due; None where there is no limit, or it cannot be told (`missing` names the fact)
    cancelled_by the event that takes away what the obligation is for: a vacated hearing, a further start
    said_until   up to when a good reason or a refusal that names no start is about this one; None: whenever
    """

    event: Entry
    clock: datetime | None
    known: Knowledge
    limit: Limit | None = None
    due: datetime | None = None
    missing: str = ""
    enhanced_flag: bool | None = None
    enhanced_gate: bool | None = None
    cancelled_by: Entry | None = None
    said_until: datetime | None = None

    @property
    def begins(self) -> datetime:
        """From when something can be said of the obligation: what is only planned is owed upon once it is entered."""
        return min(self.event.at, self.event.entered) if self.event.planned else self.event.at
