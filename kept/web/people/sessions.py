"""Sessions: begun at a sign-in, ended by the person, by idleness, by age or from another session."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from kept.web.people.models import SignIn, User

_KEY = "sign_in"
LEFT_BEHIND = ("pending", "offered")
"""What the steps of signing in keep in a session; whoever is in has no more use for it."""
_OFTEN_ENOUGH = timedelta(minutes=1)
"""How exactly it is written down when a session was last used."""


def begin(request: HttpRequest, user: User, how: str) -> SignIn:
    """Sign a person in: a new session, and a row that tells them of it. `how`: `password` or `provider`."""
    for left in LEFT_BEHIND:
        request.session.pop(left, None)
    login(request, user)
    now = timezone.now()
    browser = request.headers.get("User-Agent", "").replace("\x00", "")[:200]
    row = SignIn.objects.create(user=user, began=now, seen=now, how=how, address=address(request), browser=browser)
    request.session[_KEY] = row.pk
    return row


def end(request: HttpRequest) -> None:
    """Sign out of this session."""
    SignIn.objects.filter(pk=current(request)).update(ended=timezone.now())
    logout(request)


def end_others(request: HttpRequest, user: User) -> int:
    """End every other session of a person; returns how many there were."""
    return going_on(user).exclude(pk=current(request)).update(ended=timezone.now())


def end_all(user: User) -> int:
    """End every session of a person."""
    return going_on(user).update(ended=timezone.now())


def going_on(user: User) -> QuerySet[SignIn]:
    """The sessions of a person that have not ended, the latest first."""
    now = timezone.now()
    return SignIn.objects.filter(user=user, ended=None, seen__gt=now - _idle(), began__gt=now - _longest()).order_by(
        "-began"
    )


def before(request: HttpRequest, user: User) -> SignIn | None:
    """The sign-in before this one, so that a person notices one that was not theirs."""
    return SignIn.objects.filter(~Q(pk=current(request)), user=user).order_by("-began").first()


def current(request: HttpRequest) -> int:
    """The number of the sign-in that this session belongs to; 0 where there is none."""
    return int(request.session.get(_KEY, 0))


def address(request: HttpRequest) -> str | None:
    """Where a request comes from: behind a proxy, what the proxy itself saw, which is the last in its list."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.ENVIRONMENT.https else ""
    said = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:  # a local socket, or a proxy that says something else
        return None


class Sessions:
    """The middleware that ends a session which was idle or went on for too long, or was ended elsewhere.

    Where the database cannot say who asks, what anybody may see is shown as to nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            self._end_what_is_over(request)
        except DatabaseError:
            if not _is_for_anybody(request):
                raise
            request.user = AnonymousUser()
        return self.get_response(request)

    def _end_what_is_over(self, request: HttpRequest) -> None:
        if request.user.is_authenticated and not self._goes_on(request, request.user):
            request.ended_for = request.user.pk  # type: ignore[attr-defined]
            logout(request)

    def _goes_on(self, request: HttpRequest, user: User) -> bool:
        row = SignIn.objects.filter(pk=current(request), user=user).first()
        if row is None or not lasts(row, timezone.now()) or not user.is_active:
            return False
        if timezone.now() - row.seen > _OFTEN_ENOUGH:
            SignIn.objects.filter(pk=row.pk).update(seen=timezone.now())
        return True


def _is_for_anybody(request: HttpRequest) -> bool:
    try:
        rule = getattr(resolve(request.path_info).func, "rule", None)
    except Resolver404:
        return True
    return rule is not None and not rule.signed_in


def lasts(row: SignIn, now: datetime) -> bool:
    """Whether a session may go on: not ended, not idle for too long, and not too old."""
    return row.ended is None and now - row.seen < _idle() and now - row.began < _longest()


def _idle() -> timedelta:
    found: timedelta = settings.ENVIRONMENT.idle
    return found


def _longest() -> timedelta:
    found: timedelta = settings.ENVIRONMENT.longest
    return found
