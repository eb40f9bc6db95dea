"""Percentiles of how long something takes where it has not yet come to everybody: those still waiting are counted too.

    found = percentile(curve(came=[2, 5, 9], waiting=[3, 30]), 0.5)

To leave out who still waits makes slow work look fast: the longest waits are the ones that have no end yet. Each of
them says that it takes longer than this, and no more, and the curve takes just that from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from kept.errors import Fault, MeasureError
from kept.measures.statistics.quantiles import Quantile, ranks, require_share
from kept.measures.statistics.values import CONFIDENCE, Interval, normal_quantile

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The share to whom it has not come, at each time at which it came to somebody.

    n           how many there are, those who wait too
    times       lowest first, in the unit in which they were counted; empty where it came to nobody
    left        the share (0 to 1) to whom it has not come just after each time
    spread      Greenwood's sum up to each time, infinite where nobody is left
    """

    n: int
    times: Numbers
    left: Numbers
    spread: Numbers


def curve(came: Sequence[float], waiting: Sequence[float], times: Sequence[int] | None = None) -> Curve:
    """Return the curve of how long it took those to whom it came, and how long the others have waited by now.

    `times` says how often each of those that came occurs, which are then lowest first, each once.

    With d to whom it came at a time and r who waited until then, the share left is Π (1 - d/r), and the spread of its
    logarithm Σ d / r(r - d). Who stopped being seen at that very time is among the r.
    Source: Kaplan and Meier (1958), J. Am. Stat. Assoc. 53:457; Greenwood (1926), Rep. Public Health Med. Subj. 33.

    Raises MeasureError for a time that is no number.
    """
    ended, open_ = np.asarray(came, dtype=float), np.sort(np.asarray(waiting, dtype=float))
    _require_times(ended, open_)
    values, counts = np.unique(ended, return_counts=True) if times is None else (ended, np.asarray(times, dtype=int))
    n = int(counts.sum()) + len(open_)
    at_risk = n - (np.cumsum(counts) - counts + np.searchsorted(open_, values))
    with np.errstate(divide="ignore"):
        spread = np.cumsum(counts / (at_risk * (at_risk - counts)), dtype=float)
    left = np.cumprod((at_risk - counts) / at_risk, dtype=float)
    return Curve(n, values, left, spread)


def percentile(found: Curve, share: float, confidence: float = CONFIDENCE) -> Quantile | None:
    """Return the time by which it came to a share of all (0.5: the median); None where it has not come to so many yet.

    The value is the first time at which fewer than 1 - share are left, or midway to it where just 1 - share are left
    before; so that it is that of `quantiles.quantile` where nobody waits. The interval holds the times at which the
    share left, on the scale log(-log), lies within z of its standard errors of 1 - share; its high is infinite where
    the curve ends before. There is none where even as many who do not wait would be too few for one.
    Source: Brookmeyer and Crowley (1982), Biometrics 38:29; Klein and Moeschberger (2003), Survival Analysis, §4.5.

    Raises MeasureError for a share or a confidence that is not between 0 and 1.
    """
    require_share(share)
    value = _reached(found, 1 - share)
    if value is None:
        return None
    enough = ranks(found.n, share, confidence)
    return Quantile(value, _interval(found, 1 - share, confidence) if enough else None)


def _reached(found: Curve, target: float) -> float | None:
    """The time at which the share left falls below a target; midway where it stays on it for a while."""
    rounding = target * 1e-9
    reached = np.flatnonzero(found.left <= target + rounding)
    if not len(reached):
        return None
    place = int(reached[0])
    if found.left[place] < target - rounding:
        return float(found.times[place])
    return float(found.times[place : place + 2].mean()) if place + 1 < len(found.times) else None


def _interval(found: Curve, target: float, confidence: float) -> Interval:
    z, scores = normal_quantile(confidence), _scores(found, target)
    low = int(np.argmax(scores >= -z))
    within = np.flatnonzero(scores <= z)
    after = int(within[-1]) + 1 if len(within) else 0
    return Interval(float(found.times[low]), float(found.times[after]) if after < len(found.times) else inf)


def _scores(found: Curve, target: float) -> Numbers:
    """How many standard errors the share left lies below the target at each time; infinitely many with nobody left."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = -np.log(found.left)
        scores = (np.log(logarithm) - np.log(-np.log(target))) * logarithm / np.sqrt(found.spread)
    return np.where(found.left > 0, scores, inf)


def _require_times(*several: Numbers) -> None:
    faults = [
        Fault(f"{value} is no time.", what_to_do="leave out who has none, and say how many")
        for times in several
        for value in times[~np.isfinite(times)]
    ]
    if faults:
        raise MeasureError.of(faults)
