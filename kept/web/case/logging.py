"""Logging a contact in three taps, where the force allows entry here: what, how, done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.engine.alone import CaseFile
from kept.web import law
from kept.web.access import HOLDS_THE_CASE, investigation_of, note, seen_by
from kept.web.case.asking import DAYS
from kept.web.case.contact import CHANNEL_NAMES, Way, event_of, ways
from kept.web.case.reading import case_file
from kept.web.clock import now
from kept.web.contacts import book
from kept.web.contacts.safe import NOT_KNOWN, Contact
from kept.web.contacts.views import CHANNEL_TITLES
from kept.web.entered import rows
from kept.web.forms import Form
from kept.web.people.cases import cases
from kept.web.people.scoping import scope
from kept.web.templating import day
from kept.web.worklist import anew


class Log(Form):
    """What was done, how and when. `id` is new with each form, so that what is sent twice is logged once."""

    what = forms.MultipleChoiceField(error_messages={"required": gettext_lazy("Choose what you did")})
    channel = forms.ChoiceField(
        choices=list(CHANNEL_NAMES.items()), error_messages={"required": gettext_lazy("Choose how you did it")}
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        input_formats=DAYS,
        error_messages={"invalid": gettext_lazy("Enter a day that there is, such as 2026-03-31")},
    )
    hour = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"invalid": gettext_lazy("Enter a time of day, such as 14:30")},
    )
    id = forms.UUIDField(widget=forms.HiddenInput)

    def offer(self, known: Sequence[Way]) -> None:
        """Let each of these be chosen, and show those that are owed, or were chosen."""
        chosen = set(self.typed("what") or ())
        self.fields["what"].choices = [(one.name, one.title) for one in known]  # type: ignore[attr-defined]
        self.shown = [one for one in known if one.owed or one.name in chosen]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("day") and not said.get("hour") and "hour" not in self.errors:
            self.add_error("hour", _("Enter the time as well; about is enough"))
        elif not self.errors and self.moment(said) > now():
            self.add_error("day", _("Enter a moment that has passed"))
        if "attempt" in (chosen := said.get("what") or []) and len(chosen) > 1:
            self.add_error("what", _("Choose either what you did, or that you did not reach them"))
        return said

    def moment(self, said: dict[str, Any]) -> datetime:
        """When it was done: now, unless another moment was named."""
        if not said["hour"]:
            return now()
        on = said["day"] or timezone.localtime(now()).date()
        return timezone.make_aware(datetime.combine(on, said["hour"]))


@seen_by(HOLDS_THE_CASE)
def log(request: HttpRequest, investigation: str, victim: str) -> HttpResponse:
    """The form, and writing down what was done."""
    if not settings.ENVIRONMENT.entry:
        raise Http404
    file = case_file(investigation)
    known = ways(file, victim, law.duties())
    contact = book.read(_person(victim)).contact
    form = Log(request.POST) if request.method == "POST" else Log(initial=_initial(contact))
    form.offer(known)
    if request.method == "POST" and form.is_valid():
        _write(request, form, file, victim, known)
        return redirect("case", investigation=investigation)
    said = {
        "case": investigation_of(request),
        "victim": victim,
        "form": form,
        "hints": {one.name: _("Due %(day)s") % {"day": day(one.due)} for one in known if one.due},
        "known": contact,
        "safe": contact.is_safe(timezone.localdate()),
        "not_known": _(NOT_KNOWN),
        "channels": CHANNEL_TITLES,
    }
    return render(request, "case/log.html", said)


@seen_by(HOLDS_THE_CASE)
def take_back(request: HttpRequest, investigation: str) -> HttpResponse:
    """Take back a contact that was logged here by mistake."""
    if not settings.ENVIRONMENT.entry:
        raise Http404
    event = request.POST.get("event", "").replace("\x00", "")[:200]
    mine = {one.event.id: one.event for one in rows.of(investigation) if one.event.source == "kept"}
    known = request.method == "POST" and event in mine
    if known and rows.take_back(event, investigation, request.user.get_username()):
        anew.judge(investigation)
        note(request, "alteration", investigation, mine[event].victim, "took back a contact that was logged")
    return redirect("case", investigation=investigation)


def _initial(contact: Contact) -> dict[str, Any]:
    return {"id": uuid4(), "channel": contact.channel if contact.channel in CHANNEL_NAMES else ""}


def _person(victim: str) -> str:
    found = cases().victim(victim)
    return found.person if found else victim


def _write(request: HttpRequest, form: Log, file: CaseFile, victim: str, known: Sequence[Way]) -> None:
    said, by = form.cleaned_data, request.user.get_username()
    chosen = [one for one in known if one.name in said["what"]]
    at, officer = form.moment(said), scope(request).officer
    for way in chosen:
        ident = f"kept.{said['id']}.{way.name}"
        if not rows.is_there(ident):
            event = event_of(way, ident, file, victim, at, officer, said["channel"])
            rows.add(event, by, vocabulary=file.rules.vocabulary)
            note(request, "alteration", file.investigation, victim, f"logged a contact: {way.kind}")
    anew.judge(file.investigation)
