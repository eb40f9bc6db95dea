"""The page of a first supervisor's review: filled from the record, and confirmed or corrected by the supervisor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web.access import note, seen_by
from kept.web.day import reviews
from kept.web.day.reassigning import SUPERVISES_THE_CASE
from kept.web.day.record import case_file
from kept.web.day.reviews import Finding, Known, Review
from kept.web.day.topics import TOPICS, Recorded, recorded
from kept.web.forms import Form
from kept.web.people.cases import cases
from kept.web.people.names import signing_in

RIGHT, MISSING = "right", "missing"
_STANDS = {
    RIGHT: gettext_lazy("The record is right, and it is enough"),
    MISSING: gettext_lazy("Something is missing or wrong"),
}
_LONGEST = 2000  # characters


class ReviewForm(Form):
    """Of each topic whether the record is right and enough, and in words what is not; `written` finds stale edits."""

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
    shown = _of_the_record(investigation)
    form = ReviewForm(request.POST if request.method == "POST" else None, known)
    if request.method == "POST" and form.is_valid() and _written(request, investigation, form, shown):
        return redirect("review", investigation=investigation)
    seen = set(known.review.saw)
    said = {
        "form": form,
        "investigation": investigation,
        "victims": sorted({one.id for one in cases().victims(investigation)}),
        "topics": [(topic, shown[topic.id]) for topic in TOPICS],
        "known": known,
        "by_name": signing_in([known.by]).get(known.by, ""),
        "stands": _STANDS,
        "unseen": {one.entry for one in _all(shown) if one.entry not in seen} if known.written else set(),
    }
    return render(request, "day/review.html", said)


def _of_the_record(investigation: str) -> dict[str, list[Recorded]]:
    """What the record says to each topic, by its id."""
    case = case_file(investigation)
    timelines = [one.timeline for one in case.victims]
    return {topic.id: recorded(topic, timelines, case.rules.vocabulary) for topic in TOPICS}


def _written(request: HttpRequest, investigation: str, form: ReviewForm, shown: dict[str, list[Recorded]]) -> bool:
    made = Review(form.findings(), tuple(sorted({one.entry for one in _all(shown)})))
    if not reviews.write(investigation, made, request.user.get_username(), form.cleaned_data["written"]):
        form.add_error(
            None, _("Somebody else has reviewed this since you opened it. Open it again to see what they wrote.")
        )
        return False
    note(request, "alteration", investigation, why="first supervisor's review")
    return True


def _all(shown: dict[str, list[Recorded]]) -> Iterable[Recorded]:
    return (one for each in shown.values() for one in each)


def _stands(initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=list(_STANDS.items()),
        initial=initial,
        error_messages={"required": gettext_lazy("Choose whether the record is right")},
    )


def _words(initial: str) -> forms.CharField:
    label = gettext_lazy("What is missing or wrong, if anything is")
    return forms.CharField(label=label, max_length=_LONGEST, required=False, initial=initial)
