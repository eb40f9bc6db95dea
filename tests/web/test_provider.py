"""Signing in by OpenID Connect, with a provider that tells the truth, and one that does not."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from kept.web.people.models import SignIn, User
from tests.web import identity
from tests.web.identity import CLIENT, SUBJECT, Provider

OTHER = RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with identity.running() as found:
        settings.ENVIRONMENT = replace(
            settings.ENVIRONMENT, oidc_issuer=found.issuer, oidc_client=CLIENT, oidc_secret="secret"
        )
        yield found


@pytest.fixture
def oscar(person: Callable[..., User]) -> User:
    return person("investigator", officer="O1", name="oscar")


def come_back(client: Client, provider: Provider, **changes: str) -> Any:
    """Leave for the provider, and come back with a code."""
    left = client.get("/sign-in/provider?next=/account/scope")
    provider.authorize(left.headers["Location"])
    return client.get("/sign-in/provider/back", {"code": "abc", "state": provider.asked["state"], **changes})


def test_who_was_added_is_let_in_and_known_by_the_provider_s_id_from_then_on(
    client: Client, provider: Provider, oscar: User
) -> None:
    assert come_back(client, provider).headers["Location"] == "/account/scope"
    assert client.get("/account").status_code == 200
    oscar.refresh_from_db()
    assert oscar.subject == f"{provider.issuer} {SUBJECT}"
    provider.changes = {"preferred_username": "renamed"}
    assert come_back(Client(), provider).status_code == 302
    assert [row.how for row in SignIn.objects.all()] == ["provider", "provider"]


def test_what_is_asked_of_the_provider(client: Client, provider: Provider, oscar: User) -> None:
    left = urlsplit(client.get("/sign-in/provider").headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(left.query).items()}
    assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
    assert asked["redirect_uri"] == "http://testserver/sign-in/provider/back"
    assert len(asked["state"]) >= 16
    assert len(asked["nonce"]) >= 16


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of another"},
        {"aud": "another-service"},
        {"aud": "another-service", "azp": CLIENT},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 600},
        {"iat": int(time.time()) + 6000},
    ],
    ids=lambda lie: "-".join(lie),
)
def test_a_token_that_is_not_for_us_now_is_refused(
    client: Client, provider: Provider, oscar: User, lie: dict[str, Any]
) -> None:
    provider.changes = lie
    assert come_back(client, provider).status_code == 403
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("name", ["nonce", "aud", "iss", "exp", "sub"])
def test_a_token_that_leaves_something_out_is_refused(
    client: Client, provider: Provider, oscar: User, name: str
) -> None:
    provider.leaves_out = (name,)
    assert come_back(client, provider).status_code == 403


def test_a_token_that_somebody_else_signed_is_refused(client: Client, provider: Provider, oscar: User) -> None:
    provider.key = OTHER
    assert come_back(client, provider).status_code == 403
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("changed", [{"state": "forged"}, {"state": ""}, {"error": "access_denied"}])
def test_another_state_or_an_error_is_refused(
    client: Client, provider: Provider, oscar: User, changed: dict[str, str]
) -> None:
    assert come_back(client, provider, **changed).status_code == 403


def test_a_code_brought_to_another_browser_is_refused(client: Client, provider: Provider, oscar: User) -> None:
    left = client.get("/sign-in/provider")
    provider.authorize(left.headers["Location"])
    back = Client().get("/sign-in/provider/back", {"code": "abc", "state": provider.asked["state"]})
    assert back.status_code == 403


def test_who_was_not_added_is_told_so(client: Client, provider: Provider, db: None) -> None:
    answer = come_back(client, provider)
    assert answer.status_code == 403
    assert "nobody has added you" in answer.text


def test_who_has_left_is_not_let_in(client: Client, provider: Provider, oscar: User) -> None:
    come_back(client, provider)
    User.objects.update(is_active=False)
    assert come_back(Client(), provider).status_code == 403


def test_a_name_that_somebody_has_taken_over_does_not_let_in_as_the_one_before(
    client: Client, provider: Provider, oscar: User
) -> None:
    come_back(client, provider)
    provider.changes = {"sub": "another-person"}
    assert come_back(Client(), provider).status_code == 403


def test_a_provider_that_cannot_be_reached_is_said(client: Client, settings: Any, db: None) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, oidc_issuer="http://127.0.0.1:9", oidc_client="x")
    assert client.get("/sign-in/provider").status_code == 403


def test_where_there_is_no_provider_the_pages_are_not_there(client: Client, db: None) -> None:
    assert client.get("/sign-in/provider").status_code == 404
    assert "force account" not in client.get("/sign-in").text
