"""`kept export`: files that other tools read, that count as Kept does, and that do not leave unlogged."""

import json
import sqlite3
import subprocess
from pathlib import Path

import duckdb
import pytest

from kept.cli.command import main
from kept.engine import summary
from kept.engine.results import Run, runs
from kept.measures.asked import run_to_read
from kept.measures.exported import MANIFEST, VIEWS
from kept.records.store import Store
from tests.support.processes import kept


@pytest.fixture
def force(small_force: Run) -> Path:
    """The folder of a force with a restricted investigation, which a few victims more or fewer may not have."""
    return small_force.folder.parents[3]


def export(force: Path, folder: Path, home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which has no service but the one in `home`."""
    asked = ["export", str(folder), "--store", str(force / "store"), "--home", str(home), "--why", "dashboards", *more]
    return kept(*asked)


def asked(folder: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{folder}'")
        connection.execute((folder / VIEWS).read_text(encoding="utf-8"))
        return connection.execute(query).fetchall()


def test_what_leaves_is_described_logged_and_counts_as_kept_counts(force: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "bi", tmp_path / "home"
    assert export(force, folder, home, "--restricted", "--json").returncode == 0
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    run, _ = run_to_read(Store.open(force / "store"), None)
    assert manifest["run"] == run.id
    for one in manifest["files"]:
        (rows,) = asked(folder, f"SELECT count(*) FROM '{one['file']}'")
        assert rows == (one["rows"],)
        assert all(column["means"] for column in one["columns"])
        assert not any("[]" in column["type"] for column in one["columns"])
    counted = {one.group: (one.judged, one.met, one.at_best) for one in summary.by(("edition", "duty"), run)}
    query = (
        "SELECT edition, duty, sum(judged)::INT, sum(kept)::INT, sum(at_best)::INT FROM duties_by_month GROUP BY ALL"
    )
    found = {(edition, duty): tuple(counts) for edition, duty, *counts in asked(folder, query)}
    assert found == {group: counts for group, counts in counted.items() if counts[0]}
    with sqlite3.connect(home / "web.sqlite3") as database:
        logged = database.execute("SELECT kind, who, why FROM consulted_access").fetchall()
    assert [(kind, who) for kind, who, _ in logged] == [("disclosure", "command")]
    assert f"dashboards: run {run.id}" in logged[0][2]


def test_whoever_names_a_folder_without_a_service_is_told_that_its_log_begins(force: Path, tmp_path: Path) -> None:
    first, second = (export(force, tmp_path / name, tmp_path / "home") for name in ("one", "two"))
    assert "begins with this disclosure" in " ".join(first.stdout.split())
    assert f"The access log in {tmp_path / 'home'} has this disclosure" in " ".join(second.stdout.split())


def test_restricted_investigations_stay(force: Path, tmp_path: Path) -> None:
    assert export(force, tmp_path / "bi", tmp_path / "home").returncode == 0
    version = runs(Store.open(force / "store"))[0].version
    restricted = f"SELECT DISTINCT investigation FROM ({version.relation('restrictions')})"
    assert asked(tmp_path / "bi", f"SELECT count(*) > 0 FROM ({restricted})") == [(True,)]
    for name in ("obligations", "victims", "crimes", "investigations"):
        left = f"SELECT count(*) FROM {name} WHERE investigation IN ({restricted})"
        assert asked(tmp_path / "bi", left) == [(0,)]


def test_what_is_there_is_not_written_over(force: Path, tmp_path: Path) -> None:
    (tmp_path / "bi").mkdir()
    refused = export(force, tmp_path / "bi", tmp_path / "home")
    assert refused.returncode == 2
    assert "It exists already" in refused.stderr
    assert not (tmp_path / "home").exists()


def test_an_export_says_what_it_is_for(force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--store", str(force / "store"), "--home", str(tmp_path / "home")]
    assert main(["export", str(tmp_path / "bi"), "--why", " ", *given]) == 2
    assert "what the export is for" in capsys.readouterr().err
