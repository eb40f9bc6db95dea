"""What the commissioner's office sees of the rights: counts of the force and its areas, none of them of a person.

All tables of a quarter are protected together as a release, so that none of them, nor any two, nor one and what has
left before, give a small count away (`made`). There is nothing to choose but what stands in them: a quarter, of a few
whole ones that do not overlap, and an area. Figures by choice could be taken from each other. What is downloaded is
what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from kept.code.rights import RIGHTS
from kept.errors import MeasureError
from kept.release.markers import Suppressed
from kept.web.access import Rule, able, note, seen_by
from kept.web.figures.reading import opened_run
from kept.web.figures.scoped import FORCE as THE_FORCE
from kept.web.figures.scoped import asked_within, places_of
from kept.web.people import policy
from kept.web.people.roles import ABILITIES
from kept.web.people.scoping import scope
from kept.web.rights.made import FORCE, Quarter, Row, offered
from kept.web.rights.making import ask_for
from kept.web.rights.publishing import rule

FIGURES_OR_CELLS = Rule(
    f"who may {ABILITIES['figures']} or {ABILITIES['cells']}",
    lambda request, _: policy.may(scope(request), "figures") or policy.may(scope(request), "cells"),
)


@dataclass(frozen=True, slots=True)
class Cells:
    """What is shown of a quarter: the rows of one area, or of the force where `area` is blank.

    `areas` are those to choose from, none where the tables are not divided, and then `why_whole` says why. `why_not`
    says why there are no tables, blank where they are still being made. `none` are the rights of which nothing was
    judged in the quarter.
    """

    quarter: Quarter
    rows: Sequence[Row] = ()
    area: str = ""
    areas: Sequence[str] = ()
    why_not: str = ""
    why_whole: str = ""

    @property
    def nothing_shown(self) -> bool:
        """Whether every figure of it is held back."""
        counts = (figure for row in self.rows for figure in (row.kept, row.at_best, row.judged))
        return all(figure == Suppressed.shorthand for figure in counts)

    @property
    def none(self) -> list[int]:
        return sorted({*RIGHTS} - {row.number for row in self.rows})


def page(request: HttpRequest) -> HttpResponse:
    """The rights as cells that are fit for release; Http404 for who may not see those of the whole force."""
    try:
        quarter, choices = _asked(request)
    except MeasureError as error:
        return render(request, "rights/cells.html", {"nothing": " ".join(fault.what for fault in error.faults)})
    said = {"cells": cells(quarter, request.GET.get("area", "")), "titles": RIGHTS, "quarters": choices}
    return render(request, "rights/cells.html", said)


@seen_by(able("cells"))
def download(request: HttpRequest) -> HttpResponse:
    """The same as a release: a folder of tables with their method and checksums. 404 where it is not made."""
    try:
        quarter, _ = _asked(request)
    except MeasureError as error:
        raise Http404 from error
    if not quarter.is_made:
        raise Http404
    note(request, "disclosure", why=f"the rights of {quarter.name}, as fit for release")
    name = content_disposition_header(True, f"rights-{quarter.first.isoformat()}.zip")
    packed = quarter.packed()
    return HttpResponse(packed, content_type="application/zip", headers={"Content-Disposition": str(name)})


def cells(quarter: Quarter, area: str) -> Cells:
    """What is printed of an area in a quarter, or of the force; has it made where it is not yet.

    Http404 for an area that the tables do not have.
    """
    if not quarter.is_made:
        if not quarter.why_not:
            ask_for(quarter)
        return Cells(quarter, why_not=quarter.why_not)
    printed = quarter.printed()
    if area and (area == FORCE or area not in printed):
        raise Http404
    return Cells(quarter, printed[area or FORCE], area, sorted({*printed} - {FORCE}), why_whole=quarter.why_whole)


def _asked(request: HttpRequest) -> tuple[Quarter, list[Quarter]]:
    """The quarter that is asked for, and all that may be; Http404 for any other, and for who may not see the force.

    MeasureError where the publishing body has set no rule.
    """
    at = opened_run()
    if asked_within(scope(request), THE_FORCE, {}, places_of(at), "cells") is None:
        raise Http404
    choices = offered(rule(), at.clock)
    wanted = request.GET.get("quarter", choices[0].first.isoformat())
    quarter = next((one for one in choices if one.first.isoformat() == wanted), None)
    if quarter is None:
        raise Http404
    return quarter, choices
