"""Vacuum: versions that nobody keeps, and the files that only they named, are deleted; never under a reader.

Kept are the last versions, as many as are asked for, and each that a run evaluated. Manifests go first: killed
half-way, the store is whole, and the next vacuum deletes the files that are left.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kept.errors import StoreError, UsageError
from kept.records.hold import WAIT, held_alone
from kept.records.manifest import KEEP, numbers, path_of, read_manifest
from kept.records.store import Store
from kept.records.version import StoreVersion


@dataclass(frozen=True, slots=True)
class Vacuumed:
    """What a vacuum kept and deleted: versions, files of tables and their bytes."""

    kept: tuple[int, ...]
    deleted: tuple[int, ...]
    files: int
    bytes: int
    seconds: float


def vacuum(store: Store, keep: int = KEEP, *, wait: float = WAIT) -> Vacuumed:
    """Delete what no kept version and no run needs.

    `wait` is how many seconds to wait until nobody loads, and as many again until nobody reads. StoreError if
    somebody still does, or a run or version cannot be read; UsageError if not even the last version would be kept.
    """
    if keep < 1:
        raise UsageError("A vacuum keeps the last version at least.", what_to_do="Keep one version or more.")
    began = time.monotonic()
    with store.locked(wait), held_alone(store.path, wait):
        folder = store.folder
        there = numbers(folder)
        kept = sorted({*there[-keep:], *_evaluated(folder)} & {*there})
        needed = {path for number in kept for path in _files(StoreVersion(folder, read_manifest(folder, number)))}
        gone = [number for number in there if number not in kept]
        for number in gone:
            path_of(folder, number).unlink()
        left_over = [path for path in (folder / "tables").rglob("*.parquet") if _is_left_over(path, needed)]
        size = _delete(left_over)
        return Vacuumed(tuple(kept), tuple(gone), len(left_over), size, round(time.monotonic() - began, 2))


def _evaluated(folder: Path) -> Iterable[int]:
    """The versions that the runs evaluated."""
    for path in sorted((folder / "runs").glob("*/run.json")):
        try:
            yield json.loads(path.read_text(encoding="utf-8"))["store_version"]
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"What the run {path.parent.name} evaluated cannot be read.",
                str(path),
                f"{type(error).__name__}: {error}",
                "Restore the file from a copy, or delete the run's folder; nothing was deleted.",
            ) from None


def _files(version: StoreVersion) -> Iterable[Path]:
    return (path for name in version.manifest.tables for path in version.files(name))


def _is_left_over(path: Path, needed: set[Path]) -> bool:
    return path not in needed and "_delta_log" not in path.parts


def _delete(files: list[Path]) -> int:
    """Delete files; how many bytes they held."""
    size = 0
    for path in files:
        size += path.stat().st_size
        path.unlink()
    return size
