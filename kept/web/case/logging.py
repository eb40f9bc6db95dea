"""Logging a contact in three taps, where the force allows entry here: what, how, done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.engine.alone import CaseFile
from kept.web import law
from kept.web.access import investigation_of, note, seen_by
from kept.web.case.contact import Way, event_of, ways
from kept.web.case.entering import ENTERS, Doer, Done, entering, named, require_entry, write
from kept.web.case.needs import follows
from kept.web.entered import rows
from kept.web.entered.cases import case_file
from kept.web.entered.events import OWN
from kept.web.people.policy import holds_now
from kept.web.people.scoping import scope
from kept.web.templating import day
from kept.web.worklist import anew


class Log(Done):
    """What was done, how and when."""

    what = forms.MultipleChoiceField(error_messages={"required": gettext_lazy("Choose what you did")})
    field_order = ("what",)

    def offer(self, known: Sequence[Way]) -> None:
        """Let each of these be chosen, and show those that are owed, or were chosen."""
        chosen = set(self.typed("what") or ())
        self.fields["what"].choices = [(one.name, one.title) for one in known]  # type: ignore[attr-defined]
        self.shown = [one for one in known if one.owed or one.name in chosen]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "attempt" in (chosen := said.get("what") or []) and len(chosen) > 1:
            self.add_error("what", _("Choose either what you did, or that you did not reach them"))
        return said


@seen_by(ENTERS)
def log(request: HttpRequest, investigation: str, victim: str) -> HttpResponse:
    """The form, and writing down what was done."""
    page = entering(request, victim)
    file = case_file(investigation)
    known = ways(file, victim, law.duties(), page.doer.holders)
    form = Log(request.POST) if request.method == "POST" else Log(initial=page.begins())
    form.offer(known)
    if request.method == "POST" and form.is_valid():
        _write(request, form, file, victim, known, page.doer)
        return redirect("case", investigation=investigation)
    hints = {one.name: _("Due %(day)s") % {"day": day(one.due)} for one in known if one.due}
    return render(request, "case/log.html", {**page.said(), "form": form, "hints": hints})


@seen_by(ENTERS)
def take_back(request: HttpRequest, investigation: str) -> HttpResponse:
    """Take back something that was entered here by mistake: who holds the case anything, anybody else their own.

    With a form goes what its answers made: a need that was found, a statement that was offered.
    """
    require_entry()
    event = request.POST.get("event", "").replace("\x00", "")[:200]
    who, holds = request.user.get_username(), holds_now(scope(request), investigation_of(request))
    mine = {
        one.event.id: one.event
        for one in rows.of(investigation)
        if one.event.source == OWN and (holds or one.entered_by == who)
    }
    wanted = [event, *follows(mine[event], mine)] if request.method == "POST" and event in mine else []
    taken = [one for one in wanted if rows.take_back(one, investigation, who)]
    for one in taken:
        note(request, "alteration", investigation, mine[one].victim, f"took back: {mine[one].kind}")
    if taken:
        anew.judge(investigation)
    return redirect("case", investigation=investigation)


def _write(request: HttpRequest, form: Log, file: CaseFile, victim: str, known: Sequence[Way], who: Doer) -> None:
    said, at = form.cleaned_data, form.moment(form.cleaned_data)
    chosen = [one for one in known if one.name in said["what"]]
    events = [event_of(way, named(said["id"], way.name), file, victim, at, said["channel"]) for way in chosen]
    write(request, file, map(who.did, events), "logged a contact")
