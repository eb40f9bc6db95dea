"""A force with cases before the courts: its clock stands at noon of 30 June 2026."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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


def event(name: str, kind: str, moment: datetime, **said: Any) -> dict[str, Any]:
    happened = {"occurred_at": moment, "entered_at": moment, "source": "rms"}
    return {"event_id": name, "kind": kind, **happened, **said}


def listed(name: str, crime: str, hearing: str, when: datetime, kind: str = "trial") -> dict[str, Any]:
    said = {"occurred_at": None, "scheduled_for": when, "crime": crime, "hearing": hearing, "value": kind}
    return event(name, "hearing", at(6, 2)) | said


def _posting(number: int, team: str) -> dict[str, Any]:
    said = {"officer": f"O{number}", "team": team, "department": "cid", "area": "North" if team == "Red" else "South"}
    return {"investigation": f"I{number}", "from": at(5, 1), **said}


def _charged(number: int) -> dict[str, Any]:
    return event(f"charge{number}", "suspect_charged", at(6, 1), crime=f"C{number}", suspect=f"S{number}")


@pytest.fixture(scope="session")
def courts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of eight investigations, I1 to I8, each with one crime and one victim, evaluated.

    I1: a trial tomorrow, V1 must give evidence and needs special measures; W1 was assigned by the records. I2: closed
    by the police, a first hearing on 20 July, that V2 has not been told of. I3: charged, its hearing vacated. I4: as
    I1, restricted. I5: of another area. I6: acquitted. I7: never charged. I8: sentenced, an appeal is listed.
    """
    grown, entered = GrowingForce(tmp_path_factory.mktemp("courts"), AS_OF), {"entered_at": at(5, 1)}
    numbers = range(1, 9)
    of_1 = {"victim": "V1"}
    grown.load(
        crimes=[
            {"crime": f"C{n}", "investigation": f"I{n}", "reported_at": at(5, 1), "recorded_at": at(5, 1), **entered}
            for n in numbers
        ],
        victims=[
            {"victim": f"V{n}", "crime": f"C{n}", "person": f"P{n}", "kind": "person", **entered} for n in numbers
        ],
        postings=[_posting(n, "Blue" if n == 5 else "Red") for n in numbers],
        restrictions=[{"investigation": "I4", "marking": "sensitive"}],
        facts=[
            {"fact_id": "w1", "subject_kind": "victim", "subject": "V1", "attribute": "witness", "value": "true",
             "valid_from": at(6, 3), "entered_at": at(6, 3), "source": "rms"},
        ],
        events=[
            *(_charged(n) for n in numbers if n != 7),
            listed("h1", "C1", "H1", at(7, 1, 10)),
            event("d1", "hearing_details_received", at(6, 26), crime="C1", hearing="H1", by="W1"),
            event("n1", "need_found", at(6, 4), value="special_measures", **of_1),
            event("s1", "personal_statement", at(6, 5), value="offered", result="done", **of_1),
            event("e1", "evidence_required", at(6, 6), **of_1),
            listed("h2", "C2", "H2", at(7, 20, 10), "first"),
            event("d2", "hearing_details_received", at(6, 26), crime="C2", hearing="H2", by="W2"),
            event("c2", "investigation_closed", at(6, 10), investigation="I2"),
            listed("h3", "C3", "H3", at(7, 2, 10)),
            event("v3", "hearing_vacated", at(6, 12), crime="C3", hearing="H3"),
            listed("h4", "C4", "H4", at(7, 1, 10)),
            listed("h5", "C5", "H5", at(7, 1, 10)),
            event("a6", "verdict", at(6, 20), crime="C6", suspect="S6", value="acquitted"),
            event("a8", "sentence_passed", at(6, 20), crime="C8", suspect="S8"),
            listed("h8", "C8", "H8", at(9, 1, 10), "appeal"),
        ],
    )  # fmt: skip
    evaluate_store(grown.store, grown.latest(), rulebook(), AS_OF)
    return grown.store.path


@pytest.fixture(autouse=True)
def _courts(settings: Any, courts: Path, _environment: None) -> None:
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=courts, demo=True, entry=True)


@pytest.fixture
def carer(person: Callable[..., User]) -> Client:
    """A witness care officer of the area whose cases these are."""
    return signed_in(person("witness_care", "area", "North", name="wendy"))
