"""The calendar as tables: when each London day begins, and the working days of a nation."""

from datetime import date, datetime, time
from functools import cache
from typing import Any

import numpy as np

from kept.calendar import LONDON, Calendar
from kept.engine.compiled.layout import DAYS_TO_1970, MICROSECONDS_A_DAY, Integers

_LAST_OF_1839 = date(1839, 12, 31).toordinal()
# After 400 years the Gregorian calendar, and the rule for summer time, repeat.
_CYCLE_FROM, _CYCLE_TO = date(2040, 1, 1).toordinal(), date(2440, 1, 1).toordinal()
_LAST = date.max.toordinal()


@cache
def midnights() -> Integers:
    """When each London day from the year 1 to the year 9999 begins, and when the last of them ends.

    Until 1847 London kept one time, and since 2038 one rule: those years are not asked for one by one.
    """
    asked = _offsets(_LAST_OF_1839, _CYCLE_TO)
    before = np.full(_LAST_OF_1839 - 1, asked[0], dtype=np.int64)
    cycle = asked[_CYCLE_FROM - _LAST_OF_1839 :]
    offsets = np.concatenate([before, asked, np.resize(cycle, _LAST + 1 - _CYCLE_TO + 1)])
    days = np.arange(len(offsets), dtype=np.int64) - DAYS_TO_1970
    return np.asarray(days * MICROSECONDS_A_DAY - offsets)


def _offsets(first: int, end: int) -> Integers:
    """The offset of each day from the first to the end: asked every three weeks, and in those for the day it changes.

    London's clocks were never changed twice in three weeks; in 1947 twice in four.
    """
    days = np.append(np.arange(first, end - 1, 21), end - 1)
    offsets = np.array([_offset(date.fromordinal(day)) for day in days.tolist()], np.int64)
    found = np.append(np.repeat(offsets[:-1], np.diff(days)), offsets[-1:])
    for place in np.flatnonzero(np.diff(offsets)).tolist():
        changed = _changed(int(days[place]), int(days[place + 1]), int(offsets[place]))
        found[changed - first : days[place + 1] - first] = offsets[place + 1]
    return found


def _changed(low: int, high: int, before: int) -> int:
    """The first day with another offset, after one with that of before and not after one with another."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(date.fromordinal(middle)) == before else (low, middle)
    return high


def _offset(day: date) -> int:
    """By how many microseconds London is ahead of UTC when the day begins."""
    offset = datetime.combine(day, time.min, LONDON).utcoffset()
    assert offset is not None
    return round(offset.total_seconds() * 1_000_000)


@cache
def calendar_tables(calendar: Calendar) -> dict[str, Any]:
    """The arrays of `Tables` that describe days; day 0 is 1 January of the year 1."""
    first, last = calendar.first.toordinal(), calendar.last.toordinal()
    works = np.array([calendar.is_working_day(date.fromordinal(day)) for day in range(first, last + 1)])
    return {
        "midnights": midnights(),
        "worked": np.cumsum(works).astype(np.int64),
        "working": (np.flatnonzero(works) + first - 1).astype(np.int64),
        "first_known": first - 1,
    }
