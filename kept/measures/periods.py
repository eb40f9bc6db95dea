"""Periods of time, and how each is called."""

from datetime import date, timedelta

PERIODS = ("week", "month", "quarter", "year")


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


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
        return f"{first.day} {first:%b %Y}"
    if period == "month":
        return f"{first:%b %Y}"
    last = first + timedelta(days=75)
    return f"{first:%b} to {last:%b %Y}"
