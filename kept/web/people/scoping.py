"""From a person in the database to the scope that `policy` decides by."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from kept.web.people import policy
from kept.web.people.models import Dated, Denial, Grant, User


def scope_of(user: User | AnonymousUser, at: datetime | None = None) -> policy.Scope:
    """What somebody may see now, or at another moment. Somebody who has not signed in, or has left, sees nothing."""
    if not isinstance(user, User) or not user.is_active:
        return policy.NOBODY
    grants = tuple(policy.Grant(_unit(one), one.since, one.until, one.role) for one in Grant.objects.filter(user=user))
    denials = tuple(policy.Denial(_unit(one), one.since, one.until) for one in Denial.objects.filter(user=user))
    return policy.Scope(at or timezone.now(), user.officer, grants, denials, settings.ENVIRONMENT.keeps)


def scope(request: HttpRequest) -> policy.Scope:
    """The scope of who asks, read once for each request."""
    found = getattr(request, "_scope", None)
    if found is None:
        found = scope_of(request.user)
        request._scope = found  # type: ignore[attr-defined]
    return found


def _unit(given: Dated) -> policy.Unit:
    return policy.Unit(given.level, given.unit)
