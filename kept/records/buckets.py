"""Buckets of timelines on disk: each sorted, and written anew only where it holds something else than before."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from kept.records import delta
from kept.records.schema import literal
from kept.records.store import BUCKETED, StoreVersion
from kept.records.timelines import BUCKET, SUBJECTS, sorted_entries

_ROWS_A_GROUP = 200_000

Changes = dict[str, tuple[list[delta.NewFile], dict[str, int | None]]]


@dataclass(frozen=True, slots=True)
class Written:
    """The files to add and remove of each table, a digest of each bucket, and which were written anew."""

    changes: Changes
    prints: Mapping[str, str]
    buckets: tuple[int, ...]


def write_buckets(
    connection: DuckDBPyConnection,
    tables: Path,
    work: Path,
    before: StoreVersion | None,
    prefix: str,
    touched: Container[int] | None = None,
) -> Written:
    """Write the views `subjects` and `entries` of a connection, a file for each bucket that changed.

    Where `touched` is given, the other buckets hold what they held `before`, and the views need not say it.
    Where there are several buckets, the entries go through the disk once unsorted, so that only one bucket at a
    time is in memory.
    """
    held = [int(row[0]) for row in connection.sql("SELECT DISTINCT bucket FROM subjects ORDER BY 1").fetchall()]
    numbers = [bucket for bucket in held if touched is None or bucket in touched]
    spread = _spread(connection, work) if len(numbers) > 1 else None
    changes: Changes = {name: ([], {}) for name in BUCKETED}
    prints = {} if before is None or touched is None else dict(before.manifest.prints)
    for bucket in numbers:
        for name, query in (("subjects", _subjects(bucket)), ("timelines", _entries(spread, bucket))):
            new = _write(connection, tables / name, query, bucket, prefix)
            key = f"{name}/{bucket}"
            prints[key] = _print(connection, tables / name / new.path)
            if before is not None and before.manifest.prints.get(key) == prints[key]:
                (tables / name / new.path).unlink()
                continue
            changes[name][0].append(new)
            changes[name][1].update(_replaced(before, name, bucket))
    written = sorted({new.bucket for added, _ in changes.values() for new in added if new.bucket is not None})
    return Written({name: change for name, change in changes.items() if change[0]}, prints, tuple(written))


def _spread(connection: DuckDBPyConnection, work: Path) -> Path:
    folder = work / "entries"
    shutil.rmtree(folder, ignore_errors=True)
    connection.execute(f"""
        COPY (SELECT *, subject // {BUCKET} AS bucket FROM entries) TO {literal(str(folder))}
        (FORMAT parquet, PARTITION_BY (bucket), COMPRESSION lz4)""")
    return folder


def _replaced(before: StoreVersion | None, name: str, bucket: int) -> dict[str, int | None]:
    if before is None:
        return {}
    folder = before.folder / "tables" / name
    return {str(path.relative_to(folder)): bucket for path in before.files(name, bucket)}


def _subjects(bucket: int) -> str:
    columns = ", ".join(SUBJECTS.names)
    return f"SELECT {columns} FROM subjects WHERE bucket = {bucket} ORDER BY subject, entered"


def _entries(spread: Path | None, bucket: int) -> str:
    if spread is None:
        return sorted_entries("entries")
    folder = spread / f"bucket={bucket}"
    if not folder.is_dir():
        return sorted_entries("(SELECT * FROM entries WHERE false)")
    return sorted_entries(f"read_parquet({literal(str(folder / '*.parquet'))}, hive_partitioning = false)")


def _print(connection: DuckDBPyConnection, path: Path) -> str:
    """A digest of a file's rows, whatever their order."""
    source = f"read_parquet({literal(str(path))}, hive_partitioning = false)"
    count, digest = connection.sql(f"SELECT count(*), sum(hash(r)::HUGEINT) FROM {source} r").fetchall()[0]
    return f"{count}-{digest}"


def _write(connection: DuckDBPyConnection, folder: Path, query: str, bucket: int, prefix: str) -> delta.NewFile:
    path = f"bucket={bucket}/{prefix}{uuid.uuid4().hex}.parquet"
    (folder / path).parent.mkdir(exist_ok=True)
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_A_GROUP}"
    rows = connection.execute(f"COPY ({query}) TO {literal(str(folder / path))} ({options})").fetchall()
    return delta.NewFile(path, int(rows[0][0]), bucket)
