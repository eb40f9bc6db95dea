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
    asked = np.array([_offset(date.fromordinal(day)) for day in range(_LAST_OF_1839, _CYCLE_TO)], dtype=np.int64)
    before = np.full(_LAST_OF_1839 - 1, asked[0], dtype=np.int64)
    cycle = asked[_CYCLE_FROM - _LAST_OF_1839 :]
    offsets = np.concatenate([before, asked, np.resize(cycle, _LAST + 1 - _CYCLE_TO + 1)])
    days = np.arange(len(offsets), dtype=np.int64) - DAYS_TO_1970
    return np.asarray(days * MICROSECONDS_A_DAY - offsets)


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
