"""The JSON Schemas for editors and for those who make extracts."""

import json
from importlib.resources import files
from typing import Any

from kept.code import schema
from kept.contract.tables import TABLES, Column, Table
from kept.contract.vocabulary import Vocabulary, standard
from kept.measures import changes
from kept.measures.series import mapping

_TYPES: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "minLength": 1},
    "text": {"type": "string"},
    "code": {"type": "string"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "moment": {"type": "string", "format": "date-time"},
}

_HEAD = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def schemas() -> dict[str, str]:
    """Every schema by its file name, as text."""
    found = {
        "duties": schema.duties(),
        "edition": schema.edition(),
        "rulebook": schema.rulebook(),
        "vocabulary": schema.vocabulary(),
        "contract": contract(standard()),
        "series": {**_HEAD, "title": "Kept: which cells of a file are which series", **mapping.schema()},
        "changes": {**_HEAD, "title": "Kept: what changed when", **changes.schema()},
        "mapping": json.loads(files("kept.records").joinpath("schema/mapping.schema.json").read_text("utf-8")),
    }
    return {f"{name}.schema.json": json.dumps(one, indent=2, ensure_ascii=False) + "\n" for name, one in found.items()}


def contract(words: Vocabulary) -> dict[str, Any]:
    """The record contract: an object with an array of rows for each table."""
    return {
        **_HEAD,
        "title": "Kept: the record contract",
        "type": "object",
        "additionalProperties": False,
        "required": [table.name for table in TABLES if table.needed],
        "properties": {table.name: _rows(table, words) for table in TABLES},
    }


def _rows(table: Table, words: Vocabulary) -> dict[str, Any]:
    row = {
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in table.columns if column.required],
        "properties": {column.name: _column(column, words) for column in table.columns},
    }
    described = f"One row for each {table.grain}. {table.without and f'Without it: {table.without}'}".strip()
    return {"type": "array", "description": described, "items": row}


def _column(column: Column, words: Vocabulary) -> dict[str, Any]:
    """One column; what is not needed may be null."""
    found = {"description": column.means, **_TYPES[column.type]}
    if closed := _codes(column, words):
        found["enum"] = closed if column.required else [*closed, None]
    if not column.required:
        found["type"] = [found["type"], "null"]
    return found


def _codes(column: Column, words: Vocabulary) -> list[str]:
    if column.codes_from:
        return list(words.attributes[column.codes_from].codes)
    return list(column.codes)
