"""What the tests of staging share: little files, and what became of their rows."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kept.records.staging import Staged

NOW = datetime(2025, 1, 1, tzinfo=UTC)
HEADER = "crime,place,entered_at"
ENTERED = "2024-01-01T10:00:00Z"
Stage = Callable[..., Staged]


def crimes(done: Staged, *columns: str) -> list[Any]:
    rows = pq.read_table(done.tables["crimes"]).sort_by("_row").to_pylist()
    picked = [tuple(row[column] for column in columns) for row in rows]
    return [row[0] for row in picked] if len(columns) == 1 else picked


def quarantine(done: Staged) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(done.quarantine).to_pylist()
    return read


def csv(*lines: str, end: str = "\n") -> bytes:
    return (end.join([HEADER, *lines]) + end).encode()


def mapping_of(source: str, place: str = "place") -> str:
    return (
        "mapping: one\nentry_times: column\n"
        f"sources: {{it: {{{source}}}}}\n"
        f"rows: {{crimes: [{{from: it, columns: {{crime: crime, place: {place}, entered_at: entered_at}}}}]}}\n"
    )


def parquet(table: pa.Table, folder: Path) -> bytes:
    pq.write_table(table, folder / "made.parquet")
    return (folder / "made.parquet").read_bytes()
