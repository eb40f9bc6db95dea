"""The pages of the rights: who sees which part of the force, and what they say."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kept.measures.asked import Opened
from kept.web.consulted.models import Access
from kept.web.figures.scoped import Place, places_of
from kept.web.people.models import Denial, User
from kept.web.people.scoping import scope_of
from kept.web.rights import signals
from tests.web.conftest import ago, signed_in

Person = Callable[..., User]
PAGES = (
    "/rights",
    "/rights/6",
    "/rights/6/gap",
    "/rights/6/groups",
    "/rights/6/duties/code-2020/R6-1a",
    "/rights/6/charts/months.svg",
    "/rights/charts/journey.svg",
)


@pytest.fixture
def place(at: Opened) -> Place:
    return min((one for one in places_of(at) if one.area and one.team), key=lambda one: (one.area, one.team))


@pytest.fixture
def lead(person: Person) -> Client:
    return signed_in(person("victim_lead"))


@pytest.mark.parametrize("page", PAGES)
def test_a_victim_lead_sees_every_page(lead: Client, page: str) -> None:
    assert lead.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["investigator", "witness_care", "governance", "administrator", ""])
def test_who_sees_no_figures_sees_none_of_the_rights(person: Person, role: str, page: str) -> None:
    """Whose case it is among them: a figure of the force is no part of a case."""
    assert signed_in(person(role, officer="O1")).get(page).status_code == 404


@pytest.mark.parametrize("role", ["supervisor", "champion"])
@pytest.mark.parametrize("page", PAGES)
def test_a_unit_sees_itself_and_no_other(person: Person, place: Place, role: str, page: str) -> None:
    level, name = ("team", place.team) if role == "supervisor" else ("area", place.area)
    client = signed_in(person(role, level, name))
    assert client.get(page).status_code == 200
    for other in ("area:Nowhere", "force:", f"{level}:Another"):
        assert client.get(page, {"of": other}).status_code == 404
    assert {row.kind for row in Access.objects.all()} == {"refusal"}


def test_a_team_is_offered_nothing_but_itself(person: Person, place: Place) -> None:
    shown = signed_in(person("supervisor", "team", place.team)).get("/rights").text
    assert re.findall(r'<option value="([a-z]+:[^"]*)"', shown) == [f"team:{place.team}"]


def test_what_a_denied_team_held_a_part_of_is_not_shown(person: Person, place: Place) -> None:
    user = person("victim_lead")
    Denial.objects.create(user=user, level="team", unit=place.team, since=ago(1), given_by="test")
    client = signed_in(user)
    offered = re.findall(r'<option value="([a-z]+:[^"]*)"', client.get("/rights").text)
    assert offered
    assert not {"force:", f"area:{place.area}", f"team:{place.team}"} & {*offered}
    assert client.get("/rights", {"of": "force:"}).status_code == 404


@pytest.mark.parametrize("page", [one for one in PAGES if one != "/rights"])
def test_who_sees_cells_sees_no_other_page_of_the_rights(person: Person, page: str) -> None:
    assert signed_in(person("commissioner")).get(page).status_code == 404


@pytest.mark.parametrize("number", [0, 13, 99999999])
@pytest.mark.parametrize("rest", ["", "/gap", "/groups", "/charts/months.svg"])
def test_there_are_twelve(lead: Client, number: int, rest: str) -> None:
    assert lead.get(f"/rights/{number}{rest}").status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/rights/charts/none.svg",
        "/rights/6/charts/rights.svg",
        "/rights/8/charts/months.svg",
        "/rights/6/duties/code-2020/R7-1",
    ],
)
def test_what_is_not_there_is_not_found(lead: Client, page: str) -> None:
    assert lead.get(page).status_code == 404


@pytest.mark.parametrize("of", ["<script>alert(1)</script>", "a\x00b", "team:" + "x" * 5000, "::", "force"])
def test_a_part_of_the_force_that_cannot_be_is_not_found(lead: Client, of: str) -> None:
    assert lead.get("/rights", {"of": of}).status_code == 404


@pytest.mark.parametrize("months", ["", "0", "-1", "1e9", "x", "\x00", "9" * 400])
def test_months_that_cannot_be_are_the_usual_ones(lead: Client, months: str) -> None:
    shown = lead.get("/rights", {"months": months}).text
    assert '<option value="12" selected>' in shown


@pytest.mark.parametrize("number", [8, 9, 12])
def test_a_right_without_a_figure_says_why_and_shows_its_duties(lead: Client, number: int) -> None:
    shown = lead.get(f"/rights/{number}").text
    assert "There is no figure for this right" in shown
    assert "Its duties" in shown
    assert "<img" not in shown


def test_charts_are_pictures_with_words_and_a_table(lead: Client) -> None:
    shown = lead.get("/rights/6").text
    pictures = re.findall(r'<img class="kept-picture" src="([^"]+)" alt="([^"]+)"', shown)
    assert [address.partition("?")[0].rpartition("/")[2] for address, _ in pictures] == [
        "obligations.svg",
        "months.svg",
        "places.svg",
    ]
    for address, alt in pictures:
        assert len(alt) > 40
        drawn = lead.get(address.replace("&amp;", "&"))
        assert drawn.headers["Content-Type"].startswith("image/svg+xml")
        assert drawn.text.startswith("<svg")
    assert shown.count("The figures of this chart as a table") == len(pictures)


def test_a_phone_gets_a_narrower_drawing(lead: Client) -> None:
    wide, phone = (lead.get("/rights/charts/rights.svg", {"width": one}).text for one in ("", "phone"))
    assert 'width="760"' in wide
    assert 'width="300"' in phone


def test_nothing_is_ranked_and_there_is_no_target(lead: Client) -> None:
    shown = lead.get("/rights/6").text.lower()
    assert "rank" not in shown
    assert "target" not in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_database_for_who_asks_and_no_more(
    lead: Client, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lead.get(page)
    with django_assert_max_num_queries(6):
        lead.get(page)


@pytest.fixture
def worked_out() -> Callable[[User], None]:
    """Have the signals of somebody ready, as they are once the first page was seen before."""

    def ready(user: User) -> None:
        held = scope_of(user)
        key = signals.key_of(held)
        assert key is not None
        signals.WORTH.get(key, lambda: signals.worked_out(held))

    return ready


def test_the_first_page_says_what_is_worth_looking_at(person: Person, worked_out: Callable[[User], None]) -> None:
    user = person("victim_lead")
    worked_out(user)
    shown = signed_in(user).get("/").text
    assert "Worth looking at" in shown
    assert "No signal" in shown or "a sign" in shown


@pytest.mark.parametrize("role", ["investigator", "commissioner", "administrator"])
def test_who_sees_no_figures_is_told_of_no_signal_and_none_is_sought_for_them(person: Person, role: str) -> None:
    user = person(role, officer="O1")
    assert signals.key_of(scope_of(user)) is None
    assert "Worth looking at" not in signed_in(user).get("/").text
