"""What a chart is: a title, a sentence that says what is seen, a drawing that fits a width, and a table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from kept.errors import MeasureError
from kept.measures.charts.words import MISSING, NOTES, plain
from kept.measures.units import count, percent

Spec = dict[str, Any]
"""A Vega-Lite 5 specification, or a part of one, with its data in it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart's table: its title, and what its figures are counted in."""

    title: str
    unit: str = ""

    @property
    def heading(self) -> str:
        return plain(f"{self.title} ({self.unit})" if self.unit else self.title)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: as printed, and its value; None where there is only the text, such as `[c]`."""

    text: str
    value: float | str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a chart; the first cell of a row names it. `remarks` are sentences to stand beneath them.

    Raises MeasureError where a row has too many cells or few.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise MeasureError(f"A row has {len(row)} cells for {len(self.columns)} columns.", where=str(row))

    @property
    def notes(self) -> list[str]:
        """The remarks, and what the markers in the table mean, such as `[c]`."""
        printed = {cell.text for row in self.rows for cell in row}
        return [*self.remarks, *(f"{marker} = {meaning}" for marker, meaning in NOTES.items() if marker in printed)]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. `spec` gives the Vega-Lite 5 specification for a width in pixels, without title and sentence."""

    title: str
    sentence: str
    spec: Callable[[int], Spec]
    table: Table
    alt: str

    def __post_init__(self) -> None:
        for name in ("title", "sentence", "alt"):
            object.__setattr__(self, name, plain(getattr(self, name)))

    def saying(self, sentence: str) -> Self:
        """The same chart with a sentence that was worked out elsewhere, from more than is drawn."""
        said = plain(sentence)
        return replace(self, sentence=said, alt=f"{self.alt.removesuffix(self.sentence).rstrip()} {said}")

    def remarking(self, words: str) -> Self:
        """The same chart with a sentence more, said after its own and beneath its table."""
        remarks = (*self.table.remarks, plain(words))
        return replace(self.saying(f"{self.sentence} {words}"), table=replace(self.table, remarks=remarks))


def named(text: str) -> Cell:
    """A cell of words."""
    return Cell(plain(text), plain(text))


def counted(value: float | None, marker: str = MISSING) -> Cell:
    """A cell of a number, or of its marker."""
    return Cell(plain(marker)) if value is None else Cell(count(value), value)


def shared(value: float | None, marker: str = MISSING, digits: int = 1) -> Cell:
    """A cell of a share, or of its marker."""
    return Cell(plain(marker)) if value is None else Cell(percent(value, digits), value)
