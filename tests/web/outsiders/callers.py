"""Other systems at random: tokens with a role for a unit that may do some things, and what they ask of the API."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st

from kept.web.api import tokens
from kept.web.api.models import Token
from tests.web.conftest import ago
from tests.web.outsiders.force import BY_ID, PEOPLE, THEN, mark, now_of, then_of
from tests.web.outsiders.people import FIGURES, OF_A_UNIT, SOME_UNITS, Somebody

ALL = frozenset({"measures:read", "obligations:read", "charge:check", "events:write", "loads:read", "loads:write"})
NEEDS = {"measures:read": FIGURES, "loads:read": {"analyst"}, "loads:write": {"analyst"}}
OF_THE_FORCE = {"loads:read", "loads:write"}
"""The roles with which a token may do each of them; of the others those that open the cases of a unit."""
ROLES = (*sorted(OF_A_UNIT), "champion", "commissioner")


@dataclass(frozen=True)
class Ask:
    """One request to an operation. `case`: which one it names; `needs`: what its token must be allowed.

    `right`: whether it is one that is answered to whoever has all in scope.
    """

    address: str
    needs: str
    query: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, Any] | None = None
    case: str = ""
    method: str = "GET"
    right: bool = True


@dataclass(frozen=True)
class Caller:
    """A token: its role for a unit, as somebody who was given just that, and what it may do."""

    who: Somebody
    allowed: frozenset[str]

    def may(self, needs: str) -> bool:
        has = self.who.has(NEEDS.get(needs, OF_A_UNIT))
        return needs in self.allowed and has and (needs not in OF_THE_FORCE or self.who.granted[0][1] == "force")

    def there(self, ask: Ask) -> int | None:
        """How an operation answers: 403 for what the token may not do, 404 for a case that is not in its scope."""
        if not self.may(ask.needs):
            return 403
        if ask.case and ask.needs != "events:write" and not self._opens(ask.case):
            return 404
        return None

    def _opens(self, case: str) -> bool:
        return case in BY_ID and self.who.opens(BY_ID[case])


def caller() -> st.SearchStrategy[Caller]:
    """A token of any kind that an administrator can make, and what it may do beside that it says."""
    given = st.builds(lambda role, unit: Somebody("", ((role, *unit, "now"),)), st.sampled_from(ROLES), SOME_UNITS)
    return st.builds(Caller, given, st.one_of(st.just(ALL), st.frozensets(st.sampled_from(sorted(ALL)), min_size=1)))


def shown_by(one: Caller) -> dict[str, str]:
    """The header with the secret of a token that was made for it; it may do at least one thing that its role allows."""
    cache.clear()
    ((role, level, unit, _),) = one.who.given
    said = {"role": role, "level": level, "unit": unit, "made": ago(1), "made_by": "test", "may": " ".join(one.allowed)}
    secret = f"kept_{mark('secret')}"
    expires = timezone.now() + timedelta(days=1)
    Token.objects.create(name="caller", digest=tokens._digest(secret), expires=expires, **said)
    return {"Authorization": f"Bearer {secret}"}


def asked(headers: dict[str, str], ask: Ask) -> Any:
    address = f"/api/v1{ask.address}"
    if ask.sent is not None:
        return Client().post(address, ask.sent, content_type="application/json", headers=headers)
    return Client().get(address, ask.query, headers=headers)


def said(answer: Any) -> str:
    """All that an answer says; where the next page begins is read as the place that it stands for."""
    text: str = answer.text
    after = json.loads(text).get("after") if text.startswith("{") else None
    return text + (urlsafe_b64decode(after).decode() if after else "")


def marks_of(ask: Ask) -> set[str]:
    """What the caller said itself."""
    return {text for text in json.dumps([ask.address, dict(ask.query), ask.sent]).replace("/", '"').split('"') if text}


def some_ask(chance: random.Random) -> Ask:
    name = chance.choice([*ASKS, "api-explained", "api-charge_check", "api-events"])
    return chance.choice(asks(name, chance.choice(PEOPLE), chance.choice(PEOPLE)))


def asks(name: str, one: str, other: str = "") -> list[Ask]:
    """What is asked of an operation about a victim; with another, as an attacker would mix them."""
    return ASKS[name](one, other or one)


def _event(one: str, other: str, **more: Any) -> dict[str, Any]:
    said = {
        "kind": "victim_contacted",
        "at": ago(1).isoformat(),
        "result": "reached",
        "victim": mark(f"victim {other}"),
    }
    return {"id": f"sent-{one}-{other}", "investigation": now_of(one).id, **said, **more}


def _events(one: str, other: str) -> list[Ask]:
    known = [mark(f"entered {other}"), mark(f"event {other}")]
    sent = [_event(one, other), *(_event(one, one, id=name) for name in known)]
    return [
        Ask("/events", "events:write", sent={"events": [each]}, case=now_of(one).id, method="POST") for each in sent
    ]


def _charge(one: str, other: str) -> list[Ask]:
    plain = {"investigation": now_of(one).id}
    sent: list[dict[str, Any]] = [
        plain,
        {**plain, "victims": [mark(f"victim {other}")]},
        {**plain, "events": [_event(one, other)]},
    ]
    return [Ask("/charge-check", "charge:check", sent=each, case=now_of(one).id, method="POST") for each in sent]


def _explained(one: str, other: str) -> list[Ask]:
    then = {"as_of": THEN.isoformat()}
    queries = [({}, True), (then, then_of(one).letter != "A"), ({"victim": mark(f"victim {other}")}, True)]
    address, case = f"/obligations/{then_of(one).id}", then_of(one).id
    return [Ask(address, "obligations:read", query, case=case, right=right) for query, right in queries]


def _owed(one: str, other: str) -> list[Ask]:
    queries: list[dict[str, str]] = [{}, {"investigation": now_of(one).id}, {"team": mark("Blue")}, {"most": "1"}]
    return [Ask("/obligations", "obligations:read", query) for query in queries]


def _measure(one: str, other: str) -> list[Ask]:
    blue = f"team={mark('Blue')}"
    queries = [({}, True), ({"by": "team"}, True), ({"only": blue}, True), ({"of": blue}, False)]
    return [Ask("/measures/whole-code", "measures:read", query, right=right) for query, right in queries]


ASKS: dict[str, Callable[[str, str], list[Ask]]] = {
    "api-measures": lambda one, other: [Ask("/measures", "measures:read")],
    "api-measure": _measure,
    "api-obligations": _owed,
    "api-explained": _explained,
    "api-charge_check": _charge,
    "api-events": _events,
    "api-loads": lambda one, other: [
        Ask("/loads", "loads:read"),
        Ask("/loads", "loads:write", sent={"folder": "../..", "mapping": "contract"}, method="POST", right=False),
    ],
}
"""What is asked of each operation, by its name in the resolver."""
