"""Where the lines of a funnel run at a size: exact for chance alone, and wider where areas differ by more than chance.

Two kinds of value have a funnel: a share of cases (`SHARES`; size: the cases), and a ratio of observed to expected
(`RATIOS`; size: the expected).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.special import bdtr, bdtrik, gammaincinv

from kept.errors import MeasureError
from kept.measures.statistics.values import Interval, normal_quantile, require_counts, require_part

ALERT, ALARM = 0.95, 0.998
"""The two pairs of lines: about two, and about three, standard deviations each way. Source: Spiegelhalter (2005)."""


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Both pairs of lines at one size, in the unit of the values; on a line is not outside."""

    alert: Interval
    alarm: Interval


@dataclass(frozen=True, slots=True)
class Scale:
    """A kind of value: its limits by chance alone, and a transform on which its standard error is 1 / 2√size.

    alone      (centre, size) → limits by chance alone
    forward    the transform; back, its inverse; top, the highest that it can be
    of_a_whole whether what is counted is a part of the size
    """

    alone: Callable[[float, float], FunnelLimits]
    forward: Callable[[float], float]
    back: Callable[[float], float]
    top: float
    of_a_whole: bool

    def score(self, value: float, centre: float, size: float) -> float:
        """How many standard errors a value lies from the centre."""
        return (self.forward(value) - self.forward(centre)) * 2 * math.sqrt(size)


def binomial_limits(centre: float, cases: float) -> FunnelLimits:
    """Return exact limits of a share of a whole number of cases about a centre (0 to 1), by chance alone.

    Each line is a quantile of the binomial over n. A share lies outside one exactly where a count so far out has less
    than half the probability left (2.5 % or 0.1 % on each side). Lines between the steps of the binomial, as some draw
    them, would call ten of ten an alert about 80 %, which chance gives one time in nine; so the lines keep its steps.
    Source: Spiegelhalter (2005), Stat. Med. 24:1185, appendix, without the interpolation between steps.

    Raises MeasureError for a centre outside 0 to 1, or without a case.
    """
    require_part(centre, 1)
    _require_size(cases)

    def interval(confidence: float) -> Interval:
        tail, n = (1 - confidence) / 2, round(cases)
        return Interval(_binomial_quantile(tail, n, centre) / n, _binomial_quantile(1 - tail, n, centre) / n)

    return FunnelLimits(interval(ALERT), interval(ALARM))


def poisson_limits(expected: float, centre: float = 1) -> FunnelLimits:
    """Return exact limits of observed / expected about a centre, by chance alone, with `expected` above 0.

    With E = centre · expected: low χ²(p, 2E) / 2E, high χ²(1-p, 2(E+1)) / 2E, as gamma quantiles, times the centre.
    Source: Ulm (1990), Am. J. Epidemiol. 131:373; the lines of FunnelPlotR.

    Raises MeasureError where nothing is expected.
    """
    _require_size(expected)
    require_counts([("the centre", centre)])
    mean = expected * centre

    def interval(confidence: float) -> Interval:
        tail = (1 - confidence) / 2
        low = float(gammaincinv(mean, tail)) if mean else 0.0
        high = float(gammaincinv(mean + 1, 1 - tail))
        return Interval(low / expected, high / expected)

    return FunnelLimits(interval(ALERT), interval(ALARM))


def widened(scale: Scale, centre: float, size: float, between: float, effect: float = 1.0) -> FunnelLimits:
    """Return the limits where areas also differ among themselves, by the variance `between` (τ²) on the scale.

    Centre ± z · √(d/4n + τ²) on the scale, turned back, and nowhere narrower than by chance alone; d is the design
    effect, 1 or more, of victims who count several times.
    Source: Spiegelhalter and others (2012), J. R. Stat. Soc. A 175:1 (additive random effects); d: Kish (1965), Survey
    Sampling, §8.2.
    """
    alone = scale.alone(centre, size)

    def interval(confidence: float, least: Interval) -> Interval:
        middle = scale.forward(centre)
        half = normal_quantile(confidence) * math.sqrt(effect / (4 * size) + between)
        low, high = scale.back(max(0.0, middle - half)), scale.back(min(scale.top, middle + half))
        return Interval(min(low, least.low), max(high, least.high))

    return FunnelLimits(interval(ALERT, alone.alert), interval(ALARM, alone.alarm)) if between or effect > 1 else alone


SHARES = Scale(
    alone=binomial_limits,
    forward=lambda share: math.asin(math.sqrt(share)),
    back=lambda angle: math.sin(angle) ** 2,
    top=math.pi / 2,
    of_a_whole=True,
)
RATIOS = Scale(
    alone=lambda centre, expected: poisson_limits(expected, centre),
    forward=math.sqrt,
    back=lambda root: root**2,
    top=math.inf,
    of_a_whole=False,
)


def _binomial_quantile(probability: float, n: int, centre: float) -> int:
    """The lowest count of n that a binomial about the centre does not exceed with at least this probability."""
    if centre in (0, 1):
        return round(n * centre)
    count = max(0, math.ceil(float(bdtrik(probability, n, centre))))
    return count - 1 if count and float(bdtr(count - 1, n, centre)) >= probability else count


def _require_size(size: float) -> None:
    if not (math.isfinite(size) and size > 0):
        raise MeasureError(
            f"A funnel has no limits at a size of {size:g}.",
            why="limits are for at least one case, or something expected",
            what_to_do="show the area as one without cases",
        )
