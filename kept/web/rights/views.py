"""The pages of the twelve rights: all of them, one, why one is lost, for whom, and one duty; and their charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats

from kept.code.model import HOLDERS
from kept.measures.asked import Opened
from kept.measures.charts import Chart
from kept.measures.charts.render import PHONE, WIDE
from kept.measures.lost import SIDES, WAYS
from kept.measures.printed import between, shown
from kept.measures.units import count, percent
from kept.web.access import able, seen_by
from kept.web.figures.reading import measures_of, opened_run, reading
from kept.web.figures.stamp import stamp
from kept.web.people import policy
from kept.web.people.scoping import scope
from kept.web.rights import cells, drawn
from kept.web.rights.alike import COMPARED
from kept.web.rights.asked import MONTHS, Ask, Part, ask_of
from kept.web.rights.seen import RightSeen, duty_figures, rights_seen, whole_code, why_no_figure
from kept.web.rights.ways import ASIDE_WORDS, GROUP_WORDS, HOLDER_WORDS, SIDE_WORDS, WAY_WORDS

_WORDS = {
    "side_words": SIDE_WORDS,
    "way_words": WAY_WORDS,
    "aside_words": ASIDE_WORDS,
    "holder_words": HOLDER_WORDS,
    "group_words": GROUP_WORDS,
    "ways": WAYS,
    "sides": SIDES,
    "percent": percent,
    "count": count,
    "shown": shown,
    "between": between,
    "months": MONTHS,
    "texts": lambda table: [[cell.text for cell in row] for row in table.rows],
}
assert set(HOLDER_WORDS) == set(HOLDERS)
_WIDTHS = {"": WIDE, "phone": PHONE}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for figures of the rights: the open run, what is asked, and what else could be."""

    at: Opened
    ask: Ask
    parts: list[Part]

    def page(self, request: HttpRequest, template: str, **said: Any) -> HttpResponse:
        """A page with what every page of the rights says."""
        since = formats.date_format(self.ask.since, "j F Y")
        known = {"ask": self.ask, "parts": self.parts, "since": since, "stamp": stamp(self.at.run)}
        return render(request, f"rights/{template}", {**_WORDS, **known, **said})

    def right(self, number: int) -> RightSeen:
        """One right; Http404 where there is no such one."""
        found = next((one for one in rights_seen(self.at, self.ask) if one.number == number), None)
        if found is None:
            raise Http404
        return found

    def chart(self, name: str, right: int = 0) -> Chart:
        return drawn.chart(self.at, self.ask, name, right)


def _asked(request: HttpRequest) -> Asked:
    at = opened_run()
    return Asked(at, *ask_of(request, at))


@seen_by(cells.FIGURES_OR_CELLS)
def rights(request: HttpRequest) -> HttpResponse:
    """All twelve; whoever sees no figures of the force sees those that are fit for release."""
    if not policy.may(scope(request), "figures"):
        return cells.page(request)
    asked = _asked(request)
    with reading(asked.at):
        seen, whole = rights_seen(asked.at, asked.ask), whole_code(asked.at, asked.ask)
        found = {name: asked.chart(name) for name in drawn.OF_ALL if whole.value is not None}
        return asked.page(request, "rights.html", rights=seen, whole=whole, charts=found)


@seen_by(able("figures"))
def right(request: HttpRequest, number: int) -> HttpResponse:
    """One right: its duties, its course over time, its areas."""
    asked = _asked(request)
    with reading(asked.at):
        one = asked.right(number)
        figures = duty_figures(asked.at, asked.ask, one)
        why = {
            duty.measure: why_no_figure(asked.at, duty, figures[duty.measure])
            for duty in one.duties
            if duty.measure in figures and not duty.lacking and figures[duty.measure].value is None
        }
        found = _charts(asked, one, "obligations", "months", "places")
        return asked.page(request, "right.html", right=one, figures=figures, why=why, charts=found, tab="right")


@seen_by(able("figures"))
def gap(request: HttpRequest, number: int) -> HttpResponse:
    """Why a right is lost: by recording or by delivery, duty by duty, and where."""
    asked = _asked(request)
    with reading(asked.at):
        one = asked.right(number)
        found = _charts(asked, one, "silent")
        return asked.page(request, "gap.html", right=one, charts=found, tab="right-gap")


@seen_by(able("figures"))
def groups(request: HttpRequest, number: int) -> HttpResponse:
    """For whom a right is kept: cohorts, and groups of people compared."""
    asked = _asked(request)
    with reading(asked.at):
        one = asked.right(number)
        found = _charts(asked, one, "cohorts", *(f"by-{by}" for by in COMPARED))
        answers = {by: drawn.comparison(asked.at, asked.ask, one, by) for by in COMPARED if found}
        said = {"charts": found, "answers": answers, "compared": COMPARED, "tab": "right-groups"}
        return asked.page(request, "groups.html", right=one, **said)


@seen_by(able("figures"))
def duty(request: HttpRequest, number: int, edition: str, duty: str) -> HttpResponse:
    """One duty of a right in words, and what became of it."""
    asked = _asked(request)
    with reading(asked.at):
        one = asked.right(number)
        found = next((seen for seen in one.duties if (seen.duty.edition, seen.duty.id) == (edition, duty)), None)
        if found is None:
            raise Http404
        figure = duty_figures(asked.at, asked.ask, one).get(found.measure)
        why = why_no_figure(asked.at, found, figure) if figure and figure.value is None else ""
        measure = measures_of(asked.at.run).get(found.measure)
        return asked.page(request, "duty.html", right=one, seen=found, figure=figure, why=why, measure=measure)


@seen_by(able("figures"))
def chart(request: HttpRequest, name: str, number: int = 0) -> HttpResponse:
    """A chart as SVG, of all rights or of one; for a phone with `width=phone`."""
    asked = _asked(request)
    known = drawn.OF_A_RIGHT if number else drawn.OF_ALL
    if name not in known or (number and name not in _drawable(asked.ask, asked.right(number))):
        raise Http404
    with reading(asked.at):
        width = _WIDTHS.get(request.GET.get("width", ""), WIDE)
        made = drawn.svg(asked.at, asked.ask, name, number, width)
        return HttpResponse(made, content_type="image/svg+xml; charset=utf-8")


def _charts(asked: Asked, one: RightSeen, *names: str) -> dict[str, Chart]:
    drawable = _drawable(asked.ask, one)
    return {name: asked.chart(name, one.number) for name in names if name in drawable}


def _drawable(ask: Ask, one: RightSeen) -> set[str]:
    """The charts that there are of a right: none where nothing of it was judged, and no parts where it has none."""
    if not one.has_figure:
        return set()
    return {*drawn.OF_A_RIGHT} if ask.below else {*drawn.OF_A_RIGHT} - {"places", "silent"}
