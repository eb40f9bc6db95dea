"""Figures by officer: of one team, for who supervises it alone, by name, in nothing that is passed on, and logged."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kept.measures.asked import Opened
from kept.measures.question import Question
from kept.web.consulted.models import Access
from kept.web.figures.models import Saved
from kept.web.figures.reading import measures_of
from kept.web.figures.scoped import Place, places_of, supervised
from kept.web.people.models import User
from kept.web.people.policy import Unit
from kept.web.people.scoping import scope_of
from tests.web.conftest import give, signed_in

Person = Callable[..., User]
WHOLE = "/figures/whole-code"
BY_OFFICER = f"{WHOLE}?asked=1&by=officer"


def officers_of(at: Opened, team: str) -> list[str]:
    """The officers of a team who have figures, by id."""
    found = at.figures(measures_of(at.run)["whole-code"], Question(("officer",), only={"team": team}))
    return [one.values[0] for one in found if one.values[0]]


@pytest.fixture
def place(at: Opened) -> Place:
    """Where a team of several officers is."""
    known = sorted((one for one in places_of(at) if one.team and one.area), key=lambda one: one.team)
    return next(one for one in known if len(officers_of(at, one.team)) > 1)


@pytest.fixture
def officers(at: Opened, place: Place) -> list[str]:
    return officers_of(at, place.team)


@pytest.fixture
def supervisor(person: Person, place: Place) -> Client:
    return signed_in(person("supervisor", "team", place.team, name="sam"))


def named(text: str) -> list[str]:
    return re.findall(r'<th scope="row" class="govuk-table__header">([^<]*)</th>', text)


def test_a_supervisor_sees_each_officer_of_the_team_by_name(
    supervisor: Client, person: Person, officers: list[str], place: Place
) -> None:
    last = person("investigator", name="zoe", officer=officers[0])
    User.objects.filter(pk=last.pk).update(shown="Zoë Last")
    shown = supervisor.get(BY_OFFICER).text
    assert [one for one in named(shown) if one != "No officer"] == [*sorted(officers[1:]), "Zoë Last"]
    assert officers[0] not in shown
    assert "Interval of 95 %" in shown
    assert "read the intervals" in shown
    lines = Access.objects.filter(kind="consultation").values_list("who", "why")
    assert [*lines] == [("sam", f"whole-code by officer of the team {place.team}")]


def test_the_page_of_a_team_leads_to_its_officers(supervisor: Client, officers: list[str]) -> None:
    link = re.search(r'href="([^"]+)">By officer of this team', supervisor.get(WHOLE).text)
    assert link
    assert {*officers} <= {*named(supervisor.get(WHOLE + link[1].replace("&amp;", "&")).text)}


def test_nothing_by_officer_is_passed_on(supervisor: Client) -> None:
    shown = supervisor.get(BY_OFFICER).text
    assert "<img" not in shown
    assert "/copy/" not in shown
    assert "/save" not in shown
    for page in ("chart/wide", "chart/phone", "copy/csv", "copy/xlsx", "copy/svg", "copy/png"):
        assert supervisor.get(f"{WHOLE}/{page}?asked=1&by=officer").status_code == 404
    supervisor.post(f"{WHOLE}/save", {"name": "Mine", "query": "asked=1&by=officer&by_too=officer&period=month"})
    assert Saved.objects.get().query == "period=month&asked=1"


@pytest.mark.parametrize("role", ["victim_lead", "auditor", "champion", "analyst"])
@pytest.mark.parametrize("level", ["force", "team"])
def test_who_does_not_supervise_the_team_is_offered_no_officers(
    person: Person, place: Place, officers: list[str], role: str, level: str
) -> None:
    client = signed_in(person(role, level, place.team if level == "team" else ""))
    answer = client.get(f"{BY_OFFICER}&team={place.team}")
    assert "Select a valid choice" in answer.text
    assert not [one for one in officers if one in answer.text]
    assert "By officer of this team" not in answer.text
    assert not Access.objects.filter(kind="consultation").exists()


def test_an_outsider_and_the_officers_themselves_see_none(
    person: Person, at: Opened, place: Place, officers: list[str]
) -> None:
    other = min({one.team for one in places_of(at)} - {place.team, ""})
    outsider = signed_in(person("supervisor", "team", other))
    assert outsider.get(f"{BY_OFFICER}&team={place.team}").status_code == 404
    assert not [one for one in officers if one in outsider.get(BY_OFFICER).text]
    assert signed_in(person("investigator", officer=officers[0])).get(BY_OFFICER).status_code == 404
    assert signed_in(person("commissioner")).get(BY_OFFICER).status_code == 404


def test_who_supervises_an_area_chooses_a_team_first(person: Person, place: Place, officers: list[str]) -> None:
    inspector = signed_in(person("supervisor", "area", place.area))
    assert "Select a valid choice" in inspector.get(BY_OFFICER).text
    assert named(inspector.get(f"{BY_OFFICER}&team={place.team}").text)


@pytest.mark.parametrize("further", ["by_too=sex", "by_too=officer"])
def test_officers_are_divided_by_nothing_else(supervisor: Client, officers: list[str], further: str) -> None:
    shown = supervisor.get(f"{BY_OFFICER}&{further}").text
    assert "There is a problem" in shown
    assert not [one for one in officers if one in shown]


def test_a_supervisor_and_lead_sees_officers_of_the_supervised_team_alone(
    person: Person, at: Opened, place: Place
) -> None:
    both = person("victim_lead", name="both")
    give(both, "supervisor", Unit("team", place.team))
    held, places = scope_of(User.objects.get(pk=both.pk)), places_of(at)
    for one in places:
        assert supervised(held, {"team": one.team}, places) == (one.team == place.team)
        assert not supervised(held, {"area": one.area}, places)
    assert not supervised(held, {}, places)
