"""Saved views: whose they are, who opens them and what they then show, and what happens to them at once or twice."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from kept.calendar import local_day
from kept.code.loader import rulebook
from kept.engine.run import evaluate_store
from kept.measures.asked import Opened
from kept.web.consulted.models import Access
from kept.web.figures.models import Saved
from kept.web.figures.scoped import Place, places_of
from kept.web.people.models import User
from tests.support.forces import GrowingForce
from tests.web.conftest import ago, signed_in

Person = Callable[..., User]
SAVE = "/figures/needs-assessed/save"


@pytest.fixture
def place(at: Opened) -> Place:
    return max((one for one in places_of(at) if one.area and one.team != "unallocated"), key=lambda one: one.team)


@pytest.fixture
def lead(person: Person) -> Client:
    return signed_in(person("victim_lead", name="vera"))


@pytest.fixture
def supervisor(person: Person, place: Place) -> Client:
    return signed_in(person("supervisor", "team", place.team, name="sam"))


@pytest.fixture
def outsider(person: Person, at: Opened, place: Place) -> Client:
    other = min(one.team for one in places_of(at) if one.area and one.area != place.area)
    return signed_in(person("supervisor", "team", other, name="una"))


def save(client: Client, name: str = "Mine", shared: str = "", query: str = "by=sex&asked=1") -> Saved:
    answer = client.post(SAVE, {"name": name, "shared": shared, "query": query})
    assert answer.status_code == 302, answer.text
    return Saved.objects.get(name=name)


def asked_for(client: Client, one: Saved) -> dict[str, list[str]]:
    answer = client.get(f"/figures/views/{one.pk}/open")
    assert answer.status_code == 302
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == "/figures/needs-assessed"
    assert client.get(answer.headers["Location"]).status_code == 200
    return parse_qs(parts.query)


def test_a_view_of_one_s_own_is_seen_by_nobody_else(lead: Client, supervisor: Client, outsider: Client) -> None:
    one = save(lead)
    assert asked_for(lead, one) == {"by": ["sex"], "asked": ["1"]}
    for other in (supervisor, outsider):
        assert "Mine" not in other.get("/figures/views").text
        for page in ("open", "delete", ""):
            assert other.get(f"/figures/views/{one.pk}/{page}".rstrip("/")).status_code == 404
            assert other.post(f"/figures/views/{one.pk}/{page}".rstrip("/"), {"name": "x"}).status_code == 404
    assert Saved.objects.get().name == "Mine"


def test_a_view_shared_with_a_unit_is_opened_by_its_people_within_their_own_scope(
    lead: Client, supervisor: Client, outsider: Client, place: Place
) -> None:
    one = save(lead, "Shared", f"area:{place.area}", f"by=sex&area={place.area}&unit=force&asked=1")
    assert asked_for(lead, one) == {"by": ["sex"], "area": [place.area], "asked": ["1"]}
    shown = supervisor.get("/figures/views").text
    assert "Shared by Victim_lead" in shown or "Shared by victim_lead" in shown
    asked_for(supervisor, one)
    assert f"Figures of {place.team}" in supervisor.get(f"/figures/views/{one.pk}/open", follow=True).text
    assert outsider.get(f"/figures/views/{one.pk}/open").status_code == 404
    assert supervisor.get(f"/figures/views/{one.pk}").status_code == 404  # only who saved it changes it


def test_what_a_view_asks_of_another_unit_is_left_out_and_said(
    lead: Client, outsider: Client, supervisor: Client, place: Place
) -> None:
    one = save(lead, "All", "force", f"area={place.area}&team={place.team}&asked=1")
    answer = outsider.get(f"/figures/views/{one.pk}/open", follow=True)
    assert "a unit that is not yours" in answer.text
    assert place.team not in answer.text
    assert "a unit that is not yours" not in lead.get(f"/figures/views/{one.pk}/open", follow=True).text


def test_nobody_shares_with_a_unit_that_is_not_theirs(supervisor: Client, place: Place) -> None:
    answer = supervisor.post(SAVE, {"name": "x", "shared": f"area:{place.area}", "query": ""})
    assert "Select a valid choice" in answer.text
    assert not Saved.objects.exists()


def test_a_form_that_is_sent_twice_saves_once(lead: Client) -> None:
    save(lead)
    save(lead)
    assert Saved.objects.count() == 1


def test_two_views_have_two_names(lead: Client) -> None:
    save(lead)
    answer = lead.post(SAVE, {"name": "Mine", "shared": "", "query": "by=age_band"})
    assert "You have a view of this name already" in answer.text
    two = save(lead, "Two")
    answer = lead.post(f"/figures/views/{two.pk}", {"name": "Mine", "shared": "", "changes": "0"})
    assert "You have a view of this name already" in answer.text


def test_of_two_who_change_a_view_at_once_the_second_is_told(lead: Client) -> None:
    one = save(lead)
    page = f"/figures/views/{one.pk}"
    assert re.search(r'name="changes" value="0"', lead.get(page).text)
    assert lead.post(page, {"name": "First", "shared": "force", "changes": "0"}).status_code == 302
    answer = lead.post(page, {"name": "Second", "shared": "", "changes": "0"})
    assert "was changed since you opened it" in answer.text
    assert 'value="Second"' in answer.text
    found = Saved.objects.get()
    assert (found.name, found.level, found.changes) == ("First", "force", 1)


def test_a_view_is_deleted_once_asked_again(lead: Client) -> None:
    one = save(lead)
    assert "Delete “Mine”?" in lead.get(f"/figures/views/{one.pk}/delete").text
    assert Saved.objects.exists()
    assert lead.post(f"/figures/views/{one.pk}/delete").status_code == 302
    assert not Saved.objects.exists()
    assert lead.post(f"/figures/views/{one.pk}/delete").status_code == 404


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Give the view a name"), ("x" * 101, "at most 100 characters"), ("\x00\u200b", "Give the view a name")],
)
def test_a_wrong_name_is_said_and_nothing_is_saved(lead: Client, name: str, said: str) -> None:
    answer = lead.post(SAVE, {"name": name, "shared": "", "query": "by=sex"})
    assert said in answer.text
    assert not Saved.objects.exists()


def test_of_a_forged_query_only_known_fields_are_kept(lead: Client) -> None:
    one = save(lead, query="by=sex&next=//elsewhere.example&unit=team:Blue&" + "since=" + "x" * 3000)
    assert one.query.startswith("by=sex&since=xxx")
    assert len(one.query) < 200
    assert lead.get(f"/figures/views/{one.pk}/open", follow=True).status_code == 200


def test_a_board_has_one_s_own_views_once_there_are_any(lead: Client) -> None:
    save(lead, "<script>alert(1)</script>", query="period=month&asked=1")
    shown = lead.get("/figures/board").text
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
    assert "Was every right kept" not in shown
    (image,) = re.findall(r'<img src="([^"]+)"', shown)
    assert lead.get(image.replace("&amp;", "&")).status_code == 200


def test_a_view_of_a_day_without_an_evaluation_says_so_and_the_others_are_shown(lead: Client) -> None:
    save(lead, "Long ago", query="as_of=2001-01-01&asked=1")
    save(lead, "By month", query="period=month&asked=1")
    shown = lead.get("/figures/board").text
    assert "It is of a day of which there is no evaluation." in shown
    assert "Long ago" in shown
    assert len(re.findall(r'<img src="', shown)) == 1


@pytest.fixture
def new_team(growing: GrowingForce, settings: Any, tmp_path: Path) -> str:
    """A team that holds its first case since the first of two evaluations; the day of that evaluation."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    evaluate_store(growing.store, growing.latest(), rulebook(), ago(5))
    held = {"officer": "O3", "team": "Green", "department": "response", "area": "North"}
    growing.load(postings=[{"investigation": "I1", "from": ago(4), **held}])
    evaluate_store(growing.store, growing.latest(), rulebook(), ago(1))
    return local_day(ago(3)).isoformat()


def test_a_view_of_a_team_that_held_nothing_by_then_says_so_and_refuses_nothing(lead: Client, new_team: str) -> None:
    save(lead, "Green then", query=f"team=Green&as_of={new_team}&asked=1")
    save(lead, "Green now", query="team=Green&asked=1")
    board = lead.get("/figures/board")
    assert board.status_code == 200
    assert board.text.count("held no case by then") == 1
    assert "Green now" in board.text
    opened = lead.get(f"/figures/views/{Saved.objects.get(name='Green then').pk}/open", follow=True)
    assert opened.status_code == 200
    assert "held no case by then" in opened.text
    assert not Access.objects.filter(kind="refusal").exists()
