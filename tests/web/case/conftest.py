"""Two cases of two officers, a suspect arrested in each, as the pages of a case show them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.test import Client

from kept.web.case.keys import key_of
from kept.web.entered.cases import case_file
from tests.support.forces import GrowingForce
from tests.web.conftest import NOW, ago, signed_in


@pytest.fixture(scope="session")
def arrests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """I1 is O1's (victims V1 and W1), I2 is O9's of another team, I3 is O1's and restricted; arrests 20 days ago."""
    grown = GrowingForce(tmp_path_factory.mktemp("arrests"), NOW)
    held = {"from": ago(60), "department": "response"}
    victims = [("V1", "C1", "P1"), ("W1", "C1", "P2"), ("V2", "C2", "P3"), ("V3", "C3", "P4")]
    grown.load(
        crimes=[
            {"crime": f"C{n}", "investigation": f"I{n}", "reported_at": ago(41), "entered_at": ago(40)}
            for n in (1, 2, 3)
        ],
        victims=[{"victim": v, "crime": c, "person": p, "entered_at": ago(40)} for v, c, p in victims],
        events=[
            {
                "event_id": f"a{n}", "kind": "suspect_arrested", "crime": f"C{n}", "suspect": "S1", "source": "custody",
                "occurred_at": ago(20), "entered_at": ago(19),
            }
            for n in (1, 2, 3)
        ],
        postings=[
            {"investigation": "I1", "officer": "O1", "team": "Red", "area": "North", **held},
            {"investigation": "I2", "officer": "O9", "team": "Blue", "area": "South", **held},
            {"investigation": "I3", "officer": "O1", "team": "Red", "area": "North", **held},
        ],
        restrictions=[{"investigation": "I3", "marking": "sensitive"}],
    )  # fmt: skip
    return grown.store.path


@pytest.fixture(autouse=True)
def of_arrests(settings: Any, arrests: Path) -> None:
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=arrests, entry=True)


@pytest.fixture
def holder(person: Any) -> Client:
    return signed_in(person("investigator", officer="O1", name="oscar"))


@pytest.fixture
def supervisor(person: Any) -> Client:
    return signed_in(person("supervisor", "team", "Red", name="sam"))


@pytest.fixture
def outsider(person: Any) -> Client:
    return signed_in(person("investigator", officer="O9", name="una"))


@pytest.fixture
def analyst(person: Any) -> Client:
    return signed_in(person("analyst", name="anna"))


def told_of_arrest(victim: str = "V1", investigation: str = "I1") -> str:
    """The name of the obligation to tell a victim of the arrest."""
    rows = case_file(investigation).obligations()
    return next(key_of(row) for row in rows if row.duty == "R6-1a" and row.victim == victim)


def state_of(key: str, investigation: str = "I1") -> str:
    return next(row.state for row in case_file(investigation).obligations() if key_of(row) == key)
