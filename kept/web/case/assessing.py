"""Entering a needs assessment, or the officer's review of the last one, in one sitting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.engine.entries import Timeline
from kept.web.access import seen_by
from kept.web.case import needs
from kept.web.case.entering import ENTERS, Done, entering, evaluated, write
from kept.web.case.needs import FIELDS, SPOKE, Answers, events_of
from kept.web.case.statement import so_far, step_of
from kept.web.entered import rows
from kept.web.entered.cases import case_file
from kept.web.entered.events import Event
from kept.web.forms import Words

_LONGEST = 1000  # characters
_OFFERED = "personal_statement_offered"
NOT_ASKED = gettext_lazy("Not asked")


class Assessment(Done):
    """Every question, filled with what is known; and of a review, whether they spoke and what was done.

    `saw` is the assessment that the page showed, so that nobody writes over what they have not seen.
    """

    saw = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    spoke = forms.ChoiceField(
        choices=list(SPOKE.items()),
        required=False,
        error_messages={"required": gettext_lazy("Choose whether you spoke")},
    )
    words = Words(required=False, max_length=_LONGEST)
    field_order = tuple(field.id for field in FIELDS)

    def __init__(self, given: Any, timeline: Timeline, initial: dict[str, Any]) -> None:
        known, before = needs.known(timeline), needs.last(timeline)
        self.reviews, self.of = before is not None, before.id if before else ""
        super().__init__(given, initial={**initial, **known, "saw": self.of})
        self.fields["channel"].required = False
        for field in FIELDS:
            self.fields[field.id] = _question(field, known.get(field.id, ""))
        self.fields["words"].label = (
            _("What you did about it") if self.reviews else _("What else to know of their needs")
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.reviews and not said.get("spoke") and "spoke" not in self.errors:
            self.add_error("spoke", _("Choose whether you spoke to them"))
        if said.get("spoke") in ("reached", "attempted") and not said.get("channel"):
            self.add_error("channel", _("Choose how you did it"))
        if self.reviews and not said.get("words") and "words" not in self.errors:
            self.add_error("words", _("Write what you did about it"))
        if not self.errors and not any(said.get(field.id) for field in FIELDS):
            self.add_error(FIELDS[0].id, _("Answer at least one question: nothing was asked"))
        if said.get("saw", "") != self.of:
            self.add_error(
                None, _("Somebody else has assessed them since you opened this. Open it again to see what they wrote.")
            )
        return said

    def answers(self) -> Answers:
        """What was found."""
        said = self.cleaned_data
        given = {field.id: said[field.id] for field in FIELDS}
        spoke, channel = (said["spoke"], said["channel"]) if self.reviews else ("", "")
        return Answers(str(said["id"]), self.moment(said), given, spoke, channel)


def _question(field: needs.Field, known: str) -> forms.ChoiceField:
    """A question; what another system wrote as its answer may stay."""
    choices = {**field.choices, **({} if known in field.choices or not known else {known: known})}
    return forms.ChoiceField(
        label=str(field.asks), choices=[*choices.items(), ("", NOT_ASKED)], required=False, initial=known
    )


@seen_by(ENTERS)
def assessment(request: HttpRequest, investigation: str, victim: str) -> HttpResponse:
    """The form, and writing down what was found."""
    page = entering(request, victim)
    file = case_file(investigation)
    timeline = evaluated(file, victim).timeline
    if request.method == "POST" and _sent_before(request.POST.get("id", ""), victim):
        return redirect("case", investigation=investigation)
    form = Assessment(request.POST if request.method == "POST" else None, timeline, page.begins())
    if request.method == "POST" and form.is_valid():
        found = form.answers()
        events = [*events_of(found, timeline), *_offer(found, timeline)]
        write(request, file, map(page.doer.did, events), "entered a needs assessment", form.cleaned_data["words"])
        return redirect("case", investigation=investigation)
    said = {"form": form, "questions": [field.id for field in FIELDS], "last": needs.last(timeline)}
    return render(request, "case/needs.html", {**page.said(), **said})


def _offer(found: Answers, timeline: Timeline) -> list[Event]:
    """That a personal statement was offered, where it is first said here: it is not to be entered a second time."""
    said, before = found.given[_OFFERED], needs.known(timeline).get(_OFFERED)
    if said != "yes" or before == "yes" or so_far(timeline):
        return []
    return [step_of("offered", needs.said_by(found.form, "statement"), timeline, found.at, found.channel)]


def _sent_before(form: str, victim: str) -> bool:
    """Whether this very form was entered already: it is not asked whether it is stale then."""
    kept = form.replace("\x00", "")[:50]
    return any(rows.is_there(f"{name}.kept-{kept}@{victim}") for name in (needs.FORM, needs.REVIEW))
