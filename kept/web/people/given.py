"""Pages for administrators: who there is, what they were given, and what that lets them see."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kept.web.access import able, note, note_looks, seen_by
from kept.web.forms import text
from kept.web.paging import paged
from kept.web.people import policy, sessions
from kept.web.people.models import Denial, Grant, SecondFactor, User
from kept.web.people.preview import decided, previewed
from kept.web.people.roles import LEVELS, ROLES
from kept.web.people.units import OfUnit

_PAGE = 50
_GIVEN: dict[str, type[Grant] | type[Denial]] = {"grant": Grant, "denial": Denial}
DENIED = "denied"
"""What is chosen instead of a role to deny a unit."""


class Given(OfUnit):
    """A role or a denial, for a unit, until a day."""

    role = forms.ChoiceField(
        choices=[*((role.id, role.title) for role in ROLES.values()), (DENIED, DENIED)],
        error_messages={"required": gettext_lazy("Choose a role")},
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter the last day as a date, such as 2026-12-31")},
    )
    why = text(gettext_lazy("Why"), 500, required=gettext_lazy("Say why"))


@seen_by(able("people"))
def people(request: HttpRequest) -> HttpResponse:
    """Who there is, found by name."""
    wanted = request.GET.get("q", "").replace("\x00", "")[:100]
    found = User.objects.filter(Q(name__icontains=wanted) | Q(shown__icontains=wanted)).order_by("shown", "pk")
    page = paged(request, found, _PAGE)
    return render(request, "people/people.html", {"page": page, "q": wanted})


@seen_by(able("people"))
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: what they were given, given more by posting, and what they can see."""
    user = get_object_or_404(User, pk=pk)
    form = Given(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _give(request, user, form.cleaned_data)
        return redirect("person", pk=pk)
    asked, of = request.GET.get("investigation", "").strip(), previewed(user)
    if named := [*([asked] if asked else []), *of.investigations]:
        note_looks(request, [(one, "") for one in named], f"what person {pk} can see")
    said = {
        "form": form,
        "of": of,
        "grants": Grant.objects.filter(user=user).order_by("-since"),
        "denials": Denial.objects.filter(user=user).order_by("-since"),
        "roles": ROLES,
        "levels": LEVELS,
        "asked": asked,
        "decision": decided(user, asked) if asked else None,
        "because": policy.BECAUSE,
        "now": timezone.now(),
    }
    return render(request, "people/person.html", said)


@seen_by(able("people"))
def end_given(request: HttpRequest, pk: int, kind: str, given: int) -> HttpResponse:
    """End a role or a denial now; what was stays on record."""
    model = _GIVEN.get(kind)
    if model is None:
        raise Http404
    if request.method == "POST":
        now = timezone.now()
        model.objects.filter(Q(until=None) | Q(until__gt=now), pk=given, user_id=pk).update(until=now)
        note(request, "alteration", why=f"ended {kind} {given} of person {pk}")
    return redirect("person", pk=pk)


@seen_by(able("people"))
def shut_out(request: HttpRequest, pk: int) -> HttpResponse:
    """What is done when somebody leaves or loses their telephone: `leave`, `return` or `forget` the second factor."""
    user = get_object_or_404(User, pk=pk)
    what = request.POST.get("what")
    if what in ("leave", "return"):
        user.is_active = what == "return"
        user.save(update_fields=["is_active"])
    elif what == "forget":
        SecondFactor.objects.filter(user=user).delete()
    if request.method == "POST":
        sessions.end_all(user)
        note(request, "alteration", why=f"{what} of person {pk}"[:500])
    return redirect("person", pk=pk)


def _give(request: HttpRequest, user: User, said: dict[str, Any]) -> None:
    now = timezone.now()
    until = said["until"] and timezone.make_aware(_midnight_after(said["until"]))
    dated = {"level": said["level"], "unit": said["unit"], "since": now, "until": until, "why": said["why"]}
    by = {"user": user, "given_by": request.user.get_username()}
    if said["role"] == DENIED:
        Denial.objects.create(**dated, **by)
    else:
        Grant.objects.create(role=said["role"], **dated, **by)
    note(request, "alteration", why=f"gave person {user.pk}: {said['role']} of {said['level']} {said['unit']}")


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time())
