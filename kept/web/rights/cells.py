"""What the commissioner's office sees of the rights: counts of the whole force, none of which leads to a person.

All tables are protected together as for a release, so that none of them, nor any two, give a small count away. There is
nothing to choose, since figures by choice could be taken from each other. The quarter is the last whole one, so that no
two overlap; and it is read from the first run after its end, so that no figure of yesterday can be taken from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kept.calendar import start_of_day
from kept.code.rights import RIGHTS
from kept.engine.results import Run, runs
from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.measures.names import of_right
from kept.measures.periods import beginning, called, following
from kept.measures.question import Question
from kept.records.store import Store
from kept.web.access import Rule
from kept.web.figures.reading import measures_of, opened_of, opened_run, reading
from kept.web.figures.remembered import Remembered
from kept.web.figures.scoped import FORCE, asked_within, places_of
from kept.web.people import policy
from kept.web.people.roles import ABILITIES
from kept.web.people.scoping import scope

if TYPE_CHECKING:
    from kept.release.policy import Policy

FIGURES_OR_CELLS = Rule(
    f"who may {ABILITIES['figures']} or {ABILITIES['cells']}",
    lambda request, _: policy.may(scope(request), "figures") or policy.may(scope(request), "cells"),
)
QUARTER = "quarter"
_CELLS: Remembered[Cells] = Remembered(4)


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

    `none` are the rights of which nothing was judged in it.
    """

    quarter: str
    as_of: datetime
    rows: tuple[Row, ...]
    none: tuple[int, ...]
    rule: str
    nothing: str = ""


def page(request: HttpRequest) -> HttpResponse:
    """The rights as cells that are fit for release; Http404 for who may not see those of the whole force."""
    if asked_within(scope(request), FORCE, {}, places_of(opened_run()), "cells") is None:
        raise Http404
    return render(request, "rights/cells.html", {"cells": cells(), "titles": RIGHTS})


def cells() -> Cells:
    """The cells of the last whole quarter before the latest run's as-of; worked out once for each."""
    latest = opened_run()
    first = last_whole_quarter(timezone.localtime(latest.clock).date())
    at = opened_of(_first_after(first) or latest.run)
    with reading(at):
        return _CELLS.get((at.run.id, first), lambda: _cells(at, first))


def last_whole_quarter(day: date) -> date:
    """The first day of the last quarter that ended before a day."""
    return beginning(beginning(day, QUARTER) - timedelta(days=1), QUARTER)


def _first_after(first: date) -> Run | None:
    """The run with the earliest as-of among those that look at the whole quarter."""
    over = start_of_day(following(first, QUARTER))
    found = [run for run in runs(Store.open(settings.ENVIRONMENT.store)) if run.as_of >= over]
    return min(found, key=lambda run: (run.as_of, run.manifest["made_at"]), default=None)


def _cells(at: Opened, first: date) -> Cells:
    from kept.release.policy import Policy  # here, since what solves and protects takes a second to be read

    rule = Policy("Kept", "as the Office for National Statistics asks of research outputs", rounding_base=5)
    quarter = called(first, QUARTER)
    try:
        rows = tuple(_protected(at, first, rule))
    except MeasureError as error:
        said = " ".join(fault.what for fault in error.faults)
        return Cells(quarter, at.clock, (), (), rule.sentence(), said)
    return Cells(quarter, at.clock, rows, tuple(sorted({*RIGHTS} - {row.number for row in rows})), rule.sentence())


def _protected(at: Opened, first: date, rule: Policy) -> Iterator[Row]:
    from kept.release.cells import Period
    from kept.release.disclosure import protect
    from kept.release.filling import filled
    from kept.release.published import overlaps_of, published
    from kept.release.register import Register

    measures = measures_of(at.run)
    period = Period(first, following(first, QUARTER) - timedelta(days=1))
    question = Question(since=period.first, until=period.last)
    owed = [number for number in RIGHTS if (one := measures.get(of_right(number))) and at.figures(one, question)[0].n]
    found = {number: published(at, measures[of_right(number)], (), period) for number in owed}
    tables, register = [each.table for each in found.values()], Register()
    protected = protect(tables, rule, register, overlaps_of(at, measures, tables, register))
    for number, each in found.items():
        (row,) = filled(protected, each.table, each.filling).printed()
        yield Row(number, *map(_printed, row))


def _printed(value: str | int | float) -> str:
    """A count in full, a share with its one decimal, a marker as it is."""
    return value if isinstance(value, str) else f"{value:,}"
