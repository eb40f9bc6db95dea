"""Periods of time, how each is called, and what is missing of one that is there only in part."""

from datetime import date, datetime, timedelta

from kept.calendar import start_of_day

PERIODS = ("week", "month", "quarter", "year")


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def beginning(day: date, period: str) -> date:
    """The first day of the period in which a day lies; weeks begin on Mondays."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def following(first: date, period: str) -> date:
    """The day on which the period after the one that begins on a day begins."""
    if period == "week":
        return first + timedelta(days=7)
    months = first.year * 12 + first.month - 1 + _MONTHS[period]
    return date(months // 12, months % 12 + 1, 1)


def all_between(first: date, last: date, period: str) -> list[date]:
    """The first days of all periods from one to another, both included."""
    found = [first]
    while found[-1] < last:
        found.append(following(found[-1], period))
    return found


def called(first: date, period: str) -> str:
    """The name of the period that begins on a day: `Mar 2026`, `Jan to Mar 2026`, `2026`, `week of 2 Mar 2026`."""
    if period == "year":
        return str(first.year)
    if period == "week":
        return _day(first)
    if period == "month":
        return f"{first:%b %Y}"
    last = first + timedelta(days=75)
    return f"{first:%b} to {last:%b %Y}"


def in_part(first: date, period: str, since: date | None, until: date | None, clock: datetime) -> str:
    """What there is of the period that begins on a day, as of a clock and between two days; blank if it is whole.

    `so far` where it is not over, `from 10 Mar 2026`, `until 20 Mar 2026`. The last moment of its last day ends it.
    """
    after = following(first, period)
    cut = until is not None and until < after - timedelta(days=1)
    over = clock + timedelta(milliseconds=1) >= start_of_day(after)
    begins = f"from {_day(since)}" if since and since > first else ""
    ends = f"until {_day(until)}" if until and cut else "" if over else "so far"
    return ", ".join(filter(None, (begins, ends)))


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
