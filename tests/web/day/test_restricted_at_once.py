"""A restriction holds from the load that brings it, though what pages list is still of the day before."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kept.records.version import StoreVersion
from kept.web.people.cases import cases
from kept.web.people.models import User
from kept.web.people.policy import Unit
from tests.web.behind import load_behind
from tests.web.conftest import give, signed_in, without_tokens
from tests.web.day.conftest import AS_OF

Person = Callable[..., User]


@pytest.fixture
def user(person: Person) -> User:
    return person("investigator", officer="O1", name="oscar")


@pytest.fixture(autouse=True)
def _loaded(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, owing: Path, tmp_path: Path, _owing: None
) -> None:
    """I1, which stood open on all these lists, is restricted now; and so is I4, which bars O9 who holds it."""
    came = [{"investigation": "I1", "marking": "secret"}, {"investigation": "I4", "marking": "secret", "barred": "O9"}]
    load_behind(settings, monkeypatch, owing, tmp_path, AS_OF + timedelta(hours=1), restrictions=came)


def test_it_is_on_no_list_and_opens_for_nobody_any_more(user: User, supervisor: Client, person: Person) -> None:
    holder, lead = signed_in(user), signed_in(person("victim_lead"))
    for client, address in [
        (holder, "/day"),
        (supervisor, "/team"),
        (lead, "/team?team=Red"),
        (lead, "/account/scope"),
    ]:
        shown = without_tokens(client.get(address).text)
        assert "V1" not in shown, address
        assert "I1" not in shown, address
    assert holder.get("/cases/I1").status_code == 404


def test_the_lists_still_hold_the_rest(supervisor: Client) -> None:
    assert "V2" in supervisor.get("/team").text


def test_who_is_named_for_it_goes_on(user: User) -> None:
    give(user, "investigator", Unit("investigation", "I1"))
    assert "V1" in signed_in(user).get("/day").text


def test_who_is_barred_is_barred_though_named(person: Person) -> None:
    barred = person("investigator", officer="O9")
    give(barred, "investigator", Unit("investigation", "I4"))
    assert "V4" not in signed_in(barred).get("/day").text
    found = cases().investigation("I4")
    assert found is not None
    assert (found.restricted, found.barred) == (True, frozenset({"O9"}))


def test_it_is_not_among_the_cases_of_invented_people() -> None:
    assert {officer for officer, _, _ in cases().busiest()} == {"O2"}


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables of the records that were read."""
    read: list[str] = []
    scan = StoreVersion.scan

    def counted(self: StoreVersion, name: str) -> Any:
        read.append(name)
        return scan(self, name)

    monkeypatch.setattr(StoreVersion, "scan", counted)
    return read


def test_the_restrictions_of_a_version_are_read_once_however_often_pages_are_asked(
    supervisor: Client, scans: list[str]
) -> None:
    for address in ("/team", "/day", "/team"):
        supervisor.get(address)
    assert scans.count("restrictions") <= 1
