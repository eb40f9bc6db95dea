"""Figures by the API: the same as the command prints, of the unit of the token and of no other."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kept.cli.command import main
from kept.measures.asked import Opened
from kept.web.api import tokens
from kept.web.figures.scoped import places_of
from kept.web.people.policy import Unit

Asks = Callable[..., Any]


@pytest.fixture
def asks(db: None) -> Callable[..., Asks]:
    """Make what asks for figures as a role of a unit."""

    def make(role: str = "analyst", level: str = "force", unit: str = "") -> Asks:
        given = tokens.give(
            f"{role} {level} {unit}", ("measures:read",), role, Unit(level, unit), timezone.now() + timedelta(1), "test"
        )
        headers = {"Authorization": f"Bearer {given.secret}"}
        return lambda path="", **query: Client().get(f"/api/v1/measures{path}", query, headers=headers)

    return make


def areas(at: Opened) -> list[str]:
    return sorted({one.area for one in places_of(at)} - {""})


def test_the_api_says_what_the_command_says(
    asks: Callable[..., Asks], at: Opened, invented: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = asks()("/whole-code", by="area", period="quarter", since="2025-01-01").json()
    main(["measure", "whole-code", "--store", str(invented), "--by", "area", "--period", "quarter",
          "--since", "2025-01-01", "--json"])  # fmt: skip
    printed = json.loads(capsys.readouterr().out)
    assert said["figures"] == printed["figures"]
    assert (said["run"], said["of"]) == (printed["run"], "force")
    assert said["figures"]


def test_a_measure_with_a_slash_in_its_name_is_found(asks: Callable[..., Asks], at: Opened) -> None:
    ask = asks()
    names = [one["id"] for one in ask().json()]
    assert "code-2020/R6-1a" in names
    assert ask("/code-2020/R6-1a").status_code == 200


def test_a_token_of_an_area_sees_that_area_alone(asks: Callable[..., Asks], at: Opened) -> None:
    first, second = areas(at)[:2]
    whole, own = asks(), asks("supervisor", "area", first)
    figures = own("/whole-code").json()
    assert figures["of"] == f"area={first}"
    assert figures["figures"] == whole("/whole-code", only=f"area={first}").json()["figures"]
    refused = [
        own("/whole-code", of=f"area={second}"),
        own("/whole-code", of="force"),
        own("/whole-code", only=f"area={second}"),
        own("/whole-code", of="planet=Earth"),
    ]
    assert {one.status_code for one in refused} == {404}


def test_who_may_see_cells_only_sees_no_figures(asks: Callable[..., Asks], at: Opened) -> None:
    with pytest.raises(Exception, match="does not allow measures:read"):
        asks("commissioner")


def test_measures_of_records_are_for_auditors(asks: Callable[..., Asks], at: Opened) -> None:
    of_auditor, of_analyst = ({one["id"] for one in asks(role)().json()} for role in ("auditor", "analyst"))
    assert of_auditor > of_analyst
    (hidden, *_) = sorted(of_auditor - of_analyst)
    assert asks("supervisor")(f"/{hidden}").status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"by": "shoe size"}, 400),
        ({"by": ["area", "team", "sex"]}, 422),
        ({"period": "fortnight"}, 400),
        ({"since": "soon"}, 422),
        ({"since": "0001-01-01"}, 422),
        ({"only": "area"}, 400),
        ({"as_of": "2001-01-01T00:00:00Z"}, 404),
        ({"as_of": "2026-01-01"}, 422),
        ({"only": "sex=\x00"}, 422),
        ({"by": "officer", "only": "team=Red"}, 400),
        ({"only": "officer=O1"}, 400),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_said_in_words(
    asks: Callable[..., Asks], at: Opened, query: dict[str, Any], status: int
) -> None:
    answer = asks()("/whole-code", **query)
    assert answer.status_code == status
    assert answer.json()["faults"][0]["what"]


def test_no_such_measure_is_answered_with_the_nearest(asks: Callable[..., Asks], at: Opened) -> None:
    answer = asks()("/whole-cod")
    assert answer.status_code == 404
    assert "whole-code" in answer.content.decode()
