"""What somebody had typed when their session ended: kept for them, and shown again once they are back.

It lies sealed in the browser's new session, and only who typed it gets it back.
"""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kept.web.sealing import sealer

_KEY = "held"
_LONGEST = 200_000  # characters
_OURS = "csrfmiddlewaretoken"


def hold(request: HttpRequest) -> bool:
    """Keep what was sent by somebody whose session has just ended; whether there was anything to keep."""
    user: int | None = getattr(request, "ended_for", None)
    if request.method != "POST" or user is None:
        return False
    fields = [(name, value) for name, values in request.POST.lists() if name != _OURS for value in values]
    said = json.dumps({"user": user, "path": request.path, "fields": fields})
    if len(said) > _LONGEST:
        return False
    request.session[_KEY] = sealer(settings.ENVIRONMENT.sealing_keys).seal(said, _KEY)
    return True


def held(request: HttpRequest) -> HttpResponse:
    """The page that offers to send it now; home, where nothing was kept for this person."""
    kept = request.session.pop(_KEY, None)
    said = json.loads(sealer(settings.ENVIRONMENT.sealing_keys).open(kept, _KEY)) if kept else {}
    if said.get("user") != request.user.pk:
        return redirect("home")
    return render(request, "people/held.html", {"path": said["path"], "fields": said["fields"]})
