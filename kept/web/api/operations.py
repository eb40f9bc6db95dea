"""The API itself: every operation with what its token must be allowed, and the addresses that they answer at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.security import HttpBearer
from ninja.utils import replace_path_param_notation

from kept import __version__
from kept.web.access import seen_by
from kept.web.api.allowed import by_token
from kept.web.api.problems import Problem, add_handlers
from kept.web.api.tokens import MAY

PREFIX = "api/v1"
_WRONG = frozenset({400, 401, 403, 404, 405, 413, 422, 429, 503})
_View = TypeVar("_View", bound=Callable[..., Any])


class _Bearer(HttpBearer):
    """Says in the OpenAPI document how to show a token; the guard has seen it before an operation runs."""

    openapi_bearerFormat = "kept_…"  # noqa: N815  its name in OpenAPI

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return request.token  # type: ignore[attr-defined]


api = NinjaAPI(
    title="Kept",
    version=__version__,
    description="What Kept knows of the Victims' Code in this force, for the force's own systems. Each system shows a "
    "service token, which has a role for a unit and may do certain things. Times are ISO 8601 with an offset; answers "
    "are UTC. What is wrong is said as application/problem+json (RFC 9457).",
    openapi_url=None,
    docs_url=None,
    auth=_Bearer(),
    urls_namespace="kept-api",
)
add_handlers(api)

NEEDS: dict[str, dict[str, str]] = {}
"""What a token must be allowed, by path and method."""


def operation(method: str, address: str, needs: str, answers: Any, summary: str) -> Callable[[_View], _View]:
    """Make a function an operation, with what a token must be allowed to call it (`tokens.MAY`)."""
    assert needs in MAY

    def give(view: _View) -> _View:
        NEEDS.setdefault(address, {})[method] = needs
        made: _View = api.api_operation(
            [method],
            address,
            response={200: answers, _WRONG: Problem},
            summary=summary,
            operation_id=view.__name__,
            url_name=view.__name__,
            tags=[needs],
        )(view)
        return made

    return give


def schema() -> dict[str, Any]:
    """The OpenAPI document."""
    return dict(api.get_openapi_schema(path_prefix=f"/{PREFIX}/"))


def urls() -> list[URLPattern]:
    """An address for each path, ruled by what its operations need. The framework's other addresses are left out."""
    found = {_address(one): one for one in reversed(api.urls[0]) if isinstance(one, URLPattern)}
    return [_ruled(address, found[replace_path_param_notation(address).lstrip("/")]) for address in NEEDS]


def _address(pattern: URLPattern) -> str:
    return str(pattern.pattern)


def _ruled(address: str, pattern: URLPattern) -> URLPattern:
    answers: Callable[..., HttpResponse] = pattern.callback

    @csrf_exempt  # no cookie opens anything here
    def view(request: HttpRequest, **values: Any) -> HttpResponse:
        return answers(request, **values)

    rule = by_token(NEEDS[address], consults="{investigation}" in address)
    return path(f"{PREFIX}/{_address(pattern)}", seen_by(rule)(view), name=f"api-{pattern.name}")
