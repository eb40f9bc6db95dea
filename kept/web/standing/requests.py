"""Every request leaves one line in the log and one count, by the name of its page and never by its address."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from secrets import token_hex

from django.http import HttpRequest, HttpResponse

from kept.web.standing.measured import REQUESTS, SECONDS

_log = logging.getLogger("kept.requests")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Requests:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        answer = self.get_response(request)
        self._note(request, answer, time.perf_counter() - begun)
        return answer

    def _note(self, request: HttpRequest, answer: HttpResponse, seconds: float) -> None:
        page = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(page, method, answer.status_code).inc()
        SECONDS.labels(page).observe(seconds)
        said = {"request": token_hex(8), "method": method, "page": page, "status": answer.status_code}
        _log.info("answered", extra={**said, "ms": round(seconds * 1000, 1)})
