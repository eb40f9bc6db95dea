"""The work of the records: load, evaluate, and make ready what pages read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from kept.engine.results import open_run
from kept.measures.members.making import members_of
from kept.measures.written.made import written_of
from kept.records.store import Store
from kept.web import latest
from kept.web.data import entered, evaluating, extracts, inbox, loading, mappings
from kept.web.jobs.models import Job
from kept.web.jobs.task import Task
from kept.web.jobs.works import does
from kept.web.worklist import anew, ids, index
from kept.web.worklist.current import make_now

LATEST = "latest"
"""The key of an evaluation of what is latest, and of what pages read of it: one that waits does for all who ask."""
NIGHTLY = "nightly"
ENTERED = "entered"
"""Where an extract comes from that holds what was entered here, or pushed."""
_LOOK_EVERY = timedelta(seconds=20)
_ENTERED_EVERY = timedelta(seconds=60)


@does("load")
def load(task: Task) -> dict[str, Any]:
    """An extract through a mapping; then everything is evaluated anew where it brought something."""
    path: Path = settings.ENVIRONMENT.store
    mark = task.settled("mark", lambda: token_hex(8))
    before = task.settled("before", lambda: loading.latest_number(path))
    extract, ours = Path(task.payload["folder"]), task.payload.get("origin") == ENTERED
    task.step("unpacking")
    files, store = extracts.unpacked(extract), loading.opened(path)
    mapping = entered.mapping(files) if ours else mappings.read(task.payload["mapping"])
    report = loading.loaded(store, files, mapping, task.step, mark)
    came_to = loading.as_said(store, before, report)
    inbox.put_away(extract)
    if ours:
        entered.note_loaded(files, came_to["version"])
    if came_to["changed"]:
        task.then("index", key=LATEST)
        task.then("evaluate", key=LATEST)
        task.then("charges", key=LATEST)
    _tell(task, came_to)
    return came_to


def _tell(task: Task, came_to: dict[str, Any]) -> None:
    says = gettext_noop(
        "Your extract was loaded: of %(rows)s rows, %(accepted)s are new and %(quarantined)s were set aside."
    )
    sums = {name: came_to[name] for name in ("rows", "accepted", "quarantined")}
    task.tell(says, reverse("data-job", kwargs={"number": task.job.pk}), **sums)


@does("evaluate")
def evaluate(task: Task) -> dict[str, Any]:
    """A run over the latest version; then what pages read of it."""
    run = evaluating.evaluated(task)
    task.then("worklist", key=LATEST)
    task.then("members", {"run": run.id, "nightly": task.payload.get("nightly", False)}, key=run.id)
    task.tell(
        gettext_noop("The evaluation is done: %(obligations)s obligations."),
        reverse("data-runs"),
        obligations=run.manifest["obligations"],
    )
    return evaluating.as_said(run)


@does("index")
def make_index(task: Task) -> None:
    """The index by which pages find cases in the latest version."""
    index.make(latest.version())


@does("worklist")
def worklist(task: Task) -> None:
    """The worklist of the latest version and run, in which the cases that were judged one by one stand again."""
    make_now()
    ids.make(latest.version())
    anew.forget()


@does("members")
def members(task: Task) -> None:
    """What figures are counted from, so that no page has to wait for it; what only auditors ask for, each night."""
    run = open_run(Store.open(settings.ENVIRONMENT.store), task.payload["run"])
    task.step("counting", len(run.version.buckets()))
    made = members_of(run, task.moved)
    if task.payload.get("nightly"):
        written_of(run, made)
        task.then("drawings", {"run": run.id}, key=run.id)
    task.then("released", key="released")


def _each_night(after: datetime) -> datetime | None:
    """The next moment of KEPT_NIGHTLY; None where it is blank."""
    at = settings.ENVIRONMENT.nightly
    if at is None:
        return None
    local = timezone.localtime(after)
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return (
        today
        if today > local
        else timezone.make_aware(
            datetime.combine(local.date() + timedelta(days=1), at), timezone.get_current_timezone()
        )
    )


@does("nightly", again=_each_night)
def nightly(task: Task) -> None:
    """What has fallen due overnight is judged."""
    task.then("evaluate", {"nightly": True}, key=NIGHTLY)


def _look_again(after: datetime) -> datetime | None:
    return after + _LOOK_EVERY if settings.ENVIRONMENT.inbox else None


@does("inbox", again=_look_again)
def look_into_inbox(task: Task) -> None:
    """What was left in the inbox, and is complete, is loaded."""
    if settings.ENVIRONMENT.inbox:
        inbox.look(settings.ENVIRONMENT.inbox)


@does("entered", again=lambda after: after + _ENTERED_EVERY)
def load_what_was_entered(task: Task) -> None:
    """What was entered here, or pushed by another system, becomes an extract; one load of it at a time."""
    if entered.waits() and not Job.objects.filter(kind="load", key=ENTERED, ended=None).exists():
        folder = extracts.new()
        entered.write(folder)
        task.then("load", {"folder": str(folder), "mapping": "contract", "origin": ENTERED}, key=ENTERED)
