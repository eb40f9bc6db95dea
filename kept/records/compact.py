"""Compaction: the files of each bucket's timelines become one, without what was superseded, as a new version.

It says what the version before said, and `made` stays, so that nothing counts as changed. The files that it replaces
stay for the versions that name them, until those are deleted (`vacuum`).
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from kept.records import commit, delta
from kept.records import store as stores
from kept.records.buckets import merge, replaced
from kept.records.manifest import put_json, put_manifest
from kept.records.reading import row_count
from kept.records.store import Store, StoreVersion
from kept.records.stored import SCHEMAS, read_files


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: the version that it made, None where there was nothing to do; files, entries, bytes."""

    version: int | None
    buckets: tuple[int, ...]
    files_before: int
    files_after: int
    superseded: int
    bytes_before: int
    bytes_after: int
    seconds: float


def compact(store: Store, *, wait: float = 0.0, memory: str = "2GB") -> Compacted:
    """Merge the files of timelines where a bucket has several; none is deleted.

    `wait` is how many seconds to wait for a load to end, `memory` what DuckDB may use before it writes to disk.
    StoreError if another is at work or the store is empty; DiskError if the disk is full, and the last version stands.
    """
    began = time.monotonic()
    with store.locked(wait), commit.full_disk("compact"):
        before = store.latest()
        stores.check_protocols(before)
        stores.take_back(store, before, before.number + 1)
        files = {bucket: before.files("timelines", bucket) for bucket in before.buckets()}
        several = {bucket: found for bucket, found in files.items() if len(found) > 1}
        new = _merged(before, several, memory)
        done = _done(before, several, new, time.monotonic() - began)
        if done.version is not None:
            _put(before, several, new, done)
        return done


def _merged(before: StoreVersion, several: Mapping[int, list[Path]], memory: str) -> list[delta.NewFile]:
    folder, work = before.folder / "tables" / "timelines", before.folder / commit.WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    new: list[delta.NewFile] = []
    try:
        with duckdb.connect(str(work / "work.duckdb")) as connection:
            commit.configure(connection, work, memory, None)
            for bucket, files in several.items():
                subjects = f"({read_files('subjects', before.files('subjects', bucket))})"
                new.extend(merge(connection, files, subjects, folder, before.number + 1, bucket))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return new


def _done(
    before: StoreVersion, several: Mapping[int, list[Path]], new: list[delta.NewFile], seconds: float
) -> Compacted:
    folder, old = before.folder / "tables" / "timelines", [path for files in several.values() for path in files]
    return Compacted(
        before.number + 1 if several else None,
        tuple(several),
        len(old),
        len(new),
        row_count(old) - sum(one.rows for one in new),
        sum(path.stat().st_size for path in old),
        sum((folder / one.path).stat().st_size for one in new),
        round(seconds, 2),
    )


def _put(before: StoreVersion, several: Mapping[int, list[Path]], new: list[delta.NewFile], done: Compacted) -> None:
    """Commit the new files and put the version in place, as it was loaded but for them."""
    folder, number = before.folder / "tables" / "timelines", before.number + 1
    removed = {path: of for bucket, files in several.items() for path, of in replaced(files, folder, bucket).items()}
    tables = {**before.manifest.tables, "timelines": delta.commit(folder, SCHEMAS["timelines"], new, removed)}
    put_json(before.folder / "reports" / f"{number:06}.json", asdict(done))
    put_manifest(before.folder, replace(before.manifest, version=number, previous=before.number, tables=tables))
