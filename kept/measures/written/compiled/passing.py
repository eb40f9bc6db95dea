"""Compiled steps over entries in the order in which they were written: who held each, and how long each took."""

from typing import Any, NamedTuple

import numpy as np

from kept.engine.compiled.kernel import kernel, within

SECOND = 1_000_000  # microseconds
_YEAR_ONE = 719_162 * 86_400 * SECOND
"""From the beginning of the year 1 to 1970."""
CAME, BEFORE, OVER, WITHIN, LONG = COUNTS = range(5)
"""What is counted of a cell: of how many the second moment came not before the first, and of how many it did; of those
that came, how many could be within the limit by the clock, how many were, and how many took too long for the table."""


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
def count(rows: Any, bases: Any, limit: Any, clock: Any, out: Any, times: Any) -> None:
    """Count entries by their cell, of which `out` and `times` have a row each; a limit in microseconds below 0 is none.

    `times` is how often each number of seconds occurs, of those that it has room for: most entries are written soon.
    """
    for row in range(len(rows.entered)):
        cell = bases.of_held[rows.held[row]] + bases.of_what[rows.what[row]]
        if cell < 0:
            continue
        took = rows.entered[row] - rows.happened[row]
        if took < 0:
            out[cell, BEFORE] += 1
            continue
        over = limit >= 0 and clock - rows.happened[row] >= limit
        seconds = _seconds(rows, row)
        soon = seconds < times.shape[1]
        if soon:
            times[cell, seconds] += 1
        out[cell, CAME] += 1
        out[cell, OVER] += over
        out[cell, WITHIN] += over and took <= limit
        out[cell, LONG] += not soon


@kernel
def put(rows: Any, bases: Any, room: Any, following: Any, out: Any) -> None:
    """Put the seconds of each entry that took as many as `room` or more next to those of its cell.

    `following` says of each cell where its next one goes.
    """
    for row in range(len(rows.entered)):
        took = rows.entered[row] - rows.happened[row]
        if took < 0 or took < (room - 1) * SECOND:
            continue
        cell = bases.of_held[rows.held[row]] + bases.of_what[rows.what[row]]
        seconds = _seconds(rows, row)
        if cell >= 0 and seconds >= room:
            out[following[cell]] = seconds
            following[cell] += 1


@within
def _seconds(rows: Any, row: Any) -> Any:
    """How many seconds began between the two moments of an entry."""
    return np.int64(_second(rows.entered[row]) - _second(rows.happened[row]))


@within
def _second(moment: Any) -> Any:
    """The second in which a moment lies, since the beginning of the year 1: so that dividing rounds down."""
    return np.uint64(moment + _YEAR_ONE) // np.uint64(SECOND)
