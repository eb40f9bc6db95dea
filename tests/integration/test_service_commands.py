"""The commands of the service, as somebody runs them: contact details, and the access log."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.forces import GrowingForce, day


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def kept(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return processes.kept(*arguments, environment={"KEPT_HOME": str(home)})


def test_the_log_of_a_new_home_is_verified_and_tampering_is_found(home: Path, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("person,phone\nP1,07700 900123\n")
    loaded = kept(home, "contacts", "load", str(tmp_path / "contacts.csv"))
    assert (loaded.returncode, loaded.stdout) == (0, "Contact details of 1 persons are loaded.\n")
    assert [path.stat().st_mode & 0o077 for path in (home, home / "secret-key", home / "sealing-keys")] == [0, 0, 0]
    database = sqlite3.connect(home / "web.sqlite3")
    (ended,) = database.execute("SELECT number || ':' || digest FROM consulted_head").fetchone()
    assert ended.startswith("1:")
    assert b"07700" not in b"".join(path.read_bytes() for path in home.iterdir())
    with pytest.raises(sqlite3.DatabaseError, match="never changed"):
        database.execute("UPDATE consulted_access SET who = 'x'")
    database.execute("DROP TRIGGER access_log_kept_from_UPDATE")
    database.execute("UPDATE consulted_access SET who = 'x'")
    database.commit()
    database.close()
    found = kept(home, "log", "verify", "--head", ended)
    assert found.returncode == 13
    assert "broken at line 1" in found.stderr


@pytest.mark.parametrize(
    "command", ["log verify", "log head", "contacts forget P1", "contacts rotate", "people token list"]
)
def test_a_folder_without_a_service_is_not_taken_for_an_empty_one(home: Path, command: str) -> None:
    done = kept(home, *command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no service in this folder.\n")
    assert not home.exists()


def test_details_that_are_not_there_are_said_to_be_so(home: Path, tmp_path: Path) -> None:
    done = kept(home, "contacts", "load", str(tmp_path / "none.csv"))
    assert done.returncode == 10
    assert done.stderr.startswith("There is no such file or folder.\n")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    """Two victims of one crime: Jane, under two ids, and John."""
    grown, entered = GrowingForce(tmp_path_factory.mktemp("service")), {"entered_at": day(1)}
    merged = {"fact_id": "m", "subject_kind": "person", "subject": "jane-too", "attribute": "merged_into"}
    people = (("V1", "jane"), ("V2", "john"), ("V3", "jane-too"))
    grown.load(
        crimes=[{"crime": "C1", "investigation": "I1", "reported_at": day(0), **entered}],
        victims=[{"victim": victim, "crime": "C1", "person": person, **entered} for victim, person in people],
        facts=[{**merged, "value": "jane", "valid_from": day(1), **entered}],
        postings=[{"investigation": "I1", "officer": "O1", "team": "Red", "area": "North", "from": day(1)}],
    )
    return grown


@pytest.fixture
def store(grown: GrowingForce, tmp_path: Path) -> Path:
    return grown.copy(tmp_path / "force").store.path


def worklist(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (home / "worklist").rglob("*.sqlite"))


def test_who_is_erased_is_so_from_records_and_service_alike(home: Path, store: Path, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(
        "person,phone\njane,07700 900123\njane-too,07700 900124\njohn,07700 900125\n"
    )
    assert kept(home, "contacts", "load", str(tmp_path / "contacts.csv")).returncode == 0
    asked = ("erase", "jane", "--because", "request 17", "--store", str(store))
    done = kept(home, *asked)
    assert done.returncode == 0, done.stderr
    assert "contact details" in done.stdout
    with sqlite3.connect(home / "web.sqlite3") as database:
        assert database.execute("SELECT person FROM contacts_contact").fetchall() == [("john",)]
        assert database.execute("SELECT why FROM consulted_access WHERE kind = 'erasure'").fetchall() == [
            ("request 17",)
        ]
    database.close()
    assert b"john" in worklist(home)
    assert b"jane" not in worklist(home)
    assert kept(home, *asked).returncode == 9


def test_without_a_service_only_the_records_are_looked_through(store: Path, tmp_path: Path, repository: Path) -> None:
    asked = ["erase", "jane", "--because", "request 17", "--store", str(store)]
    wrong = kept(tmp_path / "nowhere", *asked)
    assert (wrong.returncode, "no service in this folder" in wrong.stderr) == (2, True)
    assert not (tmp_path / "nowhere").exists()
    command = [sys.executable, "-c", "import sys; from kept.cli import main; sys.exit(main())", *asked]
    alone = {name: text for name, text in os.environ.items() if not name.startswith("KEPT_")}
    alone["PYTHONPATH"] = str(repository)
    done = subprocess.run(command, env=alone, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "There is no service here" in done.stdout) == (0, True), done.stderr
