"""A worker that is killed at any moment loses nothing and does nothing twice: another takes up what it had begun."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.engine.results import runs
from kept.records.schema import arrow_schema
from kept.records.store import Store
from tests.support import postgresql

EXTRACTS = 2
KILLS = 3  # fewer than the tries after which a job is given up
PATIENCE = 120.0
DAWN = datetime(2024, 1, 1, tzinfo=UTC)
_ASK = """
import sys, django
django.setup()
from kept.web.jobs import queue
for folder in sys.argv[1:]:
    queue.ask("load", {"folder": folder, "mapping": "contract", "origin": "sent"}, key=folder)
"""
_READ = """
import json, django
django.setup()
from kept.web.jobs.models import Job
wanted = ("kind", "ended", "given_up", "tries", "says", "came_to")
print(json.dumps([{name: getattr(one, name) for name in wanted} for one in Job.objects.order_by("pk")], default=str))
"""


def extract(folder: Path, number: int) -> Path:
    """Forty new crimes, with a victim and some events each."""
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
    else:
        with postgresql.running() as address:
            yield address


class Served:
    """The service's home, its store, and the processes that work on them."""

    def __init__(self, folder: Path, database: str) -> None:
        self.store = folder / "store"
        given = {"KEPT_HOME": str(folder / "home"), "KEPT_STORE": str(self.store), "DATABASE_URL": database}
        given |= {"KEPT_LEASE_SECONDS": "2", "KEPT_NIGHTLY": "", "DJANGO_SETTINGS_MODULE": "kept.web.settings"}
        self.environment = os.environ | given
        self.log = folder / "log"

    def run(self, code: str, *arguments: str) -> str:
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def worker(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "import sys; from kept.cli import main; sys.exit(main())", "worker"]
        with self.log.open("a") as log:
            started = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        assert started.stdout is not None
        assert started.stdout.readline().startswith("At work"), self.log.read_text()[-3000:]
        return started

    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run(_READ))
        return [one for one in found if one["kind"] in ("load", "evaluate", "members", "worklist")]

    def all_done(self) -> list[dict[str, Any]]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = self.jobs()
            if all(one["ended"] != "None" and one["ended"] for one in found):
                return found
            time.sleep(3)  # to ask costs a process
        raise AssertionError(f"{self.jobs()}\n{self.log.read_text()[-3000:]}")


def end(worker: subprocess.Popen[str], how: int) -> int:
    worker.send_signal(how)
    code = worker.wait(60)
    if worker.stdout:
        worker.stdout.close()
    return code


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_does_nothing_twice(tmp_path: Path, database: str) -> None:
    served, moments = Served(tmp_path, database), random.Random(7)
    end(served.worker(), signal.SIGTERM)  # makes the home and its database
    served.run(_ASK, *(str(extract(tmp_path, number)) for number in range(EXTRACTS)))
    for _ in range(KILLS):
        worker = served.worker()
        time.sleep(moments.uniform(0.05, 2.5))
        end(worker, signal.SIGKILL)
    two = served.worker(), served.worker()
    jobs = served.all_done()
    assert [end(worker, signal.SIGTERM) for worker in two] == [0, 0]
    assert not any(job["given_up"] for job in jobs), jobs
    store = Store.open(served.store)
    assert store.numbers() == list(range(1, EXTRACTS + 1)), "each extract made one version"
    loads = [job["came_to"] for job in jobs if job["kind"] == "load"]
    assert sorted((one["version"], one["changed"], one["rows"]) for one in loads) == [
        (number, True, 480) for number in store.numbers()
    ]
    evaluations = {job["came_to"]["run"] for job in jobs if job["kind"] == "evaluate"}
    made = runs(store)
    assert {run.id for run in made} == evaluations
    assert made[0].version.number == EXTRACTS
    for run in made:
        with run.reading() as connection:
            (count,) = connection.sql("SELECT count(*) FROM stored").fetchall()[0]
        assert count == run.manifest["obligations"]
    assert not list(store.path.glob(".staging-*"))
    assert not list((store.folder / "runs").glob(".unfinished-*"))


def test_a_worker_that_is_told_to_stop_does_so_at_once(tmp_path: Path) -> None:
    served = Served(tmp_path, "")
    worker = served.worker()
    began = time.monotonic()
    assert end(worker, signal.SIGTERM) == 0
    assert time.monotonic() - began < 5
