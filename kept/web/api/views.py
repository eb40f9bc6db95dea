"""Pages about the API: its documentation, and the tokens that administrators make."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from kept.errors import KeptError
from kept.web.access import ANYBODY, SIGNED_IN, able, note, seen_by, who
from kept.web.api import documented, tokens
from kept.web.api.models import Token
from kept.web.api.operations import schema
from kept.web.forms import day, exact
from kept.web.jobs import notices
from kept.web.people.policy import Unit
from kept.web.people.roles import ROLES
from kept.web.people.units import OfUnit

_MADE = gettext_noop("%(by)s has made the token “%(name)s” (%(role)s, %(level)s), and has seen its secret.")


class NewToken(OfUnit):
    """A token to be made."""

    name = exact(gettext_lazy("Name"), tokens.LONGEST_NAME, required=gettext_lazy("Say which system it is for"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[(role, ROLES[role].title) for role in tokens.ROLES_OF_TOKENS]
    )
    may = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[(name, may.says) for name, may in tokens.MAY.items()],
        error_messages={"required": gettext_lazy("Choose what it may do")},
    )
    expires = day(
        gettext_lazy("Holds until"),
        gettext_lazy("Enter the last day as a date, such as 2026-12-31"),
        gettext_lazy("Enter the last day on which it holds"),
    )


@seen_by(able("people"))
def service_tokens(request: HttpRequest) -> HttpResponse:
    """Every token, with when it was used last; and a form that makes one, whose secret is shown this once."""
    form = NewToken(request.POST if request.method == "POST" else None)
    given = _give(request, form) if request.method == "POST" and form.is_valid() else None
    return _page(request, NewToken() if given else form, given)


@seen_by(able("people"))
def change_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a token a new secret, or end it."""
    token, what = Token.objects.filter(pk=pk).first(), request.POST.get("what")
    if token is not None and what == "rotate":
        return _rotated(request, token)
    if token is not None and what == "revoke":
        tokens.revoke(token.name)
        note(request, "alteration", why=f"revoke token {token.name}")
    return redirect("service-tokens")


def _rotated(request: HttpRequest, token: Token) -> HttpResponse:
    """Sent twice it is done once: a second time would end the secret that the other system still uses."""
    try:
        given = tokens.rotate(token.name, saw=request.POST.get("saw", ""))
    except KeptError as error:
        return _page(request, NewToken(), None, " ".join(filter(None, (error.what, error.what_to_do))))
    note(request, "alteration", why=f"rotate token {token.name}")
    return _page(request, NewToken(), given)


@seen_by(SIGNED_IN)
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API's documentation: every operation, from the OpenAPI document."""
    return render(request, "api/docs.html", {"operations": documented.operations(), "allowed": tokens.MAY})


@seen_by(ANYBODY)
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document. It says what there is, and nothing of any case."""
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    """Written once in a process: it takes a tenth of a second, and anybody may ask for it."""
    return JsonResponse(schema()).content


def _page(request: HttpRequest, form: NewToken, given: tokens.Given | None, wrong: str = "") -> HttpResponse:
    said = {
        "form": form,
        "given": given,
        "wrong": wrong,
        "print_of": tokens.print_of,
        "tokens": Token.objects.order_by("revoked", "name"),
        "roles": ROLES,
        "allowed": tokens.MAY,
        "now": timezone.now(),
        "overlap": tokens.OVERLAP,
    }
    return render(request, "api/tokens.html", said)


def _give(request: HttpRequest, form: NewToken) -> tokens.Given | None:
    said = form.cleaned_data
    expires = timezone.make_aware(datetime.combine(said["expires"] + timedelta(days=1), time()))
    try:
        given = tokens.give(
            said["name"], tuple(said["may"]), said["role"], Unit(said["level"], said["unit"]), expires, who(request)
        )
    except KeptError as error:
        for fault in error.faults:
            form.add_error(None, fault.what)
        return None
    notices.tell_all(
        "log", _MADE, "/access-log", by=who(request), name=said["name"], role=said["role"], level=said["level"]
    )
    note(request, "alteration", why=f"gave a token to {said['name']}: {said['role']} of {said['level']} {said['unit']}")
    return given
