"""On PostgreSQL the service does what it does on SQLite: the tests of what it keeps in its database run there too."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import postgresql

WRITERS = 3
LINES = 25
OF_THE_DATABASE = ("access_log", "contact_page", "contacts_load", "given", "jobs", "sign_in")
"""The tests of `tests/web` of which a database decides the outcome."""
_WRITE = f"""
import django
django.setup()
from kept.web.consulted.chain import Line, add
for number in range({LINES}):
    add(Line("consultation", "writer", "test", why=str(number)))
"""
_READ = """
import django
django.setup()
from kept.web.consulted.chain import head, verify
print(verify(), head().number)
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgresql.running() as found:
        yield found


def run(command: list[str], **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], env=os.environ | environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_what_passes_on_sqlite_passes_on_postgresql(address: str, repository: Path) -> None:
    wanted = [str(repository / "tests" / "web" / f"test_{name}.py") for name in OF_THE_DATABASE]
    said = run(["-m", "pytest", *wanted, "-q", "-p", "no:cacheprovider"], DATABASE_URL=address)
    assert " passed" in said
    assert " skipped" not in said


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_processes_write_one_whole_log(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """None waits in vain, none's line is lost, and the chain holds."""
    url = request.getfixturevalue("address") if kind == "postgresql" else ""
    given = {"KEPT_HOME": str(tmp_path), "DATABASE_URL": url, "KEPT_SECRET_KEY": "x"}
    given["DJANGO_SETTINGS_MODULE"] = "kept.web.settings"
    run(["-m", "django", "migrate", "-v0"], **given)
    command = [sys.executable, "-c", _WRITE]
    writers = [subprocess.Popen(command, env=os.environ | given) for _ in range(WRITERS)]
    assert [writer.wait(120) for writer in writers] == [0] * WRITERS
    assert run(["-c", _READ], **given).split() == ["None", str(WRITERS * LINES)]
