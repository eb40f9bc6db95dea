"""The store: versions of the records, each a small immutable manifest that pins the version of every table.

A manifest is put in place last and atomically, and readers enter only through one, so a load of many tables is
one step: it is there or it is not. On disk:

    CURRENT                          the name of the generation's folder; erasing a person begins a new one
    .readers                         held by whoever reads, and alone by whoever deletes
    series/<id>.parquet              figures kept elsewhere, each put in place whole; of no generation
    gen-0001/tables/<name>/          Delta tables: the contract's, `subjects`, `timelines`, `quarantine`
    gen-0001/versions/000001.json    the manifest of version 1
    gen-0001/reports/000001.json     the report of the load or compaction that made it
    gen-0001/runs/<run>/             results of evaluations
    gen-0001/tombstones.json         that somebody was erased: when and why, and never who
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from kept.errors import StoreError
from kept.records import delta, manifest
from kept.records.hold import READERS, Hold, taken
from kept.records.scratch import sweep
from kept.records.stored import BUCKETED, SCHEMAS, prefix
from kept.records.version import StoreVersion

__all__ = ["CURRENT", "STAGING", "Store", "StoreVersion", "check_protocols", "make_generation", "take_back"]

CURRENT = "CURRENT"
STAGING = ".staging-"
"""How folders in the store begin that hold rows on their way into it."""
_NOTHING = "There is no such folder."
_GENERATION = re.compile(r"gen-\d{4,}")


class Store:
    """A folder of versions. `create` or `open` it; `kept.records.load.load` adds a version."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make an empty store; StoreError if something is there."""
        if path.exists() and any(path.iterdir()):
            raise StoreError(
                "A store cannot be made here.", str(path), "The folder is not empty.", "Name a new folder."
            )
        make_generation(path / "gen-0001")
        (path / READERS).touch()
        manifest.put(path / CURRENT, "gen-0001\n")
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a store; StoreError if there is none, or it is of an older or a newer kind."""
        if not (path / CURRENT).is_file():
            why = "It has no CURRENT file." if path.is_dir() else "It is no folder." if path.exists() else _NOTHING
            raise StoreError(
                "There is no store here.", str(path), why, "Check the path, or load records into it first."
            )
        store = cls(path)
        if numbers := store.numbers():
            store.version(numbers[-1])
        return store

    @property
    def folder(self) -> Path:
        """The folder of the current generation; StoreError if CURRENT names none, before anything is swept."""
        name = (self.path / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
        if not (_GENERATION.fullmatch(name) and (self.path / name).is_dir()):
            there = ", ".join(sorted(path.name for path in self.path.glob("gen-*"))) or "none"
            raise StoreError(
                "The store is damaged: CURRENT names no generation.",
                str(self.path / CURRENT),
                f"It says “{name}”; there is {there}.",
                "Restore CURRENT from a copy of the store; where there is one generation only, write its name into it.",
            )
        return self.path / name

    def numbers(self) -> list[int]:
        """The versions that can be read, first to last."""
        return manifest.numbers(self.folder)

    def latest(self) -> StoreVersion:
        """The last version; StoreError where nothing was loaded yet."""
        if not (numbers := self.numbers()):
            raise StoreError("The store is empty.", str(self.path), what_to_do="Load records into it first.")
        return self.version(numbers[-1])

    def version(self, number: int) -> StoreVersion:
        """One version; StoreError if there is none, or it is of a kind that is not known here."""
        hold, folder = Hold(self.path), self.folder
        return StoreVersion(folder, manifest.read_manifest(folder, number), hold)

    def run_folder(self, run: str) -> Path:
        """Where the results of a run are kept; the engine writes them."""
        return self.folder / "runs" / run

    def report(self, number: int) -> dict[str, Any]:
        """The report of the load or the compaction that made a version; StoreError where it is lost or damaged."""
        path = self.folder / "reports" / f"{number:06}.json"
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise StoreError(
                f"The report of version {number} cannot be read.",
                str(path),
                "The file is missing or damaged. No record and no figure rests on it.",
                "Put the file back from a backup of the store.",
            ) from None
        return found

    def tombstones(self) -> list[dict[str, Any]]:
        """That persons were erased: when and why, and never who."""
        path = self.folder / "tombstones.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []

    @contextmanager
    def locked(self, wait: float) -> Iterator[None]:
        """Hold the store alone; StoreError if another still does after `wait` seconds."""
        with (self.path / ".lock").open("w") as lock:
            deadline = time.monotonic() + wait
            while not taken(lock.fileno()):
                if time.monotonic() > deadline:
                    raise StoreError(
                        "Another load or erasure is at work on this store.",
                        str(self.path),
                        what_to_do="Wait until it has ended, then try again.",
                    )
                time.sleep(0.05)
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Delete what a load or an erasure that ended in the middle left: rows read, and generations not current."""
        sweep(self.path, STAGING)
        for folder in self.path.glob("gen-*"):
            if folder != self.folder:
                shutil.rmtree(folder)


def make_generation(folder: Path) -> None:
    """Make the folders and empty tables of a generation."""
    for part in ("versions", "reports", "runs"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name, schema in SCHEMAS.items():
        delta.create(folder / "tables" / name, schema, "bucket" if name in BUCKETED else None)


def take_back(store: Store, before: StoreVersion | None, number: int) -> None:
    """Undo what a load or compaction that ended in the middle left of version `number`, which follows `before`."""
    pinned = before.manifest.tables if before else dict.fromkeys(SCHEMAS, 0)
    make_generation(store.folder)
    for name, version in pinned.items():
        delta.take_back(store.folder / "tables" / name, version, prefix(number))


def check_protocols(version: StoreVersion) -> None:
    """StoreError if a table has Delta features that are not known here."""
    for name, number in version.manifest.tables.items():
        needs = delta.reader_protocol(version.folder / "tables" / name, number)
        if needs > delta.KNOWN_READER:
            raise StoreError(
                f"The table {name} has Delta features that are not known here.",
                str(version.folder),
                f"It needs reader protocol {needs}; {delta.KNOWN_READER} is known.",
                "Load the records into a new store.",
            )
