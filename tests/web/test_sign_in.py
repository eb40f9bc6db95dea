"""Signing in by password and code: what lets somebody in, and what does not."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from kept.web import settings as shipped
from kept.web.people import lockout, second_factor
from kept.web.people.models import Failures, RecoveryCode, SecondFactor, SignIn, User
from tests.web.conftest import signed_in

Person = Callable[..., User]
PASSWORD = "three odd words"
WRONG = "The name or the password is not right"


@pytest.fixture
def user(person: Person) -> User:
    made = person("investigator", officer="O1", name="oscar")
    made.set_password(PASSWORD)
    made.save()
    return made


@pytest.fixture
def secret(user: User) -> str:
    """What the user's codes are made from."""
    made = second_factor.new_secret()
    second_factor.set_up(user, made)
    return made


def enter(client: Client, password: str = PASSWORD, name: str = "oscar", **more: str) -> Any:
    return client.post("/sign-in", {"name": name, "password": password, **more})


def code(client: Client, given: str) -> Any:
    return client.post("/sign-in/code", {"code": given})


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_a_password_and_a_code_let_somebody_in(client: Client, secret: str) -> None:
    assert enter(client, name="OSCAR").headers["Location"] == "/sign-in/code"
    assert not is_in(client)
    assert code(client, second_factor.code_now(secret)).headers["Location"] == "/"
    assert is_in(client)
    assert "pending" not in client.session


