"""Pages for administrators: who there is, what they were given, and what that lets them see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web.access import able, note, note_looks, seen_by
from kept.web.forms import day, text
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
    until = day(gettext_lazy("Until"), gettext_lazy("Enter the last day as a date, such as 2026-12-31"))
    why = text(gettext_lazy("Why"), 500, required=gettext_lazy("Say why"))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        role = ROLES.get(said.get("role", ""))
        if role is not None and role.is_of_the_force and said.get("level") != "force":
            self.add_error("role", _("This role is for the whole force alone: it gives nothing of a part of it"))
        return said

    def clean_until(self) -> datetime | None:
        """The moment at which the last day ends; None where there is no last day."""
        last: date | None = self.cleaned_data["until"]
        if last is not None and last < timezone.localdate():
            raise forms.ValidationError(_("Enter a last day that is still to come, or leave it empty"))
        if last is None:
            return None
        return timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))


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
    if request.method == "POST" and form.is_valid() and _another_s(request, user, form):
        _give(request, user, form.cleaned_data)
        return redirect("person", pk=pk)
    asked, of = request.GET.get("investigation", "").strip(), previewed(user)
    if named := [*([asked] if asked else []), *of.investigations]:
        note_looks(request, [(one, "") for one in named], f"what person {pk} can see")
    said = {
        "form": form,
        "of": of,
        "own": _own(request, pk),
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
    """End a role or a denial now; what was stays on record. What is denied to oneself another administrator ends."""
    model = _GIVEN.get(kind)
    if model is None:
        raise Http404
    if request.method == "POST" and model is Denial and _own(request, pk):
        note(request, "refusal", why="to end what is denied to oneself")
    elif request.method == "POST":
        now = timezone.now()
        model.objects.filter(Q(until=None) | Q(until__gt=now), pk=given, user_id=pk).update(until=now)
        note(request, "alteration", why=f"ended {kind} {given} of person {pk}")
    return redirect("person", pk=pk)


@seen_by(able("people"))
def shut_out(request: HttpRequest, pk: int) -> HttpResponse:
    """What is done when somebody leaves or loses their telephone: `leave`, `return` or `forget` the second factor."""
    user, what = get_object_or_404(User, pk=pk), request.POST.get("what", "")
    if do := _SHUT_OUT.get(what):
        do(user)
        sessions.end_all(user)
        note(request, "alteration", why=f"{what} of person {pk}")
    return redirect("person", pk=pk)


def _set_active(user: User, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])


_SHUT_OUT: dict[str, Callable[[User], object]] = {
    "leave": lambda user: _set_active(user, False),
    "return": lambda user: _set_active(user, True),
    "forget": lambda user: SecondFactor.objects.filter(user=user).delete(),
}


def _own(request: HttpRequest, pk: int) -> bool:
    return request.user.pk == pk


def _another_s(request: HttpRequest, user: User, form: Given) -> bool:
    """Whether somebody else is given a role: who gives themselves one is told who can, and that is logged (ADR 35)."""
    if not _own(request, user.pk) or form.cleaned_data["role"] == DENIED:
        return True
    note(request, "refusal", why=f"to give oneself the role {form.cleaned_data['role']}")
    form.add_error("role", _("Nobody gives a role to themselves: another administrator does"))
    return False


def _give(request: HttpRequest, user: User, said: dict[str, Any]) -> None:
    """Give it, once however often the form is sent: of two that are alike one would stay when the other is ended."""
    named, now = {name: said[name] for name in ("level", "unit", "until", "why")}, timezone.now()
    by = request.user.get_username()
    model, role = (Denial, {}) if said["role"] == DENIED else (Grant, {"role": said["role"]})
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        _given, is_new = model.objects.filter(Q(until=None) | Q(until__gt=now)).get_or_create(
            user=user, **named, **role, defaults={"since": now, "given_by": by}
        )
    if is_new:
        note(request, "alteration", why=f"gave person {user.pk}: {said['role']} of {said['level']} {said['unit']}")
