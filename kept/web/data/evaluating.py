"""Evaluating as a job: the latest version as of the moment at which it was first begun."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from kept.code import loader
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.records.store import Store
from kept.web import clock
from kept.web.jobs.task import Task


def evaluated(task: Task) -> Run:
    """The run of the version and the as-of that the first try settled: two tries make one run."""
    store = Store.open(settings.ENVIRONMENT.store)
    number = task.settled("version", lambda: store.latest().number)
    as_of = datetime.fromisoformat(task.settled("as_of", lambda: clock.now().isoformat()))
    version = store.version(number)
    task.step("evaluating", version.manifest.counts["subjects"])
    return evaluate_store(
        store,
        version,
        loader.rulebook(settings.ENVIRONMENT.rulebook or loader.DEFAULT_RULEBOOK),
        as_of,
        progress=task.moved,
        waiting=lambda: task.step("waiting"),
    )


def as_said(run: Run) -> dict[str, Any]:
    """What an evaluation came to, in numbers."""
    made = run.manifest
    counted = {name: made[name] for name in ("obligations", "subjects", "evaluated", "written", "seconds")}
    return {"run": run.id, "as_of": made["as_of"], "version": made["store_version"], **counted}
