"""What a person can see, as administrators look at it before they give a role and after."""

from __future__ import annotations

from dataclasses import dataclass

from kept.web.people import policy
from kept.web.people.cases import cases
from kept.web.people.models import User
from kept.web.people.roles import ABILITIES, Role
from kept.web.people.scoping import scope_of

_MOST = 50
"""How many cases are listed; one more is asked for, to know whether there are more."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What somebody may see now: roles, what they may do, and the first of the cases in their scope."""

    person: User
    roles: tuple[Role, ...]
    abilities: tuple[str, ...]
    investigations: tuple[str, ...]
    more: bool


def previewed(user: User) -> Preview:
    """What a person can see now. StoreError where the store cannot be read."""
    scope = scope_of(user)
    found = cases().within(scope, _MOST + 1) if policy.may(scope, "cases") else []
    able = tuple(said for ability, said in ABILITIES.items() if policy.may(scope, ability))
    return Preview(user, scope.roles(), able, tuple(found[:_MOST]), len(found) > _MOST)


def decided(user: User, investigation: str) -> policy.Decision | None:
    """Whether a person can see one investigation, and why; None where the store knows no such investigation."""
    found = cases().investigation(investigation)
    return policy.decide(scope_of(user), found) if found else None
