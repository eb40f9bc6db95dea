"""The evaluations there are, what differs between two of them, and what differs between two editions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kept.code import loader
from kept.code.diff import Difference, diff
from kept.engine.results import Run, open_run, runs
from kept.engine.summary import Counted, by
from kept.errors import StoreError
from kept.records.store import Store
from kept.web.access import able, able_of_all, seen_by
from kept.web.data.covered import the_rulebook
from kept.web.people.policy import may_of_all
from kept.web.people.scoping import scope

SHOWN = 50
_LONGEST_ID = 100  # characters


@dataclass(frozen=True, slots=True)
class Moved:
    """A duty of which two evaluations count differently; None where one of them did not know it."""

    edition: str
    duty: str
    title: str
    before: Counted | None
    after: Counted | None


@seen_by(able("records"))
def runs_page(request: HttpRequest) -> HttpResponse:
    """The evaluations, the last made first, and the form that compares two."""
    found = runs(Store.open(settings.ENVIRONMENT.store))
    said = {"runs": [_row(run) for run in found[:SHOWN]], "count": len(found), "editions": loader.SHIPPED}
    return render(request, "data/runs.html", {**said, "compares": may_of_all(scope(request), "records")})


@seen_by(able_of_all("records"))
def compared(request: HttpRequest) -> HttpResponse:
    """What differs between two evaluations, duty by duty: totals of the force, for who may see them.

    Where none are named they are the last two.
    """
    last = [run.id for run in runs(Store.open(settings.ENVIRONMENT.store))[:2]] or [""]
    before, after = _run(request.GET.get("before", last[-1])), _run(request.GET.get("after", last[0]))
    if before.as_of > after.as_of:
        before, after = after, before
    said: dict[str, Any] = {"before": _row(before), "after": _row(after), "moved": moved(before, after)}
    return render(request, "data/compared.html", said)


@seen_by(able("coverage"))
def editions(request: HttpRequest) -> HttpResponse:
    """What differs between two editions of the Code."""
    names = [request.GET.get(name, default) for name, default in zip(("before", "after"), loader.SHIPPED, strict=False)]
    if not all(name in loader.SHIPPED for name in names):
        raise Http404
    said = {"names": loader.SHIPPED, "asked": names, "differences": _differences(*names)}
    return render(request, "data/editions.html", said)


@lru_cache(maxsize=8)
def _differences(before: str, after: str) -> list[Difference]:
    return diff(loader.edition(before), loader.edition(after))


def _row(run: Run) -> dict[str, Any]:
    made = run.manifest
    return {**made, "as_of": run.as_of, "made_at": datetime.fromisoformat(made["made_at"]), "id": run.id}


def _run(name: str) -> Run:
    """A run by its id; not found where it is none, or not even an id."""
    store = Store.open(settings.ENVIRONMENT.store)
    if not name.isalnum() or not name.isascii() or len(name) > _LONGEST_ID or not store.run_folder(name).is_dir():
        raise Http404
    try:
        return open_run(store, name)
    except StoreError as error:
        raise Http404 from error


def moved(before: Run, after: Run) -> list[Moved]:
    """The duties that two runs count differently, those of the Code's rights first."""
    old, new = (_counted(run.folder.parent.parent.parent, run.id) for run in (before, after))
    titles = {(one.edition, one.id): one.title for one, _ in the_rulebook().duties()}
    names = sorted({*old, *new})
    return [
        Moved(edition, duty, titles.get((edition, duty), duty), old.get((edition, duty)), new.get((edition, duty)))
        for edition, duty in names
        if old.get((edition, duty)) != new.get((edition, duty))
    ]


@lru_cache(maxsize=8)
def _counted(store: Path, run: str) -> dict[tuple[str, str], Counted]:
    """What a run came to by duty; it never changes."""
    found = by(("edition", "duty"), open_run(Store.open(store), run))
    return {(one.group[0], one.group[1]): one for one in found}
