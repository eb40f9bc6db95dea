"""A small force in which it is known what is owed to whom, and when: its clock stands at noon of 30 June 2026."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings as live
from django.test import Client

from kept.code.loader import rulebook
from kept.engine.run import evaluate_store
from kept.web.people.models import User
from tests.support.forces import GrowingForce
from tests.web.conftest import signed_in

AS_OF = datetime(2026, 6, 30, 11, tzinfo=UTC)


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def arrest(number: int, of: str, moment: datetime) -> dict[str, Any]:
    said = {"kind": "suspect_arrested", "occurred_at": moment, "entered_at": moment, "source": "rms"}
    return {"event_id": f"E{number}", "crime": of, "suspect": f"S{number}", **said}


def _posting(number: int, officer: str | None, team: str) -> dict[str, Any]:
    area = "North" if team == "Red" else "South"
    return {
        "investigation": f"I{number}",
        "from": at(6, 1),
        "officer": officer,
        "team": team,
        "department": "response",
        "area": area,
    }


@pytest.fixture(scope="session")
def owing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of five investigations, each with one victim, evaluated.

    I1 is O1's: arrests that V1 was to be told of by yesterday, today and in three days. I2 is O2's: one of long ago.
    I3 is O1's and restricted. I4 is O9's, of another team. I5 is of O1's team, and nobody holds it.
    """
    grown, entered = GrowingForce(tmp_path_factory.mktemp("owing"), AS_OF), {"entered_at": at(6, 1)}
    numbers = range(1, 6)
    grown.load(
        crimes=[
            {"crime": f"C{n}", "investigation": f"I{n}", "reported_at": at(6, 1), "recorded_at": at(6, 1), **entered}
            for n in numbers
        ],
        victims=[{"victim": f"V{n}", "crime": f"C{n}", "person": f"P{n}", **entered} for n in numbers],
        postings=[
            _posting(1, "O1", "Red"),
            _posting(2, "O2", "Red"),
            _posting(3, "O1", "Red"),
            _posting(4, "O9", "Blue"),
            _posting(5, None, "Red"),
        ],
        restrictions=[{"investigation": "I3", "marking": "sensitive"}],
        events=[
            arrest(1, "C1", at(6, 22)),
            arrest(2, "C1", at(6, 23)),
            arrest(3, "C1", at(6, 26)),
            arrest(4, "C2", at(6, 2)),
            arrest(5, "C3", at(6, 23)),
            arrest(6, "C4", at(6, 23)),
            arrest(7, "C5", at(6, 23)),
            {
                "event_id": "E8",
                "kind": "victim_contacted",
                "result": "reached",
                "channel": "phone",
                "victim": "V1",
                "occurred_at": at(6, 24),
                "entered_at": at(6, 25),
                "source": "rms",
            },
        ],
    )
    evaluate_store(grown.store, grown.latest(), rulebook(), AS_OF)
    return grown.store.path


@pytest.fixture(autouse=True)
def _owing(settings: Any, owing: Path, _environment: None) -> None:
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=owing, demo=True)


@pytest.fixture
def holder(person: Callable[..., User]) -> Client:
    return signed_in(person("investigator", officer="O1", name="oscar"))


@pytest.fixture
def supervisor(person: Callable[..., User]) -> Client:
    return signed_in(person("supervisor", "team", "Red", name="sam"))


@pytest.fixture
def outsider(person: Callable[..., User]) -> Client:
    return signed_in(person("supervisor", "team", "Blue", officer="O9", name="una"))


@pytest.fixture
def uuid() -> Callable[[], UUID]:
    """Makes ids as forms carry them."""
    return uuid4
