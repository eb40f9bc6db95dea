"""What tests of the service share: a small store in which it is known who holds what, and people of each kind."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.web.settings")

import django

django.setup()

from django.conf import settings as live
from django.test import Client
from django.utils import timezone

from kept.web.people.models import Grant, SignIn, User
from kept.web.people.policy import Unit
from kept.web.people.roles import ROLES
from tests.support.forces import GrowingForce

NOW = datetime.now(UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def _posting(investigation: str, officer: str, since: float, until: float | None = None, team: str = "Red") -> Any:
    return {
        "investigation": investigation,
        "from": ago(since),
        "to": None if until is None else ago(until),
        "officer": officer,
        "team": team,
        "department": "response",
        "area": "North" if team == "Red" else "South",
    }


@pytest.fixture(scope="session")
def force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of seven investigations, I1 to I7, each with one crime and one victim (V1, person P1 …).

    I1 is O1's; I2 was O1's until 10 days ago and is O2's; I3 was O1's until 40 days ago and is O2's; I4 is O1's and
    restricted; I5 is O1's, restricted, and bars O1; I6 is O9's of another team; nobody was ever posted to I7.
    """
    grown = GrowingForce(tmp_path_factory.mktemp("force"), NOW)
    names = [str(number) for number in range(1, 8)]
    entered = {"entered_at": ago(400)}
    grown.load(
        crimes=[{"crime": f"C{n}", "investigation": f"I{n}", "reported_at": ago(401), **entered} for n in names],
        victims=[{"victim": f"V{n}", "crime": f"C{n}", "person": f"P{n}", **entered} for n in names],
        postings=[
            _posting("I1", "O1", 100),
            _posting("I2", "O1", 100, 10),
            _posting("I2", "O2", 10),
            _posting("I3", "O1", 100, 40),
            _posting("I3", "O2", 40),
            _posting("I4", "O1", 100),
            _posting("I5", "O1", 100),
            _posting("I6", "O9", 100, team="Blue"),
        ],
        restrictions=[
            {"investigation": "I4", "marking": "sensitive"},
            {"investigation": "I5", "marking": "secret", "barred": "O1"},
        ],
    )
    return grown.store.path


@pytest.fixture(autouse=True)
def _environment(settings: Any, force: Path) -> None:
    """Every test has that store, and its own copy of the settings."""
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=force)


def grown_charged(folder: Path) -> GrowingForce:
    """Another store: I1 is O1's, of team Red, I2 is O9's, of team Blue; each has a victim and a charge."""
    grown, entered = GrowingForce(folder, NOW), {"entered_at": ago(50)}
    grown.load(
        crimes=[{"crime": f"C{n}", "investigation": f"I{n}", "reported_at": ago(60), **entered} for n in (1, 2)],
        victims=[{"victim": f"V{n}", "crime": f"C{n}", "person": f"P{n}", "kind": "person", **entered} for n in (1, 2)],
        postings=[_posting("I1", "O1", 50), _posting("I2", "O9", 50, team="Blue")],
        events=[charge("X1", "C1", 3), charge("X2", "C2", 30)],
    )
    return grown


@pytest.fixture(scope="session")
def _charged_once(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    return grown_charged(tmp_path_factory.mktemp("charged"))


@pytest.fixture
def charged(settings: Any, _charged_once: GrowingForce) -> GrowingForce:
    """The store of `grown_charged`, as it is."""
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=_charged_once.store.path)
    return _charged_once


@pytest.fixture
def growing(settings: Any, _charged_once: GrowingForce, tmp_path: Path) -> GrowingForce:
    """The same, of a test's own, into which it may load more."""
    grown = _charged_once.copy(tmp_path / "charged")
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=grown.store.path)
    return grown


def charge(name: str, crime: str, days_ago: float) -> dict[str, Any]:
    """The row of a charge."""
    at = {"occurred_at": ago(days_ago), "entered_at": ago(days_ago)}
    return {"event_id": name, "kind": "suspect_charged", "crime": crime, "suspect": "S1", "source": "rms", **at}


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make somebody with a role of a unit: `person("investigator", officer="O1")`."""

    def make(role: str = "", level: str = "force", unit: str = "", officer: str = "", name: str = "") -> User:
        user = User(
            name=name or f"{role or 'nobody'}-{level}-{unit}-{officer}", shown=role or "Nobody", officer=officer
        )
        user.set_unusable_password()
        user.save()
        if role:
            give(user, role, Unit(level, unit))
        return user

    return make


def give(user: User, role: str, unit: Unit, since: datetime | None = None, until: datetime | None = None) -> Grant:
    dated = {"since": since or ago(1), "until": until, "given_by": "test"}
    return Grant.objects.create(user=user, role=role, level=unit.level, unit=unit.name, **dated)


_TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def without_tokens(page: str) -> str:
    """A page without the random texts in its forms, in which any short id may stand by chance."""
    return _TOKENS.sub("", page)


def signed_in(user: User) -> Client:
    """A browser in which somebody has signed in just now."""
    client, now = Client(), timezone.now()
    client.force_login(user)
    session = client.session
    session["sign_in"] = SignIn.objects.create(user=user, began=now, seen=now, how="test").pk
    session.save()
    return client


@pytest.fixture
def everybody(person: Callable[..., User]) -> dict[str, User]:
    """Somebody of each role, for the whole force, by role."""
    return {role: person(role, officer="O1" if role == "investigator" else "") for role in ROLES}
