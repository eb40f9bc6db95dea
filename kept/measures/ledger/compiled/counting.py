"""Compiled steps over the rows of a ledger one by one: how many are alike, and which are the first by day."""

from typing import Any

from kept.engine.compiled.kernel import kernel
from kept.measures.ledger.compiled.layout import LAST_DAY
from kept.measures.ledger.compiled.looking import BLOCK, cell_at, first_not_before, look_up


@kernel
def add_alike(
    rows: Any, begin: Any, end: Any, bases: Any, base: Any, waiting: Any, at: Any, times: Any, kinds: Any
) -> None:
    """Count the rows from `begin` to `end` by their place in the table, from `base` on, and by their kind.

    Each place of the table has as many cells as there are `kinds`; `times` is how many rows each cell has. `at` is a
    block and slots (`looking`).
    """
    block, slots = at
    block.following[0] = first_not_before(waiting.places, begin)
    for first in range(begin, end, BLOCK):
        found = look_up(rows, first, min(BLOCK, end - first), bases, waiting, block)
        for place in range(found):
            one = block.inside[place]
            times[cell_at((base + block.place[one]) * kinds + block.kind[one], slots)] += 1


@kernel
def listed(
    rows: Any, begin: Any, end: Any, bases: Any, waiting: Any, most: Any, so_far: Any, days: Any, out: Any
) -> Any:
    """Put the rows from `begin` to `end` that are of some codes and may be among the first by day into `out`; how many.

    The kind of a code says whether it is one of them. `so_far` is the last day that may be among the first `most`, and
    how many rows were found until it, of every day as `days` says. A day is its number less one, so that what is judged
    on no known day comes last.
    """
    following = first_not_before(waiting.places, begin)
    last, found = so_far
    n = 0
    for row in range(begin, end):
        waits = following < len(waiting.places) and waiting.places[following] == row
        following += waits
        when = (rows.day[row] - 1) & LAST_DAY
        wanted = rows.later[rows.code[row]] if waits else rows.now[rows.code[row]]
        if when > last or not wanted:
            continue
        at = bases.of_subject[rows.subject[row]] + bases.of_day[rows.day[row]] + bases.of_holder[rows.holder[row]]
        if at < 0:
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
