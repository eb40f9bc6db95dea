"""The rows of a CSV file as text, and its lines that are no rows."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kept.errors import RecordsError
from kept.records.layout import Source
from kept.records.readers import ROW, Opened, Reader, UnreadableError
from kept.records.schema import identifier


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number from 1, the line of names not counted, and its cells by column; a blank one is ""."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row, and why, as a sentence."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file holds: the names of its columns, its rows in order, and the lines that are none.

    A name in `twice` stands over several columns, and `columns` tells them apart.
    """

    columns: tuple[str, ...]
    twice: frozenset[str]
    rows: tuple[Row, ...]
    broken: tuple[Broken, ...]


def read_rows(path: Path, delimiter: str, encoding: str) -> Rows:
    """Read a CSV file, gzipped or not; RecordsError where there is none, or nothing of it can be read."""
    if not path.is_file():
        raise RecordsError("There is no file here.", str(path), what_to_do="Check the path.")
    source = Source(path.name, format="csv", delimiter=delimiter, encoding=encoding)
    try:
        with duckdb.connect() as connection, tempfile.TemporaryDirectory() as work:
            opened = Reader(connection, Path(work)).open(path, path.name, source)
            return _of(connection, opened)
    except UnreadableError as error:
        raise RecordsError("The file cannot be read.", str(path), str(error)) from None


def _of(connection: duckdb.DuckDBPyConnection, opened: Opened) -> Rows:
    columns = tuple(opened.columns)
    named = ", ".join([ROW, *(f"coalesce({identifier(name)}, '')" for name in columns)])
    found = connection.execute(f"SELECT {named} FROM {opened.relation} ORDER BY {ROW}").fetchall()
    rows = tuple(Row(number, dict(zip(columns, cells, strict=True))) for number, *cells in found)
    lost = (
        connection.execute(f"SELECT row, reason FROM {opened.broken} ORDER BY row").fetchall() if opened.broken else []
    )
    return Rows(columns, opened.twice, rows, tuple(Broken(number, why) for number, why in lost))
