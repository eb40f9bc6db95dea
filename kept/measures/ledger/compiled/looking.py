"""Where rows lie in the table that a question asks for, and of which kind each is: looked up a block at a time.

To look up one column after another, without asking anything of a row, is what a processor does several rows at once.
"""

from typing import Any, NamedTuple

from kept.engine.compiled.kernel import kernel
from kept.measures.ledger.compiled.layout import OUTSIDE

BLOCK = 4096
"""How many rows are looked up at once: so few that what is found of them stays at hand."""
_MIXING = -7046029254386353131
"""Spreads whole numbers over 64 bits (Knuth, The Art of Computer Programming, vol. 3, 6.4: the golden ratio)."""
FOUND, SHARED = 0, 1
"""Of the numbers of `Slots`: how many cells were found where places share slots; and of these slots the last, one less
than a power of two, or 0 where each place of the table is a cell."""


class Rows(NamedTuple):
    """The columns of rows; and of each code the kind of a row that does not wait for its moment, or that does."""

    subject: Any
    day: Any
    holder: Any
    code: Any
    now: Any
    later: Any


class Bases(NamedTuple):
    """Where each day, subject and holder lies in the table: a row is at the sum of its three, outside below 0."""

    of_day: Any
    of_subject: Any
    of_holder: Any


class Waiting(NamedTuple):
    """The places of the rows whose moment is still to come, in order, and whether they are left out."""

    places: Any
    leave: Any


class Block(NamedTuple):
    """Of each row of a block its place in the table and its kind; and which of them are in the table, one by one.

    `following[0]` is the next of what waits.
    """

    place: Any
    kind: Any
    inside: Any
    following: Any


class Slots(NamedTuple):
    """Where places share slots: of each its cell, or -1; FOUND and SHARED; and of each cell its place."""

    slots: Any
    numbers: Any
    places: Any


@kernel
def placed(codes: Any, places: Any, out: Any) -> None:
    """Where each subject or posting lies in the table by a column of codes, added to `out`; outside stays outside."""
    for one in range(len(out)):
        out[one] = max(out[one] + places[codes[one]], OUTSIDE)


@kernel
def look_up(rows: Any, first: Any, n: Any, bases: Any, waiting: Any, block: Any) -> Any:
    """Look up `n` rows from `first` on; how many are in the table.

    Rows near each other are of days near each other, so that often none of a block is of the days asked for.
    """
    _look_up(rows.day, bases.of_day, first, n, block.place)
    if _all_outside(block.place, n):
        _pass_by(waiting.places, first + n, block.following)
        return 0
    _look_up_more(rows.subject, bases.of_subject, first, n, block.place)
    _look_up_more(rows.holder, bases.of_holder, first, n, block.place)
    _look_up(rows.code, rows.now, first, n, block.kind)
    following = block.following[0]
    while following < len(waiting.places) and waiting.places[following] < first + n:
        at = waiting.places[following] - first
        block.kind[at] = rows.later[rows.code[first + at]]
        if waiting.leave:
            block.place[at] = OUTSIDE
        following += 1
    block.following[0] = following
    return _inside(block.place, n, block.inside)


@kernel
def _look_up(codes: Any, table: Any, first: Any, n: Any, out: Any) -> None:
    for one in range(n):
        out[one] = table[codes[first + one]]


@kernel
def _look_up_more(codes: Any, table: Any, first: Any, n: Any, out: Any) -> None:
    for one in range(n):
        out[one] += table[codes[first + one]]


@kernel
def _all_outside(place: Any, n: Any) -> Any:
    furthest = OUTSIDE
    for one in range(n):
        furthest = max(furthest, place[one])
    return furthest < 0


@kernel
def _pass_by(places: Any, end: Any, following: Any) -> None:
    """Go on to the first of what waits that is not before `end`."""
    while following[0] < len(places) and places[following[0]] < end:
        following[0] += 1


@kernel
def _inside(place: Any, n: Any, out: Any) -> Any:
    """Which of a block's rows lie in the table; how many."""
    found = 0
    for one in range(n):
        out[found] = one
        found += place[one] >= 0
    return found


@kernel
def first_not_before(places: Any, begin: Any) -> Any:
    """The first of sorted places that is not before another."""
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) // 2
        if places[middle] < begin:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def cell_at(place: Any, slots: Any) -> Any:
    """The cell at a place of the table; where places share slots the next one if there is none yet."""
    if not slots.numbers[SHARED]:
        return place
    slot = _shared_slot(place, slots)
    cell = slots.slots[slot]
    if cell < 0:
        cell = slots.numbers[FOUND]
        slots.slots[slot] = cell
        slots.places[cell] = place
        slots.numbers[FOUND] = cell + 1
    return cell


@kernel
def _shared_slot(place: Any, slots: Any) -> Any:
    """If a table has more places than there can be cells, each looks from some slot on for its own, or a free one."""
    last = slots.numbers[SHARED]
    slot = ((place * _MIXING) >> 24) & last
    while slots.slots[slot] >= 0 and slots.places[slots.slots[slot]] != place:
        slot = (slot + 1) & last
    return slot
