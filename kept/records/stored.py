"""The store's tables as they lie on disk: their schemas, and SQL for the rows of their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from kept.contract.tables import TABLES
from kept.records.schema import QUARANTINE, arrow_schema, literal
from kept.records.timelines import ENTRIES, SUBJECTS

_LOADED = pa.field("_load", pa.int64())
_BUCKET = pa.field("bucket", pa.int32())
_QUARANTINED = [(name, pa.int64() if kind == "BIGINT" else pa.string()) for name, kind in QUARANTINE.items()]
STORED_ENTRIES = ENTRIES.append(pa.field("made", pa.int32(), nullable=False))
"""An entry in a file of `timelines`. It counts only where `made` is its subject's; else it was superseded."""
SCHEMAS: dict[str, pa.Schema] = {
    **{table.name: arrow_schema(table.name, origin=False).append(_LOADED) for table in TABLES},
    "quarantine": pa.schema(_QUARANTINED).append(_LOADED),
    "subjects": SUBJECTS.append(_BUCKET),
    "timelines": STORED_ENTRIES.append(_BUCKET),
}
BUCKETED = ("subjects", "timelines")
_SQL = {
    pa.string(): "VARCHAR",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.int16(): "SMALLINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
}


def prefix(number: int) -> str:
    """How the names of the files begin that a version brings."""
    return f"{number:06}-"


def file_schema(name: str) -> pa.Schema:
    """The columns of a table's files: the bucket stands in their folder's name."""
    schema = SCHEMAS[name]
    return schema.remove(schema.get_field_index("bucket")) if name in BUCKETED else schema


def read_files(name: str, paths: Sequence[Path]) -> str:
    """SQL for the rows of a table's Parquet files, or for none of its columns' types."""
    if paths:
        listed = ", ".join(literal(str(path)) for path in paths)
        return f"SELECT * FROM read_parquet([{listed}], hive_partitioning = false)"
    return f"SELECT {_nothing(file_schema(name))} WHERE false"


def counting(entries: str, subjects: str) -> str:
    """SQL for the rows of `entries` that count, given the rows of `subjects`: a table each, or SQL in brackets."""
    return f"SELECT e.* FROM {entries} e SEMI JOIN {subjects} s ON s.subject = e.subject AND s.made = e.made"


def latest_rows(query: str, key: str) -> str:
    """SQL for the rows last loaded of each key, where rows do not say when they were entered."""
    return f"SELECT * FROM ({query}) QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _load DESC) = 1"


def _nothing(schema: pa.Schema) -> str:
    return ", ".join(f'NULL::{_SQL.get(f.type, "TIMESTAMPTZ")} AS "{f.name}"' for f in schema)
