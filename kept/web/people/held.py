"""What somebody had typed when their session ended: kept for them, and shown again once they are back.

It lies sealed in the browser's new session, and only who typed it gets it back. What was typed on a page from before
they signed in anew is shown to them at once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kept.web.sealing import Sealer, sealer

_KEY, _WHOSE = "typed", "typed_by"
_BOUND_TO = "held"
_LONGEST = 200_000  # characters
_MOST = 5
"""How many pages are kept; somebody may have written on several as their session ended."""
_OURS = "csrfmiddlewaretoken"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent: to which page, and each field with its value."""

    path: str
    fields: list[tuple[str, str]]


def hold(request: HttpRequest) -> bool:
    """Keep what was sent by somebody whose session has just ended; whether there was anything to keep."""
    user: int | None = getattr(request, "ended_for", None) or request.session.get(_WHOSE)
    typed = _sent(request)
    if typed is None or user is None:
        return False
    said = json.dumps({"user": user, "path": typed.path, "fields": typed.fields})
    request.session[_WHOSE] = user
    request.session[_KEY] = [*request.session.get(_KEY, []), _sealer().seal(said, _BOUND_TO)][-_MOST:]
    return True


def held(request: HttpRequest) -> HttpResponse:
    """The page that offers to send it now; home, where nothing was kept for this person."""
    request.session.pop(_WHOSE, None)
    kept = [json.loads(_sealer().open(one, _BOUND_TO)) for one in request.session.pop(_KEY, [])]
    typed = [Typed(one["path"], one["fields"]) for one in kept if one["user"] == request.user.pk]
    return _page(request, typed) if typed else redirect("home")


def typed_before(request: HttpRequest) -> HttpResponse | None:
    """The page that offers to send what was typed before somebody signed in anew; None where that is not so.

    The browser itself says that a page of ours sent it, so that nobody is led to send what another site wrote. Whoever
    is not in any more is asked to sign in first.
    """
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("held")) if hold(request) else None
    typed = _sent(request)
    return _page(request, [typed], HTTPStatus.FORBIDDEN) if typed and typed.fields else None


def _sent(request: HttpRequest) -> Typed | None:
    """What was typed on a page and sent; None where nothing was, or more than can be kept."""
    fields = [(name, text) for name, texts in request.POST.lists() if name != _OURS for text in texts]
    is_short = sum(len(name) + len(text) for name, text in fields) < _LONGEST
    return Typed(request.path, fields) if request.method == "POST" and is_short else None


def _page(request: HttpRequest, typed: list[Typed], status: int = HTTPStatus.OK) -> HttpResponse:
    return render(request, "people/held.html", {"typed": typed}, status=status)


def _sealer() -> Sealer:
    return sealer(settings.ENVIRONMENT.sealing_keys)
