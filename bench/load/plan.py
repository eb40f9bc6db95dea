"""Who comes, and what each of them may open: people made in the service's database, and a file for who clicks.

Run within a service that was set up (`kept.web.starting.start`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from bench.load.day import CHARGE_CHECK, CROWDS, EVERY, Crowd, spread
from kept.records.store import Store
from kept.web.api import tokens
from kept.web.environment import INVENTED_PASSWORD
from kept.web.people.adding import add
from kept.web.people.cases import Cases, cases
from kept.web.people.models import User
from kept.web.people.policy import Unit
from kept.web.people.scoping import scope_of

_CASES = 12
"""So many cases of a person's are opened, at most."""
_SEED = 1


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in: in which crowd, of which unit, and as whom in the records."""

    name: str
    crowd: Crowd
    unit: Unit
    officer: str


def plan(people: int) -> dict[str, Any]:
    """Make the people, and write down for each how they sign in and where each of their clicks may lead.

    A click leads to a link on the page before that fits its pattern, else to one of its addresses.
    """
    known, views = cases(), _views()
    return {
        "password": INVENTED_PASSWORD,
        "people": [_of(one, known, views) for one in _people(known, people)],
        "victims": Store.open(settings.ENVIRONMENT.store).latest().manifest.counts["victims"],
        "charge": _charge(known),
        "missing": sorted({name for crowd in CROWDS for name in crowd.clicks} - set(views)),
    }


def _people(known: Cases, people: int) -> Iterator[Person]:
    busiest = known.busiest()
    teams = list(dict.fromkeys(team for _, team, _ in busiest if team))
    for crowd, count in spread(people).items():
        for number in range(count):
            unit = Unit("team", teams[number % len(teams)]) if crowd.level == "team" else Unit(crowd.level)
            officer = busiest[number % len(busiest)][0] if crowd.role == "investigator" else ""
            yield Person(f"load-{crowd.role}-{number}", crowd, unit, officer)


def _of(person: Person, known: Cases, views: Mapping[str, URLPattern]) -> dict[str, Any]:
    if not User.objects.filter(name=person.name).exists():
        add(person.name, person.name, person.crowd.role, person.unit, person.officer, INVENTED_PASSWORD, "load")
    values = _values(person, known)
    clicks = [_click(name, views[name], values) for name in person.crowd.clicks if name in views]
    return {"name": person.name, "clicks": clicks}


def _values(person: Person, known: Cases) -> list[dict[str, str]]:
    """What the addresses of this person's cases are made of."""
    within = known.within(scope_of(User.objects.get(name=person.name)))
    return [{"investigation": one, "victim": victim.id} for one in _some(within) for victim in known.victims(one)[:1]]


def _click(name: str, pattern: URLPattern, values: list[dict[str, str]]) -> dict[str, Any]:
    wanted = set(pattern.pattern.converters)
    addresses = [
        reverse(name, kwargs={key: one[key] for key in wanted}) for one in values or [{}] if wanted <= set(one)
    ]
    return {"page": name, "fits": f"/{pattern.pattern.regex.pattern.lstrip('^')}", "addresses": addresses}


def _charge(known: Cases) -> dict[str, Any]:
    """What the crime system asks before a charge, with a token of its own."""
    until = timezone.now() + timedelta(days=1)
    given = tokens.give(f"load-{until:%H%M%S}", ("charge:check",), "witness_care", Unit("force"), until, "load")
    return {
        "page": CHARGE_CHECK,
        "every": EVERY,
        "address": reverse(CHARGE_CHECK),
        "headers": {"Authorization": f"Bearer {given.secret}"},
        "asked": [{"investigation": one} for one in _some(known.within(tokens.scope_of(given.token)))],
    }


def _some(found: list[str]) -> list[str]:
    return random.Random(_SEED).sample(found, min(_CASES, len(found)))


def _views(under: URLResolver | None = None) -> dict[str, URLPattern]:
    found: dict[str, URLPattern] = {}
    for one in (under or get_resolver()).url_patterns:
        found |= _views(one) if isinstance(one, URLResolver) else {str(one.name): one}
    return found
