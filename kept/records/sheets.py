"""Spreadsheets and XES event logs, streamed into Parquet files of text columns."""

from __future__ import annotations

import itertools
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import load_workbook

from kept.records.zipped import open_binary

BATCH = 50_000  # rows
XES_VALUES = ("string", "date", "int", "float", "boolean", "id")


def to_parquet(form: str, path: Path, copy: Path, sheet: str = "") -> None:
    """Write the rows of an XLSX sheet or an XES log as Parquet; ValueError with a sentence if that fails."""
    try:
        if form == "xlsx":
            _write(copy, *_sheet(path, sheet))
        else:
            _write(copy, _xes_columns(path), _xes_rows(path))
    except (OSError, EOFError, zlib.error, ElementTree.ParseError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise ValueError(f"The file is no whole {form.upper()} ({error}): export it again.") from None


def _write(copy: Path, columns: list[str], rows: Iterator[Mapping[str, str | None]]) -> None:
    schema = pa.schema([(name, pa.string()) for name in columns])
    with pq.ParquetWriter(copy, schema) as writer:
        while batch := list(itertools.islice(rows, BATCH)):
            arrays = [pa.array([row.get(name) for row in batch], pa.string()) for name in columns]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


# -- XLSX ------------------------------------------------------------------------------------------------


def _sheet(path: Path, sheet: str) -> tuple[list[str], Iterator[Mapping[str, str | None]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles that it does not know
            book = load_workbook(path, read_only=True, data_only=True)
            page = book[sheet] if sheet else book.worksheets[0]
            rows = page.iter_rows(values_only=True)
            header = next(rows, ())
    except Exception as error:  # openpyxl raises whatever its zip and XML parsers raise
        raise ValueError(f"The file is no XLSX workbook ({error}): save it again from Excel.") from None
    columns = _names(header)
    if not columns:
        raise ValueError("The sheet is empty, without even a row of column names: export it again.")
    return columns, _sheet_rows(columns, rows)


def _names(header: Iterable[object]) -> list[str]:
    names = [_text(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    return [name or f"column {i}" for i, name in enumerate(names, 1)]


def _sheet_rows(columns: list[str], rows: Iterator[tuple[object, ...]]) -> Iterator[Mapping[str, str | None]]:
    blank: list[dict[str, str | None]] = []  # Excel keeps blank rows below the last one; they are no data
    try:
        for row in rows:
            said = dict(zip(columns, map(_text, row), strict=False))
            if not any(said.values()):
                blank.append(said)
                continue
            yield from blank
            blank.clear()
            yield said
    except Exception as error:
        raise ValueError(f"The workbook breaks off ({error}): save it again from Excel.") from None


def _text(cell: object) -> str | None:
    """A cell as text: dates as ISO 8601, whole numbers without a point."""
    if cell is None:
        return None
    for kind, write in _WRITTEN:
        if isinstance(cell, kind):
            return write(cell)
    return str(cell).strip()


_WRITTEN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda cell: str(cell).lower()),
    (datetime, lambda cell: cell.isoformat(sep=" ")),
    (date, lambda cell: cell.isoformat()),
    (time, lambda cell: cell.isoformat()),
    (float, lambda cell: str(int(cell)) if cell.is_integer() else repr(cell)),
)


# -- XES -------------------------------------------------------------------------------------------------


def _xes_columns(path: Path) -> list[str]:
    columns: dict[str, None] = {}
    for row in _xes_rows(path):
        columns.update(dict.fromkeys(row))
    if not columns:
        raise ValueError("The log has no trace: export it again.")
    return list(columns)


def _xes_rows(path: Path) -> Iterator[Mapping[str, str | None]]:
    """One row an event, its trace's attributes as `case:…`; a trace without events is a row of its own."""
    with open_binary(path) as file:
        parser = ElementTree.iterparse(file, events=("start", "end"))
        _, root = next(parser)
        for step, element in parser:
            if step == "end" and _tag(element) == "trace":
                yield from _trace(element)
                root.clear()


def _trace(trace: ElementTree.Element) -> Iterator[Mapping[str, str | None]]:
    case = {f"case:{key}": value for key, value in _attributes(trace)}
    events = [child for child in trace if _tag(child) == "event"]
    if not events:
        yield case
    for event in events:
        yield {**case, **dict(_attributes(event))}


def _attributes(element: ElementTree.Element) -> Iterator[tuple[str, str | None]]:
    for child in element:
        if _tag(child) in XES_VALUES and "key" in child.attrib:
            yield child.attrib["key"], child.attrib.get("value")


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]
