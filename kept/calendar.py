"""The only date arithmetic in Kept: working days of a nation, hours, months, and London days.

Moments are timezone-aware and come back in UTC. Days are those of London, whatever the offset of a moment.
The day on which a clock starts is day 0, so that "within five working days" ends with the fifth working day
after it, at its last microsecond. Working days are Monday to Friday without the bank holidays of one nation,
as gov.uk publishes them: the copy that govuk-bank-holidays brings is read, without that package's own code, which
fetches. A day outside the years of that list is an error and never a guess.
"""

from __future__ import annotations

import calendar as months
import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from kept.errors import CalendarError

LONDON = ZoneInfo("Europe/London")
NATIONS = ("england-and-wales", "scotland", "northern-ireland")
UNITS = ("hours", "days", "working_days", "months")
ROUNDINGS = ("down", "up")

_SATURDAY = 5
_DAYS_REMEMBERED = 1 << 16  # 17 years of days under ten limits


def local_day(moment: datetime) -> date:
    """Return the London day of an aware moment; CalendarError if it has no time zone."""
    if moment.tzinfo is None:
        raise _naive(moment)
    try:
        return moment.astimezone(LONDON).date()
    except OverflowError:
        raise _unnameable(f"The London day of {moment}") from None


@lru_cache(_DAYS_REMEMBERED)
def start_of_day(day: date) -> datetime:
    """Return the first microsecond of a London day, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


@lru_cache(_DAYS_REMEMBERED)
def end_of_day(day: date) -> datetime:
    """Return the last microsecond of a London day, in UTC."""
    return datetime.combine(day, time.max, LONDON).astimezone(UTC)


def months_after(day: date, count: int, rounding: str | None) -> date:
    """Return the same day of the month `count` months later.

    Where that month is too short, `rounding` "down" gives its last day and "up" the first of the next month;
    the law says neither, so each duty declares its own. CalendarError for any other rounding.
    """
    if rounding not in ROUNDINGS:
        raise CalendarError(
            f"Months cannot be counted with the rounding {rounding}.",
            why="31 January has no same day in February, and the answer must not be chosen silently.",
            what_to_do=f"Declare one of {', '.join(ROUNDINGS)} beside the limit.",
        )
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    try:
        length = months.monthrange(year, month + 1)[1]
        if day.day <= length:
            return date(year, month + 1, day.day)
        return date(year, month + 1, length) + timedelta(days=rounding == "up")
    except (ValueError, OverflowError):
        raise _unnameable(f"{count} months after {day}") from None


@dataclass(frozen=True)  # without slots: the cached properties need a place
class Calendar:
    """The working days of one nation, from `first` to `last`: the whole years with known bank holidays."""

    nation: str
    holidays: frozenset[date] = field(repr=False)
    first: date
    last: date

    @staticmethod
    def of(nation: str = NATIONS[0]) -> Calendar:
        """Return the calendar of one of NATIONS, always the same object; CalendarError for another."""
        return _published(nation)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change whenever any answer of this calendar could."""
        parts = [self.nation, str(self.first), str(self.last), *map(str, sorted(self.holidays))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def is_working_day(self, day: date) -> bool:
        """Return whether `day` is neither at a weekend nor a bank holiday; CalendarError if unknown."""
        self._require_known(day)
        return self._works(day)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day` (0 is `day` itself, working or not).

        CalendarError if either end lies outside the known years, or `count` is negative.
        """
        _require_forward(count, "working_days")
        if count == 0:
            return day
        self._require_known(day)
        index = bisect_right(self._working_days, day) + count - 1
        if index >= len(self._working_days):
            raise self._unknown(f"{count} working days after {day}")
        return self._working_days[index]

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to and including `end`.

        Negative if `end` is the earlier; CalendarError outside the known years.
        """
        self._require_known(start)
        self._require_known(end)
        return bisect_right(self._working_days, end) - bisect_right(self._working_days, start)

    def after(self, moment: datetime, amount: int, unit: str, rounding: str | None = None) -> datetime:
        """Return the due moment, in UTC, of a limit of `amount` of one of UNITS that starts at `moment`.

        Hours run to the instant; every other unit to the end of the London day, counted from the London day
        of `moment`. `rounding` is for months alone. CalendarError for a moment without a time zone, a
        negative amount, an unknown unit, or a day that is not known.
        """
        if unit == "hours":
            return _hours_after(moment, amount)
        return _end_after(self, local_day(moment), amount, unit, rounding)

    def _works(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.holidays

    @cached_property
    def _working_days(self) -> tuple[date, ...]:
        span = range(self.first.toordinal(), self.last.toordinal() + 1)
        return tuple(day for day in map(date.fromordinal, span) if self._works(day))

    def _require_known(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise self._unknown(str(day))

    def _unknown(self, day: str) -> CalendarError:
        return CalendarError(
            f"The bank holidays of {self.nation} are known from {self.first.year} to {self.last.year}; "
            f"{day} is outside them.",
            why="Working days are not guessed where the bank holidays are not known.",
            what_to_do="Check the date in the record; if it is right, update govuk-bank-holidays.",
        )


@cache
def _published(nation: str) -> Calendar:
    if nation not in NATIONS:
        raise CalendarError(f"There is no calendar of {nation!r}.", what_to_do=f"Choose one of {', '.join(NATIONS)}.")
    published = json.loads(files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text(encoding="utf-8"))
    holidays = frozenset(date.fromisoformat(holiday["date"]) for holiday in published[nation]["events"])
    first, last = _whole_years(holidays)
    return Calendar(nation, holidays, date(first, 1, 1), date(last, 12, 31))


def _whole_years(holidays: Collection[date]) -> tuple[int, int]:
    """Return the first unbroken run of years that hold both a New Year and a Christmas.

    A list may begin or end within a year; such a year would have working days that are none.
    """
    whole = {day.year for day in holidays if day.month == 1} & {day.year for day in holidays if day.month == 12}
    first = last = min(whole)
    while last + 1 in whole:
        last += 1
    return first, last


_DUE_DAY: dict[str, Callable[[Calendar, date, int, str | None], date]] = {
    "days": lambda _, day, amount, __: day + timedelta(days=amount),
    "working_days": lambda calendar, day, amount, _: calendar.add_working_days(day, amount),
    "months": lambda _, day, amount, rounding: months_after(day, amount, rounding),
}


@lru_cache(_DAYS_REMEMBERED)
def _end_after(calendar: Calendar, day: date, amount: int, unit: str, rounding: str | None) -> datetime:
    if unit not in _DUE_DAY:
        raise CalendarError(f"{unit!r} is no unit of time.", what_to_do=f"Use one of {', '.join(UNITS)}.")
    _require_forward(amount, unit)
    try:
        return end_of_day(_DUE_DAY[unit](calendar, day, amount, rounding))
    except OverflowError:
        raise _unnameable(f"{amount} {unit} after {day}") from None


def _hours_after(moment: datetime, amount: int) -> datetime:
    if moment.tzinfo is None:
        raise _naive(moment)
    _require_forward(amount, "hours")
    try:
        return moment.astimezone(UTC) + timedelta(hours=amount)
    except OverflowError:
        raise _unnameable(f"{amount} hours after {moment}") from None


def _require_forward(amount: int, unit: str) -> None:
    if amount < 0:
        raise CalendarError(
            f"A limit of {amount} {unit} would be due before it starts.",
            what_to_do="Give zero or more; what must come before something else is a duty of kind `before`.",
        )


def _naive(moment: datetime) -> CalendarError:
    return CalendarError(
        f"The moment {moment} has no time zone.",
        why="It could be London time or UTC, and in summer those are different days for an hour each night.",
        what_to_do="Say the time zone in the mapping.",
    )


def _unnameable(what: str) -> CalendarError:
    return CalendarError(
        f"{what} lies outside the years 1 to 9999.",
        what_to_do="Check the date in the record; 0001-01-01 and 9999-12-31 often stand for no date.",
    )
