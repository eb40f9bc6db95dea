"""Witness care's list: the cases of their unit before the courts, what comes next in each, and who is owed what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kept.engine.coverage import supplied
from kept.web import freshness, latest
from kept.web.access import able, note_looks, seen_by
from kept.web.care import courts
from kept.web.care.asking import Narrowed
from kept.web.care.victims import by_case
from kept.web.clock import now
from kept.web.day.bands import BANDS, counted, days_until
from kept.web.day.tasks import Task, tasks
from kept.web.day.words import by_when
from kept.web.law import duties
from kept.web.paging import asked, paged
from kept.web.people.names import names
from kept.web.people.policy import narrowed
from kept.web.people.scoping import scope
from kept.web.worklist import reading

_PAGE = 15


@seen_by(able("care"))
def witness_care(request: HttpRequest) -> HttpResponse:
    """What comes next in court, and what witness care owes which victim now."""
    at = now()
    found = courts.before_the_courts(narrowed(scope(request), "care"), at)
    owed = _owed([one.investigation for one in found])
    form = Narrowed(request.GET or None, names(courts.carers(found)))
    page = paged(request, form.kept(found, set(owed), at), _PAGE)
    victims = by_case([one.investigation for one in page], owed)
    said = {
        "fresh": freshness.of_worklist(),
        "form": form,
        "page": page,
        "asked": asked(request),
        "sections": [(window, [*each]) for window, each in groupby(page, key=lambda one: courts.window_of(one, at))],
        "victims": victims,
        "of_case": {case: [one for one in each if not one.first.victim] for case, each in owed.items()},
        "bands": BANDS,
        "counts": counted(one.days for each in owed.values() for one in each),
        "by_when": by_when,
        "days_until": lambda one: days_until(one, at),
        "names": names(courts.carers(page)),
        "lacking": _lacking(),
        "enters": settings.ENVIRONMENT.entry,
    }
    looks = [(case, one.id) for case, each in victims.items() for one in each]
    note_looks(request, looks, "witness care" if looks else "witness care: no case")
    return render(request, "care/care.html", said)


def _owed(investigations: Sequence[str]) -> dict[str, list[Task]]:
    """What witness care owes in some cases, by case, the first due coming first."""
    found: dict[str, list[Task]] = {}
    for task in tasks(reading.of_care(investigations), duties(), now()):
        found.setdefault(task.first.investigation, []).append(task)
    return found


def _lacking() -> list[str]:
    """What the records cannot say of all that this page needs: charges, hearings, or both."""
    words = supplied(latest.version())
    return [kind for kind in ("suspect_charged", "hearing") if kind not in words]
