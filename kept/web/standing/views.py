"""How the service stands: for people, for a load balancer, and for Prometheus; and what anybody may read of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kept import __version__
from kept.errors import KeptError
from kept.records.store import Store
from kept.web.access import ANYBODY, SCRAPER, SIGNED_IN, seen_by
from kept.web.sealing import sealer
from kept.web.standing.measured import exposition


@dataclass(frozen=True, slots=True)
class Part:
    """A part that the service needs: whether it is well, and what was found."""

    name: str
    well: bool
    found: str


@seen_by(ANYBODY)
def health(request: HttpRequest) -> HttpResponse:
    """200 while every part is well, else 503; says which, and nothing more."""
    found = parts()
    well = all(part.well for part in found)
    return JsonResponse({part.name: part.well for part in found}, status=200 if well else 503)


@seen_by(SCRAPER)
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts and times, for Prometheus."""
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@seen_by(SIGNED_IN)
def status(request: HttpRequest) -> HttpResponse:
    """How the service stands, and from when its records are."""
    return render(request, "standing/status.html", {"parts": parts(), "version": __version__})


@seen_by(ANYBODY)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "standing/accessibility.html")


def parts() -> list[Part]:
    """Every part that the service needs, asked now."""
    asked = {"database": _database, "store": _store, "keys": _keys}
    return [_asked(name, ask) for name, ask in asked.items()]


def _asked(name: str, ask: Callable[[], str]) -> Part:
    try:
        return Part(name, True, ask())
    except (KeptError, DatabaseError, OSError) as error:
        return Part(name, False, error.what if isinstance(error, KeptError) else type(error).__name__)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.display_name


def _store() -> str:
    latest = Store.open(settings.ENVIRONMENT.store).latest()
    return f"{latest.number}, {latest.manifest.made_at}"


def _keys() -> str:
    return str(len(sealer(settings.ENVIRONMENT.sealing_keys).keys))
