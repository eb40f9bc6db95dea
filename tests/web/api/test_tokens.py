"""Service tokens: given once, held to their role and unit, rotated with an overlap, and ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kept.errors import NotFoundError, UsageError
from kept.web.api import limits, tokens
from kept.web.api.models import Token
from kept.web.consulted.models import Access
from kept.web.people.policy import Unit
from kept.web.people.roles import ROLES
from tests.web.api.conftest import Caller, Makes
from tests.web.conftest import ago

SOON = timedelta(days=30)


def test_only_digests_are_kept(token: Makes) -> None:
    caller = token()
    row = Token.objects.values().get()
    assert caller.secret.startswith("kept_")
    assert len(caller.secret) > 40
    assert caller.secret not in str(row)
    assert caller.secret.removeprefix("kept_") not in str(row)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "cannot be the name"),
        ({"name": "x" * 101}, "cannot be the name"),
        ({"name": "crime\u2060 system"}, "cannot be the name"),
        ({"role": "investigator"}, "cannot be given the role"),
        ({"role": "administrator"}, "cannot be given the role"),
        ({"role": "nonesuch"}, "cannot be given the role"),
        ({"may": ()}, "may not be given nothing"),
        ({"may": ("measures:write",)}, "may not be given"),
        ({"role": "champion"}, "does not allow obligations:read"),
        ({"unit": Unit("team")}, "no unit"),
        ({"unit": Unit("team", "Red"), "may": ("loads:write",)}, "Only a role for the whole force allows loads:write"),
        ({"unit": Unit("planet", "Earth")}, "no unit"),
        ({"expires": ago(1)}, "expires within a year"),
        ({"expires": timezone.now() + timedelta(days=400)}, "expires within a year"),
    ],
)
def test_what_cannot_be_given_is_said(db: None, wrong: dict[str, Any], said: str) -> None:
    right = {"name": "crime system", "may": ("obligations:read",), "role": "analyst", "unit": Unit("force")}
    with pytest.raises(UsageError, match=said):
        tokens.give(**{**right, "expires": timezone.now() + SOON, "by": "test", **wrong})
    assert not Token.objects.exists()


def test_a_name_is_given_once(token: Makes) -> None:
    token(name="crime system")
    with pytest.raises(UsageError, match="already"):
        token(name="crime system")


def status(caller: Caller) -> int:
    return int(caller.get("/obligations").status_code)


def test_after_a_rotation_both_secrets_hold_until_the_overlap_is_over(token: Makes) -> None:
    before = token(name="crime system")
    after = Caller("crime system", tokens.rotate("crime system").secret)
    assert (status(before), status(after)) == (200, 200)
    Token.objects.update(earlier_until=ago(0.001))
    assert (status(before), status(after)) == (401, 200)


def test_a_second_rotation_ends_the_first_secret_at_once(token: Makes) -> None:
    first = token(name="crime system")
    tokens.rotate("crime system")
    tokens.rotate("crime system", timedelta(0))
    assert status(first) == 401


@pytest.mark.parametrize("change", [{"revoked": ago(0)}, {"expires": ago(0)}])
def test_what_is_over_opens_nothing_and_is_logged_by_name(token: Makes, change: dict[str, Any]) -> None:
    caller = token(name="crime system")
    Token.objects.update(**change)
    assert status(caller) == 401
    assert list(Access.objects.values_list("kind", "who")) == [("refusal", "token crime system")]


def test_revoking_ends_both_secrets_and_cannot_be_rotated_back(token: Makes) -> None:
    before = token(name="crime system")
    after = Caller("", tokens.rotate("crime system").secret)
    tokens.revoke("crime system")
    assert (status(before), status(after)) == (401, 401)
    with pytest.raises(UsageError, match="revoked"):
        tokens.rotate("crime system")
    with pytest.raises(NotFoundError):
        tokens.revoke("none")


def test_an_overlap_has_an_end(token: Makes) -> None:
    token(name="crime system")
    with pytest.raises(UsageError, match="so long"):
        tokens.rotate("crime system", timedelta(days=8))


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic kept_x", "Bearer kept_x", "Bearer \udc80", "kept_x"])
def test_what_is_no_token_is_refused_in_words(db: None, client: Any, sent: str) -> None:
    answer = client.get("/api/v1/obligations", headers={"Authorization": sent.encode("utf-8", "replace").decode()})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["faults"][0]["what"]
    assert not Access.objects.exists()


def test_a_token_may_do_what_it_was_given_and_no_more(token: Makes) -> None:
    caller = token("analyst", "force", "", "measures:read")
    answer = caller.get("/obligations")
    assert answer.status_code == 403
    assert "obligations:read" in answer.json()["detail"]
    assert Access.objects.get().kind == "refusal"


def test_when_it_was_used_is_kept_to_the_minute(token: Makes) -> None:
    caller = token()
    assert Token.objects.get().used is None
    status(caller)
    used = Token.objects.get().used
    assert used is not None
    status(caller)
    assert Token.objects.get().used == used


def test_who_asks_too_often_is_told_to_wait(token: Makes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_A_MINUTE", 2)
    caller, other = token(), token("supervisor", "team", "Red")
    assert [status(caller) for _ in range(3)] == [200, 200, 429]
    assert status(other) == 200


def test_no_token_has_a_role_that_is_a_persons_own(db: None) -> None:
    assert {*ROLES} - {*tokens.ROLES_OF_TOKENS} == {"investigator", "governance", "administrator"}
