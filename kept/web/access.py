"""Every page says who may see it, and is seen by nobody else.

A view carries one rule: `@seen_by(SIGNED_IN)`, `@seen_by(able("log"))`, `@seen_by(OF_THE_CASE)`. `Guard` asks it before
the view runs. A view without a rule is not found. Whatever is refused to somebody signed in answers as if it were not
there, and stands in the access log.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from kept.web.consulted.chain import Line, add
from kept.web.consulted.lists import Seen
from kept.web.people import policy
from kept.web.people.cases import cases
from kept.web.people.held import hold
from kept.web.people.roles import ABILITIES
from kept.web.people.scoping import scope

_METHODS = ("GET", "HEAD", "POST")
"""How pages are asked; by any other method a view would show itself without its look being logged."""
View = TypeVar("View", bound=Callable[..., Any])
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may see a page: in words, and as a question about a request and the values in its address.

    `consults`: that it was seen is logged, by `investigation` and, where the address names one, `victim`.
    `refuses`: what is answered to who may not see it, where that is not a page that says that it is not there.
    """

    says: str
    allows: Callable[[HttpRequest, Values], bool]
    signed_in: bool = True
    consults: bool = False
    refuses: Callable[[HttpRequest], HttpResponse] | None = None


def seen_by(rule: Rule) -> Callable[[View], View]:
    """Give a view its rule."""

    def give(view: View) -> View:
        view.rule = rule  # type: ignore[attr-defined]
        return view

    return give


def able(ability: str) -> Rule:
    """Whoever has a role with an ability (`kept.web.people.roles.ABILITIES`)."""
    return Rule(f"who may {ABILITIES[ability]}", lambda request, _: policy.may(scope(request), ability))


def able_of_all(ability: str) -> Rule:
    """Whoever has a role with an ability for the whole force, and is denied no unit of it."""
    says = f"who may {ABILITIES[ability]} of the whole force"
    return Rule(says, lambda request, _: policy.may_of_all(scope(request), ability))


def investigation_of(request: HttpRequest) -> policy.Investigation:
    """The investigation that a page about a case is about, as its rule found it."""
    found: policy.Investigation = request.investigation  # type: ignore[attr-defined]
    return found


def who(request: HttpRequest) -> str:
    """Who asks, as the log names them: by the name they sign in with, or as the `caller` that a rule found."""
    caller: str = getattr(request, "caller", "")
    return caller or request.user.get_username()


def note(request: HttpRequest, kind: str, investigation: str = "", victim: str = "", why: str = "") -> None:
    """Log an access of this request's (`kept.web.consulted.models.KINDS`)."""
    add(Line(kind, who(request), _route(request), investigation, victim, why))


def note_looks(request: HttpRequest, seen: Iterable[Seen], why: str = "") -> None:
    """Log that this request shows some cases or victims, in one line in which each of them can be found."""
    add(Line.about("consultation", who(request), _route(request), seen, why))


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else request.path


class Guard:
    """The middleware that asks each page's rule."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A form that is sent and comes back as a page shows what that page shows, and is a look like any other."""
        answer = self.get_response(request)
        match = request.resolver_match
        if match and request.method == "POST" and answer.status_code == HTTPStatus.OK:
            _consult(request, match.kwargs, getattr(match.func, "rule", None))
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], values: dict[str, Any]
    ) -> HttpResponse | None:
        rule: Rule | None = getattr(view, "rule", None)
        if rule is None:
            raise Http404
        if rule.refuses is None and request.method not in _METHODS:  # what has its own answer says so itself
            return HttpResponseNotAllowed(_METHODS)
        if rule.signed_in and not request.user.is_authenticated:
            return redirect_to_login(_afterwards(request))
        if not rule.allows(request, values):
            return _refuse(request, values, rule)
        if request.method in ("GET", "HEAD"):
            _consult(request, values, rule)
        return None


def _consult(request: HttpRequest, values: Values, rule: Rule | None) -> None:
    """Log a look at a victim; at a case it is a look at each victim that it has."""
    if rule is None or not rule.consults:
        return
    case, victim = values["investigation"], values.get("victim", "")
    victims = [victim] if victim else [one.id for one in cases().victims(case)]
    note_looks(request, [(case, one) for one in victims or [""]])


def _afterwards(request: HttpRequest) -> str:
    """Where somebody goes once they have signed in: to the page they wanted, or to what they had typed."""
    if request.method == "GET":
        return request.get_full_path()
    return reverse("held" if hold(request) else "home")


def _refuse(request: HttpRequest, values: Values, rule: Rule) -> HttpResponse:
    if who(request):
        note(request, "refusal", values.get("investigation", ""), values.get("victim", ""))
    if rule.refuses is None:
        raise Http404
    return rule.refuses(request)


def in_scope(request: HttpRequest, values: Values) -> bool:
    """Whether the case is in scope, and the victim one of its own; the investigation is kept for the view."""
    known = cases()
    found = known.investigation(values["investigation"])
    if found is None or not policy.may_open(scope(request), found):
        return False
    request.investigation = found  # type: ignore[attr-defined]
    victim = known.victim(values["victim"]) if "victim" in values else None
    return "victim" not in values or (victim is not None and victim.investigation == found.id)


def _held_now(request: HttpRequest, values: Values) -> bool:
    return in_scope(request, values) and policy.holds_now(scope(request), investigation_of(request))


def _scrapes(request: HttpRequest, _: Values) -> bool:
    """A process on this machine, or one that sends the token."""
    token = settings.ENVIRONMENT.metrics_token
    if token:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    direct = "X-Forwarded-For" not in request.headers
    return direct and ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback


ANYBODY = Rule("anybody", lambda request, values: True, signed_in=False)
SIGNED_IN = Rule("whoever has signed in", lambda request, values: True)
OF_THE_CASE = Rule("who has the case in scope", in_scope, consults=True)
HOLDS_THE_CASE = Rule("who holds the case now", _held_now, consults=True)
SCRAPER = Rule("a scraper on this machine, or with the token", _scrapes, signed_in=False)
