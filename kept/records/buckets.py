"""Buckets of timelines on disk: a load adds what changed, and rewrites a bucket only when much of it is superseded.

An entry counts where its `made` is its subject's `made`. So a load that changes few timelines of a bucket adds one
file with them, and writes the bucket's subjects, which are small, anew; entries that stood there before are left
where they are, and no longer count.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from duckdb import DuckDBPyConnection

from kept.records import delta, reading, row_groups
from kept.records.link_numbers import numbered
from kept.records.schema import literal
from kept.records.stored import BUCKETED, STORED_ENTRIES, counting, prefix, read_files
from kept.records.timelines import BUCKET, SUBJECTS, bucket_of, sorted_entries, subjects_with_prints
from kept.records.version import StoreVersion

_MOST_SUPERSEDED = 0.25
"""The share of a bucket's entries that may be superseded before a load rewrites it."""
_SPAN = 5_000  # subjects that are merged at once, so that memory stays bounded

Changes = dict[str, tuple[list[delta.NewFile], dict[str, int | None]]]


@dataclass(frozen=True, slots=True)
class Written:
    """The files to add and remove of each table, and the buckets where anything changed."""

    changes: Changes
    buckets: tuple[int, ...]


def show_stored(connection: DuckDBPyConnection, before: StoreVersion | None) -> None:
    """Make the view `subjects_stored` of the subjects of the version before, none if there is none."""
    stored = read_files("subjects", before.files("subjects") if before else [])
    connection.execute(f"CREATE OR REPLACE TEMP VIEW subjects_stored AS {stored}")


def write_buckets(
    connection: DuckDBPyConnection, folder: Path, work: Path, before: StoreVersion | None, number: int, narrowed: bool
) -> Written:
    """Write what the views `subjects` and `entries` change, for the version `number`; make the table `subjects_now`.

    `folder` holds the store's tables. Where the load was `narrowed`, the views say only what it touched. The entries
    go through the disk once unsorted, so that only one bucket at a time is sorted.
    """
    spread = _spread(connection, work)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE subjects_prepared AS {subjects_with_prints(_all(spread), number)}"
    )
    connection.execute(_KEPT)
    connection.execute(_NOW.format(bucket=bucket_of()) + (_UNTOUCHED.format(bucket=bucket_of()) if narrowed else ""))
    changes: Changes = {name: ([], {}) for name in BUCKETED}
    buckets = [int(row[0]) for row in connection.sql(_CHANGED.format(bucket=bucket_of())).fetchall()]
    for bucket in buckets:
        one = _Bucket(connection, folder, before, number, bucket)
        for name, (added, removed) in one.changes(spread).items():
            changes[name][0].extend(added)
            changes[name][1].update(removed)
    return Written({name: change for name, change in changes.items() if any(change)}, tuple(buckets))


def merge(
    connection: DuckDBPyConnection, files: list[Path], subjects: str, folder: Path, number: int, bucket: int
) -> list[delta.NewFile]:
    """Write the entries of some files of a bucket that count into one new file of `folder`, in their order.

    `subjects` is a table or SQL in brackets, with subject and made. No file is written where nothing counts.
    """
    columns = ", ".join(f'"{name}"' for name in STORED_ENTRIES.names)
    rows = counting(f"({read_files('timelines', files)})", subjects)

    def spans() -> Iterator[pa.RecordBatch]:
        for first in range(bucket * BUCKET, (bucket + 1) * BUCKET, _SPAN):
            within = f"subject BETWEEN {first} AND {first + _SPAN - 1}"
            query = f"SELECT {columns} FROM ({rows}) WHERE {within} ORDER BY subject, position"
            with reading.readable(files):
                yield from connection.sql(query).to_arrow_reader(row_groups.BATCH)

    return _written(folder, number, bucket, spans(), lambda entries: entries)


def replaced(files: list[Path], folder: Path, bucket: int) -> dict[str, int | None]:
    """Files of a bucket as a commit removes them."""
    return {str(path.relative_to(folder)): bucket for path in files}


