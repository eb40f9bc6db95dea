"""Intervals of shares against statsmodels, and what must always hold of them."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from kept.errors import MeasureError
from kept.measures.statistics.clusters import Clusters, clustered, clusters_of, design_effect, effective_n
from kept.measures.statistics.intervals import difference, share_of, wilson, wilson_of
from kept.measures.statistics.values import Counts, Estimate, Interval, total

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
VICTIMS = st.lists(st.integers(1, 6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1)


def share(part: float, whole: float) -> Estimate:
    found = share_of(part, whole)
    assert found is not None
    return found


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (0, 20), (3, 7), (81, 263), (99_999, 100_000)])
def test_wilson_is_that_of_statsmodels(part: int, whole: int, confidence: float) -> None:
    found = wilson(part, whole, confidence)
    assert found is not None
    expected = proportion_confint(part, whole, alpha=1 - confidence, method="wilson")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


@given(COUNTS)
def test_wilson_holds_the_share_and_stays_within_bounds(counts: tuple[int, int]) -> None:
    found = share(*counts)
    assert 0 <= found.interval.low <= found.value <= found.interval.high <= 1
    assert found.interval.width > 0


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert share_of(0, 0) is None
    assert Counts(0, 0).share is None
    assert total([]) == Counts(0, 0)


@pytest.mark.parametrize(
    ("later", "earlier", "low", "high"),
    [  # Newcombe (1998), Stat. Med. 17:873, Table II, method 10: contrasts a, b, c, g
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_the_difference_is_newcombes(later: tuple[int, int], earlier: tuple[int, int], low: float, high: float) -> None:
    found = difference(share(*later), share(*earlier)).interval
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    by_statsmodels = confint_proportions_2indep(*later, *earlier, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx(by_statsmodels, abs=1e-9)


@given(COUNTS, COUNTS)
def test_a_difference_turned_round_is_its_negative(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = difference(share(*one), share(*other)), difference(share(*other), share(*one))
    assert (there.interval.low, there.interval.high) == pytest.approx((-back.interval.high, -back.interval.low))
    assert there.value in there.interval


@given(st.lists(st.booleans(), min_size=1))
def test_one_obligation_a_victim_gives_the_plain_interval(kept: list[bool]) -> None:
    clusters = clusters_of([int(one) for one in kept], [1] * len(kept))
    assert design_effect(clusters) == pytest.approx(1)
    plain, found = wilson(sum(kept), len(kept)), clustered(clusters)
    assert plain is not None
    assert found is not None
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


@given(VICTIMS)
def test_clustering_never_narrows_an_interval(victims: list[tuple[int, int]]) -> None:
    clusters = clusters_of(*zip(*victims, strict=True))
    found, plain = clustered(clusters), wilson(clusters.kept, clusters.judged)
    assert found is not None
    assert plain is not None
    assert found.low <= plain.low + 1e-12
    assert found.high >= plain.high - 1e-12


@given(VICTIMS, VICTIMS)
def test_sums_of_victims_add_up(here: list[tuple[int, int]], there: list[tuple[int, int]]) -> None:
    apart = clusters_of(*zip(*here, strict=True)) + clusters_of(*zip(*there, strict=True))
    assert apart == clusters_of(*zip(*here, *there, strict=True))


def test_the_design_effect_by_hand() -> None:
    """Rate 8/12, residuals 1, -2, 0, 1: variance 4/3 · 6/144 = 1/18, against (8/12 · 4/12) / 11 = 2/99."""
    clusters = clusters_of([3, 0, 2, 3], [3, 3, 3, 3])
    assert design_effect(clusters) == pytest.approx(99 / 36)
    assert effective_n(clusters) == pytest.approx(12 * 36 / 99 * (2.200985 / 3.182446) ** 2, rel=1e-5)


def test_victims_who_are_all_alike_count_as_one_each() -> None:
    """Twenty victims of three, all or none kept: 60 ÷ (3 · 20/19 · 59/60), for few victims times (2.001 / 2.093)²."""
    assert effective_n(clusters_of([3, 0] * 10, [3] * 20)) == pytest.approx(17.660, abs=0.001)
    assert effective_n(clusters_of([3] * 20, [3] * 20)) == pytest.approx(20)
    assert effective_n(clusters_of([2], [5])) == pytest.approx(1)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """400 times forty victims, each with a tendency of their own about 80 %: the plain interval misses too often."""
    chance, truth, times = np.random.default_rng(61), 0.8, 400
    found = plain = 0
    for _ in range(times):
        judged = 1 + chance.poisson(2, 40)
        kept = chance.binomial(judged, chance.beta(truth, 1 - truth, 40))
        clusters = clusters_of(kept.tolist(), judged.tolist())
        wide, narrow = clustered(clusters), wilson(clusters.kept, clusters.judged)
        found += wide is not None and truth in wide
        plain += narrow is not None and truth in narrow
    assert 0.93 <= found / times <= 0.97
    assert plain / times < 0.85


def test_no_victim_has_no_interval() -> None:
    assert clusters_of([], []) == clusters_of([0], [0]) == Clusters()
    assert clustered(Clusters()) is None
    assert design_effect(Clusters()) is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: wilson(3, 2),
        lambda: wilson(-1, 2),
        lambda: wilson(float("nan"), 2),
        lambda: wilson(1, 2, 1.0),
        lambda: wilson(1, 2, 95),
        lambda: wilson_of(0.5, 0),
        lambda: wilson_of(1.5, 10),
        lambda: clusters_of([1], [1, 1]),
        lambda: clusters_of([2, 0], [1, 5]),
        lambda: Clusters(3, 1, 2, 1, 1, 2),
        lambda: clustered(clusters_of([1, 0], [1, 1]), 0),
    ],
)
def test_what_cannot_be_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(MeasureError) as raised:
        wrong()
    assert raised.value.exit_code == 12


def test_large_counts_are_said_in_full() -> None:
    with pytest.raises(MeasureError, match=r"2,391,235 of 2,391,234 cannot be"):
        Counts(2_391_235, 2_391_234)


def test_an_interval_holds_its_ends() -> None:
    assert 0.2 in Interval(0.2, 0.4)
    assert 0.5 not in Interval(0.2, 0.4)
