"""Entering a step of the Victim Personal Statement: that it was offered, declined or made."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from kept.code.model import Selector
from kept.engine.entries import Timeline
from kept.web.access import seen_by
from kept.web.case.entering import ENTERS, Done, entering, evaluated, named, write
from kept.web.case.told import sentence
from kept.web.entered.cases import case_file
from kept.web.entered.events import Event

STEPS = {
    "offered": gettext_lazy("I offered it, and they are thinking about it"),
    "declined": gettext_lazy("I offered it, and they do not want to make one now"),
    "made": gettext_lazy("I offered it, and they made one"),
}
"""What can be said to have been done; each is an offer too."""
_KIND = "personal_statement"
_SAID = (Selector(_KIND, value=("offered", "further_offered", "declined", "made"), result=("done",)),)


class Statement(Done):
    """Which step it was, how and when."""

    step = forms.ChoiceField(
        choices=list(STEPS.items()), error_messages={"required": gettext_lazy("Choose what you did")}
    )
    field_order = ("step",)


def so_far(timeline: Timeline) -> set[str | None]:
    """The stages that the records hold already."""
    return {one.value for one in timeline.select(_SAID)}


def stage_of(step: str, timeline: Timeline) -> str:
    """What the step is called in the records.

    Of one stage in two sources the records make one event, so that what stands there already would not be told a
    second time: what was offered before is offered again (`further_offered`), and the same answer is not repeated.
    """
    known = so_far(timeline)
    return "further_offered" if step in known or (step == "offered" and known) else step


def step_of(step: str, ident: str, timeline: Timeline, at: datetime, channel: str) -> Event:
    """The event of an id that says so. Its stage is no part of the id: what is sent twice was one step."""
    subject, said = timeline.subject, {"value": stage_of(step, timeline), "result": "done", "channel": channel}
    return Event(ident, subject.investigation, _KIND, at, victim=subject.id, fields=said)


@seen_by(ENTERS)
def statement(request: HttpRequest, investigation: str, victim: str) -> HttpResponse:
    """The form, what the records say of the statement so far, and writing down the step."""
    page = entering(request, victim)
    file = case_file(investigation)
    timeline = evaluated(file, victim).timeline
    form = Statement(request.POST) if request.method == "POST" else Statement(initial=page.begins())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        event = step_of(said["step"], named(said["id"], "statement"), timeline, form.moment(said), said["channel"])
        write(request, file, [page.doer.did(event)], "entered a step of the personal statement")
        return redirect("case", investigation=investigation)
    known = [*timeline.select((Selector(_KIND),))]
    in_words = partial(sentence, vocabulary=file.rules.vocabulary)
    return render(request, "case/statement.html", {**page.said(), "form": form, "so_far": known, "in_words": in_words})
