"""A worker that is killed at any moment loses nothing and does nothing twice: another takes up what it had begun."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kept.engine.results import runs
from kept.records.store import Store
from tests.support import postgresql
from tests.support.extracts import CRIMES, ROWS_OF_A_CRIME, extract
from tests.support.processes import Begun, begin, command

SIZES = (CRIMES, CRIMES)
"""Crimes of each extract: as many, so that nothing but its mark tells what a try of a load has made from another's."""
KILLS = 3  # fewer than the tries after which a job is given up
PATIENCE = 120.0
_ASK = """
import json, sys, django
django.setup()
from kept.web.jobs import queue
from kept.web.jobs.models import Job
wanted = ("kind", "ended", "given_up", "tries", "says", "came_to")
for folder in map(str.strip, sys.stdin):
    if folder:
        queue.ask("load", {"folder": folder, "mapping": "contract", "origin": "sent"}, key=folder)
    jobs = [{name: getattr(one, name) for name in wanted} for one in Job.objects.order_by("pk")]
    print(json.dumps(jobs, default=str), flush=True)
"""
"""Asks for the load of each folder that it is told, and after each line says what became of the jobs."""


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

    def worker(self) -> Begun:
        worker = begin(command, ("worker",), into=self.store.parent, environment=self.environment)
        worker.wait_until_it_says("At work")
        return worker

    @contextmanager
    def asked(self, folders: Iterable[Path]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
        """Have these loaded; what is yielded says what became of the jobs."""
        command = [sys.executable, "-c", _ASK]
        environment, pipe = self.environment, subprocess.PIPE
        with (
            self.log.open("a") as log,
            subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=log, text=True) as asking,
        ):

            def jobs(folder: str = "") -> list[dict[str, Any]]:
                assert asking.stdin
                assert asking.stdout
                asking.stdin.write(f"{folder}\n")
                asking.stdin.flush()
                found: list[dict[str, Any]] = json.loads(asking.stdout.readline())
                return [one for one in found if one["kind"] in ("load", "evaluate", "members", "worklist")]

            for folder in folders:
                jobs(str(folder))
            yield jobs


def all_done(jobs: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = jobs()
        if all(one["ended"] not in ("None", None) for one in found):
            return found
        time.sleep(0.2)
    raise AssertionError(jobs())


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_does_nothing_twice(tmp_path: Path, database: str) -> None:
    served, moments = Served(tmp_path, database), random.Random(7)
    served.worker().send(signal.SIGTERM)  # makes the home and its database
    with served.asked(extract(tmp_path, number, crimes) for number, crimes in enumerate(SIZES)) as become:
        for _ in range(KILLS):
            worker = served.worker()
            time.sleep(moments.uniform(0.05, 2.5))
            worker.send(signal.SIGKILL)
        two = served.worker(), served.worker()
        jobs = all_done(become)
        assert [worker.send(signal.SIGTERM) for worker in two] == [0, 0]
    assert not any(job["given_up"] for job in jobs), jobs
    store = Store.open(served.store)
    assert store.numbers() == [1, 2], "each extract made one version"
    loads = [job["came_to"] for job in jobs if job["kind"] == "load"]
    assert sorted(one["rows"] for one in loads) == [crimes * ROWS_OF_A_CRIME for crimes in SIZES]
    assert sorted((one["version"], one["changed"]) for one in loads) == [(1, True), (2, True)]
    evaluations = {job["came_to"]["run"] for job in jobs if job["kind"] == "evaluate"}
    made = runs(store)
    assert {run.id for run in made} == evaluations
    assert made[0].version.number == len(SIZES)
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
    assert worker.send(signal.SIGTERM) == 0
    assert time.monotonic() - began < 5
