"""A person's board: their saved views as small charts, or what their role looks at first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from kept.calendar import local_day
from kept.measures.model import Measure
from kept.web.access import able, seen_by
from kept.web.figures import topics
from kept.web.figures.asked import Asked, asked_of, opened_as_of
from kept.web.figures.asking import at_first, query, said
from kept.web.figures.models import Saved
from kept.web.figures.reading import measures_of, opened_run
from kept.web.figures.sharing import as_opened, kept_of
from kept.web.figures.shown import Shown
from kept.web.figures.stamp import stamp
from kept.web.latest import latest
from kept.web.people.account import who
from kept.web.people.policy import Scope
from kept.web.people.scoping import scope

MOST = 12
"""How many small charts a board has."""
_EVERYBODY_S = ("whole-code", "force-standards/FS-CONTACT-PLAN:investigations", "contact-overdue", "needs-assessed")
FIRST: Mapping[str, Sequence[str]] = {
    "supervisor": ("contact-overdue", "contact-due-soon", "force-standards/FS-CONTACT-PLAN:investigations",
                   "needs-assessed", "force-standards/FS-FIRST-REVIEW", "report-to-record"),
    "auditor": (*_EVERYBODY_S, "entry-lag", "set-aside"),
    "champion": (*_EVERYBODY_S, "statement-offered-at-recording", "right-6"),
    "victim_lead": (*_EVERYBODY_S, "statement-offered-at-recording", "special-measures"),
    "analyst": (*_EVERYBODY_S, "report-to-record", "outcome-16"),
}  # fmt: skip
"""What each role looks at first; of several roles the first that is here."""


@dataclass(frozen=True, slots=True)
class Small:
    """A small chart of a board: its title, the measure, the query behind it, and what came of it, or `why_not`."""

    title: str
    measure: Measure
    query: str
    shown: Shown | None
    why_not: str = ""


@seen_by(able("figures"))
def board(request: HttpRequest) -> HttpResponse:
    """Small charts side by side."""
    run = latest()
    own = list(Saved.objects.filter(owner=who(request))[:MOST])
    charts = list(_small(request, own)) if run else []
    return render(request, "figures/board.html", {"charts": charts, "own": own, "stamp": stamp(run)})


def _small(request: HttpRequest, own: Sequence[Saved]) -> Iterator[Small]:
    at, held = opened_run(), scope(request)
    known = measures_of(at.run)
    for title, name, fields in _wanted(held, own):
        measure = known.get(name)
        if measure is None or not topics.may_see(held, measure):
            continue
        begin = at_first(measure, local_day(at.clock)) if fields is None else fields
        found = _found(request, title or measure.title, measure, begin)
        if own or (found.shown and not found.shown.is_empty):
            yield found


def _found(request: HttpRequest, title: str, measure: Measure, fields: Mapping[str, str]) -> Small:
    """One of them; where it cannot be shown as it was saved, the board says why, and shows the others."""
    address, fewer = as_opened(scope(request), opened_as_of(fields.get("as_of", "")), measure, fields)
    found = asked_of(request, measure, {one: str(value) for one, value in QueryDict(address).items()})
    shown = None if fewer else found.shown()
    why_not = "" if shown else " ".join(_why_not(found, fewer))
    return Small(title, measure, query(said(found.form)), shown, why_not)


def _why_not(found: Asked, fewer: bool) -> Iterator[str]:
    if fewer:
        yield _("It asks for a unit that is not yours, or that held no case by then.")
    if found.denied:
        yield _("Part of this is not open to you.")
    if "as_of" in found.form.errors:
        yield _("It is of a day of which there is no evaluation.")
    yield from (f"{text}." for texts in found.form.errors.values() for text in texts)


def _wanted(held: Scope, own: Sequence[Saved]) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """Name, measure and fields of each chart; without fields as its page begins."""
    yield from ((one.name, one.measure, kept_of(one.query)) for one in own)
    if not own:
        role = next((one.id for one in held.roles() if one.id in FIRST), "")
        yield from (("", name, None) for name in FIRST.get(role, _EVERYBODY_S))
