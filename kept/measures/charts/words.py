"""How names and lines are written on charts: lists, lines that fit, texts that cannot break a page."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from kept.measures.units import SPACE, count

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
    """The text on one line, with `?` for what XML forbids, without what turns the text around it.

    A figure and its % stay together.
    """
    kept = _UNWANTED.sub("", text)
    kept = "".join("?" if _forbidden(character) else character for character in kept)
    return re.sub(r"(?<=\d) %", f"{SPACE}%", re.sub(r"[ \t\r\n]+", " ", kept)).strip()


def _forbidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Cn") and character not in "\t\r\n"


def listed(items: Sequence[str], most: int = 4) -> str:
    """`a`, `a and b`, `a, b and c`; beyond `most`, how many more there are."""
    shown = [*items] if len(items) <= most else [*items[: most - 1], f"{len(items) - most + 1} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def quoted(name: str) -> str:
    """A name as it stands in a sentence: one that begins with a figure between quotation marks."""
    return f"“{name}”" if name[:1].isdigit() else name


def in_order(name: str) -> list[tuple[int, str]]:
    """By what names are sorted so that 2 stands before 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"[0-9]+|[^0-9]+", name)]


def several(number: int, word: str) -> str:
    """`1 month`, `12 months`, `3 sexes`."""
    return f"{count(number)} {word if number == 1 else plural(word)}"


def plural(word: str) -> str:
    """A word for several of what it names: `areas`, `categories`, `sexes`."""
    if re.search("[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search("(s|x|z|ch|sh)$", word) else f"{word}s"


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
