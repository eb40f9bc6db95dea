"""Every address declares who may see it, and is seen by nobody else."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kept.web.access import Rule
from kept.web.api import documented, tokens
from kept.web.consulted.models import Access
from kept.web.people.models import User
from tests.web.conftest import signed_in

VALUES: dict[str, object] = {
    "investigation": "I1", "victim": "V1", "wanted": "cy", "pk": 1, "kind": "grant", "given": 1, "number": 6,
    "name": "rights", "edition": "code-2020", "duty": "R6-1a", "measure": "whole-code", "form": "csv", "width": "wide",
    "written": uuid4(),
    "key": "0123456789abcdef0123", "dispute": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip
PUBLIC = {
    "sign-in", "sign-in-code", "sign-in-set-up", "provider", "provider-back", "language", "accessibility", "health",
    "metrics", "openapi",
}  # fmt: skip
"""The pages that somebody reaches without having signed in. A further one needs a reason."""


def patterns(under: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (under or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


ALL = list(patterns())


BY_TOKEN = [one for one in ALL if str(one.pattern).startswith("api/v1/") and one.name not in ("openapi", "api-docs")]
"""The operations of the API: a session opens none of them."""


def rule(pattern: URLPattern) -> Rule | None:
    return getattr(pattern.callback, "rule", None)


def address(pattern: URLPattern) -> str:
    wanted = pattern.pattern.converters
    return reverse(str(pattern.name), kwargs={name: VALUES[name] for name in wanted})


@pytest.mark.parametrize("pattern", ALL, ids=lambda one: one.name)
def test_every_address_has_a_rule(pattern: URLPattern) -> None:
    assert isinstance(rule(pattern), Rule)


def test_only_those_listed_are_for_anybody() -> None:
    assert {one.name for one in ALL if (found := rule(one)) and not found.signed_in} == PUBLIC | {
        one.name for one in BY_TOKEN
    }


@pytest.mark.parametrize("pattern", ALL, ids=lambda one: one.name)
def test_who_has_not_signed_in_is_asked_to(pattern: URLPattern, db: None) -> None:
    found = rule(pattern)
    if found is not None and found.signed_in:
        answer = Client().get(address(pattern))
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize("pattern", ALL, ids=lambda one: one.name)
def test_what_asks_for_an_ability_is_not_there_for_who_has_none(pattern: URLPattern, db: None) -> None:
    """Somebody who has signed in and was given nothing."""
    found = rule(pattern)
    if found is not None and found.says not in ("anybody", "whoever has signed in") and found.signed_in:
        nobody = User.objects.create(name="nobody", shown="Nobody")
        assert signed_in(nobody).get(address(pattern)).status_code == 404
        assert signed_in(nobody).post(address(pattern)).status_code == 404
        logged = Access.objects.order_by("number").values_list("kind", "who", "route")
        assert list(logged) == [("refusal", "nobody", pattern.name)] * 2


@pytest.mark.parametrize("pattern", BY_TOKEN, ids=lambda one: one.name)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD"])
def test_no_operation_answers_without_a_token_even_to_who_has_signed_in(
    pattern: URLPattern, method: str, everybody: dict[str, User]
) -> None:
    for client in (Client(), signed_in(everybody["analyst"])):
        answer = client.generic(method, address(pattern), HTTP_AUTHORIZATION="Bearer kept_forged")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_every_operation_of_the_api_has_an_address_and_a_need() -> None:
    named = {f"api-{operation.name}" for operation in documented.operations()}
    assert named == {"api-ask_for_load"} | {one.name for one in BY_TOKEN}
    assert {operation.needs for operation in documented.operations()} == {*tokens.MAY}


def test_a_view_without_a_rule_is_not_found(settings: Any, everybody: dict[str, User]) -> None:
    settings.ROOT_URLCONF = "tests.web.forgotten"
    for user in everybody.values():
        assert signed_in(user).get("/forgotten").status_code == 404
