"""What the commissioner's office sees of the rights: counts of the whole force, none of which leads to a person.

All tables of a quarter are protected together as for a release, so that none of them, nor any two, give a small count
away. There is nothing to choose but the quarter, of a few whole ones that do not overlap, since figures by choice could
be taken from each other. Each is read from the first run after its end, so that no figure of yesterday can be taken
from it. What is downloaded is what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from kept.calendar import start_of_day
from kept.code.rights import RIGHTS
from kept.engine.results import Run, runs
from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.measures.names import of_right
from kept.measures.periods import beginning, called, following
from kept.measures.question import Question
from kept.records.store import Store
from kept.release.policy import Policy
from kept.web.access import Rule, able, note, seen_by
from kept.web.figures.reading import measures_of, opened_of, opened_run, reading
from kept.web.figures.remembered import Remembered
from kept.web.figures.scoped import FORCE, asked_within, places_of
from kept.web.people import policy
from kept.web.people.roles import ABILITIES
from kept.web.people.scoping import scope
from kept.web.rights.publishing import rule

if TYPE_CHECKING:
    from kept.web.rights.released import Released

FIGURES_OR_CELLS = Rule(
    f"who may {ABILITIES['figures']} or {ABILITIES['cells']}",
    lambda request, _: policy.may(scope(request), "figures") or policy.may(scope(request), "cells"),
)
QUARTER = "quarter"
QUARTERS = 4
"""How many whole quarters there are to choose from."""
_RELEASED: Remembered[Released] = Remembered(2 * QUARTERS)


@dataclass(frozen=True, slots=True)
class Row:
    """A right as printed: counts of victims, and shares in per cent, each a number or a marker as text."""

    number: int
    kept: str
    at_best: str
    judged: str
    share: str
    share_at_best: str


@dataclass(frozen=True, slots=True)
class Cells:
    """What is shown of a quarter, read from a run as of a moment; `nothing` says why there is none of it.

    `none` are the rights of which nothing was judged in it; `rule` None where the publishing body has set none.
    """

    first: date
    as_of: datetime
    rule: Policy | None
    rows: tuple[Row, ...] = ()
    none: tuple[int, ...] = ()
    nothing: str = ""

    @property
    def quarter(self) -> str:
        return called(self.first, QUARTER)


def page(request: HttpRequest) -> HttpResponse:
    """The rights as cells that are fit for release; Http404 for who may not see those of the whole force."""
    first, offered = _asked(request)
    choices = [(one.isoformat(), called(one, QUARTER)) for one in offered]
    return render(request, "rights/cells.html", {"cells": cells(first), "titles": RIGHTS, "quarters": choices})


@seen_by(able("cells"))
def download(request: HttpRequest) -> HttpResponse:
    """The same as a release: a folder of tables with their method and checksums. 404 where there is nothing in it."""
    first, _ = _asked(request)
    at = _opened(first)
    try:
        with reading(at):
            packed = _released(at, first, rule()).packed()
    except MeasureError as error:
        raise Http404 from error
    note(request, "disclosure", why=f"the rights of {called(first, QUARTER)}, as fit for release")
    name = content_disposition_header(True, f"rights-{first.isoformat()}.zip")
    return HttpResponse(packed, content_type="application/zip", headers={"Content-Disposition": str(name)})


def cells(first: date) -> Cells:
    """The cells of the quarter that begins on a day; worked out once for each run and rule."""
    at, set_by = _opened(first), None
    try:
        set_by = rule()
        with reading(at):
            found = _released(at, first, set_by)
    except MeasureError as error:
        said = " ".join(fault.what for fault in error.faults)
        return Cells(first, at.clock, set_by, nothing=said)
    rows = tuple(Row(number, *map(_printed, row)) for number, row in found.rows())
    return Cells(first, at.clock, set_by, rows, tuple(sorted({*RIGHTS} - {row.number for row in rows})))


def _asked(request: HttpRequest) -> tuple[date, Sequence[date]]:
    """The quarter that is asked for, and all that may be; Http404 for any other, and for who may not see the force."""
    if asked_within(scope(request), FORCE, {}, places_of(opened_run()), "cells") is None:
        raise Http404
    offered = quarters(timezone.localtime(opened_run().clock).date())
    wanted = request.GET.get("quarter", offered[0].isoformat())
    first = next((one for one in offered if one.isoformat() == wanted), None)
    if first is None:
        raise Http404
    return first, offered


def quarters(day: date) -> list[date]:
    """The first days of the last quarters that ended before a day, the latest first."""
    found = [last_whole_quarter(day)]
    while len(found) < QUARTERS:
        found.append(last_whole_quarter(found[-1]))
    return found


def last_whole_quarter(day: date) -> date:
    """The first day of the last quarter that ended before a day."""
    return beginning(beginning(day, QUARTER) - timedelta(days=1), QUARTER)


def _opened(first: date) -> Opened:
    """The run with the earliest as-of among those that look at the whole quarter."""
    over = start_of_day(following(first, QUARTER))
    found = [run for run in runs(Store.open(settings.ENVIRONMENT.store)) if run.as_of >= over]
    return opened_of(min(found, key=_in_order, default=opened_run().run))


def _in_order(run: Run) -> tuple[datetime, str]:
    return run.as_of, run.manifest["made_at"]


def _released(at: Opened, first: date, set_by: Policy) -> Released:
    """The tables of a quarter, protected together; MeasureError where there is none, or too much to be solved."""
    from kept.web.rights.released import released  # here, since what solves and protects takes a second to be read

    measures, last = measures_of(at.run), following(first, QUARTER) - timedelta(days=1)
    question = Question(since=first, until=last)

    def make() -> Released:
        found = {number: measures[of_right(number)] for number in RIGHTS if of_right(number) in measures}
        owed = {number: one for number, one in found.items() if at.figures(one, question)[0].n}
        return released(at, measures, owed, first, last, set_by)

    return _RELEASED.get((at.run.id, first, set_by), make)


def _printed(value: str | int | float) -> str:
    """A count in full, a share with its one decimal, a marker as it is."""
    return value if isinstance(value, str) else f"{value:,}"
