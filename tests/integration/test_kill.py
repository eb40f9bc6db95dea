"""A load that is killed at any moment leaves the last good version, and the next load is whole."""

import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept.contract.vocabulary import standard
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.staging import stage
from kept.records.store import Store
from tests.support.extracts import CRIMES, ROWS_OF_A_CRIME, extract
from tests.support.processes import Begun, begin, say

KILLS = 20
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def load_one(folder: Path, from_extract: Path) -> None:
    staged = stage(Mapping.load("contract", standard()), from_extract, folder / "staged", now=NOW)
    say("ready")
    load(Store.open(folder / "store"), staged, NOW)


def start(folder: Path, from_extract: Path) -> Begun:
    loader = begin(load_one, folder, from_extract, into=folder)
    loader.wait_until_it_says("ready")
    return loader


def seconds_of_a_load(folder: Path, from_extract: Path) -> float:
    loader, began = start(folder, from_extract), time.monotonic()
    assert loader.wait() == 0
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
    killed, before = 0, whole(store)
    for number in range(1, KILLS + 1):
        day = extract(tmp_path, number)
        loader = start(tmp_path, day)
        time.sleep(delays.uniform(0, length))
        killed += loader.send(signal.SIGKILL) == -signal.SIGKILL
        after, loaded = whole(store), (before[0] + 1, 400 * (number + 1), before[2] // number * (number + 1))
        assert after in (before, loaded)
        if after == before:
            staged = stage(Mapping.load("contract", standard()), day, tmp_path / "again", now=NOW)
            assert load(store, staged, NOW).total("accepted") == CRIMES * ROWS_OF_A_CRIME
            assert whole(store) == loaded
        before = loaded
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
