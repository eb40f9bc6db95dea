"""Opening a case by its number, for whoever was told it over the telephone or has it on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web.access import able, note, seen_by
from kept.web.forms import Form, exact
from kept.web.people.cases import cases
from kept.web.people.scoping import scope


class Number(Form):
    """The number of a case, or of a victim in one."""

    number = exact(
        gettext_lazy("Number of the case, or of a victim in it"), 200, required=gettext_lazy("Enter a number")
    )


@seen_by(able("cases"))
def open_case(request: HttpRequest) -> HttpResponse:
    """Lead to the case of a number; one out of scope and one that there is none of are answered alike."""
    form = Number(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["number"]
        if found := _in_scope(request, number):
            return redirect("case", investigation=found)
        note(request, "refusal", number)
        form.add_error("number", _("You can open no case of this number"))
    return render(request, "case/open.html", {"form": form})


def _in_scope(request: HttpRequest, number: str) -> str:
    """The investigation of a number, of itself or of a victim; blank where none in scope has it."""
    known = cases()
    opened = known.among(scope(request), [number, *known.of_victims([number]).values()])
    return min(opened, default="")
