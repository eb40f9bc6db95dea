"""Compiled steps over entries in the order in which they were written: who held each, and how long each took."""

from typing import Any, NamedTuple

import numpy as np

from kept.engine.compiled.kernel import kernel

SECOND = 1_000_000  # microseconds
_YEAR_ONE = 719_162 * 86_400 * SECOND
"""From the beginning of the year 1 to 1970."""
CAME, BEFORE, OVER, WITHIN = range(4)
"""What is counted of a cell: of how many the second moment came not before the first, and of how many it did; of those
that came, how many could be within the limit by the clock, and how many were."""


@kernel
def held_by(numbers: Any, moments: Any, firsts: Any, begun: Any, since: Any, whose: Any, nobody: Any, out: Any) -> None:
    """Who held each investigation, by its number, at a moment: the first who held it for what was before, too.

    `firsts` and `begun` say where the postings of each number begin and end, `since` and `whose` from when they are and
    of whom; -1 is the number of no investigation.
    """
    for place in range(numbers.shape[0]):
        number = numbers[place]
        out[place] = nobody
        if number < 0 or begun[number] == firsts[number]:
            continue
        at = firsts[number]
        while at + 1 < begun[number] and since[at + 1] <= moments[place]:
            at += 1
        out[place] = whose[at]


class Rows(NamedTuple):
    """Some entries: their two moments in microseconds since 1970, and who held them and what they are, as places."""

    entered: Any
    happened: Any
    held: Any
    what: Any


class Bases(NamedTuple):
    """Where each holder and each kind of entry lies: an entry's cell is the sum of its two, outside below 0."""

    of_held: Any
    of_what: Any


@kernel
def count(rows: Any, bases: Any, limit: Any, clock: Any, out: Any) -> None:
    """Count entries by their cell, of which `out` has a row each; a limit in microseconds below 0 is none."""
    for row in range(len(rows.entered)):
        cell = bases.of_held[rows.held[row]] + bases.of_what[rows.what[row]]
        if cell < 0:
            continue
        took = rows.entered[row] - rows.happened[row]
        over = limit >= 0 and took >= 0 and clock - rows.happened[row] >= limit
        out[cell, CAME] += took >= 0
        out[cell, BEFORE] += took < 0
        out[cell, OVER] += over
        out[cell, WITHIN] += over and took <= limit


@kernel
def put(rows: Any, bases: Any, following: Any, out: Any) -> None:
    """Put how many seconds began between the two moments of each entry that came next to those of its cell.

    `following` says of each cell where its next one goes.
    """
    for row in range(len(rows.entered)):
        cell = bases.of_held[rows.held[row]] + bases.of_what[rows.what[row]]
        if cell >= 0 and rows.entered[row] >= rows.happened[row]:
            out[following[cell]] = _second(rows.entered[row]) - _second(rows.happened[row])
            following[cell] += 1


@kernel
def _second(moment: Any) -> Any:
    """The second in which a moment lies, since the beginning of the year 1: so that dividing rounds down."""
    return np.uint64(moment + _YEAR_ONE) // np.uint64(SECOND)
