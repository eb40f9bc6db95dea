"""Where the mean and the limits of a process chart lie, from the values of one phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from kept.errors import MeasureError
from kept.measures.statistics.values import Interval

LEAST, FIRM = 6, 12
"""Below LEAST points a phase has no limits (Wheeler (2000), Understanding Variation: five or six values will do); below
FIRM they are trial ones, which the next points may move (NHS England, Making Data Count)."""

TO_LIMIT, SCREEN = 2.66, 3.267
"""From the average moving range to the limits, 3 / d₂ with d₂ = 1.128; and to the largest range that counts, D₄.
Source: Wheeler and Chambers (1992), Understanding Statistical Process Control."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The mean and natural limits of one phase, in the unit of its values, and how many points made them."""

    mean: float
    lower: float
    upper: float
    points: int

    @property
    def trial(self) -> bool:
        return self.points < FIRM

    def within(self, possible: Interval) -> "Limits":
        """The same, drawn no further than values there can be; only for drawing, since rules need them whole."""
        lower, upper = max(self.lower, possible.low), min(self.upper, possible.high)
        return Limits(self.mean, lower, upper, self.points)


def natural_limits(values: Sequence[float], screen: bool = True) -> Limits:
    """Return the mean, and the limits mean ± 2.66 · average moving range.

    With `screen`, moving ranges of 3.267 times their average and more are left out once, so that one freak month does
    not widen the limits that should show it. Where nothing but zero would be left, none is left out: limits on the
    mean itself would call every point a signal.
    Source: NHS England, Making Data Count; Nelson (1982), J. Qual. Technol. 14:172 (screening).

    Raises MeasureError without a value.
    """
    if not values:
        raise MeasureError("No limits without a value.", what_to_do="draw the chart without limits")
    ranges = [abs(after - before) for before, after in pairwise(values)] or [0.0]
    average = fmean(ranges)
    screened = [one for one in ranges if one < SCREEN * average] if screen else []
    average = (fmean(screened) if screened else 0.0) or average
    mean = fmean(values)
    return Limits(mean, mean - TO_LIMIT * average, mean + TO_LIMIT * average, len(values))
