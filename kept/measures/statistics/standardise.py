"""Like for like: a rate as it would be with a stated mix of cases, and two periods on the cases that both have.

A rate may fall because a department was added to the sample, with nothing getting worse. `standardised` holds the mix
alike; `like_for_like` also leaves out what only one of the two periods has, and says how much that was.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kept.errors import MeasureError
from kept.measures.statistics.clusters import Clusters, clustered_share, together
from kept.measures.statistics.intervals import difference
from kept.measures.statistics.values import CONFIDENCE, Counts, Estimate, Interval, require_counts

Strata = Mapping[str, Clusters]
"""Stratum (a department, an offence group) → how many kept of how many, and how much victims count several times."""


@dataclass(frozen=True, slots=True)
class Standardised:
    """The rate with the stated mix (None where no stratum of weight has cases), and the weight without cases."""

    estimate: Estimate | None
    weight_left_out: float


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """Two periods on the strata that both have, with one mix.

    strata                  those, by name; empty where the periods share none, and then there are no rates
    before, after, change   the rates with the mix, and after - before
    raw_before, raw_after   the rates of all cases, whatever the mix
    left_out_*              the share of the period's cases in other strata, 0 to 1; None without cases
    """

    strata: tuple[str, ...]
    before: Estimate | None
    after: Estimate | None
    change: Estimate | None
    raw_before: Estimate | None
    raw_after: Estimate | None
    left_out_before: float | None
    left_out_after: float | None


def standardised(strata: Strata, weights: Mapping[str, float], confidence: float = CONFIDENCE) -> Standardised:
    """Return the direct standardised rate Σ wᵢpᵢ / Σ wᵢ over the strata that have cases and a weight.

    With wᵢ scaled to 1 and lᵢ, uᵢ the clustered interval of each stratum, the interval goes from Σwp - √Σw²(p-l)² to
    Σwp + √Σw²(u-p)². It never leaves 0 to 1, has a width where all was kept, and is that of a stratum by itself.
    Source: Zou, Huang and Zhang (2009), Comput. Stat. Data Anal. 53:1080; direct standardisation: Fleiss, Levin and
    Paik (2003), Statistical Methods for Rates and Proportions, ch. 19.

    Raises MeasureError for weights below zero or without one above it.
    """
    require_counts((f"the weight of {name}", weight) for name, weight in weights.items())
    everything = sum(weights.values())
    if not everything:
        raise MeasureError("There is no weight above 0.", what_to_do="give a mix, such as the cases of a past year")
    used = {name: weight for name, weight in weights.items() if weight and strata.get(name, Clusters()).judged}
    rates = {name: clustered_share(strata[name], confidence) for name in used}
    held = sum(used.values())
    parts = [(used[name] / held, rate) for name, rate in rates.items() if rate]
    return Standardised(_combined(parts) if parts else None, 1 - held / everything)


def like_for_like(
    before: Strata, after: Strata, weights: Mapping[str, float] | None = None, confidence: float = CONFIDENCE
) -> LikeForLike:
    """Return the rates of two periods on the strata that both have, with the stated mix or that of both together.

    The change has the interval of a difference of two independent estimates (`intervals.difference`). Raises
    MeasureError as `standardised`, where the strata of both have no weight.
    """
    shared = tuple(sorted(name for name in before if before[name].judged and name in after and after[name].judged))
    nothing = LikeForLike(
        (),
        before=None,
        after=None,
        change=None,
        raw_before=_raw(before, confidence),
        raw_after=_raw(after, confidence),
        left_out_before=_left_out(before, shared),
        left_out_after=_left_out(after, shared),
    )
    if not shared:
        return nothing
    mix = {
        name: before[name].judged + after[name].judged if weights is None else weights.get(name, 0) for name in shared
    }
    one, other = standardised(before, mix, confidence).estimate, standardised(after, mix, confidence).estimate
    change = difference(other, one) if one and other else None
    return replace(nothing, strata=shared, before=one, after=other, change=change)


def words(found: LikeForLike) -> str:
    """Return what the comparison rests on: how many strata, and what share of each period's cases was left out."""
    if not found.strata:
        return "Nothing to compare like for like: the two periods share no part of the sample."
    left = [f"{share or 0:.0%}" for share in (found.left_out_before, found.left_out_after)]
    return (
        f"Like for like on {len(found.strata)} parts of the sample that both periods have; "
        f"left out: {left[0]} of the earlier cases, {left[1]} of the later."
    )


def _combined(parts: list[tuple[float, Estimate]]) -> Estimate:
    value = min(1.0, sum(weight * rate.value for weight, rate in parts))  # weights need not add up to just 1
    down = math.hypot(*(weight * (rate.value - rate.interval.low) for weight, rate in parts))
    up = math.hypot(*(weight * (rate.interval.high - rate.value) for weight, rate in parts))
    return Estimate(value, Interval(max(0.0, value - down), min(1.0, value + up)))


def _raw(strata: Strata, confidence: float) -> Estimate | None:
    return clustered_share(together(strata.values()), confidence)


def _left_out(strata: Strata, shared: tuple[str, ...]) -> float | None:
    everyone = together(strata.values()).judged
    return Counts(everyone - sum(strata[name].judged for name in shared), everyone).share
