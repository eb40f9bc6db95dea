"""Quantiles against numpy, and their intervals against the binomial itself."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from kept.errors import MeasureError
from kept.measures.statistics.quantiles import histogram, histogram_of, median, quantile

DAYS = st.lists(st.integers(0, 40), min_size=1, max_size=80)
SHARES = st.sampled_from([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])


@given(DAYS, SHARES)
def test_a_quantile_is_that_of_numpy(days: list[int], share: float) -> None:
    found = quantile(histogram_of(days), share)
    assert found is not None
    assert found.value == pytest.approx(np.quantile(days, share, method="averaged_inverted_cdf"))


@given(DAYS, SHARES)
def test_an_interval_holds_its_quantile(days: list[int], share: float) -> None:
    found = quantile(histogram_of(days), share)
    assert found is not None
    assert found.interval is None or found.value in found.interval


@pytest.mark.parametrize("n", [6, 9, 25, 100, 1001])
@pytest.mark.parametrize("share", [0.5, 0.75, 0.9])
def test_the_ranks_hold_the_confidence_and_no_fewer_would(n: int, share: float) -> None:
    """The values are their own ranks, so that the interval says which ranks were taken."""
    found = quantile(histogram_of(range(1, n + 1)), share)
    assert found is not None
    low, high = binom.ppf(0.025, n, share), binom.ppf(0.975, n, share) + 1
    if low < 1 or high > n:
        assert found.interval is None
    else:
        assert found.interval is not None
        assert (found.interval.low, found.interval.high) == (low, high)
        assert binom.cdf(high - 1, n, share) - binom.cdf(low - 1, n, share) >= 0.95


def test_a_rank_that_holds_the_confidence_exactly_is_enough() -> None:
    """Of seven, one or none lies below the median by 8/128: all of a tail that is left by a confidence of 7/8."""
    found = median(histogram_of(range(1, 8)), confidence=7 / 8)
    assert found is not None
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (1, 6)


def test_the_median_of_twenty_five_goes_from_the_eighth_to_the_eighteenth() -> None:
    """Conover (1999), table of the sign test: n = 25 has ranks 8 and 18 at 95.7 %."""
    found = median(histogram_of(range(1, 26)))
    assert found is not None
    assert found.interval is not None
    assert (found.value, found.interval.low, found.interval.high) == (13, 8, 18)


def test_five_cases_have_a_median_and_no_interval() -> None:
    found = median(histogram_of([1, 2, 3, 4, 5]))
    assert found is not None
    assert (found.value, found.interval) == (3, None)


@given(DAYS)
def test_counts_are_as_good_as_cases(days: list[int]) -> None:
    counts = {day: days.count(day) for day in range(42)}
    assert histogram(counts) == histogram_of(days)
    assert histogram(counts).n == len(days)


def test_nothing_has_no_quantile() -> None:
    nothing = histogram({3: 0})
    assert nothing == histogram_of([])
    assert median(nothing) is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: histogram({1: -1}),
        lambda: histogram_of([1.0, float("nan")]),
        lambda: quantile(histogram_of([1]), 1),
        lambda: quantile(histogram_of([1]), 0.5, 2),
    ],
)
def test_what_cannot_be_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(MeasureError):
        wrong()
