"""The catalogue of measures, the page of each, its chart, and copies of what is shown."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kept.measures.limits import limits_of
from kept.web.access import able, note, seen_by
from kept.web.figures import officers, topics
from kept.web.figures.about import about
from kept.web.figures.asked import asked
from kept.web.figures.asking import query, said, tags
from kept.web.figures.copies import FORMS, OF_CHARTS, Taken
from kept.web.figures.naming import called, named_value
from kept.web.figures.reading import measures_of
from kept.web.figures.shown import WIDTHS, picture
from kept.web.figures.stamp import stamp
from kept.web.latest import latest
from kept.web.people.scoping import scope

_LONGEST = 200


@seen_by(able("figures"))
def catalogue(request: HttpRequest) -> HttpResponse:
    """The measures by right and topic; those of one of them, or that hold some words."""
    run = latest()
    seen = topics.seen(scope(request), measures_of(run).values()) if run else []
    topic, words = request.GET.get("topic", ""), request.GET.get("q", "")[:_LONGEST].replace("\x00", "").strip()
    rights, others = topics.groups(seen)
    chosen = next((one for one in (*rights, *others) if one.key == topic), None)
    found = topics.found(seen, chosen.key if chosen else "", words) if chosen or words else []
    begin = [one for name in topics.BEGIN_WITH for one in seen if one.id == name]
    page = {"rights": rights, "topics": others, "chosen": chosen, "words": words, "found": found, "begin": begin}
    return render(request, "figures/catalogue.html", {**page, "stamp": stamp(run), "count": len(seen)})


@seen_by(able("figures"))
def figure(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure: its figures as somebody asks for them, its chart, and what it is."""
    found = asked(request, measure)
    shown = found.shown()
    if shown and found.by_officer and found.question:
        shown = officers.by_name(shown)
        officers.note_look(request, found.measure, found.question)
    page = {
        "one": found,
        "form": found.form,
        "shown": shown,
        "asked": query(said(found.form)),
        "by_officer": officers.query_of(found),
        "tags": tags(found.form) if found.form.is_valid() else [],
        "stamp": stamp(found.at.run, found.at.clock),
        "about": about(found.measure, found.at.run),
        "limits": limits_of(found.measure),
        "fewer": "fewer" in request.GET,
        "has_cases": found.measure.kind in ("duty", "all_kept"),
        "called": called,
        "named_value": named_value,
    }
    return render(request, "figures/figure.html", page)


@seen_by(able("figures"))
def chart(request: HttpRequest, measure: str, width: str) -> HttpResponse:
    """The chart of what is asked as SVG, for a page or a phone. 404 where there is none."""
    found = asked(request, measure)
    drawn = picture(found.at, found.measure, found.question, width) if found.question and width in WIDTHS else None
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml")


@seen_by(able("figures"))
def copy(request: HttpRequest, measure: str, form: str) -> HttpResponse:
    """What is shown as a file. 404 where it cannot be one."""
    found = asked(request, measure)
    shown = found.shown()
    if form not in FORMS or shown is None or found.question is None or found.by_officer:
        raise Http404
    if form in OF_CHARTS and not shown.chart:
        raise Http404
    make, kind = FORMS[form]
    words = [one.words for one in tags(found.form)]
    taken = Taken(found.at, found.measure, found.question, shown, words)
    note(request, "disclosure", why=f"{form} of {found.measure.id}: {query(said(found.form))}")
    headers = {"Content-Disposition": f'attachment; filename="{taken.name}.{form}"'}
    return HttpResponse(make(taken), content_type=kind, headers=headers)
