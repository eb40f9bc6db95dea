"""SQL for the days and seconds of moments, worked out without asking for the time zone of each: that takes most of a
question's time.

London's clocks are never more than two hours before UTC's, and since 1970 never behind them (tz database,
Europe/London). So a day of London is that of UTC but in its last two hours, and only those are looked up.
"""

from datetime import date
from typing import Literal

_SECOND = 1_000_000  # microseconds
_HOUR, _DAY = 3_600 * _SECOND, 86_400 * _SECOND
_LAST_HOURS = _DAY - 2 * _HOUR
_LENGTHS = {"hour": (_HOUR, _HOUR), "day": (_DAY - _HOUR, _DAY + _HOUR), "month": (27 * _DAY, 32 * _DAY)}
"""The least and the most that each unit may last."""
YEAR_ONE = 719_162 * _DAY
"""From the beginning of the year 1 to 1970, so that no moment is before nought and dividing rounds down."""


def day_of(moment: str) -> str:
    """The day on which a moment lies in London; the session's time zone must be London's."""
    in_utc = f"epoch_us({moment}) >= 0 AND epoch_us({moment}) % {_DAY} < {_LAST_HOURS}"
    return f"CASE WHEN {in_utc} THEN make_timestamp(epoch_us({moment}))::DATE ELSE {moment}::DATE END"


def since_day(moment: str, first: date) -> str:
    """Whether a moment lies on a day in London or after it."""
    return f"{moment} >= DATE '{first}'::TIMESTAMPTZ"


def until_day(moment: str, last: date) -> str:
    """Whether a moment lies on a day in London or before it."""
    return f"{moment} < (DATE '{last}' + 1)::TIMESTAMPTZ"


def seconds_between(since: str, until: str) -> str:
    """How many seconds began between two moments, as `date_diff` counts them."""
    return f"({_seconds(until)} - {_seconds(since)})"


def limit_is(since: str, within: str, sign: Literal["<=", ">="], moment: str) -> str:
    """Whether the end of so many hours, days or months after one moment, as in `7 days`, is before or after another.

    Days and months are of London's calendar. Only where their length decides is it looked up.
    """
    number, unit = within.split()
    least, most = (int(number) * length for length in _LENGTHS[unit.rstrip("s")])
    gone = f"epoch_us({moment}) - epoch_us({since})"
    before = str(sign == "<=").lower()
    return (
        f"CASE WHEN {gone} > {most} THEN {before} WHEN {gone} < {least} THEN NOT {before} "
        f"ELSE {since} + INTERVAL '{within}' {sign} {moment} END"
    )


def _seconds(moment: str) -> str:
    return f"{since_year_one(moment)} // {_SECOND}"


def since_year_one(moment: str) -> str:
    """How many microseconds it is since the beginning of the year 1: never below nought."""
    return f"(epoch_us({moment}) + {YEAR_ONE})"
