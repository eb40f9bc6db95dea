"""Evaluations that go wrong: killed, disturbed, on damaged files. One clear sentence each, and nothing is lost."""

import errno
import random
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from kept.cli.command import main
from kept.code import loader
from kept.engine.results import open_run, runs
from kept.engine.run import evaluate_store
from kept.errors import StoreError
from kept.records.reading import readable
from kept.records.store import Store
from tests.support.processes import Begun, begin, command
from tests.support.runs import table_of, without_runs

BOOK = loader.rulebook(loader.DEFAULT_RULEBOOK)
AS_OF = datetime(2026, 6, 29, 12, tzinfo=UTC)
KILLS = 10


@pytest.fixture
def store(force: Path, tmp_path: Path) -> Store:
    """A copy of the invented force without any run."""
    return without_runs(force / "store", tmp_path / "store")


def evaluating(store: Store, as_of: datetime) -> Begun:
    named = ("evaluate", "--store", str(store.path), "--as-of", str(as_of))
    return begin(command, named, into=store.path.parent)


@pytest.mark.parametrize("standing", [False, True], ids=["full", "incremental"])
def test_killed_at_any_point_the_last_run_stays_and_the_next_is_whole(store: Store, standing: bool) -> None:
    chance = random.Random(3)
    earlier = evaluate_store(store, store.latest(), BOOK, AS_OF - timedelta(days=2)) if standing else None
    rows = table_of(earlier) if earlier else None
    started = time.monotonic()
    assert evaluating(store, AS_OF).wait() == 0
    took = time.monotonic() - started
    wanted = runs(store)[0]
    found, before = table_of(wanted), len(runs(store))
    for _ in range(KILLS):
        shutil.rmtree(wanted.folder, ignore_errors=True)
        process = evaluating(store, AS_OF)
        time.sleep(chance.uniform(0.3, 1.0) * took)
        process.send(signal.SIGKILL)
        assert len(runs(store)) in (before - 1, before)
        assert earlier is None or table_of(open_run(store, earlier.id)) == rows
        again = evaluate_store(store, store.latest(), BOOK, AS_OF)
        assert len(again.layers) == (2 if standing else 1)
        assert table_of(again) == found
    assert not list((store.folder / "runs").glob(".unfinished-*"))


def test_two_at_once_are_one_run(store: Store) -> None:
    first, second = evaluating(store, AS_OF), evaluating(store, AS_OF)
    assert (first.wait(), second.wait()) == (0, 0)
    assert len(runs(store)) == 1


def test_whoever_waits_for_another_says_so(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    first = evaluating(store, AS_OF)
    while not list((store.folder / "runs").glob(".unfinished-*")):
        time.sleep(0.01)
    assert main(["evaluate", "--store", str(store.path), "--as-of", str(AS_OF)]) == 0
    assert first.wait() == 0
    assert "waiting for them" in capsys.readouterr().err
    assert len(runs(store)) == 1


@pytest.mark.parametrize("how", ["missing", "truncated"])
def test_a_damaged_bucket_is_named(store: Store, how: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = store.latest().files("timelines")[0]
    path.unlink() if how == "missing" else path.write_bytes(path.read_bytes()[:5000])
    assert main(["evaluate", "--store", str(store.path), "--as-of", str(AS_OF)]) == 6
    said = capsys.readouterr().err
    assert "A file of the store cannot be read." in said
    assert path.name in said
    assert runs(store) == []


def test_a_run_with_a_missing_file_is_named_and_none_stands_on_it(store: Store) -> None:
    run = evaluate_store(store, store.latest(), BOOK, AS_OF - timedelta(days=1))
    next(run.folder.glob("rows-*.parquet")).unlink()
    with pytest.raises(StoreError, match="is damaged"):
        open_run(store, run.id)
    assert len(evaluate_store(store, store.latest(), BOOK, AS_OF).layers) == 1


def test_a_run_of_another_kept_is_said_and_none_stands_on_it(store: Store) -> None:
    run = evaluate_store(store, store.latest(), BOOK, AS_OF - timedelta(days=1))
    manifest = run.folder / "run.json"
    manifest.write_text(manifest.read_text().replace('"format": 2', '"format": 1'))
    with pytest.raises(StoreError, match="made by another Kept"):
        open_run(store, run.id)
    assert len(evaluate_store(store, store.latest(), BOOK, AS_OF).layers) == 1


def test_a_disk_that_fills_up_leaves_no_run(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*args: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("kept.engine.local.pq.write_table", full)
    assert main(["evaluate", "--store", str(store.path), "--as-of", str(AS_OF)]) == 10
    assert "The disk is full." in capsys.readouterr().err
    assert runs(store) == []
    monkeypatch.undo()
    assert evaluate_store(store, store.latest(), BOOK, AS_OF).manifest["obligations"] > 0


def test_a_disk_that_is_full_while_records_are_read_is_no_damage(store: Store) -> None:
    full = duckdb.IOException("IO Error: Could not write file “spill”: No space left on device")
    with pytest.raises(duckdb.IOException, match="No space left"), readable(store.latest().files("events")):
        raise full
