"""Signing in: a name and a password, then a one-time code; or by the force's own provider."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from kept.web.access import ANYBODY, SIGNED_IN, seen_by
from kept.web.forms import Form, exact
from kept.web.people import lockout, second_factor, sessions
from kept.web.people.models import User
from kept.web.sealing import sealer

_PENDING, _OFFERED = sessions.LEFT_BEHIND
_PENDING_SECONDS = 600
"""How long the code may take after the password."""


class Password(Form):
    """The first step."""

    name = exact(gettext_lazy("Sign-in name"), required=gettext_lazy("Enter your sign-in name"))
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=500,
        strip=False,
        error_messages={"required": gettext_lazy("Enter your password")},
    )


class Code(Form):
    """The second step."""

    code = exact(gettext_lazy("Code"), 40, required=gettext_lazy("Enter the code"))


@seen_by(ANYBODY)
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """A name and a password."""
    wanted = safe_next(request)
    form = Password(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = _checked(request, form)
        if user is not None:
            return _ask_code(request, user, wanted)
    provider = bool(settings.ENVIRONMENT.oidc_issuer)
    return render(request, "people/sign-in.html", {"form": form, "next": wanted, "provider": provider})


@seen_by(ANYBODY)
def code(request: HttpRequest) -> HttpResponse:
    """A one-time code or a recovery code, within ten minutes of the password."""
    pending = _pending(request)
    if pending is None:
        return redirect("sign-in")
    user, wanted = pending
    secret = second_factor.secret_of(user)
    if secret is None:
        return redirect("sign-in-set-up")
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _accepted(request, user, form):
        sessions.begin(request, user, "password")
        return redirect(wanted)
    shown = second_factor.code_now(secret) if settings.ENVIRONMENT.demo else ""
    return render(request, "people/code.html", {"form": form, "demo_code": shown})


@seen_by(ANYBODY)
def set_up(request: HttpRequest) -> HttpResponse:
    """The first time: an authenticator is set up, and signs in with its first code."""
    pending = _pending(request)
    if pending is None or second_factor.secret_of(pending[0]) is not None:
        return redirect("sign-in")
    user, _wanted = pending
    codes = choose_second_factor(request, user)
    if isinstance(codes, HttpResponse):
        return codes
    sessions.begin(request, user, "password")
    return render(request, "people/recovery-codes.html", {"codes": codes, "first": True})


@seen_by(SIGNED_IN)
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    if request.method == "POST":
        sessions.end(request)
    return redirect("sign-in")


def choose_second_factor(request: HttpRequest, user: User) -> HttpResponse | list[str]:
    """The page on which an authenticator is set up, until its first code is right; then the recovery codes."""
    secret = _offered_secret(request, user)
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        step = second_factor.step_of(secret, form.cleaned_data["code"])
        if step is not None:
            del request.session[_OFFERED]
            return second_factor.set_up(user, secret, step)
        form.add_error("code", _("This is not the code that the authenticator shows now"))
    said = {"form": form, "secret": secret, "picture": second_factor.picture(user, secret)}
    said["demo_code"] = second_factor.code_now(secret) if settings.ENVIRONMENT.demo else ""
    return render(request, "people/set-up.html", said)


def safe_next(request: HttpRequest) -> str:
    """Where to go afterwards: a page of ours, or home."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


def _checked(request: HttpRequest, form: Password) -> User | None:
    """Who it is; the form says what is wrong, alike for a wrong name and a wrong password."""
    name, address = form.cleaned_data["name"], sessions.address(request) or ""
    if not lockout.attempt(name, address):
        form.add_error(None, _("Too many attempts from here. Wait a quarter of an hour, then try again."))
        return None
    user = authenticate(request, username=name, password=form.cleaned_data["password"])
    if not isinstance(user, User):
        form.add_error(None, _("The name or the password is not right"))
        return None
    lockout.succeeded(name, address)
    return user


def _accepted(request: HttpRequest, user: User, form: Code) -> bool:
    name, address = f"code of {user.pk}", sessions.address(request) or ""
    if not lockout.attempt(name, address):
        form.add_error("code", _("Too many attempts from here. Wait a quarter of an hour, then try again."))
        return False
    if not second_factor.accepts(user, form.cleaned_data["code"]):
        form.add_error("code", _("The code is not right, or was used before"))
        return False
    lockout.succeeded(name, address)
    return True


def _ask_code(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    request.session.cycle_key()
    request.session[_PENDING] = {"user": user.pk, "at": timezone.now().timestamp(), "next": wanted}
    return redirect("sign-in-code")


def _pending(request: HttpRequest) -> tuple[User, str] | None:
    """Who has given a password and no code yet, and where they want to go."""
    said: dict[str, Any] = request.session.get(_PENDING, {})
    if not said or timezone.now().timestamp() - said["at"] > _PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=said["user"], is_active=True).first()
    return (user, said["next"]) if user else None


def _offered_secret(request: HttpRequest, user: User) -> str:
    """The secret on the page, the same until it is used; it lies sealed in the session."""
    keys, bound_to = sealer(settings.ENVIRONMENT.sealing_keys), f"offered:{user.pk}"
    if _OFFERED not in request.session:
        request.session[_OFFERED] = keys.seal(second_factor.new_secret(), bound_to)
    return keys.open(request.session[_OFFERED], bound_to)
