"""What the API answers where something is wrong: the sentences of `kept.errors`, as RFC 9457 wants them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from kept.errors import DiskError, Fault, KeptError, NotFoundError, ServiceError, StoreError
from kept.web.errors import CANNOT_READ

MEDIA = "application/problem+json"
_log = logging.getLogger("kept.api")
_READ = "/api/v1/openapi.json says what each value may be."
CANNOT_READ_NOW = Fault(
    "The records or the service's database cannot be read just now.", what_to_do="Ask again in a minute."
)
OUR_FAULT = Fault("Kept has failed, and the fault is its own.", what_to_do="Tell who runs it the time.")
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFoundError, 404),
    (StoreError, 503),
    (DiskError, 503),
    (ServiceError, 503),
    (KeptError, 400),
)
"""What each kind of error is to a caller; the first that fits."""


class FaultOut(Schema):
    """One thing that is wrong."""

    what: str
    where: str | None = None
    why: str = ""
    what_to_do: str = ""


class Problem(Schema):
    """What is wrong with a request, as application/problem+json."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    faults: list[FaultOut]


def fault_out(fault: Fault) -> FaultOut:
    """A fault as callers get it."""
    return FaultOut(**asdict(fault))


def problem(status: int, *faults: Fault) -> HttpResponse:
    """The answer that says what is wrong."""
    said = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=" ".join(filter(None, (faults[0].what, faults[0].why, faults[0].what_to_do))),
        faults=[fault_out(one) for one in faults],
    )
    return HttpResponse(json.dumps(said.model_dump(), ensure_ascii=False), status=status, content_type=MEDIA)


def add_handlers(api: NinjaAPI) -> None:
    """Let every error of an API's operations be answered as a problem."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        KeptError: _of_kept,
        ValidationError: _of_values,
        HttpError: _of_http,
        Http404: lambda request, error: not_there(),
        **dict.fromkeys(CANNOT_READ, _not_read),
        Exception: _of_ours,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _not_read(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(503, CANNOT_READ_NOW)


def not_there() -> HttpResponse:
    """It is not there, or not for this caller; which of the two is not said."""
    return problem(404, Fault("There is nothing here by this name that this token may see."))


def _of_kept(request: HttpRequest, error: KeptError) -> HttpResponse:
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    hidden = [Fault(one.what, None, one.why, one.what_to_do) for one in error.faults]  # where: paths of ours
    return problem(status, *hidden)


def _of_values(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(422, *[Fault(one["msg"], _place(one["loc"]), "", _READ) for one in error.errors[:20]])


def _place(loc: Sequence[Any]) -> str:
    return ".".join(str(one)[:100] for one in loc[1:]) or str(loc[0])


def _of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses: a body that is no JSON."""
    return problem(error.status_code, Fault("The request cannot be read.", why=str(error)[:200], what_to_do=_READ))


def _of_ours(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.error("the api failed", exc_info=error)
    return problem(500, OUR_FAULT)
