"""How the service stands: for people, for a load balancer, and for Prometheus; and what anybody may read of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kept import __version__
from kept.errors import KeptError, ServiceError
from kept.records.store import Store
from kept.web.access import ANYBODY, SCRAPER, SIGNED_IN, seen_by
from kept.web.jobs import background
from kept.web.sealing import sealer
from kept.web.standing.measured import exposition


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the service: whether it is well, what was found, and whether pages cannot be shown without it."""

    name: str
    well: bool
    found: str
    needed: bool = True


@seen_by(ANYBODY)
def health(request: HttpRequest) -> HttpResponse:
    """200 while every part is well that pages need, else 503; says which are, and nothing more."""
    found = parts()
    well = all(part.well for part in found if part.needed)
    return JsonResponse({part.name: part.well for part in found}, status=200 if well else 503)


@seen_by(SCRAPER)
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts and times, for Prometheus."""
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@seen_by(SIGNED_IN)
def status(request: HttpRequest) -> HttpResponse:
    """How the service stands, and from when its records are."""
    said = {"parts": parts(), "version": __version__, "background": background.state_if_known()}
    return render(request, "standing/status.html", said)


@seen_by(ANYBODY)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "standing/accessibility.html")


def parts() -> list[Part]:
    """Every part of the service, asked now."""
    needed = {"database": _database, "store": _store, "keys": _keys}
    beside = {"worker": _worker}
    return [_asked(name, ask, name in needed) for name, ask in (needed | beside).items()]


def _asked(name: str, ask: Callable[[], str], needed: bool) -> Part:
    try:
        return Part(name, True, ask(), needed)
    except (KeptError, DatabaseError, OSError) as error:
        return Part(name, False, error.what if isinstance(error, KeptError) else type(error).__name__, needed)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.display_name


def _store() -> str:
    latest = Store.open(settings.ENVIRONMENT.store).latest()
    return f"{latest.number}, {latest.manifest.made_at}"


def _worker() -> str:
    found = background.state()
    if not found.alive:
        raise ServiceError(_("No worker is at work."))
    return ngettext("%(waiting)s job waits", "%(waiting)s jobs wait", found.waiting) % {"waiting": found.waiting}


def _keys() -> str:
    return str(len(sealer(settings.ENVIRONMENT.sealing_keys).keys))
