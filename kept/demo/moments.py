"""Moments of the invented force as whole microseconds since 1970 in UTC, and days as whole days since then.

The invented force works from 08:00 to 18:00 UTC, so that the UTC day of what it does is also the London day;
what suspects, courts and message systems do may fall at any hour.
"""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NEVER = np.iinfo(np.int64).max // 4
OPENS, SHUTS = 8 * HOUR, 18 * HOUR


def of(moment: datetime) -> int:
    """The microseconds of an aware moment."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def lags(rng: np.random.Generator, size: int, median_days: float, spread: float = 0.8) -> Ints:
    """Log-normal lags in microseconds, at least a minute."""
    drawn = median_days * DAY * np.exp(spread * rng.standard_normal(size))
    return np.maximum(drawn, MINUTE).astype(np.int64)


def at_work(rng: np.random.Generator, moments: Ints) -> Ints:
    """Each moment, or where the force is not at work the first morning after; NEVER stays NEVER."""
    day, hour = np.divmod(moments, DAY)
    morning = OPENS + (rng.random(moments.size) * 2 * HOUR).astype(np.int64)
    early = np.where(hour < OPENS, day * DAY + morning, moments)
    moved = np.where(hour >= SHUTS, (day + 1) * DAY + morning, early)
    return np.where(moments >= NEVER, NEVER, moved)


def only(moments: Ints, where: Flags) -> Ints:
    """The moments where they come about, else NEVER."""
    return np.where(where, moments, NEVER)
