"""Intervals of shares, and of the difference of two shares.

A rate is printed with `wilson(kept, judged)`, or `clusters.clustered` where one victim has several obligations. The
interval says how far the rate of the next such period could lie from this one by chance alone. It says nothing about
silence in the records; that is `bounds`.
"""

import math

from kept.errors import MeasureError
from kept.measures.statistics.values import (
    CONFIDENCE,
    Estimate,
    Interval,
    normal_quantile,
    require_counts,
    require_part,
)


def wilson(part: float, whole: float, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the interval of the share `part` / `whole` (0 to 1), or None where the whole is 0.

    Wilson's score interval without a continuity correction: (p + z²/2n ± z√(p(1-p)/n + z²/4n²)) / (1 + z²/n). It never
    leaves 0 to 1, and it has a width where nothing or all was kept.
    Source: Wilson (1927), J. Am. Stat. Assoc. 22:209; Newcombe (1998), Stat. Med. 17:857, method 3.

    Raises MeasureError for counts that cannot be, or a confidence outside 0 to 1.
    """
    require_part(part, whole)
    return wilson_of(part / whole, whole, confidence) if whole else None


def wilson_of(share: float, effective_n: float, confidence: float = CONFIDENCE) -> Interval:
    """Return Wilson's interval of a share that is worth `effective_n` independent cases (above 0, need not be whole).

    Source: as `wilson`, with n replaced by the effective n: Korn and Graubard (1998), Survey Methodology 24:193.
    Raises MeasureError for a share outside 0 to 1, or an effective n that is not above 0.
    """
    z = normal_quantile(confidence)
    require_part(share, 1)
    require_counts([("the effective n", effective_n)])
    if not effective_n:
        raise MeasureError("No interval without a case.", why="the effective n is 0", what_to_do="show no rate")
    spread = z * z / effective_n
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / effective_n + spread / effective_n / 4) / (1 + spread)
    return Interval(max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def share_of(part: float, whole: float, confidence: float = CONFIDENCE) -> Estimate | None:
    """Return the share with Wilson's interval; None where the whole is 0."""
    interval = wilson(part, whole, confidence)
    return Estimate(part / whole, interval) if interval else None


def difference(later: Estimate, earlier: Estimate) -> Estimate:
    """Return later - earlier, -1 to 1 for shares, with the interval that follows from the two intervals.

    With Wilson's intervals this is Newcombe's method 10: low = d - √((p₁-l₁)² + (u₂-p₂)²), high = d + √((u₁-p₁)² +
    (p₂-l₂)²). The two must be independent, and their intervals of one confidence.
    Source: Newcombe (1998), Stat. Med. 17:873; for any two intervals Zou and Donner (2008), Stat. Med. 27:1693.
    """
    change = later.value - earlier.value
    down = math.hypot(later.value - later.interval.low, earlier.interval.high - earlier.value)
    up = math.hypot(later.interval.high - later.value, earlier.value - earlier.interval.low)
    return Estimate(change, Interval(change - down, change + up))
