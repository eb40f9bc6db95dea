"""The page of a first supervisor's review: filled from the record, and confirmed or corrected by the supervisor.

That it was held is entered as an event, so that it counts at once and need not be written into the crime system again.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.code.model import Selector
from kept.engine.alone import CaseFile
from kept.web.access import note, seen_by
from kept.web.clock import now
from kept.web.day import reviews
from kept.web.day.reassigning import SUPERVISES_THE_CASE
from kept.web.day.reviews import Finding, Known, Review
from kept.web.day.topics import TOPICS, Recorded, recorded
from kept.web.entered import rows
from kept.web.entered.cases import case_file
from kept.web.entered.events import Event
from kept.web.forms import Form, Words
from kept.web.people.account import who
from kept.web.people.cases import cases
from kept.web.people.models import User
from kept.web.people.names import signing_in
from kept.web.worklist import anew

RIGHT, MISSING = "right", "missing"
_STANDS = {
    RIGHT: gettext_lazy("The record is right, and it is enough"),
    MISSING: gettext_lazy("Something is missing or wrong"),
}
_LONGEST = 2000  # characters
_REVIEWED, _FIRST = "supervisor_reviewed", "first"
_SOURCE = "kept-review"  # not that of contacts, which who logged them may take back
_HELD = (Selector(_REVIEWED, value=(_FIRST,)),)


class ReviewForm(Form):
    """Of each topic whether the record is right and enough, and in words what is not.

    `written` finds stale edits. `saw`: the ids of the entries that the page showed.
    """

    saw = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, given: Any, known: Known) -> None:
        super().__init__(given)
        for topic in TOPICS:
            before = known.review.findings.get(topic.id)
            stands = "" if before is None else RIGHT if before.right else MISSING
            self.fields[topic.id] = _stands(stands)
            self.fields[f"{topic.id}_words"] = _words(before.words if before else "")
        self.fields["written"] = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=known.written)

    def clean(self) -> dict[str, Any]:
        """Whoever says that something is missing says what."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for topic in TOPICS:
            words = f"{topic.id}_words"
            if said.get(topic.id) == MISSING and words in said and not said[words]:
                self.add_error(words, _("Enter what is missing or wrong: %(topic)s") % {"topic": topic.title})
        return said

    def findings(self) -> dict[str, Finding]:
        """What was found of each topic."""
        said = self.cleaned_data
        return {one.id: Finding(said[one.id] == RIGHT, said[f"{one.id}_words"]) for one in TOPICS}


@seen_by(SUPERVISES_THE_CASE)
def review(request: HttpRequest, investigation: str) -> HttpResponse:
    """Review a case for the first time, or correct that review."""
    known = reviews.read(investigation)
    case = case_file(investigation)
    shown = of_the_record(case)
    entries = {one.entry for each in shown.values() for one in each}
    form = ReviewForm(request.POST if request.method == "POST" else None, known)
    if request.method == "POST" and form.is_valid() and _written(request, form, case, entries):
        return redirect("review", investigation=investigation)
    said = {
        "form": form,
        "investigation": investigation,
        "victims": sorted({one.id for one in cases().victims(investigation)}),
        "topics": [(topic, shown[topic.id]) for topic in TOPICS],
        "known": known,
        "by_name": signing_in([known.by]).get(known.by, ""),
        "stands": _STANDS,
        "saw": " ".join(sorted(entries)),
        "unseen": entries - set(known.review.saw) if known.written else set(),
    }
    return render(request, "day/review.html", said)


def of_the_record(case: CaseFile) -> dict[str, list[Recorded]]:
    """What the record of a case says to each topic, by its id."""
    timelines = [one.timeline for one in case.victims]
    return {topic.id: recorded(topic, timelines, case.rules.vocabulary) for topic in TOPICS}


def _written(request: HttpRequest, form: ReviewForm, case: CaseFile, entries: set[str]) -> bool:
    user, said = who(request), form.cleaned_data
    made = Review(form.findings(), tuple(sorted(entries & set(said["saw"].split()))))
    with transaction.atomic():
        done = reviews.write(case.investigation, made, user.name, said["written"])
        if not done and reviews.read(case.investigation).review == made:  # sent twice
            return True
        if done and settings.ENVIRONMENT.entry:
            _enter(case, user)
    if not done:
        form.add_error(
            None, _("Somebody else has reviewed this since you opened it. Open it again to see what they wrote.")
        )
        return False
    note(request, "alteration", case.investigation, why="first supervisor's review")
    anew.judge(case.investigation)
    return True


def _enter(case: CaseFile, user: User) -> None:
    """Enter that the review was held, where no record says so yet."""
    if any(one.timeline.select(_HELD) for one in case.subjects):
        return
    said = {"value": _FIRST, "by": user.officer} if user.officer else {"value": _FIRST}
    event = Event(
        f"first-review-{case.investigation}", case.investigation, _REVIEWED, now(), source=_SOURCE, fields=said
    )
    rows.add(event, user.name, vocabulary=case.rules.vocabulary)


def _stands(initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=list(_STANDS.items()),
        initial=initial,
        error_messages={"required": gettext_lazy("Choose whether the record is right")},
    )


def _words(initial: str) -> Words:
    label = gettext_lazy("What is missing or wrong, if anything is")
    return Words(label=label, max_length=_LONGEST, required=False, initial=initial)
