"""What a person sees and settles of their own: where they are signed in, second factor, password, language, scope."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib.auth import password_validation, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web.access import ANYBODY, SIGNED_IN, note_looks, seen_by
from kept.web.forms import Form
from kept.web.languages import choose
from kept.web.people import held as typed
from kept.web.people import sessions
from kept.web.people.models import RecoveryCode, User
from kept.web.people.preview import previewed
from kept.web.people.signing_in import choose_second_factor, safe_next

_LAST = 10
"""How many sign-ins are listed."""


class NewPassword(Form):
    """A password in place of another."""

    now = forms.CharField(label=gettext_lazy("Your password now"), max_length=500, strip=False)
    wanted = forms.CharField(label=gettext_lazy("New password"), max_length=500, strip=False)

    def __init__(self, user: User, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.user = user

    def clean_now(self) -> str:
        said: str = self.cleaned_data["now"]
        if not self.user.check_password(said):
            raise forms.ValidationError(_("This is not your password"))
        return said

    def clean_wanted(self) -> str:
        said: str = self.cleaned_data["wanted"]
        password_validation.validate_password(said, self.user)
        return said


@seen_by(SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    """The page of one's own account; posting to it signs out everywhere else."""
    user = who(request)
    if request.method == "POST":
        sessions.end_others(request, user)
        return redirect("account")
    said = {
        "going_on": sessions.going_on(user)[:_LAST],
        "current": sessions.current(request),
        "before": sessions.before(request, user),
        "codes_left": RecoveryCode.objects.filter(user=user).count(),
    }
    return render(request, "people/account.html", said)


@seen_by(SIGNED_IN)
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; other sessions end."""
    user = who(request)
    form = NewPassword(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["wanted"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        sessions.end_others(request, user)
        return redirect("account")
    return render(request, "people/password.html", {"form": form})


@seen_by(SIGNED_IN)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up another authenticator in place of the one before."""
    codes = choose_second_factor(request, who(request))
    if isinstance(codes, HttpResponse):
        return codes
    return render(request, "people/recovery-codes.html", {"codes": codes, "first": False})


@seen_by(SIGNED_IN)
def own_scope(request: HttpRequest) -> HttpResponse:
    """What I can see."""
    of = previewed(who(request))
    if of.investigations:
        note_looks(request, [(one, "") for one in of.investigations])
    return render(request, "people/scope.html", {"of": of})


@seen_by(SIGNED_IN)
def held(request: HttpRequest) -> HttpResponse:
    """What I had typed when my session ended."""
    return typed.held(request)


@seen_by(ANYBODY)
def language(request: HttpRequest, wanted: str) -> HttpResponse:
    """Read on in another language."""
    return choose(redirect(safe_next(request)), wanted)


def who(request: HttpRequest) -> User:
    """Who asks, on a page for those who have signed in."""
    return cast(User, request.user)
