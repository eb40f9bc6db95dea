"""How people are called on pages: officers of the records, and whoever signs in."""

from __future__ import annotations

from collections.abc import Collection

from kept.web.people.models import User


def names(officers: Collection[str]) -> dict[str, str]:
    """The name of each of some officers of the records; their id where nobody signs in as them."""
    known = User.objects.filter(officer__in=set(officers) - {""}).order_by("pk").values_list("officer", "shown")
    return {officer: officer for officer in officers} | dict(known)


def signing_in(users: Collection[str]) -> dict[str, str]:
    """The name of each of some people by what they sign in with; that itself where they are not known any more."""
    known = User.objects.filter(name__in=set(users)).values_list("name", "shown")
    return {user: user for user in users} | dict(known)
