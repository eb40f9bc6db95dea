"""Whatever is answered at an address of the API is said as a problem, though no operation came to answer it.

What Kept refuses before an operation runs (an unknown encoding, another host, an address that is none, a database that
cannot be read) is answered by pages; another system could read nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kept.errors import Fault
from kept.web.api.problems import CANNOT_READ_NOW, MEDIA, OUR_FAULT, problem

_BEGINS = "/api/"
_DOCUMENT = "/api/v1/openapi.json says what can be asked, and how."
_OF_THE_PAGE = {"Content-Type", "Content-Length", "Content-Language", "Content-Disposition"}
_SAYS = {
    HTTPStatus.NOT_FOUND: Fault("Nothing is at this address.", what_to_do=_DOCUMENT),
    HTTPStatus.METHOD_NOT_ALLOWED: Fault("Nothing is done by this method here.", what_to_do=_DOCUMENT),
    HTTPStatus.INTERNAL_SERVER_ERROR: OUR_FAULT,
    HTTPStatus.SERVICE_UNAVAILABLE: CANNOT_READ_NOW,
}
_REFUSED = Fault("The request cannot be read.", what_to_do=f"Send JSON in UTF-8. {_DOCUMENT}")


class Answering:
    """The middleware that puts a problem in place of a page, with the headers that came with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code < HTTPStatus.BAD_REQUEST or not _is_of_api(request) or _is_problem(answer):
            return answer
        said = problem(answer.status_code, _SAYS.get(HTTPStatus(answer.status_code), _REFUSED))
        for name, value in answer.headers.items():
            if name not in _OF_THE_PAGE:
                said.headers[name] = value
        return said


def _is_of_api(request: HttpRequest) -> bool:
    """An address of the API; its documentation is a page, for people."""
    return request.path_info.startswith(_BEGINS) and request.path_info != reverse("api-docs")


def _is_problem(answer: HttpResponse) -> bool:
    return str(answer.headers.get("Content-Type", "")).startswith(MEDIA)
