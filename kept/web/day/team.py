"""The team: what is owed in its cases, who holds how much, what nobody holds, and what its supervisor is to do."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.release.csvw import harmless
from kept.web import freshness
from kept.web.access import Rule, note, seen_by
from kept.web.clock import now
from kept.web.day import notes, reviews
from kept.web.day.bands import BANDS, counted
from kept.web.day.load import loads
from kept.web.day.tasks import Task, tasks
from kept.web.day.words import by_when, heading
from kept.web.forms import Form
from kept.web.law import duties
from kept.web.people import policy
from kept.web.people.cases import cases
from kept.web.people.names import names
from kept.web.people.scoping import scope
from kept.web.worklist import reading

_PAGE = 40
OF_A_UNIT = Rule(
    "who sees cases and figures of a unit", lambda request, _: bool(policy.units_opened(scope(request), "figures"))
)


class Narrowed(Form):
    """What a supervisor looks for in what the team owes; what is left empty does not narrow it."""

    officer = forms.ChoiceField(label=gettext_lazy("Officer"), required=False)
    right = forms.ChoiceField(label=gettext_lazy("Right"), required=False)
    band = forms.ChoiceField(label=gettext_lazy("Due"), required=False)
    today = forms.BooleanField(label=gettext_lazy("Only what must be done this shift"), required=False)

    def __init__(self, given: object, officers: dict[str, str], rights: Sequence[int]) -> None:
        super().__init__(given)  # type: ignore[arg-type]
        by_name = sorted(officers.items(), key=lambda one: one[1].casefold())
        choices = {
            "officer": [("", _("Everybody")), *by_name],
            "right": [("", _("Any right")), *((str(one), _("Right %(right)s") % {"right": one}) for one in rights)],
            "band": [("", _("Today, and overdue")), *((band.id, heading(band)) for band in BANDS)],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered

    def keeps(self, task: Task) -> bool:
        """Whether a task is among what is looked for."""
        wanted = self.cleaned_data
        in_band = task.band.id == wanted["band"] if wanted["band"] else task.band.overdue or task.band.id == "today"
        return (
            in_band
            and (not wanted["today"] or task.band.id == "today")
            and wanted["officer"] in ("", task.first.officer)
            and wanted["right"] in ("", str(task.first.right))
        )
