"""The check at charge as a page: victim by victim what is there, what is missing, and what cannot be told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kept.engine.entries import Entry
from kept.engine.wording import event_in_words
from kept.web import latest
from kept.web.access import OF_THE_CASE, investigation_of, seen_by, who
from kept.web.charge import asking, tasks
from kept.web.charge.asked import STEPS
from kept.web.charge.checks import BECAUSE
from kept.web.clock import now


@seen_by(OF_THE_CASE)
def charge_check(request: HttpRequest, investigation: str) -> HttpResponse:
    """Check a case, and keep that it was checked. It is advice: it stops no charge."""
    found = asking.check(investigation_of(request).id, now())
    asking.keep(found, who(request))
    tasks.settle(found)
    said = {
        "found": found,
        "because": BECAUSE,
        "charges": tasks.of_case(investigation),
        "in_words": _in_words,
        "steps": STEPS,
    }
    return render(request, "charge/check.html", said)


def _in_words(event: Entry) -> str:
    said = event_in_words(event, latest.version().vocabulary)
    return f"{said[:1].upper()}{said[1:]}."
