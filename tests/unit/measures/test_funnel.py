"""Funnels: exact limits against scipy's binomial, dispersion, and where each area stands."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2, poisson

from kept.errors import MeasureError
from kept.measures.statistics.funnel import Area, dispersion, funnel, sentence
from kept.measures.statistics.funnel_limits import RATIOS, SHARES, binomial_limits, poisson_limits, widened

ALIKE = [Area(f"Team {number}", 80 + number % 3, 100) for number in range(12)]
APART = [Area(f"Team {number}", share, 400) for number, share in enumerate(range(240, 384, 12))]
AREAS = st.lists(st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=25).map(
    lambda counts: [Area(f"area {number}", part, whole) for number, (part, whole) in enumerate(counts)]
)


@pytest.mark.parametrize("cases", [1, 10, 37, 250, 5000])
@pytest.mark.parametrize("centre", [0.02, 0.5, 0.8])
def test_a_share_is_outside_exactly_where_chance_gives_it_too_seldom(centre: float, cases: int) -> None:
    limits = binomial_limits(centre, cases)
    for interval, tail in ((limits.alert, 0.025), (limits.alarm, 0.001)):
        kept = np.arange(cases + 1)
        inside = (kept / cases >= interval.low) & (kept / cases <= interval.high)
        too_low = binom.cdf(kept, cases, centre) < tail
        too_high = binom.sf(kept - 1, cases, centre) <= tail
        assert (inside == ~(too_low | too_high)).all()


def test_ten_of_ten_is_no_alert_about_four_fifths() -> None:
    assert 1.0 in binomial_limits(0.8, 10).alert
    assert 1.0 not in binomial_limits(0.8, 40).alarm


@pytest.mark.parametrize("expected", [0.5, 15, 300.5])
def test_poisson_limits_are_those_of_chi_square(expected: float) -> None:
    found = poisson_limits(expected)
    for interval, tail in ((found.alert, 0.025), (found.alarm, 0.001)):
        low = chi2.ppf(tail, 2 * expected) / 2 / expected
        high = chi2.ppf(1 - tail, 2 * (expected + 1)) / 2 / expected
        assert (interval.low, interval.high) == pytest.approx((low, high))
    most = math.floor(found.alert.high * expected)
    assert poisson.sf(most, expected) <= 0.025


def test_areas_that_are_alike_need_no_wider_limits() -> None:
    chart = funnel(ALIKE)
    assert chart.dispersion is not None
    assert chart.dispersion.between == 0
    assert chart.limits_at(100) == binomial_limits(chart.centre or 0, 100)
    assert {place.standing for place in chart.places} == {"within"}
    assert sentence(chart).startswith("No signal: none of 12 areas differs by more than chance from all together.")


def test_dispersion_by_hand() -> None:
    """One score in ten at each end is pulled in; φ is the mean square, τ² what is over, by equal weights 4n."""
    centre = sum(area.counted for area in APART) / 4800
    scores = sorted((math.asin(math.sqrt(area.counted / 400)) - math.asin(math.sqrt(centre))) * 40 for area in APART)
    low, high = np.quantile(scores, [0.1, 0.9])
    phi = sum(min(max(score, low), high) ** 2 for score in scores) / 12
    found = dispersion(APART, centre)
    assert found is not None
    assert found.phi == pytest.approx(phi)
    assert found.phi > 10
    assert found.between == pytest.approx((12 * phi - 11) / (1600 * 12 - 1600))


def test_limits_widen_for_areas_that_differ() -> None:
    chart = funnel(APART)
    assert chart.centre is not None
    assert chart.dispersion is not None
    wide, alone = chart.limits_at(400), binomial_limits(chart.centre, 400)
    assert wide is not None
    assert wide.alert.low < alone.alert.low - 0.05
    assert wide.alert.high > alone.alert.high + 0.05
    assert "alarm" not in {place.standing for place in chart.places}
    assert "allow for areas that differ" in sentence(chart)
    few = funnel(APART[:9])
    assert few.dispersion is None
    assert sum(place.standing == "alarm" for place in few.places) >= 4
    assert "chance alone: fewer than 10 areas" in sentence(few)


def test_one_that_stands_out_is_not_its_own_excuse() -> None:
    chart = funnel([*ALIKE, Area("Low", 50, 100), Area("High", 90, 100)])
    assert [(place.area.name, place.standing, place.side) for place in chart.places if place.side] == [
        ("Low", "alarm", -1),
        ("High", "alert", 1),
    ]
    assert "Low below the 99.8 % limit; High above the 95 % limit" in sentence(chart)


def test_ratios_have_a_funnel_about_one() -> None:
    areas = [Area("A", 20, 20), Area("B", 45, 20), Area("C", 0, 12)]
    chart = funnel(areas, RATIOS, centre=1)
    assert [place.standing for place in chart.places] == ["within", "alarm", "alarm"]
    assert chart.limits_at(20) == poisson_limits(20)
    many = funnel([Area(str(number), number * 8, 50) for number in range(12)], RATIOS, centre=1)
    assert many.dispersion is not None
    assert many.limits_at(50) == widened(RATIOS, 1, 50, many.dispersion.between)


@pytest.mark.parametrize(("areas", "standings"), [
    ([], []),
    ([Area("North", 8, 10)], ["no limits"]),
    ([Area("North", 8, 10), Area("South", 0, 0)], ["no limits", "no cases"]),
])  # fmt: skip
def test_one_area_has_nothing_to_be_compared_with(areas: list[Area], standings: list[str]) -> None:
    chart = funnel(areas)
    assert [place.standing for place in chart.places] == standings
    assert chart.limits_at(10) is None
    assert sentence(chart) == "No limits: fewer than two areas have cases, so that there is nothing to compare."


@pytest.mark.parametrize("kept", [0, 30])
def test_areas_that_kept_nothing_or_all_are_alike(kept: int) -> None:
    chart = funnel([Area("North", kept, 30), Area("South", kept, 30)])
    assert [place.standing for place in chart.places] == ["within", "within"]


@given(AREAS)
def test_what_must_hold_of_every_funnel(areas: list[Area]) -> None:
    chart = funnel(areas)
    assert [place.area for place in chart.places] == areas
    for place in chart.places:
        assert (place.value is None) == (place.area.size == 0)
        if place.limits is not None and place.value is not None:
            alert, alarm = place.limits.alert, place.limits.alarm
            assert 0 <= alarm.low <= alert.low <= alert.high <= alarm.high <= 1
            assert (place.side != 0) == (place.value not in alert)
    assert sentence(chart)


def test_a_scale_turns_back() -> None:
    for scale in (SHARES, RATIOS):
        assert scale.back(scale.forward(0.37)) == pytest.approx(0.37)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(MeasureError):
        funnel([Area("North", 11, 10), Area("South", 1, 10)])
    with pytest.raises(MeasureError):
        funnel([Area("North", -1, 10)], RATIOS)
    for centre, cases in ((0.5, 0), (1.5, 3), (0.5, math.nan)):
        with pytest.raises(MeasureError):
            binomial_limits(centre, cases)
    with pytest.raises(MeasureError):
        poisson_limits(0)


@given(st.floats(0.01, 0.99), st.integers(1, 400), st.floats(1, 6), st.floats(0, 0.1))
def test_limits_are_never_narrower_for_victims_who_count_several_times(
    centre: float, cases: int, effect: float, between: float
) -> None:
    alike, apart = widened(SHARES, centre, cases, between, effect), widened(SHARES, centre, cases, between)
    for wide, narrow in ((alike.alert, apart.alert), (alike.alarm, apart.alarm)):
        assert wide.low <= narrow.low + 1e-12
        assert wide.high >= narrow.high - 1e-12


def test_areas_whose_victims_count_several_times_are_not_called_different_for_it() -> None:
    """70 of 100 about 80 % is an alert of a hundred victims, and none of twenty-five with four obligations each."""
    others = [Area(f"area {number}", 81, 100) for number in range(8)]
    apart = funnel([Area("North", 70, 100), *others]).places[0]
    alike = funnel([Area("North", 70, 100, 4), *(Area(one.name, 81, 100, 4) for one in others)])
    assert (apart.standing, alike.places[0].standing) == ("alert", "within")
    assert alike.effect == 4
    assert sentence(alike).endswith("They allow for victims who count several times.")
