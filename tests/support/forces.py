"""A store that grows load by load, from rows as tests write them."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kept.contract.vocabulary import standard
from kept.records.load import LoadReport, load
from kept.records.mapping import Mapping
from kept.records.schema import arrow_schema
from kept.records.staging import Staged, stage
from kept.records.store import Store, StoreVersion

Rows = list[dict[str, Any]]
DAWN = datetime(2024, 1, 1, 9, tzinfo=UTC)
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return DAWN + timedelta(days=number)


def crimes(*names: str) -> Rows:
    return [{"crime": f"c{name}", "reported_at": day(0), "entered_at": day(1)} for name in names]


def victims(*names: str) -> Rows:
    return [
        {"victim": f"v{name}", "crime": f"c{name}", "person": f"person-{name}", "entered_at": day(1)} for name in names
    ]


def event(name: str, of: str, entered: float = 3, **said: Any) -> dict[str, Any]:
    common = {"kind": "statement_taken", "occurred_at": day(2), "victim": f"v{of}", "source": "rms"}
    return {"event_id": name, "entered_at": day(entered), **common} | said


class GrowingForce:
    """A store in a folder, and the extracts loaded into it."""

    def __init__(self, folder: Path, now: datetime = NOW) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.number, self.now = folder, 0, now
        self.store = Store.create(folder / "store")

    @classmethod
    def like(cls, folder: Path, into: Path, now: datetime = NOW, loads: int = 1) -> "GrowingForce":
        """One as it stands in a folder, after so many loads, in a new folder; it goes on by itself."""
        shutil.copytree(folder, into)
        like = cls.__new__(cls)
        like.folder, like.number, like.now, like.store = into, loads, now, Store.open(into / "store")
        return like

    def copy(self, folder: Path) -> "GrowingForce":
        """One like it, in a new folder, that goes on by itself: to load takes a second, to copy next to nothing."""
        return self.like(self.folder, folder, self.now, self.number)

    def load(self, **tables: Rows) -> LoadReport:
        return load(self.store, self.staged(**tables), self.now)

    def staged(self, **tables: Rows) -> Staged:
        """An extract that has been read and not yet loaded."""
        self.number += 1
        extract = self.folder / f"extract-{self.number}"
        extract.mkdir()
        for name, rows in tables.items():
            schema = arrow_schema(name, origin=False)
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), extract / f"{name}.parquet")
        return stage(Mapping.load("contract", standard()), extract, self.folder / f"staged-{self.number}", now=self.now)

    def latest(self) -> StoreVersion:
        return self.store.latest()

    def made(self) -> dict[str, int]:
        """The version that prepared each subject's timeline."""
        version = self.latest()
        return {row["id"]: row["made"] for bucket in version.buckets() for row in version.subjects(bucket).to_pylist()}
