"""A duty and everything it is made of, as frozen values.

Nothing here computes: the loader builds these values from YAML and refuses what cannot be evaluated, the engine
evaluates them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from kept.code.conditions import Condition
from kept.contract.vocabulary import Vocabulary

DutyKind = Literal["respond", "repeat", "before", "all_of"]
Certainty = Literal["sourced", "secondary", "analogue", "unverified"]
OwedTo = Literal["victim", "investigation", "request", "hearing"]
Which = Literal["each", "first", "latest"]
Unit = Literal["hours", "days", "working_days", "months", "until"]
OptOut = Literal["survives", "ends", "letter", "officer"]
Credit = Literal["holder_at_start", "holder_at_due", "recorder", "agency"]
AppliesAt = Literal["start", "due"]
Rounding = Literal["down", "up"]
Status = Literal["statutory", "draft", "local"]
State = Literal[
    "met", "late", "not_done", "no_record", "reasoned", "declined", "lapsed", "pending", "not_measurable"
]  # fmt: skip
"""What may become of an obligation. `kept.engine.states` says which of them holds; examples say which must."""

CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
HOLDERS = (
    "police",
    "witness_care",
    "cps",
    "court",
    "probation",
    "youth_offending",
    "compensation_authority",
    "every_provider",
)
EVENT_FIELDS = ("value", "result", "channel", "item", "by")
"""The fields of an event that a selector may restrict."""
START_FIELDS = (*EVENT_FIELDS, "source")
"""The fields of a start that a condition may ask about."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Which events count: a kind, and for each named field the values that it may have. Empty = any."""

    kind: str
    value: tuple[str, ...] = ()
    result: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    by: tuple[str, ...] = ()

    def fields(self) -> dict[str, tuple[str, ...]]:
        """The fields that it restricts."""
        named = {name: getattr(self, name) for name in EVENT_FIELDS}
        return {name: values for name, values in named.items() if values}

    def says(self) -> str:
        words = [" or ".join(values).replace("_", " ") for values in self.fields().values()]
        kind = self.kind.replace("_", " ")
        return f"{kind} ({', '.join(words)})" if words else kind


@dataclass(frozen=True, slots=True)
class Limit:
    """How long: `amount` of a unit, or the value of an attribute.

    hours run to the instant; days, working_days and months to the end of the local day, the day of the start being
    day 0; `until` takes a moment that is itself a fact of the case, to the instant or to the end of its day.
    `amount` None with `attribute` set: the number (or, for `until`, the moment) is read from that attribute.
    """

    unit: Unit
    amount: int | None = None
    attribute: str = ""
    rounding: Rounding | None = None
    to_end_of_day: bool = False

    def says(self) -> str:
        if self.unit == "until":
            whole = " (to the end of that day)" if self.to_end_of_day else ""
            return f"by the case's own {self.attribute.replace('_', ' ')}{whole}"
        unit = self.unit.replace("_", " ")
        if self.amount is None:
            return f"every {self.attribute.replace('_', ' ')} ({unit})"
        return f"{self.amount} {unit if self.amount != 1 else unit[:-1]}"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands. `paragraph` may be empty: the paper the duty was read in does not always print one."""

    source: str
    paragraph: str = ""
    url: str = ""
    read: date | None = None

    def says(self) -> str:
        return f"{self.source} {self.paragraph}".strip()


@dataclass(frozen=True, slots=True)
class LimitException:
    """A different limit where a condition holds. Two that hold at once need different priorities; higher wins."""

    when: Condition
    limit: Limit
    citation: Citation
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Which events answer a start, and how they find it.

    `specific` answers name the thing; `generic` ones ("victim contacted") count only at best. `match` lists the
    links an answer shares with its start; `unlinked` lets an answer without that link count; `shared` lets one
    answer serve several starts.
    """

    specific: tuple[Selector, ...]
    generic: tuple[Selector, ...] = ()
    first_ever: bool = False
    match: tuple[str, ...] = ()
    unlinked: bool = True
    shared: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an `all_of` duty, with its own condition and answer."""

    id: str
    title: str
    answer: Answer
    applies: Condition | None = None
    not_done: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedAt:
    """From when an obligation counts: its due moment, the first event of a stage, or so many days, marked local."""

    at: Literal["due", "stage", "maturity"]
    stage: tuple[Selector, ...] = ()
    days: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a timeline of facts and events, and the obligations that must come of it."""

    name: str
    given: tuple[Mapping[str, Any], ...]
    then: tuple[Mapping[str, Any], ...]
    as_of: str
    not_arisen: Mapping[str, int] = field(default_factory=dict)
    victims: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True)
class Duty:
    """One rule of an edition. The reference page of each field is `docs/reference/duty-language.md`."""

    id: str
    title: str
    says: str
    edition: str
    holder: str
    certainty: Certainty
    citation: Citation
    right: int | None = None
    kind: DutyKind | None = None
    owed_to: OwedTo = "victim"
    owed_when: tuple[Selector, ...] = ()
    clock_from: tuple[Selector, ...] = ()
    which: Which = "each"
    before: tuple[Selector, ...] = ()
    applies: Condition | None = None
    applies_at: AppliesAt = "start"
    limit: Limit | None = None
    enhanced_limit: Limit | None = None
    exceptions: tuple[LimitException, ...] = ()
    judged_at: JudgedAt | None = None
    answer: Answer | None = None
    parts: tuple[Part, ...] = ()
    or_reason: tuple[Selector, ...] = ()
    not_done: tuple[Selector, ...] = ()
    declined: tuple[Selector, ...] = ()
    ends: tuple[Selector, ...] = ()
    extinguished_by: tuple[Selector, ...] = ()
    opt_out: OptOut = "survives"
    credit: Credit = "holder_at_due"
    measured_now: bool = False
    not_measurable: str = ""
    continues: str = ""
    note: str = ""
    papers: tuple[int, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    examples: tuple[Example, ...] = ()
    file: str = ""
    line: int = 0

    def answers(self) -> tuple[Answer, ...]:
        """Its answers: one, or one for each part."""
        return (self.answer,) if self.answer else tuple(part.answer for part in self.parts)


SELECTOR_FIELDS = ("owed_when", "clock_from", "before", "or_reason", "not_done", "declined", "ends")
"""The fields of a duty that are selectors of their own, apart from its answers and the stage it is judged at."""


@dataclass(frozen=True, slots=True)
class TermDefinition:
    """A condition under a name, with the law that it comes from."""

    name: str
    means: str
    when: Condition
    certainty: Certainty
    citation: Citation


@dataclass(frozen=True, slots=True)
class Edition:
    """A set of duties: the Code as it stood, a draft, a force's own standards, another field's rules."""

    id: str
    title: str
    status: Status
    citation: Citation
    vocabulary: Vocabulary
    terms: Mapping[str, TermDefinition]
    duties: Mapping[str, Duty]
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An edition in a rulebook, from one day up to, not including, another."""

    edition: Edition
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Which editions are in force from when."""

    id: str
    title: str
    nation: str
    chosen: tuple[Chosen, ...]
    vocabulary: Vocabulary
    digest: str = ""

    def duties(self) -> tuple[tuple[Duty, Chosen], ...]:
        """Every duty of every edition, with the span its edition is in force."""
        return tuple((duty, chosen) for chosen in self.chosen for duty in chosen.edition.duties.values())
