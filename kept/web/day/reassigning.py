"""Asking for a case to go to another officer, taking that back, and handing the notes to the crime system."""

from __future__ import annotations

import csv
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.release.csvw import harmless
from kept.web.access import OF_THE_CASE, Rule, Values, able, investigation_of, note, seen_by
from kept.web.day import notes
from kept.web.day.holding import officers_of
from kept.web.forms import Form, Words
from kept.web.people import policy
from kept.web.people.cases import cases
from kept.web.people.names import names
from kept.web.people.scoping import scope

_LONGEST = 2000  # characters


def _supervises(request: HttpRequest, values: Values) -> bool:
    return OF_THE_CASE.allows(request, values) and policy.may_in(scope(request), "supervise", investigation_of(request))


SUPERVISES_THE_CASE = Rule("who supervises the unit that holds the case", _supervises, consults=True)


class Reassign(Form):
    """To whom a case should go, and why. `id` is the note's, so that one that is sent twice is written once."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"), required=False)
    why = Words(
        label=gettext_lazy("Why"),
        max_length=_LONGEST,
        error_messages={"required": gettext_lazy("Enter why the case should go to somebody else")},
    )
    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, given: object, officers: dict[str, str]) -> None:
        super().__init__(given, initial={"id": uuid4()})  # type: ignore[arg-type]
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [("", _("Somebody else")), *officers.items()]


@seen_by(SUPERVISES_THE_CASE)
def reassign(request: HttpRequest, investigation: str) -> HttpResponse:
    """Ask for a case to go to another officer."""
    holder, officers = _colleagues(investigation_of(request))
    form = Reassign(request.POST if request.method == "POST" else None, officers)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if notes.write(said["id"], investigation, said["to"], said["why"], request.user.get_username()):
            note(request, "alteration", investigation, why="asked for it to be re-assigned")
        return redirect("reassign", investigation=investigation)
    known = {
        "form": form,
        "investigation": investigation,
        "holder": names([holder]).get(holder, ""),
        "notes": notes.of(investigation),
    }
    return render(request, "day/reassign.html", known)


@seen_by(SUPERVISES_THE_CASE)
def take_back(request: HttpRequest, investigation: str, written: UUID) -> HttpResponse:
    """Take a note back."""
    if request.method == "POST" and notes.take_back(written, investigation, request.user.get_username()):
        note(request, "alteration", investigation, why="took back that it should be re-assigned")
    return redirect("reassign", investigation=investigation)


@seen_by(able("supervise"))
def notes_csv(request: HttpRequest) -> HttpResponse:
    """The notes that still ask for something, of the cases in scope, for whoever re-assigns in the crime system."""
    found = notes.everywhere()
    opened = cases().among(scope(request), sorted({one.investigation for one in found}))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="re-assign.csv"'
    rows = csv.writer(answer, lineterminator="\r\n")
    rows.writerow(["case", "to", "why", "written_at", "written_by"])
    for one in found:
        if one.investigation in opened:
            said = (one.investigation, one.to, one.why, one.at.isoformat(timespec="seconds"), one.by)
            rows.writerow([harmless(text) for text in said])
            note(request, "disclosure", one.investigation, why="notes to re-assign, as a file")
    return answer


def _colleagues(investigation: policy.Investigation) -> tuple[str, dict[str, str]]:
    """Who holds a case now, and the other officers of that team, by id, with their names."""
    posting = next((one for one in investigation.postings if one.end is None), None)
    holder, team = (posting.officer or "", posting.team or "") if posting else ("", "")
    others = names([one for one in officers_of(team) if one != holder])
    return holder, dict(sorted(others.items(), key=lambda one: one[1].casefold()))
