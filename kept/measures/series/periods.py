"""Periods: spans of days, and how the words of a file are read as one."""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from kept.measures.series.cells import RefusedError

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_FINANCIAL_YEAR = re.compile(r"((?:19|20)[0-9]{2}) ?[/–-] ?((?:19|20)?[0-9]{2})")
_QUARTER = re.compile(r"(?:Q|q)?([1-4])")
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")
_MONTHS = ("%Y-%m", "%B %Y", "%b %Y", "%b-%y", "%m/%Y")
_APRIL = 4
_FIRST, _LAST = 1900, 2099


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days in London, the first and the last included; periods sort by their first day."""

    first: date
    last: date

    @property
    def label(self) -> str:
        """A day, a month, a quarter, a financial or a calendar year by its name; any other span by its ends."""
        months = _whole_months(self)
        if self.first == self.last or not months:
            return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"
        named = _NAMED.get((months, self.first.month), _NAMED.get((months, None)))
        return named(self) if named else f"{self.first:%b %Y} to {self.last:%b %Y}"


_NAMED: Mapping[tuple[int, int | None], Callable[[Period], str]] = {
    (1, None): lambda one: f"{one.first:%Y-%m}",
    (3, None): lambda one: f"{one.first:%b} to {one.last:%b %Y}",
    (12, 1): lambda one: f"{one.first:%Y}",
    (12, _APRIL): lambda one: f"{one.first.year}/{one.last:%y}",
}


def of_months(year: int, month: int, count: int) -> Period:
    """The `count` whole months from a month on."""
    ends = year * 12 + month - 1 + count
    return Period(date(year, month, 1), date(ends // 12, ends % 12 + 1, 1) - timedelta(days=1))


@lru_cache(1 << 14)
def read(columns: tuple[str, ...], texts: tuple[str, ...]) -> Period:
    """The period that some cells say, one text for each of `columns`, which are a key of READERS.

    Raises RefusedError with a sentence where they say none.
    """
    found = READERS[columns](*(text.strip() for text in texts))
    if _FIRST <= found.first.year <= _LAST:
        return found
    raise RefusedError(f"The period “{' '.join(texts)}” is not between {_FIRST} and {_LAST}: correct it.")


def _whole_months(period: Period) -> int:
    """How many whole months a period is; nought where it is not made of whole months."""
    after = period.last + timedelta(days=1)
    if period.first.day != 1 or after.day != 1:
        return 0
    return (after.year - period.first.year) * 12 + after.month - period.first.month


def _day(text: str) -> Period:
    day = _dated(text, _DAYS, "day", "2026-03-31 or 31/03/2026")
    return Period(day, day)


def _month(text: str) -> Period:
    first = _dated(text, _MONTHS, "month", "2026-03 or March 2026")
    return of_months(first.year, first.month, 1)


def _dated(text: str, forms: tuple[str, ...], what: str, example: str) -> date:
    for form in forms:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise RefusedError(f"“{text}” is not a {what}: write it as {example}.")


def _month_of(year: str, month: str) -> Period:
    names = [name.lower() for name in (*calendar.month_name, *calendar.month_abbr)]
    number = names.index(month.lower()) % 13 if month and month.lower() in names else _whole(month)
    if not 1 <= number <= 12:
        raise RefusedError(f"“{month}” is not a month of a year: write 3 or March.")
    return of_months(_year_number(year), number, 1)


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0


def _year(text: str) -> Period:
    return of_months(_year_number(text), 1, 12)


def _quarter(year: str, quarter: str) -> Period:
    return of_months(_year_number(year), 3 * _quarter_number(quarter) - 2, 3)


def _financial_year(text: str) -> Period:
    return of_months(_financial_number(text), _APRIL, 12)


def _financial_quarter(text: str, quarter: str) -> Period:
    """Quarter 1 begins on 1 April of the year in which the financial year begins, quarter 4 on 1 January of the next.

    Source: Interpretation Act 1978, Schedule 1, "financial year": twelve months ending with 31 March.
    """
    later, month = divmod(_APRIL - 1 + 3 * (_quarter_number(quarter) - 1), 12)
    return of_months(_financial_number(text) + later, month + 1, 3)


def _year_number(text: str) -> int:
    if _YEAR.fullmatch(text):
        return int(text)
    raise RefusedError(f"“{text}” is not a year: write it as 2026.")


def _quarter_number(text: str) -> int:
    if found := _QUARTER.fullmatch(text):
        return int(found[1])
    raise RefusedError(f"“{text}” is not a quarter: write 1, 2, 3 or 4.")


def _financial_number(text: str) -> int:
    found = _FINANCIAL_YEAR.fullmatch(text)
    if found and (int(found[1]) + 1) % 100 == int(found[2]) % 100 and found[2][:-2] in ("", str(int(found[1]) + 1)[:2]):
        return int(found[1])
    raise RefusedError(f"“{text}” is not a financial year: write it as 2017/18.")


READERS: Mapping[tuple[str, ...], Callable[..., Period]] = {
    ("day",): _day,
    ("month",): _month,
    ("year", "month"): _month_of,
    ("year", "quarter"): _quarter,
    ("year",): _year,
    ("financial_year", "financial_quarter"): _financial_quarter,
    ("financial_year",): _financial_year,
}
"""What a period may be made of, and how it is read."""
