"""Every address declares who may see it, and is seen by nobody else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kept.web.access import Rule
from kept.web.consulted.models import Access
from kept.web.people.models import User
from tests.web.conftest import signed_in

VALUES: dict[str, object] = {
    "investigation": "I1", "victim": "V1", "wanted": "cy", "pk": 1, "kind": "grant", "given": 1,
    "key": "0123456789abcdef0123", "dispute": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip
PUBLIC = {
    "sign-in", "sign-in-code", "sign-in-set-up", "provider", "provider-back", "language", "accessibility", "health",
    "metrics",
}  # fmt: skip
"""The pages that somebody reaches without having signed in. A further one needs a reason."""


def patterns(under: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (under or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


ALL = list(patterns())


def rule(pattern: URLPattern) -> Rule | None:
    return getattr(pattern.callback, "rule", None)


def address(pattern: URLPattern) -> str:
    wanted = pattern.pattern.converters
    return reverse(str(pattern.name), kwargs={name: VALUES[name] for name in wanted})


@pytest.mark.parametrize("pattern", ALL, ids=lambda one: one.name)
def test_every_address_has_a_rule(pattern: URLPattern) -> None:
    assert isinstance(rule(pattern), Rule)


def test_only_those_listed_are_for_anybody() -> None:
    assert {one.name for one in ALL if (found := rule(one)) and not found.signed_in} == PUBLIC


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


def test_a_view_without_a_rule_is_not_found(settings: Any, everybody: dict[str, User]) -> None:
    settings.ROOT_URLCONF = "tests.web.forgotten"
    for user in everybody.values():
        assert signed_in(user).get("/forgotten").status_code == 404
