"""The check at charge as a page: victim by victim what is there, what is missing, and what cannot be told."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kept.engine.entries import Entry
from kept.engine.wording import at_moment, event_in_words
from kept.web import latest
from kept.web.access import OF_THE_CASE, able, investigation_of, note, seen_by, who
from kept.web.charge import asking, tasks
from kept.web.charge.asked import STEPS
from kept.web.charge.checks import BECAUSE
from kept.web.clock import now
from kept.web.forms import Form
from kept.web.people.scoping import scope


class Seen(Form):
    """Up to which moment tasks had been made when the page was shown."""

    upto = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])


@seen_by(OF_THE_CASE)
def charge_check(request: HttpRequest, investigation: str) -> HttpResponse:
    """Check a case, and keep that it was checked. It is advice: it stops no charge."""
    found = asking.check(investigation_of(request).id, now())
    asking.keep(found, who(request))
    tasks.settle(found)
    said = {
        "found": found,
        "because": BECAUSE,
        "charges": tasks.lacking(tasks.of_case(investigation)),
        "in_words": _in_words,
        "steps": STEPS,
    }
    return render(request, "charge/check.html", said)


@seen_by(able("cases"))
@require_POST
def charges_seen(request: HttpRequest) -> HttpResponse:
    """Put away that charges came of which nothing is missing and nobody had asked, up to what the page showed."""
    form = Seen(request.POST)
    put = tasks.put_away(scope(request).officer, form.cleaned_data["upto"]) if form.is_valid() else []
    for investigation in put:
        note(request, "alteration", investigation, why="put away that a charge came unchecked")
    return redirect("day")


def _in_words(event: Entry) -> str:
    if event.kind.startswith("assessment"):
        form = str(event.item or event.value).partition(".")[0].replace("_", " ")
        return _("On the form “%(form)s”, %(moment)s.") % {"form": form, "moment": at_moment(event.at)}
    said = event_in_words(event, latest.version().vocabulary)
    return f"{said[:1].upper()}{said[1:]}."
