"""The ids of events that the records hold: every one is found, whichever load brought it, and hardly another."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kept.web import latest
from kept.web.worklist import ids
from kept.web.worklist.making import make
from tests.support.forces import GrowingForce
from tests.web.conftest import ago, charge


@pytest.fixture
def home(growing: GrowingForce, settings: Any, tmp_path: Path) -> Path:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path / "home")
    return tmp_path / "home"


def test_what_each_load_brings_is_found_and_nothing_else(growing: GrowingForce, home: Path) -> None:
    assert ids.perhaps_held(["X1", "X2", "X3", "X1"]) == ["X1", "X2"]
    growing.load(events=[charge("X3", "C2", 20)])
    assert ids.perhaps_held(["X1", "X2", "X3", "X4"]) == ["X1", "X2", "X3"]
    growing.load(events=[charge("X4", "C2", 21)])
    assert ids.perhaps_held(["X4", "X5", "", "é\u0000"]) == ["X4"]
    assert ids.perhaps_held([]) == []
    assert len(list(home.rglob("ids-*.npy"))) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.rglob("ids-*.npy"))


def test_records_without_events_hold_none(settings: Any, tmp_path: Path) -> None:
    grown = GrowingForce(tmp_path / "bare")
    grown.load(crimes=[{"crime": "C1", "entered_at": ago(900)}])
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=grown.store.path, home=tmp_path)
    assert ids.perhaps_held(["X1"]) == []


@pytest.mark.parametrize("name", ["E00000005", "é", "a" * 200, "x y-/@.1", "\u4e8c\U0001f600"])
def test_a_digest_is_the_one_that_the_file_was_made_with(name: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute("SELECT md5_number_lower($1)", [name]).fetchall() == [(ids._digest(name),)]


def test_the_file_of_a_version_is_made_once(growing: GrowingForce, home: Path) -> None:
    first = ids.make(latest.version())
    changed = first.stat().st_mtime_ns
    assert ids.make(latest.version()) == first
    assert first.stat().st_mtime_ns == changed


def test_making_sweeps_up_after_who_was_killed_and_not_what_another_writes(growing: GrowingForce, home: Path) -> None:
    """The worklist and the ids are written in one folder, each while the other may be."""
    folder = ids.make(latest.version()).parent
    ours, theirs = folder / ".unfinished-ids-1.npy", folder / ".unfinished-worklist-1"
    ours.touch()
    theirs.touch()
    make(folder, latest.version(), None)
    assert (ours.exists(), theirs.exists()) == (True, False)
    theirs.touch()
    growing.load(events=[charge("X9", "C2", 22)])
    ids.make(latest.version())
    assert (ours.exists(), theirs.exists()) == (False, True)
