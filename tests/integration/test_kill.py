"""A load that is killed at any moment leaves the last good version, and the next load is whole."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.contract.vocabulary import standard
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.schema import arrow_schema
from kept.records.staging import stage
from kept.records.store import Store

KILLS = 20
NOW = datetime(2025, 1, 1, tzinfo=UTC)
DAWN = datetime(2024, 1, 1, tzinfo=UTC)

LOADER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from kept.contract.vocabulary import standard
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.staging import stage
from kept.records.store import Store
import deltalake, duckdb, pyarrow.dataset
now = datetime(2025, 1, 1, tzinfo=UTC)
folder = Path(sys.argv[1])
staged = stage(Mapping.load("contract", standard()), Path(sys.argv[2]), folder / "staged", now=now)
print("ready", flush=True)
load(Store.open(folder / "store"), staged, now)
print("done", flush=True)
"""


def extract(folder: Path, number: int) -> Path:
    """A day's extract: forty new crimes, and ten events for each."""
    into = folder / f"extract-{number}"
    into.mkdir()
    at = DAWN + timedelta(days=number)
    names = [f"{number}-{i}" for i in range(40)]
    tables = {
        "crimes": [{"crime": f"c{n}", "reported_at": at, "entered_at": at} for n in names],
        "victims": [{"victim": f"v{n}", "crime": f"c{n}", "entered_at": at} for n in names],
        "events": [
            {"event_id": f"e{n}-{j}", "kind": "statement_taken", "victim": f"v{n}", "occurred_at": at, "entered_at": at}
            for n in names
            for j in range(10)
        ],
    }
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False)), into / f"{name}.parquet")
    return into


def start(folder: Path, from_extract: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LOADER, str(folder), str(from_extract)]
    loader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert loader.stdout is not None
    assert loader.stdout.readline() == "ready\n"
    return loader


def seconds_of_a_load(folder: Path, from_extract: Path) -> float:
    loader = start(folder, from_extract)
    began = time.monotonic()
    assert loader.wait() == 0
    if loader.stdout is not None:
        loader.stdout.close()
    return time.monotonic() - began


def whole(store: Store) -> tuple[int, int, int]:
    """The latest version's number, events and entries, read to the last row."""
    version = store.latest()
    events = version.table("events")
    entries = sum(version.timelines(bucket).num_rows for bucket in version.buckets())
    return version.number, 0 if events is None else events.num_rows, entries


@pytest.mark.slow
def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    delays = random.Random(20)
    store = Store.create(tmp_path / "store")
    length = seconds_of_a_load(tmp_path, extract(tmp_path, 0))
    killed = 0
    for number in range(1, KILLS + 1):
        day, before = extract(tmp_path, number), whole(store)
        loader = start(tmp_path, day)
        time.sleep(delays.uniform(0, length))
        loader.send_signal(signal.SIGKILL)
        killed += loader.wait() == -signal.SIGKILL
        if loader.stdout is not None:
            loader.stdout.close()
        assert whole(store) in (before, (before[0] + 1, 400 * (number + 1), before[2] // number * (number + 1)))
        if whole(store) == before:
            staged = stage(Mapping.load("contract", standard()), day, tmp_path / "again", now=NOW)
            assert load(store, staged, NOW).total("accepted") == 480
    assert whole(store) == (KILLS + 1, 400 * (KILLS + 1), before[2] // KILLS * (KILLS + 1))
    assert killed > KILLS // 2
    assert not list(store.folder.glob(".loading"))
    assert orphans(store) == []


def orphans(store: Store) -> list[str]:
    """Parquet files that no version knows."""
    known = set()
    for number in store.numbers():
        version = store.version(number)
        known |= {path for name in version.manifest.tables for path in version.files(name)}
    return [str(path) for path in (store.folder / "tables").rglob("*.parquet") if path not in known]
