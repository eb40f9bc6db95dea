"""Counting what is owed: the rows of a measure in all ledgers of a run, added up along the axes of a table."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from kept.measures.ledger import adding
from kept.measures.ledger.packed import (
    CODES,
    KEPT,
    RATED,
    SUMMED,
    WIDE,
    bits_of,
    counts_of_codes,
    kept_by_bits,
    of_waiting,
    summed,
    told_apart,
    unpacked,
    wide,
)
from kept.measures.ledger.parts import Part, apart, without_strays
from kept.measures.ledger.stored import Ledger
from kept.measures.ledger.table import Cell, Places, Table, table_of
from kept.measures.members.coded import MEASURE, Codes
from kept.measures.names import is_of_windows
from kept.measures.question import Question

Integers = npt.NDArray[np.int64]
_T = TypeVar("_T")
_Job = TypeVar("_Job")


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of obligations: of each a code, all that do not wait before all that do, and what each counts."""

    codes: Integers
    of_code: npt.NDArray[np.int32]
    counts: Mapping[str, Integers]

    @classmethod
    def of(cls, codes: Integers) -> "Kinds":
        """Of the codes that occur, in order."""
        of_code = np.zeros((2, CODES), np.int32)
        of_code[:, codes] = np.arange(2 * len(codes)).reshape(2, -1)
        now = {name: count[codes] for name, count in counts_of_codes().items()}
        later = of_waiting(now)
        return cls(np.tile(codes, 2), of_code, {name: np.append(now[name], later[name]) for name in now})


