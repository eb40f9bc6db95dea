"""Medians and percentiles of how long things took, with intervals that assume nothing of how the times are spread.

All of it comes from how often each value occurs, so that an aggregate that holds value → count is enough, and two such
aggregates add up. Values are in whatever unit they were counted in (days, hours, seconds).
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from scipy.special import bdtr, bdtrik

from kept.errors import Fault, MeasureError
from kept.measures.statistics.values import CONFIDENCE, Interval, normal_quantile, require_counts


@dataclass(frozen=True, slots=True)
class Histogram:
    """The values that occur, lowest first, and how many cases lie at or below each; both empty without a case."""

    values: tuple[float, ...]
    at_or_below: tuple[int, ...]

    @property
    def n(self) -> int:
        """How many cases there are."""
        return self.at_or_below[-1] if self.at_or_below else 0

    @property
    def counts(self) -> dict[float, int]:
        """How often each value occurs, lowest first."""
        below = (0, *self.at_or_below)
        return {value: upto - before for value, upto, before in zip(self.values, self.at_or_below, below, strict=False)}

    def at_rank(self, rank: int) -> float:
        """The value of a case by its rank, 1 for the lowest."""
        return self.values[bisect_left(self.at_or_below, rank)]


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value that a share of cases does not exceed, and its interval: None where too few cases are on one side."""

    value: float
    interval: Interval | None


def histogram(counts: Mapping[int, int] | Mapping[float, int]) -> Histogram:
    """Return the histogram of value → count. Raises MeasureError for a value that is no number, or a count below 0."""
    _require_numbers(counts)
    require_counts((f"the count of {value}", count) for value, count in counts.items())
    held = sorted((value, count) for value, count in counts.items() if count)
    return Histogram(tuple(value for value, _ in held), tuple(accumulate(count for _, count in held)))


def histogram_of(values: Iterable[float]) -> Histogram:
    """Return the histogram of single values, in any order. Raises MeasureError for a value that is no number."""
    counts: dict[float, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return histogram(counts)


def quantile(cases: Histogram, share: float, confidence: float = CONFIDENCE) -> Quantile | None:
    """Return the value at a share of the cases (0.5: the median) with its interval; None without a case.

    The value is that of the case at rank ⌈share · n⌉, or midway to the next where share · n is whole: Hyndman and Fan
    (1996), Am. Stat. 50:361, definition 2. The interval goes from the case at rank r to the case at rank s, where a
    binomial of n and the share lies within r to s - 1 with at least the confidence: Conover (1999), Practical
    Nonparametric Statistics, §3.2; Hahn and Meeker (1991), Statistical Intervals, §5.2. Ties make it surer, not less.

    Raises MeasureError for a share or a confidence that is not between 0 and 1.
    """
    normal_quantile(confidence)  # refuses what is no confidence
    require_share(share)
    return Quantile(_value_at(cases, share), _interval(cases, share, confidence)) if cases.n else None


def require_share(share: float) -> None:
    """Raise MeasureError unless there is a quantile at this share of the cases."""
    if not 0 < share < 1:
        raise MeasureError(
            f"There is no quantile at {share}.",
            why="its share is above 0 and below 1",
            what_to_do="give 0.5 for the median, 0.9 for the 90th percentile",
        )


def ranks(n: int, share: float, confidence: float = CONFIDENCE) -> tuple[int, int] | None:
    """Return which two of n cases, by rank from 1, hold the quantile; None where they are too few for both."""
    tail = (1 - confidence) / 2
    lower, upper = _binomial_quantile(tail, n, share), _binomial_quantile(1 - tail, n, share) + 1
    return (lower, upper) if lower >= 1 and upper <= n else None


def median(cases: Histogram, confidence: float = CONFIDENCE) -> Quantile | None:
    """Return the median with its interval; None without a case."""
    return quantile(cases, 0.5, confidence)


def _value_at(cases: Histogram, share: float) -> float:
    exact = round(share * cases.n, 9)  # 0.1 · 30 is three, whatever the machine makes of it
    rank = math.ceil(exact)
    if exact != rank or rank == cases.n:
        return cases.at_rank(rank)
    return (cases.at_rank(rank) + cases.at_rank(rank + 1)) / 2


def _interval(cases: Histogram, share: float, confidence: float) -> Interval | None:
    found = ranks(cases.n, share, confidence)
    return Interval(cases.at_rank(found[0]), cases.at_rank(found[1])) if found else None


def _binomial_quantile(probability: float, n: int, share: float) -> int:
    """The lowest count that a binomial of n and the share does not exceed with at least this probability."""
    count = max(0, math.ceil(float(bdtrik(probability, n, share))))
    return count - 1 if count and float(bdtr(count - 1, n, share)) >= probability else count


def _require_numbers(values: Iterable[float]) -> None:
    faults = [
        Fault(f"{value} is no value to rank.", what_to_do="leave out the cases without a value, and say how many")
        for value in values
        if not math.isfinite(value)
    ]
    if faults:
        raise MeasureError.of(faults)
