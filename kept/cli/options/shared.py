"""Options that several commands take, and values as a person types them."""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from kept.calendar import LONDON
from kept.code.loader import DEFAULT_RULEBOOK
from kept.errors import UsageError

_LAST_PORT = 65_535


def store_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="STORE", type=Path, required=True, help="the store's folder")


def rulebook_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rulebook", metavar="RULEBOOK", default=DEFAULT_RULEBOOK, help="a name or a file")


def run_options(parser: argparse.ArgumentParser) -> None:
    """Which run is read: the last, one by a moment, or one by its id."""
    parser.add_argument("--as-of", metavar="MOMENT", type=moment, help="the run that looks at then, or last before it")
    parser.add_argument("--run", metavar="RUN", dest="named", default="", help="a run by its id")


def service_options(parser: argparse.ArgumentParser) -> None:
    """Where the service is that a command is of."""
    parser.add_argument("--store", metavar="STORE", default="", help="the store's folder; default: KEPT_STORE")
    parser.add_argument("--home", metavar="FOLDER", default="", help="the service's own folder; default: KEPT_HOME")


def json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print figures as JSON")


def at_least_one(text: str) -> int:
    """A number of things, as a person types it: 1 or more. Raises UsageError."""
    if not text.isdecimal() or int(text) < 1:
        raise UsageError(f"“{text}” is not a number of things.", what_to_do="Write a whole number, 1 or more.")
    return int(text)


def port(text: str) -> int:
    """A port to listen on. Raises UsageError."""
    if not text.isdecimal() or not 0 < int(text) <= _LAST_PORT:
        raise UsageError(f"“{text}” is not a port.", what_to_do=f"Write a number from 1 to {_LAST_PORT}.")
    return int(text)


def moment(text: str) -> datetime:
    """A moment as a person types it (`2026-03-31` or `2026-03-31 17:00`, London time) or in full ISO 8601, as UTC.

    A day alone is its end: "as of 31 March" includes the whole of that day. Raises UsageError.
    """
    try:
        if len(text) == len("2026-03-31"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=LONDON).astimezone(UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"“{text}” is not a moment.",
            why="A moment is a day, or a day and a time.",
            what_to_do="Write it as 2026-03-31 or '2026-03-31 17:00' (London time).",
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(UTC)


def day(text: str) -> date:
    """A day as a person types it, `2026-03-31`. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"“{text}” is not a day.", what_to_do="Write it as 2026-03-31.") from None
