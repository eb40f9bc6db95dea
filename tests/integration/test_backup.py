"""The commands by which the operations guide backs up and restores bring everything back, on both databases."""

import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.support import postgresql, processes
from tests.support.blocks import blocks
from tests.support.forces import GrowingForce, day

NEEDED = {"sqlite": "sqlite3", "postgresql": "pg_dump"}
_SEEN = """
import django
django.setup()
from kept.web.contacts import book
from kept.web.consulted.chain import head, verify
from kept.records.store import Store
import os
from pathlib import Path
store = Store.open(Path(os.environ["KEPT_STORE"]))
print(book.read("P1").contact.phone, verify(), head().number, store.latest().number)
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    grown, entered = GrowingForce(tmp_path_factory.mktemp("backup")), {"entered_at": day(1)}
    grown.load(
        crimes=[{"crime": "C1", "investigation": "I1", "reported_at": day(0), **entered}],
        victims=[{"victim": "V1", "crime": "C1", "person": "P1", **entered}],
    )
    return grown


@pytest.fixture
def environment(grown: GrowingForce, tmp_path: Path, repository: Path) -> dict[str, str]:
    """Where the service, its store, the backup and the copy of its keys lie."""
    store = grown.copy(tmp_path / "force").store
    for name in ("backup", "keys"):
        (tmp_path / name).mkdir()
    places = {"KEPT_HOME": "home", "BACKUP": "backup", "KEYS": "keys"}
    said = {name: str(tmp_path / place) for name, place in places.items()}
    plain = {name: text for name, text in os.environ.items() if not name.startswith(("KEPT_", "DATABASE", "DJANGO_"))}
    return plain | said | {"KEPT_STORE": str(store.path), "PYTHONPATH": str(repository)}


def run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=environment["BACKUP"])
    assert done.returncode == 0, done.stderr
    return done.stdout


def kept(environment: dict[str, str], *arguments: str) -> None:
    done = processes.kept(*arguments, environment=environment)
    assert done.returncode == 0, done.stderr


def follow(environment: dict[str, str], repository: Path, title: str) -> None:
    """Run a block of the page as it stands there."""
    page = (repository / "docs" / "how-to" / "operate-kept.md").read_text(encoding="utf-8")
    (block,) = (one for one in blocks(page) if one.title == title)
    run(environment, "sh", "-euc", block.text)


def seen(environment: dict[str, str]) -> str:
    return run({**environment, "DJANGO_SETTINGS_MODULE": "kept.web.settings"}, sys.executable, "-c", _SEEN)


@pytest.mark.parametrize("kind", sorted(NEEDED))
def test_what_was_backed_up_is_there_again(environment: dict[str, str], repository: Path, kind: str) -> None:
    if not shutil.which(NEEDED[kind]):
        pytest.skip(f"needs {NEEDED[kind]}")
    with postgresql.running() if kind == "postgresql" else nullcontext("") as address:
        environment["DATABASE_URL"] = address
        if kind == "postgresql" and _is_older(address):
            pytest.skip("needs a pg_dump as new as the server")
        contacts = Path(environment["BACKUP"]) / "contacts.csv"
        contacts.write_text("person,phone\nP1,07700 900123\n")
        kept(environment, "contacts", "load", str(contacts))
        before = seen(environment)
        for part in (kind, "rest"):
            follow(environment, repository, f"backup-{part}")
        kept(environment, "contacts", "forget", "P1")
        for lost in ("KEPT_HOME", "KEPT_STORE"):
            shutil.rmtree(environment[lost])
        for part in ("rest", kind):
            follow(environment, repository, f"restore-{part}")
        assert seen(environment) == before
        assert before.split() == ["07700", "900123", "None", "1", "1"]


def _is_older(address: str) -> bool:
    """Whether the machine's pg_dump refuses this server for being newer than itself."""
    done = subprocess.run(["pg_dump", "--schema-only", address], capture_output=True, text=True)
    return "version mismatch" in done.stderr
