"""What units come to in cells is what their rows come to one by one, however few scores are told apart."""

from collections import defaultdict
from datetime import date
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.measures.ledger import counted, scores
from kept.measures.ledger.compiled.layout import CODES, OUTSIDE
from kept.measures.ledger.compiled.looking import BLOCK
from kept.measures.ledger.owed import Kinds
from kept.measures.ledger.packed import ASIDE, KEPT, RATED, SUMMED, summed
from kept.measures.ledger.parts import Part
from kept.measures.ledger.scores import OfAll, OfDuty
from kept.measures.ledger.stored import as_stored
from kept.measures.ledger.table import Table

KINDS = Kinds.of(np.array([2, 16, 80, 81, 83, 114, 119], np.int64))
NAMES = (*RATED, *ASIDE)
rows = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 1), st.integers(0, 6), st.booleans()), max_size=30
).map(lambda found: sorted(found, key=lambda row: row[0]))
"""Subject, day, holder, code and whether it waits; those of a subject together."""
EARLIER = [(0, 3, 0, 0, place % 1000 == 0) for place in range(2 * BLOCK)]
"""Rows of no day that is asked for, more than are looked at together; some of them wait."""
listings = st.tuples(st.sampled_from([[], EARLIER]), rows).map(lambda both: both[0] + both[1])


def column(values: Any, kind: Any) -> Any:
    return as_stored(np.array([*values], kind))


def part_of(found: list[tuple[int, int, int, int, bool]], first: int, codes: Any, tallies: Any) -> Part:
    subject, day, holder, code, waits = zip(*found, strict=True) if found else ([],) * 5
    owed = {
        "subject": column(subject, np.int32),
        "day": column(day, np.uint16),
        "holder": column(holder, np.int32),
        "code": column((codes[one] for one in code), np.int32),
    }
    known = {"within": column([5, 5, 6], np.int64), "sex": column([1, 2, 0], np.uint32)}
    postings = {"team": column([1, 2], np.uint32)}
    return Part(first, slice(0, len(found)), owed, tallies, known, postings, np.flatnonzero(waits))


def table() -> Table:
    """By team and sex, on the days 1 and 2 each by itself; those of unknown sex are not asked for."""
    of_day = np.full(1 << 16, OUTSIDE, np.int32)
    of_day[1:3] = 0, 1
    columns = (("team", np.array([0, 0, 2], np.int32)), ("sex", np.array([OUTSIDE, 0, 0], np.int32)))
    return Table((("a", "b"),), [date(1900, 1, 1), date(1900, 1, 2)], of_day, columns)


def one_by_one(parts: list[list[Any]], counts_of: Any, leave: bool) -> dict[int, dict[Any, Any]]:
    """By cell and unit the counts of its rows."""
    found: dict[int, dict[Any, Any]] = defaultdict(lambda: defaultdict(lambda: 0))
    for number, listed in enumerate(parts):
        for subject, day, holder, code, waits in listed:
            if subject < 2 and day in (1, 2) and not (waits and leave):
                found[holder * 2 + day - 1][number, subject] += counts_of(code, waits)
    return found


@given(
    parts=st.lists(listings, min_size=1, max_size=3),
    leave=st.booleans(),
    most=st.integers(0, 20),
    slots=st.integers(0, 9),
)
@settings(deadline=None, max_examples=150)
def test_a_duty_comes_to_the_counts_of_its_units_and_their_squares(
    parts: list[list[Any]], leave: bool, most: int, slots: int
) -> None:
    half = len(KINDS.codes) // 2

    def counts_of(code: int, waits: bool) -> Any:
        return np.array([KINDS.counts[name][code + half * waits] for name in NAMES])

    jobs = [part_of(one, 10 * place, KINDS.codes[:half], np.zeros(0, np.int64)) for place, one in enumerate(parts)]
    with (
        patch.object(scores, "MOST", most),
        patch.object(counted, "_OWN_SLOTS", slots),
        patch.object(counted, "_SHARE", 2),
    ):
        cells, sums = counted._AddingUp(table(), OfDuty.of(KINDS), leave, by_case=False).of(jobs)
    found = one_by_one(parts, counts_of, leave)
    wanted = {cell: tuple(_summed([*units.values()])) for cell, units in found.items()}
    assert {cell: tuple(row) for cell, row in zip(cells.tolist(), sums.tolist(), strict=True)} == wanted
    assert all(len(row) == len(SUMMED) for row in sums)


def _summed(units: list[Any]) -> Any:
    return summed({name: np.array([unit[place] for unit in units]) for place, name in enumerate(NAMES)}).sum(0)


@given(parts=st.lists(listings, min_size=1, max_size=3), leave=st.booleans())
@settings(deadline=None, max_examples=60)
def test_a_right_is_kept_for_a_unit_if_nothing_of_it_was_lost(parts: list[list[Any]], leave: bool) -> None:
    tallies = np.array([0, 1, 1 | 1 << 12, 2 | 1 << 12, 2 | 2 << 12 | 2 << 24, 1 | 1 << 36, 3], np.int64)
    jobs = [part_of(one, 10 * place, CODES + np.arange(7), tallies) for place, one in enumerate(parts)]

    def counts_of(code: int, waits: bool) -> Any:
        return np.array([0 if waits else (tallies[code] >> (12 * place)) & 4095 for place in (0, 1, 3, 2)])

    cells, sums = counted._AddingUp(table(), OfAll(), leave, by_case=False).of(jobs)
    wanted = {
        cell: tuple(sum(_kept(unit)[place] for unit in units.values()) for place in range(len(KEPT)))
        for cell, units in one_by_one(parts, counts_of, leave).items()
    }
    assert {cell: tuple(row) for cell, row in zip(cells.tolist(), sums.tolist(), strict=True)} == wanted


def _kept(unit: Any) -> tuple[bool, ...]:
    judged, met, reasoned, best = (int(one) for one in unit)
    return tuple(judged > 0 and count == judged for count in (judged, met, met + reasoned, best))
