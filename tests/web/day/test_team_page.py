"""The team: its supervisor sees what it owes and who holds how much; another team's sees nothing of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kept.web.consulted import lists
from kept.web.consulted.models import Access
from kept.web.day import reviews
from kept.web.day.reviews import Review
from kept.web.people.models import User
from kept.web.people.policy import Unit
from tests.web.conftest import give, signed_in, without_tokens

Person = Callable[..., User]


def test_a_supervisor_sees_what_the_team_owes_today_first(supervisor: Client) -> None:
    shown = supervisor.get("/team").text
    assert '<td class="govuk-table__cell" data-of="Victim">V1</td>' in shown
    assert "V2" in shown
    assert shown.index(">Today</strong>") < shown.index("days overdue</strong>")


def test_another_teams_supervisor_sees_nothing_of_it(outsider: Client) -> None:
    shown = outsider.get("/team?team=Red").text
    assert "Blue" in shown
    assert not any(victim in without_tokens(shown) for victim in ("V1", "V2", "I1", "I2", "I5", "Red"))


@pytest.mark.parametrize("role", ["investigator", "champion", "witness_care", "commissioner", "governance"])
def test_who_leads_no_unit_has_no_team(person: Person, role: str) -> None:
    assert signed_in(person(role, officer="O1")).get("/team").status_code == 404


def test_restricted_cases_are_seen_by_who_is_named_for_them_alone(person: Person) -> None:
    user = person("supervisor", "team", "Red")
    shown = signed_in(user).get("/team").text
    assert "V1" in shown
    assert "V3" not in shown
    assert "I3" not in shown
    give(user, "supervisor", Unit("investigation", "I3"))
    assert "V3" in signed_in(user).get("/team").text


def test_a_lead_of_an_area_chooses_among_its_teams_alone(person: Person) -> None:
    lead = signed_in(person("victim_lead", "area", "South"))
    assert "V4" in lead.get("/team").text
    assert "V1" not in lead.get("/team?team=Red").text
    force = signed_in(person("auditor"))
    assert '<option value="Red"' in force.get("/team").text
    assert "V1" in force.get("/team?team=Red").text


@pytest.mark.parametrize(
    ("asked", "seen", "not_seen"),
    [
        ("officer=O2", "V2", ">V1<"),
        ("shift=on", ">Today<", "overdue</strong>"),
        ("band=next", "In 3 days", "Today</strong>"),
        ("right=6&officer=O1", ">V1<", ">V2<"),
    ],
)
def test_the_list_is_narrowed(supervisor: Client, asked: str, seen: str, not_seen: str) -> None:
    listed = supervisor.get(f"/team?{asked}").text.partition('id="owed"')[2].partition('id="load"')[0]
    assert seen in listed
    assert not_seen not in listed


@pytest.mark.parametrize("asked", ["officer=nobody", "band=%00", "right=-1", "page=999", "team=%3Cscript%3E"])
def test_what_is_none_does_no_harm(supervisor: Client, asked: str) -> None:
    answer = supervisor.get(f"/team?{asked}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text.partition("<main")[2]


def test_officers_stand_by_name_with_what_they_hold_and_nobodys_cases_last(supervisor: Client, person: Person) -> None:
    person("investigator", officer="O2", name="Anna")
    User.objects.filter(officer="O2").update(shown="Anna Able")
    shown = supervisor.get("/team").text.partition('id="load"')[2]
    assert shown.index("Anna Able") < shown.index(">O1<") < shown.index("Nobody: not allocated")
    assert ">I5</a>" in shown


def test_a_look_is_logged_and_each_victim_on_it_is_found(supervisor: Client, person: Callable[..., User]) -> None:
    supervisor.get("/team")
    (line,) = Access.objects.all()
    assert (line.kind, line.route) == ("consultation", "team")
    assert line.why == "team Red"
    assert {("I1", "V1"), ("I2", "V2"), ("I5", "")} <= {*lists.of([line])[str(line.listed)]}
    grace = signed_in(person("governance", name="grace"))
    for asked, is_found in (("victim=V1", True), ("investigation=I5", True), ("investigation=I3", False)):
        assert ("team Red" in grace.get(f"/access-log?{asked}").text) is is_found


def test_cases_without_a_first_review_are_listed_until_they_have_one(supervisor: Client, settings: Any) -> None:
    def to_do() -> str:
        return supervisor.get("/team").text.partition('id="reviews"')[2].partition('id="notes"')[0]

    assert "/cases/I1/review" in to_do()
    assert reviews.write("I1", Review(), "sam", 0)
    assert "/cases/I1/review" not in to_do()
    assert "/cases/I2/review" in to_do()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, first_review=settings.ENVIRONMENT.first_review * 10)
    assert "/cases/I2/review" not in to_do()


def test_the_page_asks_the_database_little(supervisor: Client) -> None:
    supervisor.get("/team")
    with CaptureQueriesContext(connection) as asked:
        supervisor.get("/team")
    assert len(asked) <= 18
