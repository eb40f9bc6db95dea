"""Saving a view, sharing it, changing and deleting it, and opening it within one's own scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.measures.model import Measure
from kept.web.access import able, note, seen_by
from kept.web.figures import topics
from kept.web.figures.asked import measure_for, opened_as_of
from kept.web.figures.asking import called_unit, code_of, query
from kept.web.figures.models import Saved
from kept.web.figures.reading import measures_of, opened_run
from kept.web.figures.scoped import Place, places_of
from kept.web.figures.sharing import as_opened, kept_of, reached, units_to_share_with
from kept.web.forms import Form, text
from kept.web.latest import latest
from kept.web.people.account import who
from kept.web.people.policy import Unit
from kept.web.people.scoping import scope


class Naming(Form):
    """What a view is called, and with whom it is shared."""

    name = text(gettext_lazy("Name"), 100, required=gettext_lazy("Give the view a name"))
    shared = forms.ChoiceField(label=gettext_lazy("Who can open it"), required=False)
    query = forms.CharField(required=False, widget=forms.HiddenInput)
    changes = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any, units: Sequence[Unit], **more: Any) -> None:
        super().__init__(data, **more)
        shared = self.fields["shared"]
        assert isinstance(shared, forms.ChoiceField)
        shared.choices = [("", gettext_lazy("Only you")), *((code_of(one), called_unit(one)) for one in units)]

    def unit(self) -> Unit:
        """The unit that it is shared with, of no level where it is not."""
        level, _colon, name = self.cleaned_data["shared"].partition(":")
        return Unit(level, name)


@seen_by(able("figures"))
def views(request: HttpRequest) -> HttpResponse:
    """The views of one's own, and those shared by others."""
    run = latest()
    known = measures_of(run) if run else {}
    held = scope(request)
    found = reached(held, who(request), _places()) if run else Saved.objects.none()
    seen = [one for one in found if one.measure in known and topics.may_see(held, known[one.measure])]
    own = [one for one in seen if one.owner_id == who(request).pk]
    page = {"own": own, "shared": [one for one in seen if one not in own], "known": known}
    return render(request, "figures/views.html", page)


@seen_by(able("figures"))
def save(request: HttpRequest, measure: str) -> HttpResponse:
    """Give what is asked of a measure a name. The same view twice under one name is saved once."""
    one = measure_for(request, measure)
    units = units_to_share_with(scope(request), _places())
    posted = request.method == "POST"
    initial = {"query": query(kept_of(request.GET.urlencode())), "name": one.title[:100]}
    form = Naming(request.POST if posted else None, units, initial=initial)
    if posted and form.is_valid() and _saved(request, one, form):
        return redirect("views")
    return render(request, "figures/save.html", {"form": form, "measure": one, "view": None})


def _saved(request: HttpRequest, measure: Measure, form: Naming) -> bool:
    unit, asked = form.unit(), query(kept_of(form.cleaned_data["query"]))
    said = {"measure": measure.id, "query": asked, "level": unit.level, "unit": unit.name}
    found, made = Saved.objects.get_or_create(owner=who(request), name=form.cleaned_data["name"], defaults=said)
    if not made and any(getattr(found, name) != value for name, value in said.items()):
        form.add_error("name", _("You have a view of this name already. Choose another"))
        return False
    if made and unit.level:
        note(request, "alteration", why=f"shared a view with {code_of(unit)}")
    return True


@seen_by(able("figures"))
def view(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view of one's own, or share it with others."""
    found = get_object_or_404(Saved, pk=pk, owner=who(request))
    units = units_to_share_with(scope(request), _places())
    posted = request.method == "POST"
    shared = code_of(Unit(found.level, found.unit)) if found.level else ""
    initial = {"name": found.name, "shared": shared, "changes": found.changes}
    form = Naming(request.POST if posted else None, units, initial=initial)
    if posted and form.is_valid() and _changed(found, form):
        return redirect("views")
    run = latest()
    measure = measures_of(run).get(found.measure) if run else None
    return render(request, "figures/save.html", {"form": form, "measure": measure, "view": found})


def _changed(found: Saved, form: Naming) -> bool:
    """Whether the view could be changed: nobody was quicker, and no other has its name."""
    unit, name = form.unit(), form.cleaned_data["name"]
    here = Saved.objects.filter(pk=found.pk, changes=form.cleaned_data["changes"] or 0)
    try:
        with transaction.atomic():
            done = here.update(name=name, level=unit.level, unit=unit.name, changes=F("changes") + 1)
    except IntegrityError:
        form.add_error("name", _("You have a view of this name already. Choose another"))
        return False
    if not done:
        if Saved.objects.filter(pk=found.pk, name=name, level=unit.level, unit=unit.name).exists():  # sent twice
            return True
        form.add_error(None, _("This view was changed since you opened it. Open it again to see how"))
    return bool(done)


@seen_by(able("figures"))
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view of one's own."""
    found = get_object_or_404(Saved, pk=pk, owner=who(request))
    if request.method == "POST":
        found.delete()
        return redirect("views")
    return render(request, "figures/delete.html", {"view": found})


@seen_by(able("figures"))
def open_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what a view asks, of one's own unit. 404 for a view that is not shared with one."""
    found = get_object_or_404(reached(scope(request), who(request), _places()), pk=pk)
    measure = measure_for(request, found.measure)
    fields = kept_of(found.query)
    asked, fewer = as_opened(scope(request), opened_as_of(fields.get("as_of", "")), measure, fields)
    address = reverse("figure", kwargs={"measure": found.measure})
    return redirect(f"{address}?{asked}{'&fewer=1' if fewer else ''}")


def _places() -> frozenset[Place]:
    """The places of the latest run; 404 before there is one."""
    if latest() is None:
        raise Http404
    return places_of(opened_run())
