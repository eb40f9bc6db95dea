"""What is shown where something went wrong: plain words, and nothing of what was asked for."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import duckdb
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from kept.errors import KeptError
from kept.web.people.held import typed_before

CANNOT_READ = (DatabaseError, duckdb.Error, sqlite3.Error, OSError)
"""What is raised where the database, a file of the records or the disk fails."""


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it is not there, or it is not for this person; which of the two is not said."""
    return _page(request, "not-found", 404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, "refused", 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(request, "refused", 400)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not one of this session. What somebody typed on a page of ours is offered to them again."""
    return typed_before(request) or _page(request, "stale-form", 403)


def failed(request: HttpRequest) -> HttpResponse:
    """503 where the records or the database cannot be read just now; else 500, a fault of Kept's own.

    What is known of either stands in the log.
    """
    if isinstance(sys.exc_info()[1], (KeptError, *CANNOT_READ)):
        return _page(request, "cannot-read", 503)
    return _page(request, "failed", 500)


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """A page that needs neither database nor session, since either may be what is broken."""
    known: dict[str, Any] = {
        "here": "/",
        "language": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "person": None,
        "may": lambda ability: False,
        "demo": False,
    }
    return HttpResponse(render_to_string(f"errors/{name}.html", known), status=status)
