"""The pages about the API: tokens, for administrators, and what can be asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kept.web.api import tokens
from kept.web.api.models import Token
from kept.web.consulted.models import Access
from kept.web.people.models import User
from tests.web.conftest import signed_in

PAGE = "/people/tokens"
UNTIL = (timezone.now() + timedelta(days=30)).date().isoformat()
NEW = {"name": "crime system", "role": "supervisor", "level": "team", "unit": "Red", "may": ["charge:check"]}


@pytest.fixture
def administrator(person: Callable[..., User]) -> Client:
    return signed_in(person("administrator", name="adam"))


def test_a_secret_is_shown_once_and_the_token_listed(administrator: Client) -> None:
    shown = administrator.post(PAGE, {**NEW, "expires": UNTIL}).text
    secret = shown.partition(tokens.PREFIX)[2].partition("<")[0]
    assert tokens.shown(tokens.PREFIX + secret) == Token.objects.get()
    again = administrator.get(PAGE).text
    assert secret not in again
    assert "crime system" in again
    assert Access.objects.get().why == "gave a token to crime system: supervisor of team Red"


def test_who_may_search_the_log_is_told_of_it(administrator: Client, person: Callable[..., User]) -> None:
    grace, other = person("governance", name="grace"), person("auditor", name="audrey")
    administrator.post(PAGE, {**NEW, "expires": UNTIL})
    assert "adam has made the token “crime system” (supervisor, team)" in signed_in(grace).get("/").text
    assert "crime system" not in signed_in(other).get("/").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Say which system it is for"),
        ({"unit": "Purple"}, "The records know no unit"),
        ({"may": []}, "Choose what it may do"),
        ({"may": ["loads:write"]}, "does not allow loads:write"),
        ({"role": "administrator"}, "Select a valid choice"),
        ({"expires": "soon"}, "Enter the last day as a date"),
        ({"expires": "2001-01-01"}, "expires within a year"),
        ({"name": "a\x00"}, "characters that cannot be seen"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_made(administrator: Client, wrong: dict[str, object], said: str) -> None:
    answer = administrator.post(PAGE, {**NEW, "expires": UNTIL, **wrong})
    assert said in answer.text
    assert "There is a problem" in answer.text
    assert not Token.objects.exists()


def test_sent_twice_it_is_made_once(administrator: Client) -> None:
    for _ in range(2):
        answer = administrator.post(PAGE, {**NEW, "expires": UNTIL})
    assert "There is a token “crime system” already." in answer.text
    assert Token.objects.count() == 1


def test_a_token_is_rotated_and_ended_by_its_page(administrator: Client) -> None:
    administrator.post(PAGE, {**NEW, "expires": UNTIL})
    token = Token.objects.get()
    shown = administrator.post(f"{PAGE}/{token.pk}", {"what": "rotate"}).text
    assert "The secret before it holds until" in shown
    assert administrator.post(f"{PAGE}/{token.pk}", {"what": "revoke"}).status_code == 302
    assert Token.objects.get().revoked is not None
    assert tokens.PREFIX not in administrator.post(f"{PAGE}/{token.pk}", {"what": "rotate"}).text
    assert administrator.post(f"{PAGE}/99", {"what": "rotate"}).status_code == 302


def test_a_new_secret_that_is_asked_for_twice_leaves_the_one_in_use(administrator: Client) -> None:
    used = tokens.PREFIX + administrator.post(PAGE, {**NEW, "expires": UNTIL}).text.partition(tokens.PREFIX)[2][:43]
    token = Token.objects.get()
    sent = {"what": "rotate", "saw": tokens.print_of(token)}
    first, second = (administrator.post(f"{PAGE}/{token.pk}", sent) for _ in range(2))
    assert "The secret before it holds until" in first.text
    assert "was given a new secret since you opened this page" in second.text
    assert "There is a problem" in second.text
    token.refresh_from_db()
    assert tokens.shown(used) == token
    assert tokens.why_not(token, used) == ""
    assert Access.objects.filter(why__startswith="rotate").count() == 1


@pytest.mark.parametrize("role", ["analyst", "supervisor", "governance"])
def test_tokens_are_for_administrators(person: Callable[..., User], role: str) -> None:
    client = signed_in(person(role))
    assert client.get(PAGE).status_code == client.post(PAGE, NEW).status_code == 404
    assert not Token.objects.exists()


def test_every_operation_is_described(administrator: Client) -> None:
    shown = administrator.get("/api/v1/docs").text
    for said in ("POST /api/v1/charge-check", "GET /api/v1/measures", "events:write", "check a case before a charge"):
        assert said in shown
    document = Client().get("/api/v1/openapi.json").json()
    assert set(document["components"]["securitySchemes"]) == {"_Bearer"}
