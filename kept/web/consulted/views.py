"""The access log, for information governance: who saw or changed whose data, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from kept.web.access import able, note, seen_by
from kept.web.consulted import lists
from kept.web.consulted.chain import head
from kept.web.consulted.models import KINDS, Access
from kept.web.forms import Form, day, exact
from kept.web.paging import asked, paged

_PAGE = 50
_DAY = gettext_lazy("Enter a date, such as 2026-12-31")


class Search(Form):
    """What is looked for; what is left empty does not narrow the search."""

    who = exact(gettext_lazy("Who: their sign-in name"))
    victim = exact(gettext_lazy("Victim"), 200)
    investigation = exact(gettext_lazy("Investigation"), 200)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *KINDS.items()])
    since = day(gettext_lazy("From"), _DAY)
    until = day(gettext_lazy("To"), _DAY)


@seen_by(able("log"))
def access_log(request: HttpRequest) -> HttpResponse:
    """Search the log. That it was read, and whom it was searched for, is logged too."""
    form = Search(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    looked_for = wanted.get("investigation", ""), wanted.get("victim", "")
    note(request, "consultation", *looked_for, "searched the access log" if any(looked_for) else "read the access log")
    page = paged(request, _found(wanted), _PAGE)
    said = {"form": form, "page": page, "kinds": KINDS, "head": head(), "asked": asked(request)}
    return render(request, "consulted/log.html", {**said, "lists": lists.of(page.object_list)})


def _found(wanted: Mapping[str, Any]) -> QuerySet[Access]:
    filters = {
        "who__iexact": wanted.get("who"),
        "kind": wanted.get("kind"),
        "at__date__gte": wanted.get("since"),
        "at__date__lte": wanted.get("until"),
    }
    found = Access.objects.filter(**{name: value for name, value in filters.items() if value}).order_by("-number")
    investigation, victim = wanted.get("investigation", ""), wanted.get("victim", "")
    return found.filter(lists.about(investigation, victim)) if investigation or victim else found
