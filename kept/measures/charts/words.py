"""How figures and names are written on charts: percentages, counts, lines that fit, texts that cannot break a page."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kept.errors import MeasureError

SPACE = "\u00a0"
"""Holds a figure and its sign on one line."""
SUPPRESSED = "[c]"
MISSING = "[x]"
NOTES = {
    SUPPRESSED: "suppressed, so that nobody can be recognised",
    MISSING: "not available",
}
"""What the markers mean: Government Analysis Function, "Symbols in tables"."""

_UNWANTED = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that turn the direction of all that follows them."""
_WIDTHS = {0.28: "iljtfI.,:;'|!()[]/ -\u2018\u2019" + SPACE, 0.84: "mwMW%@—", 0.68: "ABCDEFGHJKLNOPQRSTUVXYZ&ŴŶ"}
_WIDTH = {character: width for width, characters in _WIDTHS.items() for character in characters}


def plain(text: str) -> str:
    """The text on one line, with `?` for what XML forbids, without what turns the text around it."""
    kept = _UNWANTED.sub("", text)
    kept = "".join("?" if _forbidden(character) else character for character in kept)
    return re.sub(r"[ \t\r\n]+", " ", kept).strip()


def _forbidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Cn") and character not in "\t\r\n"


def count(number: float) -> str:
    """A number in full, thousands set apart by commas, at most two decimals: `1,234`, `0.85`."""
    text = f"{number:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(share: float, digits: int = 0) -> str:
    """A share as the field prints it: `80 %`. What is neither none nor all never prints as 0 % or 100 %."""
    text = f"{share * 100:.{digits}f}"
    ends = float(text) in (0, 100) and share not in (0, 1)
    if ends and digits < 2:
        return percent(share, digits + 1)
    if ends and 0 < share < 1:
        return f"{'under 0.01' if share < 0.5 else 'over 99.99'}{SPACE}%"
    return f"{text.removeprefix('-') if float(text) == 0 else text}{SPACE}%"


def listed(items: Sequence[str], most: int = 4) -> str:
    """`a`, `a and b`, `a, b and c`; beyond `most`, how many more there are."""
    shown = [*items] if len(items) <= most else [*items[: most - 1], f"{len(items) - most + 1} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def several(number: int, word: str) -> str:
    """`1 month`, `12 months`."""
    return f"{count(number)} {word if number == 1 else word + 's'}"


@dataclass(frozen=True, slots=True)
class Unit:
    """What values are counted in. A share lies in 0–1 and prints as a percentage, anything else as a number."""

    word: str
    share: bool = False

    @property
    def refusal(self) -> str:
        """What to say of a figure that `holds` does not hold."""
        return "A share does not lie between 0 and 1." if self.share else "A figure is not a finite number."

    def holds(self, value: float) -> bool:
        """Whether a figure can be one of this unit."""
        return 0 <= value <= 1 if self.share else math.isfinite(value)

    def require(self, domain: tuple[float, float] | None) -> None:
        """Raise MeasureError where the ends asked for a value axis are not a lower and a higher figure of this unit."""
        if domain is not None and not (domain[0] < domain[1] and all(map(self.holds, domain))):
            why = f"It would go from {domain[0]} to {domain[1]}." + (" Shares lie in 0 to 1." if self.share else "")
            raise MeasureError("A value axis does not go from a lower to a higher figure.", why=why)

    def text(self, value: float, digits: int = 0) -> str:
        """The value as printed: `80 %`, `1,234`."""
        return percent(value, digits) if self.share else count(value)

    def distance(self, value: float) -> str:
        """A difference as printed: `3 points`, `2.5 days`."""
        return f"{count(round(value * 100 if self.share else value, 1))} {'points' if self.share else self.word}"


SHARE = Unit("%", share=True)
NUMBER = Unit("number")


def pixels(text: str, size: int) -> float:
    """About how wide the text is in Arial of a size in pixels; a little too wide rather than too narrow."""
    return size * sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return _WIDTH.get(character, 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.58)


def wrap(text: str, width: float, size: int, most: int = 99) -> list[str]:
    """The text in lines of at most `width` pixels, broken at spaces; at least one; what is longer is cut."""
    lines = [""]
    for piece in _pieces(plain(text), width, size):
        joined = f"{lines[-1]} {piece}".strip(" ")
        if pixels(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(piece)
    lines = [line for line in lines if line] or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], _ended(lines[most - 1], width, size)]


def _pieces(text: str, width: float, size: int) -> Iterator[str]:
    for word in text.split(" "):
        rest = word
        while pixels(rest, size) > width and len(rest) > 1:
            fits = max(1, sum(pixels(rest[:end], size) <= width for end in range(1, len(rest) + 1)))
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _ended(line: str, width: float, size: int) -> str:
    while line and pixels(line + "…", size) > width:
        line = line[:-1]
    return line + "…"
