"""Buckets of timelines on disk: each sorted, and written anew only where it holds something else than before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from kept.records import delta
from kept.records.schema import literal
from kept.records.store import BUCKETED, StoreVersion
from kept.records.timelines import BUCKET, ENTRIES, SUBJECTS, sorted_entries

_ROWS_A_GROUP = 200_000

Changes = dict[str, tuple[list[delta.NewFile], dict[str, int | None]]]


@dataclass(frozen=True, slots=True)
class Written:
    """The files to add and remove of each table, a digest of each bucket, and which were written anew."""

    changes: Changes
    prints: Mapping[str, str]
    buckets: tuple[int, ...]


def write_buckets(
    connection: DuckDBPyConnection, generation: Path, before: StoreVersion | None, prefix: str
) -> Written:
    """Write the views `subjects` and `entries` of a connection, a file for each bucket that changed.

    The entries go through the disk once unsorted, so that only one bucket at a time is in memory.
    """
    spread = generation / ".loading" / "entries"
    connection.execute(f"""
        COPY (SELECT *, subject // {BUCKET} AS bucket FROM entries) TO {literal(str(spread))}
        (FORMAT parquet, PARTITION_BY (bucket), COMPRESSION zstd)""")
    changes: Changes = {name: ([], {}) for name in BUCKETED}
    prints: dict[str, str] = {}
    written = set()
    numbers = connection.sql("SELECT DISTINCT bucket FROM subjects ORDER BY bucket").fetchall()
    for (bucket,) in numbers:
        for name, query in (("subjects", _subjects(bucket)), ("timelines", _entries(spread, bucket))):
            key = f"{name}/{bucket}"
            prints[key] = _print(connection, query)
            if before is not None and before.manifest.prints.get(key) == prints[key]:
                continue
            written.add(int(bucket))
            added, removed = changes[name]
            added.append(_write(connection, generation / "tables" / name, query, int(bucket), prefix))
            if before is not None:
                folder = generation / "tables" / name
                removed.update((str(p.relative_to(folder)), int(bucket)) for p in before.files(name, int(bucket)))
    return Written({name: change for name, change in changes.items() if change[0]}, prints, tuple(sorted(written)))


def _subjects(bucket: int) -> str:
    columns = ", ".join(SUBJECTS.names)
    return f"SELECT {columns} FROM subjects WHERE bucket = {bucket} ORDER BY subject"


def _entries(spread: Path, bucket: int) -> str:
    folder = spread / f"bucket={bucket}"
    if not folder.is_dir():
        columns = ", ".join(f'"{name}"' for name in ENTRIES.names)
        return f"SELECT {columns} FROM entries WHERE false"
    return sorted_entries(f"read_parquet({literal(str(folder / '*.parquet'))}, hive_partitioning = false)")


def _print(connection: DuckDBPyConnection, query: str) -> str:
    """A digest of rows, whatever their order."""
    unsorted = query.rpartition(" ORDER BY ")[0] or query
    found = connection.sql(f"SELECT count(*), sum(hash(r)::HUGEINT) FROM ({unsorted}) r").fetchall()[0]
    return f"{found[0]}-{found[1]}"


def _write(connection: DuckDBPyConnection, folder: Path, query: str, bucket: int, prefix: str) -> delta.NewFile:
    path = f"bucket={bucket}/{prefix}{uuid.uuid4().hex}.parquet"
    (folder / path).parent.mkdir(exist_ok=True)
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_A_GROUP}"
    rows = connection.execute(f"COPY ({query}) TO {literal(str(folder / path))} ({options})").fetchall()
    return delta.NewFile(path, int(rows[0][0]), bucket)
