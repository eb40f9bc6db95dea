"""What the evaluator says: one row for each obligation, and how many did not arise."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import pyarrow as pa

from kept.code.model import State

MOMENT = pa.timestamp("us", tz="UTC")


class Obligation(NamedTuple):
    """One duty owed to one subject because of one start; `part` names a part of an `all_of` duty, blank = the whole.

    Moments are UTC. `state` is that at the as-of; `settled` is the state in which the evidence settles it once it is
    judged, and differs only while it is pending. `late_by` is kept for answers after the deadline of a duty with a
    limit, in whole seconds.
    """

    subject: int
    subject_kind: str
    subject_id: str
    investigation: str
    crime: str | None
    victim: str | None
    person: str | None
    duty: str
    part: str
    right: int | None
    edition: str
    holder: str
    start_id: str | None
    start_at: datetime
    clock_at: datetime | None
    limit: str
    due: datetime | None
    judged: datetime | None
    state: State
    settled: State
    missing: str = ""
    answer_id: str | None = None
    answered_at: datetime | None = None
    answer_entered: datetime | None = None
    answered_by: str = ""
    linked: str = ""
    generic_id: str | None = None
    generic_at: datetime | None = None
    late_by: int | None = None
    at_best: bool = False
    entered_by_due: bool | None = None
    reason_id: str | None = None
    reason_after_due: bool | None = None
    ended_by: str | None = None
    moved_to: str = ""
    enhanced_flag: bool | None = None
    enhanced_gate: bool | None = None
    credited_to: str = ""
    credited_officer: str | None = None


@dataclass(slots=True)
class Evaluation:
    """The obligations of some subjects, and by (duty, cause) how many did not arise."""

    obligations: list[Obligation] = field(default_factory=list)
    not_arisen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: "Evaluation") -> None:
        self.obligations.extend(other.obligations)
        self.not_arisen.update(other.not_arisen)


_TYPES: dict[str, pa.DataType] = {
    "subject": pa.int64(),
    "right": pa.int16(),
    "start_at": MOMENT,
    "clock_at": MOMENT,
    "due": MOMENT,
    "judged": MOMENT,
    "answered_at": MOMENT,
    "answer_entered": MOMENT,
    "generic_at": MOMENT,
    "late_by": pa.int64(),
    "at_best": pa.bool_(),
    "entered_by_due": pa.bool_(),
    "reason_after_due": pa.bool_(),
    "enhanced_flag": pa.bool_(),
    "enhanced_gate": pa.bool_(),
}

SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in Obligation._fields])
"""The columns of a run's obligations, in order."""

ORDER = "subject, edition, duty, then start by start as they came, a whole before its parts as the duty lists them"
"""The total order in which a run's rows are written, in words."""


def to_table(obligations: list[Obligation]) -> pa.Table:
    """The obligations as an Arrow table in `SCHEMA`."""
    columns = list(zip(*obligations, strict=True)) or [()] * len(SCHEMA)
    return pa.Table.from_arrays(
        [pa.array(values, type=column.type) for values, column in zip(columns, SCHEMA, strict=True)],
        schema=SCHEMA,
    )
