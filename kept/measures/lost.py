"""Where obligations are lost: for each duty how many were kept, and of the others how many by recording or by delivery.

Every obligation that was judged went exactly one of `WAYS`, so that the ways of a duty add up to what was judged of it;
those of the side `kept` are the evidenced end of its rate, and with those of `recording` its other end, at best
(docs/explanation/rates-are-ranges.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from kept.code.model import Duty
from kept.engine.states import COUNTED
from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.measures.ledger.grouped import DUTY, grouped
from kept.measures.ledger.packed import ASIDE
from kept.measures.names import of_duty
from kept.measures.question import UNKNOWN, Question

Side = Literal["kept", "recording", "delivery", "reason"]
SIDES: tuple[Side, ...] = get_args(Side)
"""What a way says of the force: it was kept; the record cannot tell; it was not delivered; there was a good reason."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way that a judged obligation may go, and its side.

    `states` it may be in then, `at_best` whether it counts as kept at best (None: either), and `entered` whether it
    was written down by its due moment (None: either).
    """

    id: str
    side: Side
    states: tuple[str, ...]
    at_best: bool | None = None
    entered: bool | None = None

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether obligations that are alike (`ledger.grouped`) went this way."""
        return (
            row["state"] in self.states
            and self.at_best in (None, row["at_best"])
            and self.entered in (None, row["entered_by_due"])
        )


WAYS = (
    Way("kept", "kept", ("met",), entered=True),
    Way("written_late", "kept", ("met",), entered=False),
    Way("silent", "recording", ("no_record",), at_best=True),
    Way("late_perhaps", "recording", ("late",), at_best=True),
    Way("reasoned_perhaps", "recording", ("reasoned",), at_best=True),
    Way("late", "delivery", ("late",), at_best=False),
    Way("part_lost", "delivery", ("no_record",), at_best=False),
    Way("not_done", "delivery", ("not_done",)),
    Way("reasoned", "reason", ("reasoned",), at_best=False),
)
"""Every way; each obligation goes the first that holds.

`written_late` was kept, and written down only after it was due. `late_perhaps` and `reasoned_perhaps` were late or had
a good reason, and a general contact in time may have included what was owed. `part_lost` has several parts: of one
there is no record, and another was late.
"""
_ANSWERED = ("met", "late")


@dataclass(frozen=True, slots=True)
class Ways:
    """How many obligations went each way, by its id, and how many were not judged, by state (`ledger.packed.ASIDE`)."""

    went: Mapping[str, int]
    aside: Mapping[str, int]

    @property
    def judged(self) -> int:
        return sum(self.went.values())

    def of(self, side: Side) -> int:
        """How many went a way of a side."""
        return sum(self.went[way.id] for way in WAYS if way.side == side)

    @property
    def owed(self) -> int:
        """How many arose."""
        return self.judged + sum(self.aside.values())

    @property
    def answered(self) -> int:
        """How many were done at last, in time or late."""
        return sum(self.went[way.id] for way in WAYS if way.states[0] in _ANSWERED)

    @property
    def lost(self) -> int:
        """How many the records do not show to have been kept."""
        return self.judged - self.of("kept")

    def share(self, side: Side) -> float | None:
        """The share of what was judged that went a way of a side; None where nothing was judged."""
        return self.of(side) / self.judged if self.judged else None

    def with_no_time_to_write(self) -> "Ways":
        """The same where no limit says by when it must be written down: whatever was kept was written in time."""
        kept = {"kept": self.of("kept"), "written_late": 0}
        return replace(self, went={**self.went, **kept})


NOTHING = Ways({way.id: 0 for way in WAYS}, dict.fromkeys(ASIDE, 0))
"""The ways of what did not arise."""


def ways_of(duties: Sequence[Duty], at: Opened, question: Question) -> dict[str, Ways]:
    """The ways of some duties, by the id of each one's measure; of a duty that did not arise there are none.

    MeasureError where the question is by anything: it is by duty.
    """
    if question.by or question.period:
        raise MeasureError("The ways of duties are by duty alone.", what_to_do="Ask by no breakdown and no period.")
    names = {of_duty(one.edition, one.id): one for one in duties}
    found = _counted(at, duties, replace(question, by=(DUTY,)))
    return {name: ways if _has_time(names[name]) else ways.with_no_time_to_write() for name, ways in found.items()}


def ways_by(duties: Sequence[Duty], at: Opened, question: Question) -> dict[str | None, Ways]:
    """The ways of some duties together, by the one breakdown of a question; MeasureError if it is by more or fewer."""
    if len(question.by) != 1 or question.period:
        raise MeasureError("Ways are divided by one breakdown.", what_to_do="Name one, and no period.")
    return _counted(at, duties, question)


def together(several: Iterable[Ways]) -> Ways:
    """The ways of all of some added up."""
    each = [*several]
    return Ways(
        {way.id: sum(one.went[way.id] for one in each) for way in WAYS},
        {state: sum(one.aside[state] for one in each) for state in ASIDE},
    )


def _has_time(duty: Duty) -> bool:
    """Whether anything says by when it must be done."""
    return duty.limit is not None or duty.kind == "before"


def _counted(at: Opened, duties: Sequence[Duty], question: Question) -> dict[Any, Ways]:
    """Of each value of the question's one breakdown what went which way."""
    names = {of_duty(one.edition, one.id): one.kind == "repeat" for one in duties}
    if not names:
        return {}
    table = _only(grouped(at.members.owed, names, question), question.only)
    rows: dict[Any, list[dict[str, Any]]] = {}
    for row in _added_up(table, question.by[0]):
        rows.setdefault(row[question.by[0]], []).append(row)
    return {value: _ways(several) for value, several in rows.items()}


def _only(table: pa.Table, only: Mapping[str, str]) -> pa.Table:
    for name, value in only.items():
        column = table.column(name)
        table = table.filter(pc.is_null(column) if value == UNKNOWN else pc.equal(column, value))
    return table


def _added_up(table: pa.Table, by: str) -> Iterator[dict[str, Any]]:
    keys = [by, "state", "at_best", "entered_by_due", "waits"]
    rows: list[dict[str, Any]] = table.group_by(keys).aggregate([("times", "sum")]).to_pylist()
    yield from rows


def _ways(rows: Sequence[Mapping[str, Any]]) -> Ways:
    went, aside = {way.id: 0 for way in WAYS}, dict.fromkeys(ASIDE, 0)
    for row in rows:
        if row["state"] in aside:
            aside[row["state"]] += row["times_sum"]
        elif row["state"] in COUNTED and not row["waits"]:
            went[next(way.id for way in WAYS if way.holds(row))] += row["times_sum"]
    return Ways(went, aside)
