"""The cases behind a figure, as far as they are in scope of who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from kept.engine.states import LOST
from kept.measures.cases import cases as listed
from kept.measures.ledger.listing import Case
from kept.web.access import able, note_looks, seen_by
from kept.web.figures.asked import Asked, asked, refuse
from kept.web.figures.asking import query, said, tags
from kept.web.figures.reading import reading
from kept.web.figures.stamp import stamp
from kept.web.people import policy
from kept.web.people.cases import cases
from kept.web.people.policy import Scope
from kept.web.people.scoping import scope

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_MOST = 50
_LOOKED_AT = 500
"""How many cases are looked at for those in scope: enough of a unit whose cases have moved on."""
STATES: Mapping[str, _StrOrPromise] = {
    "": gettext_lazy("All that was lost"),
    "not_done": gettext_lazy("Not done"),
    "no_record": gettext_lazy("No record of it"),
    "late": gettext_lazy("Late"),
}
NAMED: Mapping[str, _StrOrPromise] = {name: text for name, text in STATES.items() if name}


@seen_by(able("figures"))
def behind(request: HttpRequest, measure: str) -> HttpResponse:
    """What was lost of a duty or a right, case by case; of other measures, and for who opens no cases, 404."""
    found = asked(request, measure)
    if found.measure.kind not in ("duty", "all_kept"):
        raise Http404
    if not policy.may(scope(request), "cases"):
        refuse(request)
    of_duty = found.measure.kind == "duty"
    state = request.GET.get("state", "") if of_duty else ""
    rows, more = _in_scope(scope(request), found, [state] if state in NAMED else LOST)
    note_looks(request, [(row.investigation, row.victim) for row in rows], f"cases behind {found.measure.id}")
    page = {
        "one": found, "rows": rows, "more": more, "state": state, "states": STATES if of_duty else {}, "named": NAMED,
        "tags": [tag.words for tag in tags(found.form)] if found.form.is_valid() else [], "most": _MOST,
        "asked": query(said(found.form)), "stamp": stamp(found.at.run, found.at.clock),
        "on": lambda day: date_format(day, "j F Y" if of_duty else "F Y"),
    }  # fmt: skip
    return render(request, "figures/cases.html", page)


def _in_scope(held: Scope, found: Asked, states: Sequence[str]) -> tuple[list[Case], bool]:
    """The first cases that a person may open, and whether there are more that they may."""
    if found.question is None:
        return [], False
    with reading(found.at):
        every = listed(found.at, found.measure, found.question, states, _LOOKED_AT)
    rows = list(_open_to(held, every))
    return rows[:_MOST], len(rows) > _MOST


def _open_to(held: Scope, found: Sequence[Case]) -> Iterator[Case]:
    """Those whose case is open to somebody, and so is the case that its victim has been moved to since the run."""
    known = cases()
    now = known.of_victims({one.victim for one in found if one.victim})
    opened = known.among(held, sorted({*(one.investigation for one in found), *now.values()}))
    for one in found:
        if {one.investigation, now.get(one.victim) if one.victim else one.investigation} <= opened:
            yield one
