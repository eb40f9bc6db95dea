"""The index by which pages find a case: it says what the records say, and nobody waits for it while it is made."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kept.records.lookup import Index, Lookup
from kept.web import latest
from kept.web.charge.models import ChargeTask
from kept.web.charge.tasks import read_charges
from kept.web.entered.cases import case_file
from kept.web.jobs import asking, background
from kept.web.jobs.models import Job
from kept.web.jobs.worker import Worker
from kept.web.worklist import index
from kept.web.worklist.current import folder
from tests.support.forces import GrowingForce
from tests.web.conftest import ago, charge


@pytest.fixture
def home(db: None, growing: GrowingForce, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path / "home")
    monkeypatch.setattr(asking, "_asked", {})
    monkeypatch.setattr(index, "_read", [])
    return tmp_path / "home"


def charged_by(investigation: str) -> set[str]:
    entries = [entry for one in case_file(investigation).subjects for entry in one.timeline.events["suspect_charged"]]
    return {one.id for one in entries}


def test_what_was_written_finds_what_the_records_hold(home: Path) -> None:
    version = latest.version()
    read, made = Lookup(version, Index.read(index.make(version))), Lookup(version)
    assert read.subjects("I1").num_rows > 0
    for investigation in ("I1", "I2", "none", ""):
        assert read.subjects(investigation).equals(made.subjects(investigation))
        assert read.postings(investigation).equals(made.postings(investigation))
        assert read.entries(read.subjects(investigation)).equals(made.entries(made.subjects(investigation)))


def test_entries_that_are_kept_are_those_of_the_subjects_that_are_asked_for(home: Path) -> None:
    lookup = Lookup(latest.version())
    for investigation in ("I1", "I2", "I1"):
        subjects = lookup.subjects(investigation)
        known = set(subjects.column("subject").to_pylist())
        assert set(lookup.entries(subjects).column("subject").to_pylist()) <= known


def test_without_a_worker_what_was_just_loaded_is_read_at_once(growing: GrowingForce, home: Path) -> None:
    assert "X9" not in charged_by("I2")
    growing.load(events=[charge("X9", "C2", 20)])
    assert "X9" in charged_by("I2")


def test_while_the_worker_makes_it_the_version_before_is_read(
    growing: GrowingForce, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = charged_by("I2")
    monkeypatch.setattr(background, "alive", lambda: True)
    growing.load(events=[charge("X9", "C2", 20)])
    assert [charged_by("I2") for _ in range(3)] == [before] * 3
    assert list(Job.objects.values_list("kind", flat=True)) == ["index"]
    Worker().run_once()
    assert charged_by("I2") == before | {"X9"}


def test_a_charge_is_looked_for_in_the_version_that_brought_it(
    growing: GrowingForce, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    charged_by("I2")
    read_charges()
    monkeypatch.setattr(background, "alive", lambda: True)
    growing.load(events=[charge("X9", "C2", 20)])
    read_charges()
    assert ChargeTask.objects.filter(event="X9").exists()


def test_one_of_another_generation_is_never_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = index.indexed()
    monkeypatch.setattr(background, "alive", lambda: True)
    moved = home / "gen-0002"
    shutil.copytree(version.folder, moved)
    erased = replace(version, folder=moved)
    monkeypatch.setattr(latest, "version", lambda: erased)
    assert index.indexed() is erased
    assert [one.name for one in folder().glob("index-*")] == [index.make(erased).name]


def test_only_the_last_one_is_kept_and_nobody_else_may_read_it(growing: GrowingForce, home: Path) -> None:
    first = index.make(latest.version())
    growing.load(events=[charge("X9", "C2", 20)])
    last = index.make(latest.version())
    assert list(folder().glob("index-*")) == [last]
    assert first != last
    assert last.stat().st_mode & 0o077 == 0


def test_who_comes_late_deletes_no_later_one(growing: GrowingForce, home: Path) -> None:
    early = latest.version()
    growing.load(events=[charge("X9", "C2", 20)])
    last = index.make(latest.version())
    index.make(early)
    assert last.exists()


def test_another_store_in_the_same_place_has_another(home: Path) -> None:
    """As where the store was put back from a backup, and then something else was loaded."""
    version = latest.version()
    other = replace(version, manifest=replace(version.manifest, made_at="2000-01-01T00:00:00+00:00"))
    first, second = index.make(version), index.make(other)
    assert first != second
    assert list(folder().glob("index-*")) == [second]


def test_one_that_is_damaged_is_made_anew(home: Path) -> None:
    made = index.make(latest.version())
    undamaged = {file.name: file.read_bytes() for file in made.iterdir()}
    for file in made.iterdir():
        file.write_bytes(b"not an index")
    assert case_file("I1").subjects
    assert {file.name: file.read_bytes() for file in made.iterdir()} == undamaged


def test_a_force_without_postings_has_an_index(settings: Any, home: Path, tmp_path: Path) -> None:
    bare = GrowingForce(tmp_path / "bare")
    bare.load(crimes=[{"crime": "C1", "entered_at": ago(900)}])
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=bare.store.path)
    assert index.indexed().lookup.postings("C1").num_rows == 0