def test_a_password_alone_does_not(client: Client, secret: str) -> None:
    enter(client)
    assert not is_in(client)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("name", "password"), [("oscar", "wrong"), ("nobody", PASSWORD), ("oscar", " " + PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(client: Client, user: User, name: str, password: str) -> None:
    assert WRONG in enter(client, password, name).text


def test_what_is_left_empty_is_said(client: Client, db: None) -> None:
    shown = enter(client, "", "").text
    assert "Enter your sign-in name" in shown
    assert "Enter your password" in shown
    assert "<title>Error: Sign in" in shown


def test_a_code_is_good_once(client: Client, secret: str) -> None:
    given = second_factor.code_now(secret)
    enter(client)
    code(client, given)
    other = Client()
    enter(other)
    assert "was used before" in code(other, given).text
    assert not is_in(other)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_differ_by_half_a_minute(secret: str, steps: int, good: bool) -> None:
    at = 1_800_000_010.0
    given = pyotp.TOTP(secret).at(int(at) + 30 * steps)
    assert (second_factor.step_of(secret, given, at) is not None) is good


@pytest.mark.parametrize("given", ["000000", "", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "x" * 41])
def test_another_code_is_refused(client: Client, secret: str, given: str) -> None:
    enter(client)
    assert code(client, given).status_code == 200
    assert not is_in(client)


def test_a_recovery_code_is_good_once(client: Client, user: User) -> None:
    codes = second_factor.set_up(user, second_factor.new_secret())
    assert (len(codes), RecoveryCode.objects.count()) == (10, 10)
    for good in (True, False):
        browser = Client()
        enter(browser)
        code(browser, f" {codes[0].upper()} ")
        assert is_in(browser) is good


def test_the_first_time_an_authenticator_is_set_up(client: Client, user: User) -> None:
    assert code(client, "1").headers["Location"] == "/sign-in"
    enter(client)
    shown = client.get("/sign-in/code", follow=True).text
    secret = re.findall(r'kept-secret">([A-Z2-7]{32})<', shown)[0]
    assert "data:image/svg+xml" in shown
    assert "not the code" in client.post("/sign-in/set-up", {"code": "000000"}).text
    shown = client.post("/sign-in/set-up", {"code": second_factor.code_now(secret)}).text
    assert "Your recovery codes" in shown
    assert is_in(client)
    assert secret not in SecondFactor.objects.get().sealed


def test_who_has_one_cannot_set_up_another_with_the_password_alone(client: Client, user: User, secret: str) -> None:
    enter(client)
    assert client.get("/sign-in/set-up").headers["Location"] == "/sign-in"


def test_the_code_must_come_within_ten_minutes(client: Client, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(client)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr("kept.web.people.signing_in.timezone.now", lambda: later)
    assert code(client, second_factor.code_now(secret)).headers["Location"] == "/sign-in"


def test_who_has_left_is_not_let_in(client: Client, user: User, secret: str) -> None:
    enter(client)
    User.objects.update(is_active=False)
    assert code(client, second_factor.code_now(secret)).headers["Location"] == "/sign-in"
    assert WRONG in enter(Client()).text


@pytest.mark.parametrize("bad", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\x"])
def test_afterwards_nobody_is_sent_elsewhere(client: Client, secret: str, bad: str) -> None:
    enter(client, next=bad)
    assert code(client, second_factor.code_now(secret)).headers["Location"] == "/"


def test_afterwards_one_is_where_one_wanted_to_be(client: Client, secret: str) -> None:
    assert client.get("/account/scope").headers["Location"] == "/sign-in?next=/account/scope"
    enter(client, next="/account/scope")
    assert code(client, second_factor.code_now(secret)).headers["Location"] == "/account/scope"


def test_after_five_failures_an_address_waits_for_that_name_and_no_other_does(user: User) -> None:
    for _ in range(5):
        enter(Client(REMOTE_ADDR="192.0.2.1"), "wrong")
    assert "Too many attempts" in enter(Client(REMOTE_ADDR="192.0.2.1")).text
    assert enter(Client(REMOTE_ADDR="192.0.2.2")).status_code == 302
    user.name = "sam"
    user.pk = None
    user.save()
    assert enter(Client(REMOTE_ADDR="192.0.2.1"), name="sam").status_code == 302


def test_nobody_waits_for_more_than_a_quarter_of_an_hour(user: User) -> None:
    for counter in lockout.counters("oscar", "192.0.2.1"):
        Failures.objects.create(key=counter.key, count=10_000, last=timezone.now() - timedelta(minutes=15))
    assert enter(Client(REMOTE_ADDR="192.0.2.1")).status_code == 302


def test_an_address_that_tries_many_names_waits_too(user: User) -> None:
    for number in range(50):
        assert lockout.attempt(f"name{number}", "192.0.2.1")
    assert not lockout.attempt("oscar", "192.0.2.1")
    assert lockout.attempt("oscar", "192.0.2.2")


def test_who_signs_in_rightly_is_never_slowed_down(user: User) -> None:
    for _ in range(60):
        assert lockout.attempt("oscar", "192.0.2.1")
        lockout.succeeded("oscar", "192.0.2.1")


def test_codes_cannot_be_guessed_for_long(client: Client, secret: str) -> None:
    enter(client)
    answers = [code(client, f"{number:06}").text for number in range(6)]
    assert "Too many attempts" in answers[-1]
    assert "Too many attempts" in code(client, second_factor.code_now(secret)).text


def test_a_session_ends_when_idle_and_when_old(user: User, settings: Any) -> None:
    for field, limit in (("seen", settings.ENVIRONMENT.idle), ("began", settings.ENVIRONMENT.longest)):
        client = signed_in(user)
        assert is_in(client)
        row = SignIn.objects.latest("pk")
        setattr(row, field, timezone.now() - limit)
        row.save()
        assert not is_in(client)


def test_sessions_are_ended_from_another(user: User) -> None:
    here, there = signed_in(user), signed_in(user)
    here.post("/account")
    assert is_in(here)
    assert not is_in(there)


def test_signing_out_ends_the_session(user: User) -> None:
    client = signed_in(user)
    client.get("/sign-out")
    assert is_in(client)  # a link alone signs nobody out
    client.post("/sign-out")
    assert not is_in(client)
    assert SignIn.objects.get().ended is not None


def test_a_person_is_told_of_the_sign_in_before(user: User) -> None:
    SignIn.objects.create(user=user, began=timezone.now(), seen=timezone.now(), how="password", address="192.0.2.77")
    assert "192.0.2.77" in signed_in(user).get("/").text


def test_behind_a_proxy_an_address_is_what_the_proxy_saw(user: User, settings: Any, secret: str) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, https=True)
    client = Client(headers={"X-Forwarded-For": "10.9.9.9, 192.0.2.5"})
    enter(client)
    code(client, second_factor.code_now(secret))
    assert SignIn.objects.get().address == "192.0.2.5"


def test_a_changed_password_ends_other_sessions_and_must_be_a_good_one(user: User) -> None:
    here, there = signed_in(user), signed_in(user)
    assert "not your password" in here.post("/account/password", {"now": "x", "wanted": "y" * 20}).text
    assert "too short" in here.post("/account/password", {"now": PASSWORD, "wanted": "short"}).text
    assert here.post("/account/password", {"now": PASSWORD, "wanted": "four quite odd words"}).status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_passwords_are_kept_with_argon2(user: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    user.set_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password(PASSWORD)


def too_old(user: User) -> None:
    SignIn.objects.filter(user=user).update(seen=timezone.now() - timedelta(days=1))


def test_what_was_typed_when_a_session_ended_is_not_lost(client: Client, user: User, secret: str) -> None:
    browser, page = signed_in(user), "/cases/I1/victims/V1/contact"
    too_old(user)
    typed = {"written": "0", "channel": "phone", "times": 'after "six"'}
    left = browser.post(page, typed)
    assert left.headers["Location"] == "/sign-in?next=/account/held"
    enter(browser, next="/account/held")
    assert code(browser, second_factor.code_now(secret)).headers["Location"] == "/account/held"
    shown = browser.get("/account/held").text
    assert f'action="{page}"' in shown
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown))
    assert {name: html.unescape(found[name]) for name in typed} == typed
    assert browser.get("/account/held").headers["Location"] == "/"


def test_somebody_else_does_not_get_it(user: User, person: Person) -> None:
    browser, other = signed_in(user), person("investigator", name="una")
    too_old(user)
    browser.post("/cases/I1/victims/V1/contact", {"written": "0", "times": "after six"})
    browser.force_login(other)
    session = browser.session
    session["sign_in"] = SignIn.objects.create(user=other, began=timezone.now(), seen=timezone.now(), how="test").pk
    session.save()
    answer = browser.get("/account/held", follow=True)
    assert "after six" not in answer.text


def test_who_never_signed_in_leaves_nothing(client: Client, db: None) -> None:
    answer = client.post("/account/password", {"now": "x" * 300_000})
    assert answer.headers["Location"] == "/sign-in?next=/"
