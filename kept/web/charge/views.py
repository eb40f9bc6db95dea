"""The check at charge as a page: victim by victim what is there, what is missing, and what cannot be told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kept.engine.explain import cited
from kept.engine.wording import event_in_words
from kept.web import latest
from kept.web.access import OF_THE_CASE, investigation_of, seen_by, who
from kept.web.charge import asking, tasks
from kept.web.charge.checks import BECAUSE, RESULTS
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
        "worst_first": RESULTS,
        "charges": tasks.of_case(investigation),
        "vocabulary": latest.version().vocabulary,
        "in_words": event_in_words,
        "cited": cited,
    }
    return render(request, "charge/check.html", said)
