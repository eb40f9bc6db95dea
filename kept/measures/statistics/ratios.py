"""Ratios of two rates, of obligations of which one victim may have several: as they are, and pooled within strata.

Obligations of one victim are alike and say less than as many of different victims. So each side's part of the variance
is multiplied by its design effect (`clusters`), and no interval is narrower than if all were independent.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kept.measures.statistics.clusters import Clusters, effective_n, estimated_effect, few_victims, together
from kept.measures.statistics.values import CONFIDENCE, Counts, Estimate, Interval, normal_quantile

Pair = tuple[Clusters, Clusters]
"""A group and the reference in one stratum."""

_HALF = Counts(0.5, 1)
"""Added to a group where a cell is 0: half a case kept and half a case not."""


@dataclass(frozen=True, slots=True)
class RateRatio:
    """A ratio with its interval; `corrected` where half a case was added to each cell because one was 0."""

    estimate: Estimate
    corrected: bool = False


def rate_ratio(group: Clusters, reference: Clusters, confidence: float = CONFIDENCE) -> RateRatio | None:
    """Return the ratio of two rates, (a/n₁) / (b/n₀), with its interval; None where either has no cases.

    The interval is symmetric for the logarithm, with variance d₁(1/a - 1/n₁) + d₀(1/b - 1/n₀), where d is n over the
    effective n. Where nothing or all was kept in either, half a case is added to each of the four cells, and said.
    Source: Katz and others (1978), Biometrics 34:469; with d Rao and Scott (1992), Biometrics 48:577; for the half,
    Cochrane Handbook (2023), §10.4.4.2.
    """
    if not (group.judged and reference.judged):
        return None
    corrected = _has_zero(group) or _has_zero(reference)
    sides = [(side.counts + _HALF if corrected else side.counts, side) for side in (group, reference)]
    (one, _), (other, _) = sides
    ratio = (one.part / one.whole) / (other.part / other.whole)
    variance = sum(_effect(side, confidence) * (1 / of.part - 1 / of.whole) for of, side in sides)
    return RateRatio(_on_log(ratio, variance, confidence), corrected)


def adjusted_ratio(pairs: Sequence[Pair], confidence: float = CONFIDENCE) -> RateRatio | None:
    """Return the rate ratio of (group, reference) pairs, one a stratum, with what differs between strata held alike.

    Mantel and Haenszel's R/S with R = Σ a n₀/N, S = Σ b n₁/N. The logarithm's variance is that of Greenland and Robins,
    Σ (n₁n₀(a+b) - abN)/N² ÷ RS, in its two parts: Σ b n₁n₀(1-p₁)/N² ÷ RS comes of the group and Σ a n₁n₀(1-p₀)/N² ÷ RS
    of the reference. Each stratum's share of a part is multiplied by its design effect there, the part is never less
    than without, and few victims make it larger. Equal to `rate_ratio` where there is one stratum. Strata without both
    say nothing. None where no stratum has both, or nothing or all was kept in one of the two throughout: there is no
    ratio to pool.
    Source: Rothman, Greenland and Lash (2008), Modern Epidemiology, ch. 15; Greenland and Robins (1985), Biometrics
    41:55; design effects by stratum and group: Rao and Scott (1992), Biometrics 48:577.
    """
    both = [(one, other) for one, other in pairs if one.judged and other.judged]
    if not both or any(_has_zero(together(side)) for side in zip(*both, strict=True)):
        return None
    above = sum(one.kept * other.judged / (one.judged + other.judged) for one, other in both)
    below = sum(other.kept * one.judged / (one.judged + other.judged) for one, other in both)
    variance = _side(both, confidence) + _side([(other, one) for one, other in both], confidence)
    return RateRatio(_on_log(above / below, variance / (above * below), confidence))


def _side(pairs: Sequence[Pair], confidence: float) -> float:
    """The part of the variance, times RS, that comes of the first of each pair."""
    alone = [_own_part(own, other) for own, other in pairs]
    alike = [part * (estimated_effect(own) or 1) for part, (own, _) in zip(alone, pairs, strict=True)]
    return max(sum(alone), sum(alike)) / few_victims(together(own for own, _ in pairs), confidence)


def _own_part(own: Clusters, other: Clusters) -> float:
    return other.kept * own.judged * other.judged * (1 - own.kept / own.judged) / (own.judged + other.judged) ** 2


def _effect(side: Clusters, confidence: float) -> float:
    return side.judged / (effective_n(side, confidence) or side.judged)


def _on_log(ratio: float, variance: float, confidence: float) -> Estimate:
    reach = math.exp(normal_quantile(confidence) * math.sqrt(max(0.0, variance)))
    return Estimate(ratio, Interval(ratio / reach, ratio * reach))


def _has_zero(side: Clusters) -> bool:
    return side.kept in (0, side.judged)
