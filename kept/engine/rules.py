"""A rulebook made ready for evaluation: which duties a timeline's events can make arise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kept.calendar import Calendar
from kept.code.model import Chosen, Duty, Edition, Rulebook
from kept.contract.vocabulary import Vocabulary

ON_INVESTIGATIONS = ("investigation", "hearing", "request")
"""What is owed to one of these is evaluated on the investigation's timeline, once, however many victims it has."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A duty, its edition, and the days between which its clock must start."""

    duty: Duty
    edition: Edition
    first_day: date
    day_after: date | None

    @property
    def order(self) -> tuple[str, str, date]:
        return (self.edition.id, self.duty.id, self.first_day)

    def in_force(self, day: date) -> bool:
        return self.first_day <= day and (self.day_after is None or day < self.day_after)


@dataclass(frozen=True, slots=True)
class Rules:
    """The evaluable duties of a rulebook by what they are owed to and by the kind of event that starts them."""

    calendar: Calendar
    vocabulary: Vocabulary
    by_start: Mapping[str, Mapping[str, tuple[Rule, ...]]] = field(repr=False)

    def arising(self, subject_kind: str, event_kinds: Iterable[str]) -> list[Rule]:
        """The rules that these events can start, each once, in the order of the rulebook."""
        by_start = self.by_start[subject_kind]
        found = {rule.order: rule for kind in event_kinds for rule in by_start.get(kind, ())}
        return [found[order] for order in sorted(found)]


def prepare(rulebook: Rulebook, not_measurable: Iterable[str] = (), *, only: Duty | None = None) -> Rules:
    """Make a rulebook ready, or one duty of it alone.

    Duties whose `edition/id` is in `not_measurable` are left out: they have a row of coverage, and no obligations.
    """
    left_out = set(not_measurable)
    by_start: dict[str, dict[str, list[Rule]]] = {"victim": {}, "investigation": {}}
    for duty, chosen in rulebook.duties():
        if duty.not_measurable or f"{duty.edition}/{duty.id}" in left_out or only not in (None, duty):
            continue
        subject_kind = "investigation" if duty.owed_to in ON_INVESTIGATIONS else "victim"
        for kind in {selector.kind for selector in duty.owed_when or duty.before}:
            by_start[subject_kind].setdefault(kind, []).append(_rule(duty, chosen))
    frozen = {level: {kind: tuple(rules) for kind, rules in kinds.items()} for level, kinds in by_start.items()}
    return Rules(Calendar.of(rulebook.nation), rulebook.vocabulary, frozen)


def _rule(duty: Duty, chosen: Chosen) -> Rule:
    first = max(filter(None, (chosen.starts_on, duty.starts_on)))
    ends = list(filter(None, (chosen.ends_on, duty.ends_on)))
    return Rule(duty, chosen.edition, first, min(ends) if ends else None)
