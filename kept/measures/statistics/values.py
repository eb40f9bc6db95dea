"""What every statistic is made of: intervals, estimates, and checks of the counts that go in."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

from kept.errors import Fault, MeasureError

CONFIDENCE = 0.95
"""The confidence of an interval, unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From low to high, both included, in the unit of what it is an interval of (a share: 0 to 1)."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, and the interval in which chance leaves it."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of how many: `part` of `whole`, both counts of one unit (victims, obligations, cases).

    Raises MeasureError where either is below zero or not a number, or the part is more than the whole.
    """

    part: float
    whole: float

    def __post_init__(self) -> None:
        require_part(self.part, self.whole)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.part + other.part, self.whole + other.whole)

    @property
    def share(self) -> float | None:
        """The part of the whole, 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


def total(counts: Iterable[Counts]) -> Counts:
    """All of them together; 0 of 0 where there are none."""
    return sum(counts, Counts(0, 0))


@cache
def normal_quantile(confidence: float) -> float:
    """How many standard deviations each way hold this share of a normal distribution (0.95: 1.96).

    Raises MeasureError unless the confidence lies between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise MeasureError(
            f"A confidence of {confidence} cannot be had.",
            why="a confidence is a share above 0 and below 1",
            what_to_do="give 0.95 for 95 %",
        )
    return NormalDist().inv_cdf((1 + confidence) / 2)


def require_part(part: float, whole: float) -> None:
    """Raise MeasureError unless 0 ≤ part ≤ whole and both are numbers."""
    faults = [*_not_a_count("the part", part), *_not_a_count("the whole", whole)]
    if not faults and part > whole:
        faults.append(Fault(f"{part:,} of {whole:,} cannot be: the part is more than the whole.", what_to_do=_LOOK))
    if faults:
        raise MeasureError.of(faults)


def require_counts(counts: Iterable[tuple[str, float]]) -> None:
    """Raise MeasureError that says every count, by its name, that is below zero or not a number."""
    faults = [fault for name, count in counts for fault in _not_a_count(name, count)]
    if faults:
        raise MeasureError.of(faults)


_LOOK = "look at the query or the file that counted"


def _not_a_count(name: str, count: float) -> list[Fault]:
    if math.isfinite(count) and count >= 0:
        return []
    return [Fault(f"{count} is no count.", where=name, why="a count is a number of zero or more", what_to_do=_LOOK)]
