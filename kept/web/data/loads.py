"""What was loaded and what is on its way: the first page of the records, a load's report, a job's progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.records.store import CURRENT, Store
from kept.web.access import able, seen_by
from kept.web.data import aside, extracts, history
from kept.web.data.loading import SUMS
from kept.web.jobs import background
from kept.web.jobs.models import Job
from kept.web.people import policy
from kept.web.people.scoping import scope

SHOWN = 30
KINDS = ("load", "evaluate")
"""The jobs that these pages speak of; the others are the service's own."""

STEPS: dict[str, str | Promise] = {
    "": gettext_lazy("Begun"),
    "unpacking": gettext_lazy("Unpacking"),
    "reading": gettext_lazy("Reading the files"),
    "loading": gettext_lazy("Loading"),
    "evaluating": gettext_lazy("Evaluating"),
    "waiting": gettext_lazy("Waiting for another evaluation to end"),
}
TITLES: dict[str, str | Promise] = {"load": gettext_lazy("Load"), "evaluate": gettext_lazy("Evaluation")}
ORIGINS: dict[str, str | Promise] = {
    "": gettext_lazy("by command"),
    "inbox": gettext_lazy("from the inbox"),
    "entered": gettext_lazy("entered here, or pushed"),
}
SUMS_SAID: dict[str, str | Promise] = {
    "rows": gettext_lazy("Rows in"),
    "accepted": gettext_lazy("New"),
    "unchanged": gettext_lazy("Known already"),
    "quarantined": gettext_lazy("Set aside"),
    "skipped": gettext_lazy("Left out by the mapping"),
}
assert tuple(SUMS_SAID) == SUMS


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: what it is, its state, the step it is at, and the share of that which is done."""

    job: Job
    title: str | Promise
    state: str
    step: str | Promise
    percent: int | None


@seen_by(able("coverage"))
def loads(request: HttpRequest) -> HttpResponse:
    """The loads, what is on its way, and how fresh it all is; of these only where they lead for who has but a unit."""
    if not policy.may(scope(request), "records"):
        return render(request, "data/of-a-unit.html")
    path = settings.ENVIRONMENT.store
    found = history.loads(Store.open(path), SHOWN) if (path / CURRENT).exists() else []
    said = {"loads": found, "origins": ORIGINS, "sums": SUMS_SAID, "offered": extracts.offered()}
    return render(request, "data/loads.html", {**said, **_open_jobs(), "loaded": _last_load(found)})


@seen_by(able("records"))
def progress(request: HttpRequest) -> HttpResponse:
    """What is on its way, as the part of the page that is asked for again and again."""
    return render(request, "data/progress.html", _open_jobs())


@seen_by(able("records"))
def load(request: HttpRequest, number: int) -> HttpResponse:
    """The report of the load that made a version."""
    store = Store.open(settings.ENVIRONMENT.store)
    if number not in store.numbers() or "rows" not in (report := store.report(number)):
        raise Http404
    reasons = aside.grouped(report["reasons"])
    at = datetime.fromisoformat(store.version(number).manifest.made_at)
    said = {"number": number, "report": report, "reasons": reasons, "at": at, "made_by": history.made_by(number)}
    totals = {name: sum(row[name] for row in report["rows"]) for name in SUMS}
    return render(request, "data/load.html", {**said, "totals": totals, "sums": SUMS_SAID, "origins": ORIGINS})


@seen_by(able("records"))
def job(request: HttpRequest, number: int) -> HttpResponse:
    """A load or an evaluation that was asked for: how far it is, what it came to, or why it could not be done."""
    found = get_object_or_404(Job, pk=number, kind__in=KINDS)
    said: dict[str, Any] = {"job": found, "progress": progress_of(found), "sums": SUMS_SAID, "origins": ORIGINS}
    said["totals"] = policy.may_of_all(scope(request), "records")
    return render(request, "data/job.html", {**said, "background": background.state(), "title": TITLES[found.kind]})


def progress_of(one: Job) -> Progress:
    """How far a job is, from its row."""
    name, of, done = one.step.get("name", ""), one.step.get("of", 0), one.step.get("done", 0)
    percent = min(100, 100 * done // of) if of else None
    return Progress(one, TITLES[one.kind], _state(one), STEPS.get(name, name), percent)


def _state(one: Job) -> str:
    if one.ended:
        return "given_up" if one.given_up else "done"
    if one.lease is None:
        return "wrong" if one.says else "waiting"
    return "at_work"


def _open_jobs() -> dict[str, Any]:
    found: QuerySet[Job] = Job.objects.filter(kind__in=KINDS, ended=None).order_by("due", "pk")[:SHOWN]
    return {"open": [progress_of(one) for one in found], "background": background.state()}


def _last_load(found: list[history.Loaded]) -> datetime | None:
    return next((one.at for one in found if one.version), None)
