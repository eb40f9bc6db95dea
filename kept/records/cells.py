"""The cells of a block as SQL: what the source says, and what that is in the contract's type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kept.contract.tables import Column
from kept.records.layout import QUARANTINE, SKIP, Cell
from kept.records.schema import DUCKDB_TYPES, identifier, literal

ZONED = "TIMESTAMP WITH TIME ZONE"
ISO = "%Y-%m-%dT%H:%M:%S.%fZ"
BLANKS = " \t\r\n\u00a0"
OFFSET = r"(?:Z|[+-]\d\d(?::?\d\d)?|UTC)$"
TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")


@dataclass(frozen=True, slots=True)
class Filled:
    """A contract column and its cell; `sql` is the cell's value in the source and `type` that value's DuckDB type."""

    column: Column
    cell: Cell
    sql: str
    type: str
    decimal: str = "."

    @property
    def name(self) -> str:
        return identifier(self.column.name)

    @property
    def said(self) -> str:
        """The column that keeps what the source said."""
        return said(self.column.name)

    @property
    def zoned(self) -> bool:
        """Whether the source holds a moment that needs no reading."""
        return self.column.type == "moment" and self.type == ZONED

    def said_sql(self) -> str:
        """What the source says: trimmed text, blank as null; a moment that has its zone as it is."""
        return self.sql if self.zoned else text_of(self.sql, self.type)

    def typed_sql(self) -> str:
        """The contract's value, in terms of `said`; null where it cannot be read."""
        read = coded(self.said, self.cell)
        match self.column.type:
            case "moment":
                return read if self.zoned else moment_of(read, self.cell)
            case "number":
                return number_of(read, self.decimal)
            case "flag":
                return flag_of(read)
            case _:
                return read


def said(name: str) -> str:
    """The column that keeps what the source said of a contract column."""
    return identifier(f"{name} said")


def blank(column: Column) -> str:
    """A column that nothing fills."""
    return f"NULL::{DUCKDB_TYPES[column.type]}"


def in_list(sql: str, words: Mapping[str, object] | tuple[str, ...] | list[str] | frozenset[str]) -> str:
    """Whether an expression is one of some words; false for none."""
    return f"{sql} IN ({', '.join(map(literal, sorted(words)))})" if words else "false"


def text_of(sql: str, kind: str) -> str:
    """Any value as trimmed text, blank as null; a moment as ISO 8601 in UTC."""
    if kind == ZONED:
        return f"strftime(timezone('UTC', {sql}), '{ISO}')"
    if kind == "VARCHAR":
        return f"nullif(trim({sql}, {literal(BLANKS)}), '')"
    return f"CAST({sql} AS VARCHAR)"


def coded(sql: str, cell: Cell) -> str:
    """A source's code as the contract's."""
    if cell.values is None:
        return sql
    other = "NULL" if cell.otherwise in (None, QUARANTINE, SKIP) else literal(str(cell.otherwise))
    if not cell.values:
        return f"CASE WHEN {sql} IS NOT NULL THEN {other} END"
    whens = " ".join(
        f"WHEN {literal(said)} THEN {'NULL' if code is None else literal(code)}" for said, code in cell.values.items()
    )
    return f"CASE coalesce({sql}, '') {whens} WHEN '' THEN NULL ELSE {other} END"


def uncoded(sql: str, cell: Cell) -> str:
    """Whether the source says a code that the mapping does not name."""
    if cell.values is None:
        return "false"
    return f"({sql} IS NOT NULL AND NOT {in_list(sql, list(cell.values))})"


def moment_of(sql: str, cell: Cell) -> str:
    """A moment read from text: by its formats, else as ISO 8601; in its own zone, else in the stated one."""
    if cell.formats:
        parsed = f"try_strptime({sql}, [{', '.join(map(literal, cell.formats))}])"
        if any("%z" in form or "%Z" in form for form in cell.formats):
            return parsed
        return f"timezone({literal(cell.zone)}, {parsed})" if cell.zone else "NULL::TIMESTAMPTZ"
    local = f"timezone({literal(cell.zone)}, try_cast({sql} AS TIMESTAMP))" if cell.zone else "NULL"
    return (
        f"CASE WHEN regexp_matches({sql}, '\\d.*{OFFSET}') AND contains({sql}, ':') "
        f"THEN try_cast({sql} AS TIMESTAMPTZ) ELSE {local} END"
    )


def naive(sql: str, cell: Cell) -> str:
    """Whether text is a moment that lacks only its time zone."""
    if cell.zone:
        return "false"
    if cell.formats:
        return f"try_strptime({sql}, [{', '.join(map(literal, cell.formats))}]) IS NOT NULL"
    return f"(isfinite(try_cast({sql} AS TIMESTAMP)) IS TRUE)"


def number_of(sql: str, decimal: str) -> str:
    """A finite number read from text."""
    point = sql if decimal == "." else f"replace({sql}, {literal(decimal)}, '.')"
    number = f"try_cast({point} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def flag_of(sql: str) -> str:
    """A flag read from text."""
    true, false = (in_list(f"lower({sql})", words) for words in (TRUE, FALSE))
    return f"CASE WHEN {true} THEN true WHEN {false} THEN false END"
