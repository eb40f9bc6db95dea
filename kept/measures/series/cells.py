"""What the cells of a file say: numbers that are counts, percentages or neither, or why they are none."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Literal, get_args

Holds = Literal["counts", "percentages", "numbers"]
HOLDS: tuple[Holds, ...] = get_args(Holds)
"""What the figures of a series are: counts can be summed, the others cannot."""

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_MINUS = "−"  # noqa: RUF001 - typeset tables write it so
_NOT_KNOWN = frozenset(["", "na", "n/a", "nan", "null", "none", "-", "–", ".", "..", ":", "*", "x", "z"])
_MARKER = re.compile(r"\[[a-z]+\]")
"""A cell without a figure in tables by the Government Statistical Service: [c] confidential, [x] not available, …"""
_EXACT = 2**53
"""Whole numbers below this are exact as stored."""


class RefusedError(Exception):
    """A row that cannot be taken; the message is a whole sentence, as the import prints it."""


def is_known(text: str) -> bool:
    """Whether a cell claims to hold a figure, rather than to say that there is none."""
    said = text.strip().lower()
    return said not in _NOT_KNOWN and not _MARKER.fullmatch(said)


def number(text: str, column: str) -> float:
    """The number in a cell; thousands may be parted by commas. RefusedError where it is not known, or no number."""
    said = text.strip().replace(_MINUS, "-")
    if not is_known(said):
        shown = f"says “{said}”" if said else "is blank"
        raise RefusedError(f"{column} {shown}: the figure is not known there.")
    if not _NUMBER.fullmatch(said):
        raise RefusedError(f"{column} says “{_short(said)}”, which is not a number: write it as 1234 or 12.5.")
    found = float(said.replace(",", ""))
    if math.isfinite(found):
        return found
    raise RefusedError(f"{column} says “{_short(said)}”, which is too large: correct it.")


def count(text: str, column: str) -> float:
    """A whole number. One below zero is real: a publisher takes back what an earlier period counted too much."""
    found = number(text, column)
    if not found.is_integer() or abs(found) >= _EXACT:
        raise RefusedError(f"{column} says “{_short(text.strip())}”, which is not a count: a count is a whole number.")
    return found


def percentage(text: str, column: str) -> float:
    """A percentage of 0 to 100, with or without its sign."""
    found = number(text.strip().removesuffix("%"), column)
    if 0 <= found <= 100:
        return found
    why = "a percentage lies between 0 and 100. If it is a count, say so in the mapping (holds: counts)."
    raise RefusedError(f"{column} says “{_short(text.strip())}”: {why}")


def sample(text: str, column: str) -> int | None:
    """Over how many a figure was taken; None where the cell says that it is not known."""
    if not is_known(text):
        return None
    found = count(text, column)
    if found > 0:
        return int(found)
    raise RefusedError(f"{column} says “{_short(text.strip())}”: a figure over that many is none.")


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


READERS: Mapping[Holds, Callable[[str, str], float]] = {"counts": count, "percentages": percentage, "numbers": number}
"""How the cells of a series are read, by what it holds."""
