"""Counting what is owed: the rows of a measure in all ledgers of a run, added up along the axes of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from kept.measures.ledger.compiled import adding
from kept.measures.ledger.compiled.layout import WIDE
from kept.measures.ledger.compiled.looking import BLOCK, SHARED, Block, Slots, Waiting
from kept.measures.ledger.owed import Owed, at_once
from kept.measures.ledger.packed import KEPT, SUMMED
from kept.measures.ledger.parts import Part, apart, without_strays
from kept.measures.ledger.scores import OfAll, OfDuty
from kept.measures.ledger.table import Axes, Table
from kept.measures.question import Question

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sums:
    """What was added up: where the cells lie along each axis, in order, and the sums of each by name."""

    cells: Axes
    sums: Mapping[str, Integers]


def added_up(owed: Owed, measure: str, question: Question, all_of_it: bool, by_case: bool = False) -> Sums:
    """Add up a measure's rows over units, in each cell: `packed.KEPT` of all that is owed, of a duty `packed.SUMMED`.

    A unit is a subject, or its investigation where it is asked for `by_case`.
    """
    table = owed.table([measure], question)
    parts = [part for _, part in owed.parts(measure)]
    if not parts:
        names, places = KEPT if all_of_it else SUMMED, _nothing(table)
        return _sums(table, places, np.zeros((len(places), len(names)), np.int64), names)
    if by_case and len(owed.strays):
        parts, table = apart(parts, owed.strays), without_strays(table)
    adding_up = _AddingUp(table, OfAll() if all_of_it else OfDuty.of(owed.kinds), bool(question.period), by_case)
    return _sums(table, *adding_up.of(parts), adding_up.what.names)


def _sums(table: Table, places: Integers, sums: Integers, names: Sequence[str]) -> Sums:
    """Of some places of a table the sums, as rows."""
    return Sums(table.along(places), {name: sums[:, column] for column, name in enumerate(names)})


def _nothing(table: Table) -> Integers:
    """The places that there are even where nothing is: without an axis one."""
    return np.zeros(0 if table.shape else 1, np.int64)


@dataclass(frozen=True, slots=True)
class _Added:
    """What was added up by one of several at work: the cells that something was found in, by their places in order.

    A unit of each score adds a row of `adds`.
    """

    places: Integers
    cells: Integers
    adds: Integers
    room: adding.Room


@dataclass(frozen=True, slots=True)
class _AddingUp:
    """What is added up along a table, whether what waits is left out, and who is a unit."""

    table: Table
    what: OfDuty | OfAll
    leave: bool
    by_case: bool

    def of(self, parts: Sequence[Part]) -> tuple[Integers, Integers]:
        """The places of all cells that anything was found in, in order, and their sums, as rows."""
        added = at_once(self._add, parts)
        places = np.sort(np.concatenate([_nothing(self.table), *(one.places for one in added)]), kind="stable")
        found = places[np.diff(places, prepend=-1) > 0]
        sums = np.zeros((len(found), len(self.what.names)), np.int64)

        def close(shares: Sequence[Integers]) -> None:
            for share, one in product(shares, added):
                cells = slice(*np.searchsorted(one.places, [share[0], share[-1] + 1]))
                rows = np.searchsorted(found, one.places[cells])
                adding.close(one.cells[cells], one.adds, one.room, rows, sums)

        at_once(close, [found[first : first + _SHARE] for first in range(0, len(found), _SHARE)])
        return found, sums

    def _add(self, parts: Sequence[Part]) -> _Added:
        slots, cells = slots_of(parts, self.table.size, _OWN_SLOTS)
        scores, block = self.what.scores(cells), new_block()
        room = _room(cells, len(scores.joined), len(self.what.names))
        for one in parts:
            rows, waiting = one.coded(self.what.kinds(one.tallies)), Waiting(one.waiting, self.leave)
            units = adding.Units(one.first, self.by_case, one.known["within"])
            begin, end = one.rows.start, one.rows.stop
            adding.add(rows, begin, end, one.bases(self.table), waiting, units, scores, (block, slots), room)
        places, found = places_of(slots, np.flatnonzero(room.last != adding.EMPTY))
        order = np.argsort(places, kind="stable")
        return _Added(places[order], found[order], self.what.adds(scores), room)


def new_block() -> Block:
    """Room for what is looked up of a block of rows."""
    place, kind, inside = np.empty((3, BLOCK), np.int32)
    return Block(place, kind, inside, np.zeros(1, np.int64))


def slots_of(parts: Sequence[Part], size: int, most: int) -> tuple[Slots, int]:
    """Slots for so many places of a table, and the number of cells: each place is one, but where there are too many."""
    numbers = np.zeros(2, np.int64)
    if size <= most:
        return Slots(np.zeros(0, np.int32), numbers, np.zeros(0, np.int64)), max(size, 1)
    cells = max(1, min(size, sum(one.rows.stop - one.rows.start for one in parts)))
    slots = 1 << (2 * cells).bit_length()
    numbers[SHARED] = slots - 1
    return Slots(np.full(slots, -1, np.int32), numbers, np.zeros(cells, np.int64)), cells


def places_of(slots: Slots, found: Integers) -> tuple[Integers, Integers]:
    """The places of the cells that were found, and the cells."""
    return (slots.places[found] if slots.numbers[SHARED] else found), found


_OWN_SLOTS = 1 << 20
"""How many places of a table are a cell each; of more, most would be of nothing."""


_SHARE = 1 << 12
"""How many cells are put together at once."""


def _room(cells: int, scores: int, sums: int) -> adding.Room:
    """Room for cells; pages that are never written to take no memory."""
    return adding.Room(
        np.full(cells, adding.EMPTY, np.int64),
        np.zeros((scores, cells), np.int32),
        np.empty((cells, WIDE), np.int64),
        np.zeros((cells, sums), np.int64),
    )
