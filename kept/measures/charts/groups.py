"""What a disparity plot compares: groups by their ratio to a reference group, and those whose group is not known."""

import math
from dataclasses import dataclass

from kept.errors import MeasureError
from kept.measures.charts.words import MISSING
from kept.measures.units import SPACE, count, percent


@dataclass(frozen=True, slots=True)
class Disparity:
    """A group's rate over the reference group's, with its interval, and how many the group has.

    ratio is None where it is not to be shown, for which `marker` stands. A ratio may be 0; `high` is None where it has
    no end. The reference group itself has `reference`, and the ratio 1.
    """

    group: str
    ratio: float | None
    low: float | None
    high: float | None
    n: int | None
    reference: bool = False
    marker: str = MISSING

    @property
    def bounded(self) -> bool:
        """Whether there is an interval: a ratio with only one end has one."""
        return self.low is not None or self.high is not None

    @property
    def apart(self) -> str:
        """`above` or `below` where the interval excludes 1, else nothing."""
        if self.ratio is None or self.reference:
            return ""
        if self.low is not None and self.low > 1:
            return "above"
        return "below" if self.high is not None and self.high < 1 else ""

    def __post_init__(self) -> None:
        ends = [end for end in (self.low, self.ratio, self.high) if end is not None]
        if ends != sorted(ends) or any(not 0 <= end < math.inf for end in ends):
            raise MeasureError(
                "A ratio and its interval do not lie in order, from 0 up.",
                where=self.group,
                why=f"low {self.low}, ratio {self.ratio}, high {self.high}",
                what_to_do="Give 0 ≤ low ≤ ratio ≤ high, and None for an end that there is not.",
            )


@dataclass(frozen=True, slots=True)
class Unknown:
    """Of how many people in all the group is not known; both None where that is not to be shown, only `marker`."""

    count: int | None
    total: int | None
    marker: str = MISSING

    def __post_init__(self) -> None:
        if self.count is not None and self.total is not None and not 0 <= self.count <= self.total:
            raise MeasureError(f"{self.count} of {self.total} cannot be the number not known.")

    def said(self) -> str:
        if self.count is None or self.total is None:
            return self.marker
        share = f" ({percent(self.count / self.total)})" if self.total else ""
        return f"{count(self.count)} of {count(self.total)}{share}"


def number(ratio: float | None, none: str = "no end") -> str:
    """A ratio as printed."""
    return none if ratio is None else f"{ratio:.2f}"


def words_of(group: Disparity) -> str:
    """A group's figures as printed beside it."""
    if group.ratio is None:
        return group.marker
    of = f", of{SPACE}{count(group.n)}" if group.n is not None else ""
    if group.reference:
        return f"1, the reference{of}"
    interval = f" ({number(group.low, '0')} to {number(group.high)})" if group.bounded else ", no interval"
    return f"{number(group.ratio)}{interval}{of}"


def look_of(group: Disparity) -> str:
    """What the interval says, by which a point is drawn."""
    if group.reference or not group.bounded:
        return "reference" if group.reference else "no interval"
    return "interval leaves out 1" if group.apart else "interval holds 1"
