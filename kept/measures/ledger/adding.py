"""Compiled steps that add up a ledger: of each cell of a table, how many units there are of each kind.

The rows of a unit follow each other, so that all that a unit has in a cell is known before it counts there. A row that
is all of its unit counts by its kind at once; only what belongs together is added up first.
"""

from typing import Any

from kept.engine.compiled.kernel import kernel
from kept.measures.ledger.days import DAYS
from kept.measures.ledger.packed import WIDE, WIDE_MOST, WIDE_ROOM

OUTSIDE = -(1 << 28)
"""The place in a table of what is not counted: a sum with it, or with several of it, is below 0 and has 32 bits."""
MOST_CELLS = 1 << 28
"""The most that a table can have."""
LAST_DAY = DAYS - 1
ROWS, KIND, COUNTS = 0, 1, 2
"""Where the open unit of a duty has in how many rows, of which kind the first is, and what in several."""
FOUND, OPENED, SHARED = 0, 1, 2
"""Of a room's numbers: how many cells have anything in them, and in how many the open unit has; and where places of the
table share slots the last of these, one less than a power of two, else 0."""
_MIXING = -7046029254386353131
"""Spreads whole numbers over 64 bits (Knuth, The Art of Computer Programming, vol. 3, 6.4: the golden ratio)."""


@kernel
def placed(codes: Any, places: Any, out: Any) -> None:
    """Where each subject or posting lies in the table by a column of codes, added to `out`; outside stays outside."""
    for one in range(len(out)):
        out[one] = max(out[one] + places[codes[one]], OUTSIDE)


@kernel
def add_duty(rows: Any, begin: Any, end: Any, bases: Any, waiting: Any, leave: Any, wide: Any, room: Any) -> None:
    """Add the rows from `begin` to `end` of a duty to their cells.

    rows     subject, day, holder, code; and of what does not wait, then of what does, the kind of each code
    bases    where each day, subject and holder lies in the table
    waiting  the places of rows whose moment is still to come, in order; `leave` leaves them out
    wide     the counts of each kind (`packed.wide`)
    room     of each slot its cell, or -1 (`_cell_at`); `numbers`; of each cell its place, how many units are of each
             kind, and the sums of units that have several rows; in which cells the open unit has something; and of each
             in how many rows, of which kind the first is, and what it has if there are several
    """
    subject, day, holder, code, of_code = rows
    of_day, of_subject, of_holder = bases
    cells, numbers, places, alike, sums, touched, opened = room
    following = _first_not_before(waiting, begin)
    last = -1
    for row in range(begin, end):
        waits = following < len(waiting) and waiting[following] == row
        following += waits
        when = of_day[day[row]]
        if when < 0 or (waits and leave):
            continue
        one = subject[row]
        place = of_subject[one] + when + of_holder[holder[row]]
        if place < 0:
            continue
        cell = _cell_at(place, cells, numbers, places)
        kind = of_code[int(waits), code[row]]
        if (row == begin or subject[row - 1] != one) and (row + 1 == end or subject[row + 1] != one):
            alike[cell, kind] += 1
            continue
        if one != last:
            _close_duty(numbers, alike, sums, touched, opened)
            last = one
        _add_row(kind, wide, opened[_opened_at(cell, numbers, touched, opened)])
    _close_duty(numbers, alike, sums, touched, opened)


@kernel
def add_all(
    rows: Any, begin: Any, end: Any, bases: Any, waiting: Any, leave: Any, by_case: Any, unit: Any, room: Any
) -> None:
    """Add the rows from `begin` to `end` of a measure of all that is owed to their cells: as `add_duty`, but that the
    kinds of codes are bits, of which a unit has those of all its rows. A unit is a subject, or by case its `unit`.
    """
    subject, day, holder, code, of_code = rows
    of_day, of_subject, of_holder = bases
    cells, numbers, places, alike, _, touched, opened = room
    following = _first_not_before(waiting, begin)
    last = -1
    for row in range(begin, end):
        waits = following < len(waiting) and waiting[following] == row
        following += waits
        when = of_day[day[row]]
        if when < 0 or (waits and leave):
            continue
        one = subject[row]
        place = of_subject[one] + when + of_holder[holder[row]]
        if place < 0:
            continue
        whose = unit[one] if by_case else one
        if whose != last:
            _close_all(numbers, alike, touched, opened)
            last = whose
        at = _opened_at(_cell_at(place, cells, numbers, places), numbers, touched, opened)
        opened[at, 0] |= of_code[int(waits), code[row]]
    _close_all(numbers, alike, touched, opened)


@kernel
def _cell_at(place: Any, cells: Any, numbers: Any, places: Any) -> Any:
    """The cell at a place of the table, the next one where there is none yet; each has a slot of its own, or not."""
    slot = _shared_slot(place, cells, numbers[SHARED], places) if numbers[SHARED] else place
    cell = cells[slot]
    if cell < 0:
        cell = numbers[FOUND]
        cells[slot] = cell
        places[cell] = place
        numbers[FOUND] = cell + 1
    return cell


@kernel
def _shared_slot(place: Any, cells: Any, last: Any, places: Any) -> Any:
    """If a table has more places than there can be cells, each looks from some slot on for its own, or a free one."""
    slot = ((place * _MIXING) >> 24) & last
    while cells[slot] >= 0 and places[cells[slot]] != place:
        slot = (slot + 1) & last
    return slot


