"""How officers are called on pages: by the name of whoever signs in as them, and where nobody does, by their id."""

from __future__ import annotations

from collections.abc import Collection

from kept.web.people.models import User


def names(officers: Collection[str]) -> dict[str, str]:
    """The name of each of some officers of the records."""
    known = User.objects.filter(officer__in=set(officers) - {""}).order_by("pk").values_list("officer", "shown")
    return {officer: officer for officer in officers} | dict(known)