@dataclass(frozen=True, slots=True)
class _Bucket:
    connection: DuckDBPyConnection
    folder: Path
    before: StoreVersion | None
    number: int
    bucket: int

    def changes(self, spread: Path) -> Changes:
        """The files of the bucket to add and to remove."""
        found: Changes = {"subjects": ([self._subjects()], self._replaced("subjects"))}
        new = self._changed_timelines(spread)
        old = self._old("timelines")
        if not new and not old:
            return found
        held, added = reading.row_count(old), sum(one.rows for one in new)
        superseded = held + added - self._counting()
        if superseded == held:  # nothing of the old files counts
            found["timelines"] = (new, self._replaced("timelines"))
        elif superseded > _MOST_SUPERSEDED * (held + added):
            found["timelines"] = (self._merged(old, new), self._replaced("timelines"))
        else:
            found["timelines"] = (new, {})
        return found

    def _subjects(self) -> delta.NewFile:
        columns = ", ".join(f'"{name}"' for name in SUBJECTS.names)
        query = f"SELECT {columns} FROM subjects_now WHERE bucket = {self.bucket} ORDER BY subject, entered"
        path = _new_path(self.folder / "subjects", self.number, self.bucket)
        options = "FORMAT parquet, COMPRESSION zstd"
        rows = self.connection.execute(
            f"COPY ({query}) TO {literal(str(self.folder / 'subjects' / path))} ({options})"
        ).fetchall()
        return delta.NewFile(path, int(rows[0][0]), self.bucket)

    def _changed_timelines(self, spread: Path) -> list[delta.NewFile]:
        folder = spread / f"bucket={self.bucket}"
        if not folder.is_dir():
            return []
        rows = f"read_parquet({literal(str(folder / '*.parquet'))}, hive_partitioning = false)"
        changed = f"(SELECT subject FROM subjects_now WHERE bucket = {self.bucket} AND made = {self.number})"
        query = sorted_entries(f"(FROM {rows} SEMI JOIN {changed} USING (subject))")
        batches = self.connection.sql(query).to_arrow_reader(row_groups.BATCH)
        return _written(self.folder / "timelines", self.number, self.bucket, batches, self._numbered)

    def _numbered(self, entries: pa.Table) -> pa.Table:
        made = pa.repeat(pa.scalar(self.number, pa.int32()), len(entries))
        return numbered(entries).append_column("made", made)

    def _merged(self, old: list[Path], new: list[delta.NewFile]) -> list[delta.NewFile]:
        """One file instead of the old ones and the new, which no version knows yet."""
        folder, subjects = self.folder / "timelines", f"(FROM subjects_now WHERE bucket = {self.bucket})"
        added = [folder / one.path for one in new]
        found = merge(self.connection, [*old, *added], subjects, folder, self.number, self.bucket)
        for path in added:
            path.unlink()
        return found

    def _counting(self) -> int:
        """How many entries of the bucket count from now on."""
        subjects = f"SELECT DISTINCT subject, entries FROM subjects_now WHERE bucket = {self.bucket}"
        return int(self.connection.sql(f"SELECT sum(entries) FROM ({subjects})").fetchall()[0][0] or 0)

    def _old(self, name: str) -> list[Path]:
        return self.before.files(name, self.bucket) if self.before else []

    def _replaced(self, name: str) -> dict[str, int | None]:
        return replaced(self._old(name), self.before.folder / "tables" / name, self.bucket) if self.before else {}


def _spread(connection: DuckDBPyConnection, work: Path) -> Path:
    folder = work / "entries"
    shutil.rmtree(folder, ignore_errors=True)
    connection.execute(f"""
        COPY (SELECT *, {bucket_of()} AS bucket FROM entries) TO {literal(str(folder))}
        (FORMAT parquet, PARTITION_BY (bucket), COMPRESSION lz4)""")
    return folder


def _all(spread: Path) -> str:
    """SQL for the entries that were spread."""
    if not any(spread.rglob("*.parquet")):
        return "(FROM entries WHERE false)"
    return f"read_parquet({literal(str(spread / '*' / '*.parquet'))}, hive_partitioning = false)"


def _written(
    folder: Path, number: int, bucket: int, batches: Iterator[pa.RecordBatch], shape: row_groups.Shape
) -> list[delta.NewFile]:
    path = _new_path(folder, number, bucket)
    if rows := row_groups.write(batches, folder / path, shape):
        return [delta.NewFile(path, rows, bucket)]
    (folder / path).unlink()
    return []


def _new_path(folder: Path, number: int, bucket: int) -> str:
    path = f"bucket={bucket}/{prefix(number)}{uuid.uuid4().hex}.parquet"
    (folder / path).parent.mkdir(exist_ok=True)
    return path


_ALIKE = ", ".join(f'"{name}"' for name in SUBJECTS.names if name != "made")
_WHOLE = ", ".join(f'"{name}"' for name in SUBJECTS.names)


def _digest(rows: str, columns: str, by: str, *more: str) -> str:
    """SQL for a digest of groups of rows, whatever their order."""
    listed = ", ".join((f"{by}", *more, "count(*) AS many", f"sum(hash({columns})) AS digest"))
    return f"(SELECT {listed} FROM {rows} GROUP BY 1)"


# Subjects that are what they were, and had these very entries: they keep their `made`.
_KEPT = f"""
CREATE OR REPLACE TEMP TABLE kept AS
SELECT subject, before_made AS made
FROM {_digest("subjects_prepared", _ALIKE, "subject")}
JOIN {_digest("subjects_stored", _ALIKE, "subject", "any_value(made) AS before_made")} USING (subject, many, digest)
"""
_NOW = """
CREATE OR REPLACE TEMP TABLE subjects_now AS
SELECT p.* REPLACE (coalesce(k.made, p.made) AS made), {bucket} AS bucket
FROM subjects_prepared p LEFT JOIN kept k USING (subject)
"""
_UNTOUCHED = """
UNION ALL BY NAME
SELECT *, {bucket} AS bucket FROM subjects_stored WHERE subject NOT IN (SELECT subject FROM touched_subjects)
"""
_CHANGED = f"""
SELECT bucket FROM {_digest("subjects_now", _WHOLE, "bucket")} n
FULL JOIN {_digest("(SELECT *, {bucket} AS bucket FROM subjects_stored)", _WHOLE, "bucket")} b USING (bucket)
WHERE (n.many, n.digest) IS DISTINCT FROM (b.many, b.digest) ORDER BY bucket
"""
