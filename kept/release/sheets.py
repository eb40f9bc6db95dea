"""A table as readers get it: columns of one kind each, rows of figures and markers; measures fill it, files show it."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kept.errors import Fault, MeasureError
from kept.release.markers import MARKERS, Marker, Suppressed
from kept.release.policy import Policy

ColumnKind = Literal["text", "count", "rate"]
Value = str | int | float | Marker
DECIMALS = 1
"""How exactly rates are printed."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    unit     what the figures are, in words: "victims", "per cent"
    note     what a reader must know of this column alone
    made_of  the count columns that a rate is made of: where one of them is suppressed, so must the rate be. A rate that
             names none is not checked
    """

    name: str
    kind: ColumnKind
    unit: str = ""
    note: str = ""
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseTable:
    """One table of a release; MeasureError if a reader or a program could misread it.

    rows    as wide as the columns; texts are strings, counts whole numbers from 0 up, rates finite, or else a marker
    notes   sentences that go with the whole table
    source  where the figures come from
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if found := [*_heading_faults(self), *_row_faults(self)]:
            raise MeasureError.of(found)

    def markers(self) -> list[type[Marker]]:
        """The markers that stand in it, in the order of legends."""
        found = {type(value) for row in self.rows for value in row}
        return [marker for marker in MARKERS if marker in found]

    def printed(self) -> Iterator[list[str | int | float]]:
        """The rows as files show them: markers as their letters, rates to one decimal."""
        for row in self.rows:
            yield [round(value, DECIMALS) if isinstance(value, float) else _plain(value) for value in row]


def _plain(value: str | int | Marker) -> str | int:
    return str(value) if isinstance(value, Marker) else value


def _heading_faults(table: ReleaseTable) -> Iterator[Fault]:
    names = [column.name for column in table.columns]
    counts = {column.name for column in table.columns if column.kind == "count"}
    where = table.title or "a table without a title"
    if not table.title.strip():
        yield Fault("A table has no title.", what_to_do="Say what it counts, of whom, where and when.")
    if not table.columns or not table.rows:
        yield Fault("A table has no columns or no rows.", where, what_to_do="Leave it out, and say why in a note.")
    for name in sorted({name for name in names if names.count(name) > 1 or not _is_said(name)}):
        yield Fault(f'"{name}" cannot head a column.', where, what_to_do="Use words, each heading once.")
    for column in table.columns:
        if strange := set(column.made_of) - counts:
            yield Fault(
                f'"{column.name}" is made of {", ".join(sorted(strange))}, which is no column of counts.', where
            )


def _row_faults(table: ReleaseTable) -> Iterator[Fault]:
    for number, row in enumerate(table.rows, 1):
        where = f"{table.title}, row {number}"
        if len(row) != len(table.columns):
            yield Fault(f"The row has {len(row)} cells, and the table {len(table.columns)} columns.", where)
            continue
        for column, value in zip(table.columns, row, strict=True):
            if not _fits(column.kind, value):
                remedy = "Where there is no figure, say why with a marker: [c], [x] or [z]."
                yield Fault(f'{value!r} cannot stand under "{column.name}" ({column.kind}).', where, what_to_do=remedy)
        yield from _given_away(table.columns, row, where)


def _given_away(columns: Sequence[Column], row: tuple[Value, ...], where: str) -> Iterator[Fault]:
    values = dict(zip((column.name for column in columns), row, strict=True))
    for column in columns:
        hidden = [name for name in column.made_of if isinstance(values.get(name), Suppressed)]
        if hidden and not isinstance(values[column.name], Marker):
            yield Fault(
                f'"{column.name}" gives away "{hidden[0]}", which is suppressed.', where, what_to_do="Use share()."
            )


def _fits(kind: ColumnKind, value: object) -> bool:
    if isinstance(value, Marker):
        return kind != "text"
    if kind == "text":
        return isinstance(value, str) and _is_said(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) and value >= 0 if kind == "count" else math.isfinite(value)


def _is_said(text: str) -> bool:
    """Whether there is a letter or a figure in it: signs alone are not read out."""
    return re.search(r"[^\W_]", text) is not None


def small_counts(table: ReleaseTable, policy: Policy) -> list[str]:
    """Where a table shows a count that its policy suppresses, in words."""
    return [
        f"{table.title}, row {number}, {column.name}"
        for number, row in enumerate(table.rows, 1)
        for column, value in zip(table.columns, row, strict=True)
        if column.kind == "count" and isinstance(value, int) and policy.is_small(value)
    ]
