"""Rate ratios against statsmodels and by hand, and what they say of those who are not known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2

from kept.errors import MeasureError
from kept.measures.statistics.clusters import Clusters, clusters_of, one_each
from kept.measures.statistics.disparity import disparity
from kept.measures.statistics.ratios import adjusted_ratio, rate_ratio
from kept.measures.statistics.values import Counts

INNER = st.integers(2, 300).flatmap(lambda n: st.integers(1, n - 1).map(lambda part: one_each(part, n)))
VICTIMS = st.lists(
    st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=20
).map(lambda pairs: clusters_of(*map(list, zip(*pairs, strict=True))))
"""Victims who have several obligations each."""
ANY = st.integers(0, 50).flatmap(lambda n: st.integers(0, n).map(lambda part: one_each(part, n)))


def table(one: Clusters, other: Clusters) -> np.ndarray:
    return np.array([[one.kept, one.judged - one.kept], [other.kept, other.judged - other.kept]])


@given(INNER, INNER)
def test_a_ratio_is_that_of_statsmodels(one: Clusters, other: Clusters) -> None:
    found = rate_ratio(one, other)
    expected = Table2x2(table(one, other))
    assert found is not None
    assert not found.corrected
    assert found.estimate.value == pytest.approx(expected.riskratio)
    assert (found.estimate.interval.low, found.estimate.interval.high) == pytest.approx(
        expected.riskratio_confint(), rel=1e-6
    )


@given(st.lists(st.tuples(INNER, INNER), min_size=1, max_size=6))
def test_an_adjusted_ratio_is_mantel_and_haenszels(pairs: list[tuple[Clusters, Clusters]]) -> None:
    found = adjusted_ratio(pairs)
    assert found is not None
    assert found.estimate.value == pytest.approx(StratifiedTable([table(*pair) for pair in pairs]).riskratio_pooled)
    assert found.estimate.value in found.estimate.interval


@given(INNER, INNER)
def test_one_stratum_leaves_nothing_to_adjust(one: Clusters, other: Clusters) -> None:
    raw, adjusted = rate_ratio(one, other), adjusted_ratio([(one, other)])
    assert raw is not None
    assert adjusted is not None
    assert adjusted.estimate.interval.low == pytest.approx(raw.estimate.interval.low)
    assert adjusted.estimate.interval.high == pytest.approx(raw.estimate.interval.high)


def test_the_variance_by_hand() -> None:
    """Strata 10/20 against 20/50 and 30/40 against 20/30.

    R = 10·50/70 + 30·30/70 = 20, S = 20·20/70 + 20·40/70 = 120/7, ratio 7/6; variance ((20·50·30 - 10·20·70) +
    (40·30·50 - 30·20·70)) / 70² ÷ (20 · 120/7) = (34,000 / 4,900) / (2,400 / 7) = 0.0202381.
    """
    found = adjusted_ratio([(one_each(10, 20), one_each(20, 50)), (one_each(30, 40), one_each(20, 30))])
    assert found is not None
    assert found.estimate.value == pytest.approx(7 / 6)
    reach = math.log(found.estimate.interval.high / found.estimate.value) / 1.959964
    assert reach**2 == pytest.approx(34_000 / 4_900 / (2_400 / 7), rel=1e-6)


def test_the_offence_mix_explains_what_it_explains() -> None:
    """Within each offence both groups are alike; one group has more of the offence that is kept less."""
    strata = {
        "violence": {"A": one_each(40, 80), "B": one_each(10, 20), "unknown": one_each(5, 25)},
        "theft": {"A": one_each(18, 20), "B": one_each(72, 80)},
    }
    found = disparity(strata, reference="B")
    (ratio,) = found.groups
    assert ratio.raw is not None
    assert ratio.adjusted is not None
    assert ratio.raw.estimate.value == pytest.approx(0.58 / 0.82)
    assert ratio.adjusted.estimate.value == pytest.approx(1)
    assert ratio.compared == 1
    assert found.unknown == Counts(5, 25)
    assert found.unknown_share == pytest.approx(25 / 225)
    assert "not known in 11.1\u00a0% of cases" in found.words


def test_each_group_against_all_other_known_groups() -> None:
    strata = {"all": {"A": one_each(10, 20), "B": one_each(20, 30), "C": one_each(5, 10), "unknown": one_each(0, 40)}}
    found = disparity(strata)
    assert found.reference == "all others"
    assert [group.group for group in found.groups] == ["A", "B", "C"]
    assert found.groups[0].raw == rate_ratio(one_each(10, 20), one_each(25, 40))


def test_an_empty_cell_is_filled_with_halves_and_said() -> None:
    """0 of 10 against 5 of 10: (0.5/11) / (5.5/11)."""
    found = rate_ratio(one_each(0, 10), one_each(5, 10))
    assert found is not None
    assert found.corrected
    assert found.estimate.value == pytest.approx(0.5 / 5.5)
    both_all = rate_ratio(one_each(10, 10), one_each(10, 10))
    assert both_all is not None
    assert both_all.estimate.interval.low < 1 < both_all.estimate.interval.high


def test_without_both_there_is_no_ratio() -> None:
    assert rate_ratio(one_each(0, 0), one_each(1, 2)) is None
    assert adjusted_ratio([]) is None
    assert adjusted_ratio([(one_each(0, 0), one_each(1, 2))]) is None
    assert adjusted_ratio([(one_each(2, 2), one_each(1, 2))]) is None
    apart = disparity({"theft": {"A": one_each(1, 2)}, "fraud": {"B": one_each(1, 2)}}, reference="B")
    assert apart.groups[0].adjusted is None
    assert apart.groups[0].compared == 0


def test_how_much_of_a_group_could_be_compared_is_said() -> None:
    strata = {"theft": {"A": one_each(3, 6), "B": one_each(1, 2)}, "fraud": {"A": one_each(1, 2)}}
    (ratio,) = disparity(strata, reference="B").groups
    assert ratio.compared == 0.75
    assert ratio.raw == rate_ratio(one_each(4, 8), one_each(1, 2))
    assert ratio.adjusted == adjusted_ratio([(one_each(3, 6), one_each(1, 2))])


def test_nobody_known_and_nobody_at_all() -> None:
    unknown = disparity({"theft": {"unknown": one_each(3, 4)}})
    assert (unknown.groups, unknown.unknown_share) == ((), 1)
    assert unknown.words.startswith(
        "No ratios: fewer than two groups are known. The group is not known in 100.0\u00a0%"
    )
    assert disparity({}).words == "Nothing to compare: there are no cases."
    assert disparity({"theft": {"A": one_each(0, 0)}}).unknown_share is None


@given(st.lists(st.dictionaries(st.sampled_from(["A", "B", "C", "unknown"]), ANY), max_size=4))
def test_everybody_is_in_the_result(strata: list[dict[str, Clusters]]) -> None:
    named = {f"offence {number}": groups for number, groups in enumerate(strata)}
    found = disparity(named)
    counted = sum(group.counts.whole for group in found.groups) + found.unknown.whole
    assert counted == sum(counts.judged for groups in strata for counts in groups.values())
    for group in found.groups:
        for ratio in (group.raw, group.adjusted):
            assert ratio is None or ratio.estimate.value in ratio.estimate.interval


@pytest.mark.parametrize("reference", ["D", "unknown"])
def test_a_reference_must_be_a_known_group(reference: str) -> None:
    with pytest.raises(MeasureError, match=f"no group “{reference}”"):
        disparity({"theft": {"A": one_each(1, 2), "unknown": one_each(1, 2)}}, reference=reference)


def alone(sums: Clusters) -> Clusters:
    """The same counts as if every obligation were of another victim."""
    return one_each(sums.kept, sums.judged)


@given(VICTIMS, VICTIMS)
def test_a_ratio_is_never_surer_for_victims_who_count_several_times(one: Clusters, other: Clusters) -> None:
    alike, apart = rate_ratio(one, other), rate_ratio(alone(one), alone(other))
    assert alike is not None
    assert apart is not None
    assert alike.estimate.value == apart.estimate.value
    assert alike.estimate.interval.low <= apart.estimate.interval.low * (1 + 1e-12)
    assert alike.estimate.interval.high >= apart.estimate.interval.high * (1 - 1e-12)


@given(st.lists(st.tuples(VICTIMS, VICTIMS), min_size=1, max_size=4))
def test_nor_is_an_adjusted_ratio(pairs: list[tuple[Clusters, Clusters]]) -> None:
    alike, apart = adjusted_ratio(pairs), adjusted_ratio([(alone(one), alone(other)) for one, other in pairs])
    assert (alike is None) == (apart is None)
    if alike and apart:
        assert alike.estimate.value == pytest.approx(apart.estimate.value)
        assert alike.estimate.interval.low <= apart.estimate.interval.low * (1 + 1e-12)
        assert alike.estimate.interval.high >= apart.estimate.interval.high * (1 - 1e-12)


def test_victims_wholly_alike_are_worth_one_obligation_each() -> None:
    """Forty victims with five obligations each, all kept or none: the interval is about that of forty."""
    five = clusters_of([5] * 30 + [0] * 10, [5] * 40)
    found, of_victims = rate_ratio(five, five), rate_ratio(one_each(30, 40), one_each(30, 40))
    assert found is not None
    assert of_victims is not None
    assert found.estimate.interval.width == pytest.approx(of_victims.estimate.interval.width, rel=0.05)
    in_strata = adjusted_ratio([(five, five), (five, five)])
    assert in_strata is not None
    assert in_strata.estimate.interval.width == pytest.approx(
        of_victims.estimate.interval.width / math.sqrt(2), rel=0.08
    )


def test_the_interval_of_a_ratio_holds_the_truth_as_often_as_it_says() -> None:
    """Sixty victims a side with four obligations each and tendencies that differ; the true ratio is 1."""
    draw, held, plain = np.random.default_rng(3), 0, 0
    for _ in range(300):
        one, other = (clusters_of(draw.binomial(4, draw.beta(2, 1, 60)).tolist(), [4] * 60) for _ in range(2))
        alike, apart = rate_ratio(one, other), rate_ratio(alone(one), alone(other))
        held += alike is not None and 1 in alike.estimate.interval
        plain += apart is not None and 1 in apart.estimate.interval
    assert 276 <= held <= 294
    assert plain < 265
