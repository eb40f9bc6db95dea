"""What is sent is UTF-8, as every page asks its forms to be."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

_UTF_8 = "utf-8"


class Utf8:
    """The middleware that refuses another encoding, before anything is read by it: some of Python's read no text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_ours((request.content_params or {}).get("charset", _UTF_8)):
            raise BadRequest("Another encoding than UTF-8.")
        return self.get_response(request)


def _is_ours(named: str) -> bool:
    try:
        return codecs.lookup(named).name in (_UTF_8, "ascii")
    except (LookupError, ValueError):
        return False
