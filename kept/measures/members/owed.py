"""A run's obligations as narrow rows, and tallies of them: of a duty that repeats, a right and the whole Code.

Both are sorted by measure and month and have what figures are divided by copied in, as codes (`coded`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.engine.states import COUNTED, STATES, TURNING
from kept.measures.tally import ASIDE, MOST, RATED, SHIFTS

Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
_STATES: list[str] = [row.state for row in STATES]
_MOMENT = pa.timestamp("us", tz="UTC")
NEVER = np.iinfo(np.int64).max
NO_DAY = -(2**31)
"""The day, and the month, of what is judged at no known moment."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of equal length: of each row whose it is, of which measure, and its packed counts.

    subject   a number within the bucket; `unit` is whose rows count as one, the subject or its investigation
    holder    the place of who is credited among the bucket's postings, -1 where there is none
    ripe      from when it counts, in microseconds, where that is after the run's as-of, else NEVER
    """

    measure: npt.NDArray[np.uint16]
    month: Integers
    subject: Integers
    unit: Integers
    holder: Integers
    ripe: Integers
    rated: Integers
    aside: Integers

    def take(self, rows: npt.NDArray[np.intp] | Truths) -> "Rows":
        return Rows(*(getattr(self, one.name)[rows] for one in fields(self)))

    def joined(self, other: "Rows") -> "Rows":
        return Rows(*(np.concatenate([getattr(one, each.name) for one in (self, other)]) for each in fields(self)))

    def __len__(self) -> int:
        return len(self.measure)


def counts_of(
    settled: npt.NDArray[np.int8], at_best: Truths, entered: Truths, judged: Truths
) -> tuple[Integers, Integers]:
    """The packed counts of single obligations as they settle: `rated`, where a moment judged is known, and `aside`."""
    met = settled == _STATES.index("met")
    counted = np.isin(settled, [_STATES.index(state) for state in COUNTED])
    turning = np.isin(settled, [_STATES.index(state) for state in TURNING])
    truths: Mapping[str, Truths] = {
        "judged": counted,
        "met": met,
        "best": counted & at_best,
        "reasoned": settled == _STATES.index("reasoned"),
        "in_time": met & entered,
        **{state: settled == _STATES.index(state) for state in ASIDE},
    }
    rated = np.where(judged, _packed(truths, RATED), 0)
    aside = _packed({**truths, "pending": truths["pending"] | (turning & ~judged)}, ASIDE)
    return rated, aside


def _packed(truths: Mapping[str, Truths], names: tuple[str, ...]) -> Integers:
    found = np.zeros(len(truths[names[0]]), np.int64)
    for name in names:
        found |= truths[name].astype(np.int64) << SHIFTS[name]
    return found


def tallied(rows: Rows) -> Rows:
    """The rows of one unit, subject and month added up; those that are ripe only later stay as they are.

    A unit that more could be owed in a month than a count can hold is left in several rows.
    """
    ripe = rows.ripe == NEVER
    merged, later = rows.take(ripe), rows.take(~ripe)
    if not len(merged):
        return later
    key = _key(merged.measure, merged.unit, merged.subject, merged.month, merged.holder)
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.diff(key[order], prepend=key[order[0]] - 1) != 0)
    begins = _split(begins, len(order))
    found = merged.take(order[begins])
    sums = {name: np.add.reduceat(getattr(merged, name)[order], begins) for name in ("rated", "aside")}
    return replace(found, **sums).joined(later)


def _split(begins: npt.NDArray[np.intp], size: int) -> npt.NDArray[np.intp]:
    """Where groups begin, none of which has more rows than a count can hold."""
    lengths = np.diff(begins, append=size)
    if lengths.max(initial=0) <= MOST:
        return begins
    return np.concatenate([np.arange(a, a + n, MOST) for a, n in zip(begins, lengths, strict=True)])


def alone(measure: npt.NDArray[np.uint16], *others: Integers) -> Truths:
    """Whether each row is the only one of its measure and the others' values."""
    key = _key(measure, *others)
    order = np.argsort(key, kind="stable")
    fresh = np.diff(key[order], prepend=-1) != 0
    last = np.append(fresh[1:], True) if len(fresh) else fresh
    found = np.empty(len(key), np.bool_)
    found[order] = fresh & last
    return found


def _key(*columns: npt.NDArray[np.integer]) -> Integers:
    """One number for each combination of values: equal where all are."""
    key = np.zeros(len(columns[0]), np.int64)
    room = 1
    for column in columns:
        least = int(column.min(initial=0))
        span = int(column.max(initial=0)) - least + 1
        if room * span >= NEVER:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            room = int(key.max(initial=0)) + 1
        key = key * span + (column.astype(np.int64) - least)
        room *= span
    return key


def by_measure_and_month(rows: Rows) -> npt.NDArray[np.intp]:
    """The order in which rows are stored; within a month as they were."""
    months = np.unique(rows.month, return_inverse=True)[1].astype(np.uint16)
    order = np.argsort(months, kind="stable")
    found: npt.NDArray[np.intp] = order[np.argsort(rows.measure[order].astype(np.uint16), kind="stable")]
    return found


def day_column(days: Integers) -> pa.Array:
    """Days since 1970 as dates; null where it is NO_DAY."""
    return pa.array(days.astype(np.int32), mask=days == NO_DAY).cast(pa.date32())


def moment_column(moments: Integers) -> pa.Array:
    """Microseconds since 1970 as moments; null where it is NEVER."""
    return pa.array(moments, mask=moments == NEVER).cast(_MOMENT)