@kernel
def _add_row(kind: Any, wide: Any, unit: Any) -> None:
    """Add a row to what the open unit has in a cell; of one row its kind says all."""
    unit[ROWS] += 1
    if unit[ROWS] == 1:
        unit[KIND] = kind
        return
    for part in range(WIDE):
        first = wide[unit[KIND], part] if unit[ROWS] == 2 else 0
        unit[COUNTS + part] += first + wide[kind, part]


@kernel
def _opened_at(cell: Any, numbers: Any, touched: Any, opened: Any) -> Any:
    """Where it stands what the open unit has in a cell. A unit has few, the last of them most often asked for."""
    for at in range(numbers[OPENED] - 1, -1, -1):
        if touched[at] == cell:
            return at
    at = numbers[OPENED]
    touched[at] = cell
    for part in range(opened.shape[1]):
        opened[at, part] = 0
    numbers[OPENED] = at + 1
    return at


@kernel
def _close_duty(numbers: Any, alike: Any, sums: Any, touched: Any, opened: Any) -> None:
    """Add what the open unit has in each cell, of one row by its kind, of several to the sums; and forget it."""
    for at in range(numbers[OPENED]):
        if opened[at, ROWS] == 1:
            alike[touched[at], opened[at, KIND]] += 1
        else:
            _add_unit(opened[at], sums[touched[at]])
    numbers[OPENED] = 0


@kernel
def _close_all(numbers: Any, alike: Any, touched: Any, opened: Any) -> None:
    """Count the open unit in each of its cells by the bits that it has there, and forget it."""
    for at in range(numbers[OPENED]):
        alike[touched[at], opened[at, 0]] += 1
    numbers[OPENED] = 0


@kernel
def _add_unit(unit: Any, sums: Any) -> None:
    """Add what a unit has to sums in the order of `packed.SUMMED`."""
    first, second, third = unit[COUNTS], unit[COUNTS + 1], unit[COUNTS + 2]
    judged, met, best = first & WIDE_MOST, (first >> WIDE_ROOM) & WIDE_MOST, first >> (2 * WIDE_ROOM)
    reasoned, in_time, declined = second & WIDE_MOST, (second >> WIDE_ROOM) & WIDE_MOST, second >> (2 * WIDE_ROOM)
    unexcused = judged - reasoned
    sums[0] += judged
    sums[1] += met
    sums[2] += best
    sums[3] += reasoned
    sums[4] += in_time
    sums[5] += declined
    sums[6] += third & WIDE_MOST
    sums[7] += (third >> WIDE_ROOM) & WIDE_MOST
    sums[8] += third >> (2 * WIDE_ROOM)
    sums[9] += unexcused
    sums[10] += met * met
    sums[11] += best * best
    sums[12] += judged * judged
    sums[13] += unexcused * unexcused
    sums[14] += met * judged
    sums[15] += best * judged
    sums[16] += met * unexcused
    sums[17] += judged > 0
    sums[18] += unexcused > 0


@kernel
def _first_not_before(places: Any, begin: Any) -> Any:
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
def add_alike(rows: Any, begin: Any, end: Any, bases: Any, base: Any, waiting: Any, leave: Any, room: Any) -> None:
    """Count the rows from `begin` to `end` by their place in the table, from `base` on, and by the kind of code.

    `room` is as that of `add_duty`, of each place in the table as many places as there are kinds, and of each cell how
    many rows it has; last how many kinds there are.
    """
    subject, day, holder, code, of_code = rows
    of_day, of_subject, of_holder = bases
    cells, numbers, places, times, kinds = room
    following = _first_not_before(waiting, begin)
    for row in range(begin, end):
        waits = following < len(waiting) and waiting[following] == row
        following += waits
        place = of_subject[subject[row]] + of_day[day[row]] + of_holder[holder[row]]
        if place >= 0 and not (waits and leave):
            kind = of_code[int(waits), code[row]]
            times[_cell_at((base + place) * kinds + kind, cells, numbers, places)] += 1


@kernel
def listed(
    rows: Any, begin: Any, end: Any, bases: Any, waiting: Any, most: Any, so_far: Any, days: Any, out: Any
) -> Any:
    """Put the rows from `begin` to `end` that are of some codes and may be among the first by day into `out`; how many.

    The kind of a code says whether it is one of them. `so_far` is the last day that may be among the first `most`, and
    how many rows were found until it, of every day as `days` says. A day is its number less one, so that what is judged
    on no known day comes last.
    """
    subject, day, holder, code, of_code = rows
    of_day, of_subject, of_holder = bases
    following = _first_not_before(waiting, begin)
    last, found = so_far
    n = 0
    for row in range(begin, end):
        waits = following < len(waiting) and waiting[following] == row
        following += waits
        when = (day[row] - 1) & LAST_DAY
        if when > last or not of_code[int(waits), code[row]]:
            continue
        if of_subject[subject[row]] + of_day[day[row]] + of_holder[holder[row]] < 0:
            continue
        out[n] = row
        n += 1
        days[when] += 1
        found += 1
        while found - days[last] >= most:
            found -= days[last]
            last -= 1
    so_far[0], so_far[1] = last, found
    return n
