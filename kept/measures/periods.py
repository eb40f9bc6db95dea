"""Periods of time, and how each is called."""

from datetime import date, timedelta

PERIODS = ("week", "month", "quarter", "year")


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
