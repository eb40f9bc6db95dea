"""The range from records: its ends, its order, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.errors import MeasureError
from kept.measures.statistics.bounds import range_by_victim, range_from_records
from kept.measures.statistics.clusters import Clusters, clusters_of

STATES = st.tuples(*(st.integers(0, 60) for _ in range(4)))
"""How many met, silent, reasoned, and otherwise not kept."""


@given(STATES)
def test_the_ends_keep_their_order(states: tuple[int, int, int, int]) -> None:
    met, silent, reasoned, _not_kept = states
    found = range_from_records(met, met + silent, sum(states), reasoned)
    ends = [end for end in (found.evidenced, found.at_best) if end]
    values = [0.0, *(end.value for end in ends), 1.0]
    assert values == sorted(values)
    assert len(ends) == (2 if sum(states) else 0)
    if found.outer and found.evidenced and found.at_best:
        assert found.outer.low <= found.evidenced.interval.low
        assert found.outer.high >= found.evidenced.interval.high
    if found.without_reasoned and found.evidenced:
        assert found.without_reasoned.value >= found.evidenced.value


def test_the_page_example() -> None:
    """30 met, 10 late, 60 without a record: 30 % to 90 %."""
    found = range_from_records(30, 90, 100)
    assert found.evidenced is not None
    assert found.at_best is not None
    assert (found.evidenced.value, found.at_best.value) == (0.3, 0.9)
    assert found.without_reasoned == found.evidenced


def test_nothing_judged_has_no_rate() -> None:
    nothing = range_from_records(0, 0, 0)
    assert (nothing.evidenced, nothing.without_reasoned, nothing.at_best, nothing.outer) == (None,) * 4
    assert range_by_victim(Clusters(), Clusters(), Clusters()) == nothing


def test_where_all_had_a_reason_nothing_is_left_without() -> None:
    found = range_from_records(0, 0, 5, reasoned=5)
    assert found.evidenced is not None
    assert found.without_reasoned is None


def test_one_obligation_a_victim_gives_the_same_range() -> None:
    met, best = clusters_of([1] * 3 + [0] * 7, [1] * 10), clusters_of([1] * 8 + [0] * 2, [1] * 10)
    by_victim = range_by_victim(met, best, clusters_of([1] * 3 + [0] * 5, [1] * 8))
    plain = range_from_records(3, 8, 10, reasoned=2)
    assert (by_victim.judged, by_victim.reasoned) == (10, 2)
    for found, expected in (
        (by_victim.evidenced, plain.evidenced),
        (by_victim.without_reasoned, plain.without_reasoned),
        (by_victim.at_best, plain.at_best),
    ):
        assert found is not None
        assert expected is not None
        assert (found.value, found.interval.low, found.interval.high) == pytest.approx(
            (expected.value, expected.interval.low, expected.interval.high)
        )


@pytest.mark.parametrize("wrong", [(5, 4, 10, 0), (5, 11, 10, 0), (5, 8, 10, 6), (-1, 0, 10, 0), (0, 0, 10, -1)])
def test_counts_that_cannot_be_are_refused(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(MeasureError):
        range_from_records(*wrong)


def test_ends_of_different_obligations_are_refused() -> None:
    ten, nine = clusters_of([1] * 10, [1] * 10), clusters_of([1] * 9, [1] * 9)
    with pytest.raises(MeasureError, match="one range"):
        range_by_victim(nine, ten, nine)
    with pytest.raises(MeasureError, match="one range"):
        range_by_victim(nine, nine, ten)
