"""The day on which a moment lies in London, and its month, for many moments at once."""

from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

_LONDON = ZoneInfo("Europe/London")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000  # microseconds
Days = npt.NDArray[np.int32]
_Number = TypeVar("_Number", np.int32, np.int64)


def days_of(moments: npt.NDArray[np.int64]) -> Days:
    """The day of each moment in London, in days since 1970; moments in microseconds since then, in UTC."""
    day = moments // _DAY
    present, place = _distinct(day)
    begins, ends = (np.array([_midnight(int(one) + more) for one in present], np.int64) for more in (0, 1))
    return (day + (moments >= ends[place]) - (moments < begins[place])).astype(np.int32)


def months_of(days: Days) -> Days:
    """The first day of the month of each day, in days since 1970."""
    present, place = _distinct(days)
    return np.array([one - _date(int(one)).day + 1 for one in present], np.int32)[place]


def _distinct(days: npt.NDArray[_Number]) -> tuple[npt.NDArray[_Number], npt.NDArray[np.intp]]:
    """The different days in order, and the place of each among them."""
    if not len(days):
        return days, np.zeros(0, np.intp)
    first = int(days.min())
    span = int(days.max()) - first + 1
    if span > 10 * len(days) + 100_000:
        return np.unique(days, return_inverse=True)
    there = np.zeros(span, np.bool_)
    there[days - first] = True
    return (np.flatnonzero(there) + first).astype(days.dtype), (np.cumsum(there) - 1)[days - first]


def _date(day: int) -> date:
    return _EPOCH.date() + timedelta(days=day)


def _midnight(day: int) -> int:
    """When a day begins in London, in microseconds since 1970; the calendar's last day has none after it."""
    try:
        one = _date(day)
        return (datetime(one.year, one.month, one.day, tzinfo=_LONDON).astimezone(UTC) - _EPOCH) // _MICROSECOND
    except OverflowError:
        return day * _DAY
