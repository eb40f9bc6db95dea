"""Days as the ledger holds them: 16 bits, counted in London from the first of 1900; 0 is no day."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from kept.measures.ledger.compiled.layout import DAYS, FIRST_DAY

Numbers = npt.NDArray[np.int32]
_BEFORE = FIRST_DAY - timedelta(days=1)
FIRST_OF_1970 = (date(1970, 1, 1) - _BEFORE).days


def number_of(day: date) -> int:
    """The number of a day; 0 of one before 1900, and one more than the last of one after 2079."""
    return max(0, min((day - _BEFORE).days, DAYS))


def day_of(number: int) -> date:
    return _BEFORE + timedelta(days=number)


@cache
def every_day() -> npt.NDArray[np.datetime64]:
    """The date of each number."""
    found: npt.NDArray[np.datetime64] = np.datetime64(_BEFORE, "D") + np.arange(DAYS)
    return found


@cache
def begins_of(period: str) -> Numbers:
    """The number of the first day of the period in which each day lies: week (from Monday), month, quarter or year."""
    days = every_day()
    if period == "week":
        first = days - (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    elif period == "quarter":
        months = days.astype("datetime64[M]")
        first = (months - months.astype(np.int64) % 3).astype("datetime64[D]")
    else:
        first = days.astype(f"datetime64[{_UNITS[period]}]").astype("datetime64[D]")
    found: Numbers = ((first - days[0]).astype(np.int64)).clip(min=1).astype(np.int32)
    found.setflags(write=False)  # every question is given the same
    return found


_UNITS = {"month": "M", "year": "Y"}
