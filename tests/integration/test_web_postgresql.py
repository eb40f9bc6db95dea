"""On PostgreSQL the service does what it does on SQLite: the tests of what it keeps in its database run there too."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import django
import pytest
from django.core.management import call_command

from tests.support import postgresql
from tests.support.processes import begin, say

WRITERS = 3
LINES = 25
OF_THE_DATABASE = ("access_log", "contact_page", "contacts_load", "given", "jobs", "outsider", "sign_in")
FORMS = "tests/web/forms/test_forms.py"
SAMPLE = (
    "test_what_is_right_is_done_once_however_often_it_is_sent",
    "test_who_lost_their_role_meanwhile_changes_nothing",
    "test_what_is_wrong_in_a_field_is_said_in_words[contact]",
)
"""Of what is done to every form: what it writes, and once, for whom, and wrong text in one of them."""
IN_SHORT = [*(f"tests/web/test_{name}.py" for name in OF_THE_DATABASE), *(f"{FORMS}::{name}" for name in SAMPLE)]
"""The tests of which a database decides the outcome; with every form only where `make postgresql` asks."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgresql.running() as found:
        yield found


def make_tables() -> None:
    django.setup()
    call_command("migrate", verbosity=0)


def write() -> None:
    django.setup()
    from kept.web.consulted.chain import Line, add

    for number in range(LINES):
        add(Line("consultation", "writer", "test", why=str(number)))


def write_to_disk() -> None:
    django.setup()
    from django.db import connection

    from kept.web.consulted.chain import Line, add

    on_disk = []
    for _ in range(3):  # the server writes lines of its own now and then
        add(Line("consultation", "writer", "test"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()")
            on_disk += cursor.fetchone()
    say(str(any(on_disk)))


def read() -> None:
    django.setup()
    from kept.web.consulted.chain import head, verify

    say(f"{verify()} {head().number}")


@pytest.mark.parametrize(
    "wanted", [pytest.param(IN_SHORT, id="short"), pytest.param([FORMS], id="every form", marks=pytest.mark.every)]
)
def test_what_passes_on_sqlite_passes_on_postgresql(address: str, repository: Path, wanted: list[str]) -> None:
    command = [sys.executable, "-m", "pytest", *wanted, "-q", "-p", "no:cacheprovider"]
    environment = os.environ | {"DATABASE_URL": address}
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert " passed" in done.stdout
    assert " skipped" not in done.stdout


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_processes_write_one_whole_log(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """None waits in vain, none's line is lost, and the chain holds."""
    url = request.getfixturevalue("address") if kind == "postgresql" else ""
    given = {"KEPT_HOME": str(tmp_path), "DATABASE_URL": url, "KEPT_SECRET_KEY": "x"}
    given["DJANGO_SETTINGS_MODULE"] = "kept.web.settings"
    started = partial(begin, into=tmp_path, environment=os.environ | given)
    assert started(make_tables).wait() == 0
    writers = [started(write) for _ in range(WRITERS)]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    reader = started(read)
    assert (reader.wait(), reader.said.split()) == (0, ["None", str(WRITERS * LINES)])


def test_a_line_is_on_the_disk_once_it_is_added(address: str, tmp_path: Path) -> None:
    """Though whoever adds the next one does not wait for that."""
    given = {"KEPT_HOME": str(tmp_path), "DATABASE_URL": address, "KEPT_SECRET_KEY": "x"}
    given["DJANGO_SETTINGS_MODULE"] = "kept.web.settings"
    started = partial(begin, into=tmp_path, environment=os.environ | given)
    assert started(make_tables).wait() == 0
    writer = started(write_to_disk)
    assert (writer.wait(), writer.said.strip()) == (0, "True")
