"""Like for like: by hand, against Wilson where there is one stratum, and what was left out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.errors import MeasureError
from kept.measures.statistics.clusters import Clusters, clusters_of, one_each
from kept.measures.statistics.intervals import wilson
from kept.measures.statistics.standardise import like_for_like, standardised, words

COUNTS = st.integers(0, 80).flatmap(lambda n: st.integers(0, n).map(lambda part: one_each(part, n)))
STRATA = st.dictionaries(st.sampled_from("abcdef"), COUNTS)

BEFORE = {"response": one_each(72, 80), "force contact": one_each(45, 50)}
AFTER = {"response": one_each(36, 40), "force contact": one_each(91, 100), "complaints": one_each(20, 60)}
"""A department was added whose rate is low; the others are as they were."""


def test_by_hand() -> None:
    """Weights 1 : 3 of 50 % and 90 %: 80 %; each way the root of the squares of what Wilson gives, weighted."""
    strata = {"a": one_each(20, 40), "b": one_each(90, 100)}
    found = standardised(strata, {"a": 1, "b": 3}).estimate
    assert found is not None
    assert found.value == pytest.approx(0.8)
    one, other = wilson(20, 40), wilson(90, 100)
    assert one is not None
    assert other is not None
    assert found.interval.low == pytest.approx(0.8 - math.hypot((0.5 - one.low) / 4, (0.9 - other.low) * 3 / 4))
    assert found.interval.high == pytest.approx(0.8 + math.hypot((one.high - 0.5) / 4, (other.high - 0.9) * 3 / 4))


@given(COUNTS.filter(lambda counts: counts.judged > 0))
def test_one_stratum_gives_wilsons_interval(counts: Clusters) -> None:
    found, plain = standardised({"all": counts}, {"all": 7}).estimate, wilson(counts.kept, counts.judged)
    assert found is not None
    assert plain is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((plain.low, plain.high))


@given(STRATA.filter(bool))
def test_its_own_mix_gives_its_own_rate(strata: dict[str, Clusters]) -> None:
    weights = {name: counts.judged + 0.0 for name, counts in strata.items()}
    if sum(weights.values()):
        found = standardised(strata, weights)
        cases = sum(weights.values())
        assert found.estimate is not None
        assert found.estimate.value == pytest.approx(sum(counts.kept for counts in strata.values()) / cases)
        assert 0 <= found.estimate.interval.low <= found.estimate.interval.high <= 1
        assert found.weight_left_out == pytest.approx(0)


def test_a_changed_sample_explains_the_fall() -> None:
    found = like_for_like(BEFORE, AFTER)
    assert found.raw_before is not None
    assert found.raw_after is not None
    assert found.change is not None
    assert found.raw_after.value - found.raw_before.value < -0.15
    assert found.change.value == pytest.approx((0.9 * 120 + 0.91 * 150) / 270 - 0.9)  # the mix of both together
    assert 0 in found.change.interval
    assert found.strata == ("force contact", "response")
    assert found.left_out_before == 0
    assert found.left_out_after == pytest.approx(0.3)
    assert words(found) == (
        "Like for like on 2 parts of the sample that both periods have; "
        "left out: 0% of the earlier cases, 30% of the later."
    )


def test_a_stated_mix_is_used() -> None:
    found = like_for_like(BEFORE, AFTER, {"response": 1, "force contact": 0, "complaints": 5})
    assert found.before is not None
    assert found.after is not None
    assert (found.before.value, found.after.value) == (0.9, 0.9)


@given(STRATA, STRATA)
def test_what_is_left_out_is_said(before: dict[str, Clusters], after: dict[str, Clusters]) -> None:
    found = like_for_like(before, after)
    for strata, left_out in ((before, found.left_out_before), (after, found.left_out_after)):
        cases = sum(counts.judged for counts in strata.values())
        used = sum(strata[name].judged for name in found.strata)
        assert left_out == (pytest.approx(1 - used / cases) if cases else None)
    assert (found.change is None) == (not found.strata)
    assert words(found)


def test_periods_that_share_nothing_have_no_change() -> None:
    found = like_for_like({"a": one_each(1, 2)}, {"b": one_each(1, 2), "a": one_each(0, 0)})
    assert (found.strata, found.before, found.after, found.change) == ((), None, None, None)
    assert (found.left_out_before, found.left_out_after) == (1, 1)
    assert words(found) == "Nothing to compare like for like: the two periods share no part of the sample."


def test_weight_without_cases_is_said() -> None:
    found = standardised({"a": one_each(1, 2), "b": one_each(0, 0)}, {"a": 1, "b": 2, "c": 1})
    assert found.estimate is not None
    assert (found.estimate.value, found.weight_left_out) == (0.5, 0.75)
    assert standardised({}, {"a": 1}).estimate is None


@pytest.mark.parametrize("weights", [{}, {"a": 0.0}, {"a": -1.0}, {"a": float("nan")}])
def test_a_mix_needs_weight(weights: dict[str, float]) -> None:
    with pytest.raises(MeasureError):
        standardised({"a": one_each(1, 2)}, weights)


def test_victims_who_count_several_times_make_it_less_sure() -> None:
    """Twenty victims with five obligations each, all kept or none, against a hundred victims."""
    alike = {"a": clusters_of([5] * 15 + [0] * 5, [5] * 20)}
    wide, narrow = standardised(alike, {"a": 1}).estimate, standardised({"a": one_each(75, 100)}, {"a": 1}).estimate
    assert wide is not None
    assert narrow is not None
    assert wide.value == narrow.value
    assert wide.interval.width > 2 * narrow.interval.width


def test_all_kept_is_all_where_the_weights_add_up_to_a_little_more_than_one() -> None:
    weights = dict(zip("abcde", (11, 14, 15, 16, 19), strict=True))
    assert sum(weight / 75 for weight in weights.values()) > 1
    found = standardised({name: one_each(3, 3) for name in weights}, weights).estimate
    assert found is not None
    assert found.value == found.interval.high == 1
