"""What people are told on their first page: that their load is done, that a charge came without its checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from kept.web.jobs.models import Notice
from kept.web.people import policy
from kept.web.people.models import Grant, User
from kept.web.people.roles import ROLES
from kept.web.people.scoping import scope_of

MOST = 20
"""How many are shown at once."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as it is shown; `link` is where to go from it, blank where nowhere."""

    number: int
    at: datetime
    text: str
    link: str


def tell(name: str, says: str, link: str = "", /, **values: Any) -> Notice | None:
    """Tell somebody by the name they sign in with; None where there is nobody of that name.

    `says` is a sentence marked with `gettext_noop`, with places such as `%(rows)s` open for the values: it is put into
    the reader's language when it is shown. It must hold nothing that only who has a case in scope may know.
    """
    user = User.objects.filter(name__iexact=name, is_active=True).first() if name else None
    if user is None:
        return None
    return Notice.objects.create(user=user, at=timezone.now(), says=says, values=values, link=link)


def tell_all(ability: str, says: str, link: str = "", /, **values: Any) -> None:
    """Tell everybody who may do that sort of thing (`kept.web.people.roles.ABILITIES`)."""
    roles = [role.id for role in ROLES.values() if ability in role.abilities]
    for user in User.objects.filter(pk__in=Grant.objects.filter(role__in=roles).values("user")):
        if policy.may(scope_of(user), ability):
            tell(user.name, says, link, **values)


def of(user: User) -> list[Told]:
    """What somebody was told and has not put away, the latest first, in the language of the page."""
    return [_told(one) for one in _open(user).order_by("-pk")[:MOST]]


def _told(one: Notice) -> Told:
    values = {name: f"{value:,}" if isinstance(value, int) else value for name, value in one.values.items()}
    return Told(one.pk, one.at, gettext(one.says) % values, one.link)


def put_away(user: User, upto: int) -> int:
    """Put away what somebody was told, up to the last that they saw; returns how many there were."""
    return _open(user).filter(pk__lte=upto).update(put_away=timezone.now())


def _open(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user, put_away=None)
