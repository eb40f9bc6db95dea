"""The access rule of an operation: a token that may do it, and has the case in scope where the address names one.

A session opens nothing here, so no page of another site can make somebody's browser ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse

from kept.errors import Fault
from kept.web.access import Rule, Values, in_scope, investigation_of, note
from kept.web.api import limits, tokens
from kept.web.api.models import Token
from kept.web.api.problems import not_there, problem
from kept.web.people import policy
from kept.web.people.scoping import scope

_SHOW = "Send it as `Authorization: Bearer kept_…`; an administrator makes one under People, Tokens."


def by_token(needs: Mapping[str, str], *, consults: bool) -> Rule:
    """Whoever shows a token that may do what a method needs (`tokens.MAY`), by method."""
    says = " or ".join(sorted(set(needs.values())))
    return Rule(f"a token that may {says}", partial(_allows, needs), False, consults, _refused)


def token_of(request: HttpRequest) -> Token:
    """The token with which an operation is asked, as its rule found it."""
    found: Token = request.token  # type: ignore[attr-defined]
    return found


def case_of(request: HttpRequest, investigation: str) -> policy.Investigation:
    """A case that the body of a request names; where it is not in scope it is logged, and is not there."""
    if not in_scope(request, {"investigation": investigation}):
        note(request, "refusal", investigation)
        raise Http404
    return investigation_of(request)


def _allows(needs: Mapping[str, str], request: HttpRequest, values: Values) -> bool:
    refused = _too_long(request) or _not_known(request) or _not_for_it(needs, request, values)
    request.refused = refused  # type: ignore[attr-defined]
    return refused is None


def _refused(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = request.refused  # type: ignore[attr-defined]
    return answer


def _too_long(request: HttpRequest) -> HttpResponse | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) <= limits.MOST_BYTES:
        return None
    return problem(
        413, Fault("The request is too long.", why="At most 1 MB is read.", what_to_do="Send it in several parts.")
    )


def _not_known(request: HttpRequest) -> HttpResponse | None:
    """401 without a token that holds; 429 where it asks too often. Else the request has its token and its scope."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = tokens.shown(secret.strip()) if kind.lower() == "bearer" else None
    if token is None:
        return _unauthorised("No token that is known was sent.")
    request.caller, request.token = f"token {token.name}", token  # type: ignore[attr-defined]
    if over := tokens.why_not(token, secret.strip()):
        return _unauthorised(over)
    if limits.is_too_often(token):
        return _wait()
    request._scope = tokens.scope_of(token)  # type: ignore[attr-defined]
    tokens.note_use(token)
    return None


def _not_for_it(needs: Mapping[str, str], request: HttpRequest, values: Values) -> HttpResponse | None:
    """405 for another method; 403 for what the token may not do at all; 404 for a case out of its scope."""
    wanted = needs.get(request.method or "")
    if wanted is None:
        return _another_method(needs)
    if wanted not in token_of(request).may_all() or not policy.may(scope(request), tokens.MAY[wanted].ability):
        return problem(403, Fault(f"This token may not {tokens.MAY[wanted].says}.", what_to_do=f"It needs {wanted}."))
    return not_there() if "investigation" in values and not in_scope(request, values) else None


def _another_method(needs: Mapping[str, str]) -> HttpResponse:
    answer = problem(405, Fault("Nothing is done by this method here.", what_to_do=f"Use {' or '.join(needs)}."))
    answer.headers["Allow"] = ", ".join(needs)
    return answer


def _unauthorised(what: str) -> HttpResponse:
    answer = problem(401, Fault(what, what_to_do=_SHOW))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _wait() -> HttpResponse:
    answer = problem(429, Fault("This token asks too often.", why=f"At most {limits.MOST_A_MINUTE} times a minute."))
    answer.headers["Retry-After"] = "60"
    return answer
