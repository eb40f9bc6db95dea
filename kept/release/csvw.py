"""A table as CSV, and what its columns mean as CSV on the Web.

Sources: *Model for Tabular Data and Metadata on the Web* and *Metadata Vocabulary for Tabular Data*, W3C, 2015. The
metadata stands beside its file under the name that readers look for: `-metadata.json` appended (section 5.2).
"""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

from kept.release.about import About
from kept.release.markers import MARKERS
from kept.release.sheets import Column, ColumnKind, ReleaseTable

DATATYPES: Mapping[ColumnKind, Any] = {
    "text": "string",
    "count": {"base": "integer", "minimum": 0},
    "rate": "decimal",
}

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would take for a formula (OWASP, *CSV injection*)."""


def csv_text(table: ReleaseTable) -> str:
    """The table with one line of headings, as RFC 4180 has it; texts that look like formulas behind an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([harmless(column.name) for column in table.columns])
    for row in table.printed():
        writer.writerow([harmless(value) if isinstance(value, str) else value for value in row])
    return file.getvalue()


def harmless(text: str) -> str:
    """The text as a text, whatever opens it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def metadata(table: ReleaseTable, url: str, about: About) -> dict[str, Any]:
    """The metadata of one table: titles, datatypes, which letters stand for no number, and the notes."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
        "url": url,
        "dc:title": table.title,
        "dc:source": table.source or about.title,
        "dc:description": " ".join(about.origin()),
        "notes": [*table.notes, *(f"{marker.shorthand} means {marker.meaning}." for marker in table.markers())],
        "dialect": {"encoding": "utf-8", "header": True, "headerRowCount": 1, "delimiter": ","},
        "tableSchema": {"columns": _columns(table)},
    }


def _columns(table: ReleaseTable) -> list[dict[str, Any]]:
    names = _names([column.name for column in table.columns])
    return [_column(column, name) for column, name in zip(table.columns, names, strict=True)]


def _column(column: Column, name: str) -> dict[str, Any]:
    described = " ".join(text for text in (column.unit, column.note) if text)
    return {
        "name": name,
        "titles": harmless(column.name),
        "datatype": DATATYPES[column.kind],
        **({"null": [marker.shorthand for marker in MARKERS]} if column.kind != "text" else {}),
        **({"dc:description": described} if described else {}),
    }


def _names(titles: list[str]) -> list[str]:
    """A name for each title that can stand in an address, each once."""
    names: list[str] = []
    for title in titles:
        name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "column"
        names.append(name if name not in names else f"{name}_{len(names) + 1}")
    return names
