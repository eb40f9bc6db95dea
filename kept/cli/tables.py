"""Tables of text that fit a width.

What is too wide has its words wrapped within their columns. Where not even that is enough, figures are shown in
several tables one below the other, each with the first column, and other rows as a paragraph each. Words, and so ids
and names of files, are never broken.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import fill, wrap
from typing import Any

_GAP = 2
_INDENT = 4
_SHORT = 24
_NUMBERS = (int, float)
_FIXED = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class _Column:
    """A heading and the cells below it, as text; `right` for numbers."""

    cells: Sequence[str]
    right: bool

    @property
    def widest(self) -> int:
        return max(map(len, self.cells))

    @property
    def narrowest(self) -> int:
        """How wide it must be so that no word is broken, and no short phrase, such as an interval."""
        heading, *below = self.cells
        return max(map(len, [*heading.split(), *(part for cell in below for part in _unbroken(cell))]), default=0)


def fitted(headings: Sequence[str], rows: Iterable[Sequence[Any]], width: int) -> str:
    """Rows under headings in lines of at most `width` characters, unless a word is longer."""
    body = [list(row) for row in rows]
    columns = [_column(heading, [row[place] for row in body]) for place, heading in enumerate(headings)]
    if _across([one.narrowest for one in columns]) <= width:
        return _drawn(columns, width)
    if any(one.right for one in columns):
        return "\n\n".join(_drawn(block, width) for block in _blocks(columns, width))
    cells = zip(*(one.cells for one in columns), strict=True)
    next(cells)
    return "\n".join(_paragraph(headings, row, width) for row in cells)


def _column(heading: str, values: Sequence[Any]) -> _Column:
    right = bool(values) and all(isinstance(value, _NUMBERS) for value in values)
    return _Column([heading, *map(_cell, values)], right)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _across(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _blocks(columns: Sequence[_Column], width: int) -> Iterator[list[_Column]]:
    """The columns in as many tables as are needed, each with the first."""
    first, block = columns[0], [columns[0]]
    for one in columns[1:]:
        if len(block) > 1 and _across([each.narrowest for each in (*block, one)]) > width:
            yield block
            block = [first]
        block.append(one)
    yield block


def _drawn(columns: Sequence[_Column], width: int) -> str:
    widths = _widths(columns, width)
    lines = [line for row in zip(*(one.cells for one in columns), strict=True) for line in _lines(row, columns, widths)]
    below = len([*_lines([one.cells[0] for one in columns], columns, widths)])
    lines.insert(below, "  ".join("-" * one for one in widths))
    return "\n".join(lines)


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """How wide each column is: as wide as its text, or where that is too much, the widest are made narrower."""
    widths = [one.widest for one in columns]
    while _across(widths) > width:
        shrinking = [place for place, one in enumerate(columns) if widths[place] > one.narrowest]
        if not shrinking:
            break
        widths[max(shrinking, key=widths.__getitem__)] -= 1
    return widths


def _lines(row: Sequence[str], columns: Sequence[_Column], widths: Sequence[int]) -> Iterator[str]:
    """One row, of as many lines as its longest cell needs."""
    cells = [_folded(text, width) for text, width in zip(row, widths, strict=True)]
    for parts in zip_longest(*cells, fillvalue=""):
        placed = (
            part.rjust(width) if one.right else part.ljust(width)
            for part, one, width in zip(parts, columns, widths, strict=True)
        )
        yield "  ".join(placed).rstrip()


def _folded(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    parts = wrap(_fixed(text), width, break_long_words=False, break_on_hyphens=False)
    return [part.replace(_FIXED, " ") for part in parts]


def _unbroken(text: str) -> list[str]:
    """What of a cell stands on one line: all of a short one, else each word."""
    return [text] if len(text) <= _SHORT else _fixed(text).split(" ")


def _fixed(text: str) -> str:
    """The text with what belongs together held together: a number and its per cent."""
    return text.replace(" %", f"{_FIXED}%")


def _paragraph(headings: Sequence[str], row: Sequence[str], width: int) -> str:
    """A row without columns: what it is of, and further in what its cells say."""
    said = "; ".join(f"{name}: {cell}" for name, cell in zip(headings[1:], row[1:], strict=True) if cell)
    indent = " " * _INDENT
    return f"{row[0]}\n" + fill(
        said, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