@dataclass(frozen=True)
class Owed:
    """What is owed in a run as its ledgers hold it, read by a clock in microseconds since 1970."""

    ledgers: Sequence[Ledger]
    codes: Codes
    clock: int

    @classmethod
    def read(cls, folder: Path, buckets: Sequence[int], clock: int) -> "Owed":
        """Of some buckets of a folder of members."""
        return cls([Ledger(folder, bucket) for bucket in buckets], Codes.read(folder), clock)

    def by(self, clock: int) -> "Owed":
        """The same, read by another clock in microseconds since 1970."""
        return self if clock == self.clock else replace(self, clock=clock)

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """The names of each column in the order of their codes, which begin with 1."""
        return {column: [*names] for column, names in self.codes.names.items()}

    @cached_property
    def waiting(self) -> Sequence[Integers]:
        """Of each ledger the places of the rows whose moment is still to come."""
        return [one.waiting(self.clock) for one in self.ledgers]

    @cached_property
    def strays(self) -> Integers:
        """The numbers of the investigations whose victims lie in several buckets."""
        windows = [one for one in self.codes.names.get(MEASURE, {}) if is_of_windows(one)]
        found = [(ledger.bucket, part.cases()) for one in windows for ledger, part in self.parts(one)]
        buckets = {bucket: [cases for at, cases in found if at == bucket] for bucket, _ in found}
        once = [np.unique(np.concatenate(cases)) for cases in buckets.values()]
        numbers, times = np.unique(np.concatenate([np.zeros(0, np.int64), *once]), return_counts=True)
        strays: Integers = numbers[(times > 1) & (numbers >= 0)]
        return strays

    @cached_property
    def kinds(self) -> "Kinds":
        """The kinds of obligations that occur."""
        codes = (
            np.unique(np.concatenate([one.codes for one in self.ledgers])) if self.ledgers else np.zeros(0, np.int64)
        )
        return Kinds.of(codes)

    def code_of(self, measure: str) -> int:
        """The code of a measure; 0 where nothing is owed under that name."""
        return self.codes.names.get(MEASURE, {}).get(measure, 0)

    def parts(self, measure: str) -> Iterator[tuple[Ledger, Part]]:
        """The rows of a measure in each ledger that has any."""
        code = self.code_of(measure)
        for ledger, waiting in zip(self.ledgers, self.waiting, strict=True):
            if code in ledger.measures:
                yield ledger, Part.of(ledger, code, waiting)

    def table(self, measures: Sequence[str], question: Question) -> Table:
        """The table that a question asks for of some measures."""
        codes = [self.code_of(one) for one in measures]
        found = [one.measures[code] for one in self.ledgers for code in codes if code in one.measures]
        days = [one for one in found if one.last]
        return table_of(
            question,
            self.names,
            (min((one.first for one in days), default=1), max((one.last for one in days), default=0)),
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What was added up: the cells in order, and the sums of each by name."""

    cells: Sequence[Cell]
    sums: Mapping[str, Integers]


def added_up(owed: Owed, measure: str, question: Question, all_of_it: bool, by_case: bool = False) -> Sums:
    """Add up a measure's rows over units, in each cell: `packed.KEPT` of all that is owed, of a duty `packed.SUMMED`.

    A unit is a subject, or its investigation where it is asked for `by_case`.
    """
    table = owed.table([measure], question)
    parts = [part for _, part in owed.parts(measure)]
    names = KEPT if all_of_it else SUMMED
    if not parts:
        return _joined([(np.zeros(0, np.int64), np.zeros((0, len(names)), np.int64))], table, names)
    if by_case and len(owed.strays):
        parts, table = apart(parts, owed.strays), without_strays(table)
    way = _of_all(table, question, by_case) if all_of_it else _of_duty(owed, table, question)
    return _joined(at_once(way, parts), table, names)


def at_once(step: Callable[[Sequence[_Job]], _T], jobs: Sequence[_Job]) -> list[_T]:
    """A step over all jobs, shared between the processors: what each came to."""
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        return [*pool.map(step, [jobs[place::workers] for place in range(workers)])]


Cells: TypeAlias = tuple[Places, Integers]
"""The places of the cells that something was found in, and their sums, as rows."""


def _of_duty(owed: Owed, table: Table, question: Question) -> Callable[[Sequence[Part]], Cells]:
    """Adds up parts of a duty: codes that count the same are of one kind."""
    counts, kind = told_apart(owed.kinds.counts)
    of_code, of_kind, added = kind[owed.kinds.of_code].astype(np.int32), summed(counts), wide(counts)

    def way(parts: Sequence[Part]) -> Cells:
        room = _room(parts, table, len(of_kind), len(SUMMED), adding.COUNTS + WIDE)
        for one in parts:
            rows, bases = one.coded(of_code), one.bases(table)
            begin, end = one.rows.start, one.rows.stop
            adding.add_duty(rows, begin, end, bases, one.waiting, bool(question.period), added, room)
        places, alike, sums = _found(room)
        return places, sums + alike.astype(np.int64) @ of_kind

    return way


def _of_all(table: Table, question: Question, by_case: bool) -> Callable[[Sequence[Part]], Cells]:
    """Adds up parts of a measure of all that is owed."""
    of_kind = kept_by_bits()

    def way(parts: Sequence[Part]) -> Cells:
        room = _room(parts, table, len(of_kind), 0, 1)
        for one in parts:
            rows, bases = one.coded(_bits(one.tallies)), one.bases(table)
            unit, begin, end = one.known["within"], one.rows.start, one.rows.stop
            adding.add_all(rows, begin, end, bases, one.waiting, bool(question.period), by_case, unit, room)
        places, alike, _ = _found(room)
        return places, alike.astype(np.int64) @ of_kind

    return way


def _bits(tallies: Integers) -> npt.NDArray[np.int32]:
    """The bits of each code, none of what waits."""
    bits = np.append(np.zeros(CODES, np.int64), bits_of(unpacked(tallies, RATED)))
    return np.stack([bits, np.zeros_like(bits)]).astype(np.int32)


def _room(parts: Sequence[Part], table: Table, kinds: int, sums: int, opened: int) -> tuple[Any, ...]:
    """Room for the cells of some parts (`adding.add_duty`); pages that are never written to take no memory."""
    cells, numbers, places = cells_of(parts, table.size)
    most = len(places)
    alike, summed_up = np.zeros((most, kinds), np.int32), np.zeros((most, sums), np.int64)
    return cells, numbers, places, alike, summed_up, np.zeros(most, np.int32), np.zeros((most, opened), np.int64)


def cells_of(parts: Sequence[Part], size: int) -> tuple[Any, Any, Any]:
    """Room for the cells themselves: a slot for each of so many places, or fewer than that if these are too many."""
    most = max(1, min(size, sum(one.rows.stop - one.rows.start for one in parts)))
    slots = size if size <= _SLOTS else 1 << (2 * most).bit_length()
    numbers = np.zeros(3, np.int64)
    numbers[adding.SHARED] = slots - 1 if slots != size else 0
    return np.full(slots, -1, np.int32), numbers, np.zeros(most, np.int64)


def _found(room: tuple[Any, ...]) -> tuple[Places, Integers, Integers]:
    """Of the cells that were found their places, their units by kind, and sums."""
    found = int(room[1][adding.FOUND])
    return room[2][:found], room[3][:found], room[4][:found]


_SLOTS = 1 << 22
"""How many places of a table have a slot each; of more, most would be of nothing."""


def _joined(rooms: Sequence[tuple[Places, Integers]], table: Table, names: Sequence[str]) -> Sums:
    """The sums of all rooms; without an axis one cell, even of nothing."""
    places = np.concatenate([places for places, _ in rooms])
    sums = np.concatenate([sums for _, sums in rooms])
    if not table.shape and not len(places):
        places, sums = np.zeros(1, np.int64), np.zeros((1, len(names)), np.int64)
    found, place = np.unique(places, return_inverse=True)
    total = np.zeros((len(found), len(names)), np.int64)
    np.add.at(total, place, sums)
    return Sums(table.cells_at(found), {name: total[:, column] for column, name in enumerate(names)})
