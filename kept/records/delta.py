"""Delta tables as the store keeps them: Parquet files that are written here, and one commit for all of them.

Nothing is trusted but the version that a manifest pins. Whatever a load left behind that ended in the middle, a
commit or a file, is taken back before the next one writes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.transaction import AddAction, RemoveAction

# Every version stays readable until the command that compacts says otherwise.
_RETENTION = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}
KNOWN_READER = 1  # the highest Delta reader protocol that is understood here


@dataclass(frozen=True, slots=True)
class NewFile:
    """A Parquet file already in a table's folder: its path there, its rows, and its bucket if the table has any."""

    path: str
    rows: int
    bucket: int | None = None


def create(folder: Path, schema: pa.Schema, partition: str | None = None) -> None:
    """Make an empty table, unless it is there."""
    if not DeltaTable.is_deltatable(str(folder)):
        DeltaTable.create(str(folder), schema=schema, partition_by=partition, configuration=dict(_RETENTION))


def files(folder: Path, version: int) -> dict[str, int | None]:
    """The Parquet files of one version, by path in the table's folder, and the bucket of each."""
    actions = pa.table(DeltaTable(str(folder), version=version).get_add_actions(flatten=True))
    paths = actions["path"].to_pylist()
    name = "partition.bucket"
    buckets = actions[name].to_pylist() if name in actions.column_names else [None] * len(paths)
    return dict(sorted(zip(paths, buckets, strict=True)))


def reader_protocol(folder: Path, version: int) -> int:
    """The Delta protocol that a reader of this version needs."""
    return int(DeltaTable(str(folder), version=version).protocol().min_reader_version)


def take_back(folder: Path, version: int, prefix: str) -> None:
    """Undo what came after the pinned `version`: commits, and files whose names begin with `prefix`."""
    head = DeltaTable(str(folder))
    if head.version() != version and files(folder, head.version()) != files(folder, version):
        head.restore(version)
    pinned = set(files(folder, version))
    for path in folder.rglob(f"{prefix}*.parquet"):
        if str(path.relative_to(folder)) not in pinned:
            path.unlink()


def commit(folder: Path, schema: pa.Schema, added: Iterable[NewFile], removed: Mapping[str, int | None]) -> int:
    """Add and remove files in one commit; the table's new version."""
    now = int(time.time() * 1000)
    adds = [
        AddAction(one.path, (folder / one.path).stat().st_size, _partition(one.bucket), now, True, _stats(one.rows))
        for one in added
    ]
    removes = [RemoveAction(path, True, now, partition_values=_partition(bucket)) for path, bucket in removed.items()]
    table = DeltaTable(str(folder))
    partition = table.metadata().partition_columns
    table.create_write_transaction([*adds, *removes], "append", schema, partition_by=partition or None)
    return DeltaTable(str(folder)).version()


def _partition(bucket: int | None) -> dict[str, str | None]:
    return {} if bucket is None else {"bucket": str(bucket)}


def _stats(rows: int) -> str:
    return json.dumps({"numRecords": rows})
