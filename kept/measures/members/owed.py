"""A run's obligations as narrow rows, and tallies of them: of a duty that repeats, a right and the whole Code.

Both are sorted by measure and month and have what figures are divided by copied in, as codes (`coded`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.engine.states import COUNTED, STATES, TURNING
from kept.measures.tally import ASIDE, MOST, RATED, SHIFTS

Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Numbers = npt.NDArray[np.int32]
Days = Numbers
_STATES: list[str] = [row.state for row in STATES]
_MOMENT = pa.timestamp("us", tz="UTC")
NEVER = np.iinfo(np.int64).max
SUMS, DETAIL = 0, 4
"""The levels of a tally that is added up over who is credited, and of one for each holder."""
NO_DAY = -(2**31)
"""The day, and the month, of what is judged at no known moment."""


@dataclass(frozen=True, slots=True)
class Single:
    """A run's obligations in a bucket, by subject, as columns of equal length.

    subject   a number within the bucket
    holder    the place of who is credited among the bucket's postings, -1 where there is none
    month     its first day since 1970, NO_DAY where no moment judged is known
    ripe      from when it counts, in microseconds, where that is after the run's as-of, else NEVER
    pattern   how it settles, as the place of its counts in `PATTERNS`
    """

    measure: npt.NDArray[np.uint16]
    month: Days
    subject: Numbers
    holder: Numbers
    ripe: Integers
    pattern: npt.NDArray[np.uint8]

    def rows(self, chosen: Places, measure: npt.NDArray[np.uint16], unit: Numbers) -> "Rows":
        """Some of them, under another measure, and as of another unit."""
        pattern = self.pattern[chosen]
        return Rows(
            measure,
            self.month[chosen],
            self.subject[chosen],
            unit,
            self.holder[chosen],
            self.ripe[chosen],
            PATTERNS["rated"][pattern],
            PATTERNS["aside"][pattern],
            np.zeros(len(chosen), np.uint8),
            np.full(len(chosen), SUMS, np.uint8),
        )

    def in_order(self) -> Places:
        """By measure and month, in which they are stored; within a month as they were."""
        return by_measure_and_month(self.measure, self.month)

    def only_ones(self) -> Truths:
        """Whether each is the only one of its measure that is owed to its subject."""
        order = np.argsort(self.measure, kind="stable")
        measure, subject = self.measure[order], self.subject[order]
        again = (measure[1:] == measure[:-1]) & (subject[1:] == subject[:-1])
        found = np.ones(len(order), np.bool_)
        found[order[1:][again]] = False
        found[order[:-1][again]] = False
        return found


@dataclass(frozen=True, slots=True)
class Rows:
    """Tallies as columns of equal length: as `Single`, and packed counts.

    unit    whose rows count as one: the subject, or its investigation
    split   of the levels of who is credited, a bit for each in which the unit's month has several (`summarised`)
    level   SUMS, or of which level's several the row is one: 1 for the first level and so on, DETAIL of every holder's
    """

    measure: npt.NDArray[np.uint16]
    month: Days
    subject: Numbers
    unit: Numbers
    holder: Numbers
    ripe: Integers
    rated: Integers
    aside: Integers
    split: npt.NDArray[np.uint8]
    level: npt.NDArray[np.uint8]

    def take(self, rows: Places | Truths) -> "Rows":
        return Rows(*(getattr(self, one.name)[rows] for one in fields(self)))

    def __len__(self) -> int:
        return len(self.measure)


def joined(*parts: Rows) -> Rows:
    """The rows of all parts, one part after another."""
    return Rows(*(np.concatenate([getattr(one, each.name) for one in parts]) for each in fields(Rows)))


def patterns_of(
    settled: npt.NDArray[np.int8], at_best: Truths, entered: Truths, judged: Truths
) -> npt.NDArray[np.uint8]:
    """The pattern of obligations: the state each settles in, and three truths."""
    found = settled.astype(np.uint8)
    for place, truth in enumerate((at_best, entered, judged)):
        found |= truth.astype(np.uint8) << (_STATE_BITS + place)
    return found


_STATE_BITS = 4
_JUDGED = 1 << (_STATE_BITS + 2)


def _patterns() -> dict[str, Integers]:
    """The packed counts of every pattern: `rated`, where a moment judged is known, and `aside`."""
    every = np.arange(2 * _JUDGED)
    state = every & ((1 << _STATE_BITS) - 1)
    at_best, entered, judged = (every & (1 << (_STATE_BITS + place)) > 0 for place in range(3))
    met = state == _STATES.index("met")
    counted = np.isin(state, [_STATES.index(one) for one in COUNTED])
    turning = np.isin(state, [_STATES.index(one) for one in TURNING])
    truths: dict[str, Truths] = {
        "judged": counted,
        "met": met,
        "best": counted & at_best,
        "reasoned": state == _STATES.index("reasoned"),
        "in_time": met & entered,
    }
    truths |= {name: state == _STATES.index(name) for name in ASIDE}
    truths["pending"] |= turning & ~judged
    return {"rated": np.where(judged, _packed(truths, RATED), 0), "aside": _packed(truths, ASIDE)}


def _packed(truths: Mapping[str, Truths], names: tuple[str, ...]) -> Integers:
    found = np.zeros(len(truths[names[0]]), np.int64)
    for name in names:
        found |= truths[name].astype(np.int64) << SHIFTS[name]
    return found


PATTERNS = _patterns()
"""The packed counts of an obligation, by its pattern."""


def tallied(rows: Rows) -> Rows:
    """The rows of one unit, subject, month and holder added up; those that are ripe only later stay as they are."""
    found = rows.ripe == NEVER
    merged = rows.take(found)
    return joined(_added_up(merged, merged.holder)[0], rows.take(~found))


def summarised(rows: Rows, levels: Sequence[npt.NDArray[np.uint16]]) -> Rows:
    """Tallies added up over who is credited, beside what they consist of where that is not the same at every level.

    `levels` gives the code of each holder at each level. A figure by one level takes the sums of the months that are
    not split in it, and that level's rows of the others; by several, the detail of those split in any; by none, sums.
    """
    parts, later = rows.take(ripe := rows.ripe == NEVER), rows.take(~ripe)
    merged, groups = _added_up(parts)
    split = np.zeros(len(merged), np.uint8)
    codes = [level[parts.holder.astype(np.intp)] for level in levels]
    for place, of_level in enumerate(codes if len(parts) else ()):
        ends = (end.reduceat(of_level[groups.order], groups.begins) for end in (np.minimum, np.maximum))
        split |= np.not_equal(*ends).astype(np.uint8) << place
    of_part = np.empty(len(parts), np.uint8)
    of_part[groups.order] = np.repeat(split, np.diff(groups.begins, append=len(parts)))
    found = [replace(merged, split=split), _marked(parts, of_part, of_part > 0, DETAIL), later]
    for place, of_level in enumerate(codes[: DETAIL - 1]):
        here = (of_part >> place) & 1 == 1
        found.append(_added_up(_marked(parts, of_part, here, place + 1), of_level[here])[0])
    return joined(*found)


def _marked(rows: Rows, split: npt.NDArray[np.uint8], here: Truths, level: int) -> Rows:
    chosen = rows.take(here)
    return replace(chosen, split=split[here], level=np.full(len(chosen), level, np.uint8))


class _Groups(NamedTuple):
    """Rows in an order in which those of a group follow each other, and where each group begins."""

    order: Places
    begins: Places


def _added_up(rows: Rows, *apart: Numbers | npt.NDArray[np.uint16]) -> tuple[Rows, _Groups]:
    """The rows of one measure, unit, subject, month and whatever is `apart`, added up; and which they were.

    A unit that more could be owed in a month than a count can hold is left in several rows.
    """
    if not len(rows):
        nothing = np.zeros(0, np.intp)
        return rows, _Groups(nothing, nothing)
    key = _key(rows.measure, rows.unit, rows.subject, rows.month, *apart)
    order = np.argsort(key, kind="stable")
    fresh = np.flatnonzero(np.diff(key[order], prepend=key[order[0]] - 1) != 0)
    begins = _cut(fresh, _obligations(rows)[order])
    sums = {name: np.add.reduceat(getattr(rows, name)[order], begins) for name in ("rated", "aside")}
    return replace(rows.take(order[begins]), **sums), _Groups(order, begins)


def _cut(begins: Places, obligations: Integers) -> Places:
    """Where groups begin, a group of more obligations than a count can hold being cut into its rows."""
    large = np.add.reduceat(obligations, begins) > MOST
    if not large.any():
        return begins
    lengths = np.diff(begins, append=len(obligations))
    return np.flatnonzero(np.repeat(large, lengths) | np.isin(np.arange(len(obligations)), begins))


def _obligations(rows: Rows) -> Integers:
    """How many obligations each row stands for, or more."""
    counts = [(rows.rated, SHIFTS["judged"]), *((rows.aside, SHIFTS[name]) for name in ASIDE)]
    found: Integers = np.sum([(column >> shift) & MOST for column, shift in counts], axis=0)
    return found


def alone(rows: Rows) -> dict[str, Truths]:
    """Whether a row is all there is of its unit: `single_in_month`, and over all months `single`.

    Of a month that is split by a level, its rows stand for themselves where the month has but one sum.
    """
    sums = rows.level == SUMS
    in_month = _only_sum(_key(rows.measure, rows.unit, rows.month), sums)
    ever = _only_sum(_key(rows.measure, rows.unit), sums)
    return {"single_in_month": in_month & (rows.level != DETAIL), "single": ever & sums}


def _only_sum(key: Integers, sums: Truths) -> Truths:
    """Whether there is one sum of the key of each row."""
    _, place = np.unique(key, return_inverse=True)
    found: Truths = np.bincount(place[sums], minlength=int(place.max(initial=-1)) + 1)[place] == 1
    return found


def _key(*columns: npt.NDArray[np.integer] | Truths) -> Integers:
    """One number for each combination of values: equal where all are."""
    key = np.zeros(len(columns[0]), np.int64)
    room = 1
    for column in columns:
        numbers = column.astype(np.int64)
        least = int(numbers.min(initial=0))
        span = int(numbers.max(initial=0)) - least + 1
        if room * span >= NEVER:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            room = int(key.max(initial=0)) + 1
        key = key * span + (numbers - least)
        room *= span
    return key


def by_measure_and_month(measure: npt.NDArray[np.uint16], month: Days) -> Places:
    """The order in which rows are stored; within a month as they were.

    Months begin 28 days or more apart, so that a number of 16 bits orders them, which is sorted in one pass.
    """
    known = month != NO_DAY
    first = int(month[known].min()) if known.any() else 0
    place = np.where(known, (month - first) // 28 + 1, 0).clip(max=np.iinfo(np.uint16).max).astype(np.uint16)
    order = np.argsort(place, kind="stable")
    found: Places = order[np.argsort(measure[order], kind="stable")]
    return found


def day_column(days: Days) -> pa.Array:
    """Days since 1970 as dates; null where it is NO_DAY."""
    return pa.array(days, mask=days == NO_DAY).cast(pa.date32())


def moment_column(moments: Integers) -> pa.Array:
    """Microseconds since 1970 as moments; null where it is NEVER."""
    return pa.array(moments, mask=moments == NEVER).cast(_MOMENT)
