"""The compiled step that adds up a ledger: of each cell of a table, how many units came to each score.

A unit's score in a cell is a number for all that its rows come to there together. Its rows follow each other, so that a
cell need only know which unit was in it last, and with which score: this counts when another one comes. What is looked
up by is without a sign, and a score is multiplied by whether it is the unit's: to ask would cost more.
"""

from typing import Any, NamedTuple

import numpy as np

from kept.engine.compiled.kernel import kernel
from kept.measures.ledger.compiled.layout import WIDE, WIDE_MOST, WIDE_ROOM
from kept.measures.ledger.compiled.looking import BLOCK, cell_at, first_not_before, look_up

NOTHING = 0
"""The score of a unit that nothing was found of. The last of all scores is for what has none of its own."""
_SCORE = 16
_SCORES = (1 << _SCORE) - 1
EMPTY = -(1 << 62)
"""What a cell holds that nobody was in: a unit that there is not, with the score NOTHING."""


class Scores(NamedTuple):
    """What units can come to.

    joined  the score to which a row of each kind brings a unit of each score; -1 where it is not known yet
    counts  of each score its counts (`packed.wide`), and of each of the `kinds`; `found` is how many scores there are
    """

    joined: Any
    counts: Any
    kinds: Any
    found: Any


class Units(NamedTuple):
    """Who is a unit: each subject, by its number from `first` on; or by case what `of_subject` says."""

    first: Any
    by_case: Any
    of_subject: Any


class Room(NamedTuple):
    """Of each cell which unit was in it last with which score, how many there were of each score, for a unit without a
    score its counts, and the sums of these (`packed.SUMMED`)."""

    last: Any
    times: Any
    apart: Any
    sums: Any


@kernel
def add(rows: Any, begin: Any, end: Any, bases: Any, waiting: Any, units: Any, scores: Any, at: Any, room: Any) -> None:
    """Add the rows from `begin` to `end` to their cells; `at` is a block and slots (`looking`)."""
    block, slots = at
    block.following[0] = first_not_before(waiting.places, begin)
    apart = scores.joined.shape[0] - 1
    for first in range(begin, end, BLOCK):
        found = look_up(rows, first, min(BLOCK, end - first), bases, waiting, block)
        for place in range(found):
            one = np.uint32(block.inside[place])
            cell, kind = np.uint32(cell_at(block.place[one], slots)), np.uint32(block.kind[one])
            unit = _unit(rows.subject[first + one], units)
            held = room.last[cell]
            same = held >> _SCORE == unit
            score = np.uint32(held & _SCORES)
            room.times[score, cell] += not same
            if score == apart and not same:
                _add_unit(room.apart[cell], room.sums[cell])
            before = np.uint32(score * same)
            now = scores.joined[before, kind]
            if now < 0:
                now = _score(before, kind, scores, room.apart[cell])
            room.last[cell] = (unit << _SCORE) | now


@kernel
def close(cells: Any, adds: Any, room: Any, rows: Any, sums: Any) -> None:
    """Count the units that were last in some cells, and add all of a cell to its one of the `rows` of `sums`.

    A unit of each score adds a row of `adds`. Most cells have units of few scores.
    """
    apart = room.times.shape[0] - 1
    for place in range(len(cells)):
        cell = cells[place]
        score = room.last[cell] & _SCORES
        room.times[score, cell] += 1
        if score == apart:
            _add_unit(room.apart[cell], room.sums[cell])
        _add_row(room.sums[cell], 1, sums[rows[place]])
    for score in range(len(adds)):
        times = room.times[score]
        for place in range(len(cells)):
            if times[cells[place]]:
                _add_row(adds[score], times[cells[place]], sums[rows[place]])


@kernel
def _add_row(more: Any, times: Any, sums: Any) -> None:
    for name in range(len(sums)):
        sums[name] += times * more[name]


@kernel
def _unit(subject: Any, units: Any) -> Any:
    """The number of a row's unit; all that is of no known case is one unit of its bucket, with a number below 0."""
    if not units.by_case:
        return units.first + subject
    case = units.of_subject[subject]
    return case if case >= 0 else -1 - units.first


@kernel
def _score(before: Any, kind: Any, scores: Any, apart: Any) -> Any:
    """The score of a unit after a row, which is given one unless there are too many: then it is added up `apart`."""
    last = scores.joined.shape[0] - 1
    for part in range(WIDE):
        held = apart[part] if before == last else scores.counts[before, part]
        apart[part] = held + scores.kinds[kind, part]
    if before == last:
        return last
    now = _known(apart, scores)
    if now == scores.found[0]:
        if now == last:
            return last
        for part in range(WIDE):
            scores.counts[now, part] = apart[part]
        scores.found[0] += 1
    scores.joined[before, kind] = now
    return now


@kernel
def _known(counts: Any, scores: Any) -> Any:
    """The score that has these counts, or how many scores there are where none has."""
    for score in range(scores.found[0]):
        alike = True
        for part in range(WIDE):
            alike = alike and scores.counts[score, part] == counts[part]
        if alike:
            return score
    return scores.found[0]


@kernel
def _add_unit(unit: Any, sums: Any) -> None:
    """Add what a unit has to sums in the order of `packed.SUMMED`."""
    first, second, third = unit[0], unit[1], unit[2]
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
