"""The obligations of a run as tests look at them."""

import shutil
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from kept.engine.obligation import SCHEMA
from kept.engine.results import Run, runs
from kept.records.store import Store

_COLUMNS = ", ".join(f'"{name}"' for name in SCHEMA.names)


def table_of(run: Run, clock: datetime | None = None) -> pa.Table:
    """All obligations in their order."""
    with run.obligations(clock) as connection:
        found = connection.sql(f"SELECT {_COLUMNS} FROM obligations ORDER BY subject, row").to_arrow_table()
    return found.cast(SCHEMA)


def obligations_of(run: Run, clock: datetime | None = None) -> list[dict[str, Any]]:
    """As `table_of`, each a dictionary."""
    found: list[dict[str, Any]] = table_of(run, clock).to_pylist()
    return found


def last_run(store: Path) -> Run:
    """The run made last in a store."""
    return runs(Store.open(store))[0]


def without_runs(store: Path, to: Path) -> Store:
    """A copy of a store in which nothing was ever evaluated."""
    shutil.copytree(store, to, ignore=shutil.ignore_patterns("runs"))
    (Store.open(to).folder / "runs").mkdir()
    return Store.open(to)


def digest(run: Run) -> str:
    """A digest of what a run says, whatever numbers the subjects were given, and so in whatever order they stand."""
    said = sorted(repr({**row, "subject": None}) for row in obligations_of(run))
    return sha256("\n".join(said).encode()).hexdigest()
