"""Percentiles with people still waiting: against statsmodels, and against plain quantiles where nobody waits."""

from math import inf, isinf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from kept.errors import MeasureError
from kept.measures.statistics.quantiles import histogram_of, quantile
from kept.measures.statistics.waiting import curve, percentile

DAYS = st.lists(st.integers(0, 40), max_size=60)
CAME = st.lists(st.integers(0, 40), min_size=1, max_size=60)
SHARES = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9])


@given(CAME, DAYS)
def test_the_curve_and_its_spread_are_those_of_statsmodels(came: list[int], waiting: list[int]) -> None:
    theirs = SurvfuncRight([*came, *waiting], [1] * len(came) + [0] * len(waiting))
    ours = curve(came, waiting)
    assert ours.times == pytest.approx(theirs.surv_times)
    assert ours.left == pytest.approx(theirs.surv_prob)
    some = ours.left > 0
    assert (ours.left * np.sqrt(np.where(some, ours.spread, 0)))[some] == pytest.approx(theirs.surv_prob_se[some])


@given(CAME, DAYS, SHARES)
def test_a_percentile_and_its_interval_are_those_of_statsmodels(
    came: list[int], waiting: list[int], share: float
) -> None:
    """But where the share left stays on the very target: statsmodels takes the end of that stay, and we its middle."""
    theirs = SurvfuncRight([*came, *waiting], [1] * len(came) + [0] * len(waiting))
    ours = percentile(curve(came, waiting), share)
    value, stays = theirs.quantile(share), np.isclose(theirs.surv_prob, 1 - share).any()
    if ours is None:
        assert isnan(value) or stays
        return
    if not stays:
        assert ours.value == value
    with np.errstate(all="ignore"):
        low, high = theirs.quantile_ci(share)
    if ours.interval and not isnan(low) and not np.isclose(theirs.surv_prob, 1 - share).any():
        assert (ours.interval.low, ours.interval.high) == (low, high)


@given(CAME, SHARES)
def test_where_nobody_waits_it_is_the_plain_quantile(came: list[int], share: float) -> None:
    ours, plain = percentile(curve(came, ()), share), quantile(histogram_of(came), share)
    assert ours is not None
    assert plain is not None
    assert ours.value == pytest.approx(plain.value)
    assert (ours.interval is None) == (plain.interval is None)


@given(CAME, DAYS, SHARES)
def test_an_interval_holds_its_percentile(came: list[int], waiting: list[int], share: float) -> None:
    found = percentile(curve(came, waiting), share)
    assert found is None or found.interval is None or found.value in found.interval


@given(CAME, DAYS, st.integers(0, 40), SHARES)
def test_one_more_who_waits_never_makes_it_sooner(came: list[int], waiting: list[int], more: int, share: float) -> None:
    """And to leave them all out never makes it later."""
    before, after = percentile(curve(came, waiting), share), percentile(curve(came, [*waiting, more]), share)
    left_out = quantile(histogram_of(came), share)
    assert left_out is not None
    assert (before.value if before else inf) <= (after.value if after else inf)
    assert left_out.value <= (before.value if before else inf)


@given(CAME, DAYS)
def test_a_median_that_is_not_reached_means_that_half_or_more_wait(came: list[int], waiting: list[int]) -> None:
    if percentile(curve(came, waiting), 0.5) is None:
        assert len(waiting) >= len(came)


def test_those_who_have_waited_long_move_the_median() -> None:
    """Nine came on days 1 to 9. Left out, six who have waited 30 days would leave a median of 5."""
    came = list(range(1, 10))
    without, with_them = percentile(curve(came, []), 0.5), percentile(curve(came, [30] * 6), 0.5)
    assert without is not None
    assert with_them is not None
    assert (without.value, with_them.value) == (5, 8)
    assert with_them.interval is not None
    assert isinf(with_them.interval.high)


def test_nobody_has_no_percentile_and_few_have_no_interval() -> None:
    assert percentile(curve([], []), 0.5) is None
    assert percentile(curve([], [3, 4]), 0.5) is None
    few = percentile(curve([1, 2, 3], [4, 5]), 0.5)
    assert few is not None
    assert (few.value, few.interval) == (3, None)


def test_the_interval_holds_the_true_median_as_often_as_it_says() -> None:
    """Two hundred draws of 80, of whom about a third still wait."""
    draw, held = np.random.default_rng(7), 0
    for _ in range(200):
        takes, watched = draw.exponential(10, 80), draw.uniform(0, 25, 80)
        found = percentile(curve(takes[takes <= watched].tolist(), watched[takes > watched].tolist()), 0.5)
        assert found is not None
        assert found.interval is not None
        held += 10 * np.log(2) in found.interval
    assert 182 <= held <= 198


@pytest.mark.parametrize("came", [[float("nan")], [inf]])
def test_a_time_that_is_no_number_is_refused(came: list[float]) -> None:
    with pytest.raises(MeasureError, match="is no time"):
        curve(came, [])
    with pytest.raises(MeasureError, match="is no time"):
        curve([1], came)


@pytest.mark.parametrize("share", [0, 1, -0.1])
def test_there_is_no_percentile_outside_the_whole(share: float) -> None:
    with pytest.raises(MeasureError, match="no quantile"):
        percentile(curve([1], []), share)


@given(CAME, DAYS)
def test_how_often_each_time_occurs_is_as_good_as_every_one(came: list[int], waiting: list[int]) -> None:
    found, times = np.unique(came, return_counts=True)
    every, counted = curve(came, waiting), curve(found.tolist(), waiting, times.tolist())
    assert every.n == counted.n
    for name in ("times", "left", "spread"):
        assert getattr(every, name).tolist() == getattr(counted, name).tolist()
