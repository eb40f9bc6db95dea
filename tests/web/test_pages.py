"""What every page has in common: headers, languages, errors, health, counts, and a log without a case in it."""

import itertools
import json
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from kept.web.contacts import book
from kept.web.contacts.safe import Contact
from kept.web.headers import CONTENT
from kept.web.jobs import queue
from kept.web.jobs.models import Worker
from kept.web.people.models import User
from kept.web.people.roles import ROLES
from kept.web.standing.logs import Lines
from tests.web.conftest import signed_in

Person = Callable[..., User]
CONTACT = "/cases/I1/victims/V1/contact"


@pytest.mark.parametrize("page", ["/sign-in", "/accessibility", "/nonesuch", "/health"])
def test_every_answer_says_what_the_browser_may_do(client: Client, db: None, page: str) -> None:
    headers = client.get(page).headers
    assert headers["Content-Security-Policy"] == CONTENT
    assert "unsafe" not in CONTENT
    wanted = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    assert {name: headers[name] for name in wanted} == wanted
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_a_script_or_a_style_in_it(everybody: dict[str, User]) -> None:
    for page in ("/", "/account", "/account/scope", "/account/second-factor", "/status", "/people", "/access-log"):
        for user in everybody.values():
            text = signed_in(user).get(page).text
            assert "<style" not in text
            assert " style=" not in text
            assert text.count("<script") == text.count("<script src=") + text.count('<script type="module" src=')


def test_by_https_the_browser_is_told_to_stay_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from kept.web import environment

    assert environment.read({}).https
    from kept.web import settings as shipped

    text = Path(shipped.__file__).read_text(encoding="utf-8")
    assert "SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0" in text


@pytest.mark.parametrize(("role", "doors"), [("governance", "Access log"), ("administrator", "People")])
def test_the_first_page_leads_to_what_one_may_do(everybody: dict[str, User], role: str, doors: str) -> None:
    for user in everybody.values():
        text = signed_in(user).get("/").text
        assert (f">{doors}</a>" in text) is (user.shown == role)
        assert ROLES[user.shown].title in text


def test_who_has_no_role_is_told_so(person: Person) -> None:
    assert "You have no role yet" in signed_in(person()).get("/").text


def test_what_you_can_see_is_your_own_scope(person: Person) -> None:
    text = signed_in(person("investigator", officer="O1")).get("/account/scope").text
    assert "I1, I2" in text
    assert ", I3" not in text


def test_a_language_is_chosen_and_kept(client: Client, db: None) -> None:
    answer = client.get("/language/cy?next=/accessibility")
    assert answer.headers["Location"] == "/accessibility"
    assert '<html lang="cy" dir="ltr"' in client.get("/accessibility").text
    client.get("/language/tlh")
    assert 'lang="cy"' in client.get("/sign-in").text
    assert client.get("/language/en?next=//elsewhere.example").headers["Location"] == "/"


def test_a_browser_s_own_language_is_taken(client: Client, db: None) -> None:
    assert '<html lang="cy"' in client.get("/sign-in", headers={"Accept-Language": "cy,en;q=0.5"}).text


def test_a_language_from_right_to_left_turns_the_page(client: Client, db: None, settings: Any) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "العربية")]
    assert 'lang="ar" dir="rtl"' in client.get("/sign-in", headers={"Accept-Language": "ar"}).text


def test_a_page_that_is_not_there_says_so_plainly(client: Client, db: None) -> None:
    answer = client.get("/nonesuch")
    assert (answer.status_code, "Page not found" in answer.text) == (404, True)


def test_a_fault_of_ours_shows_nothing_of_it(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("V1 lives at 1 High Street")

    client = signed_in(person("investigator"))
    client.raise_request_exception = False
    monkeypatch.setattr("kept.web.home.scope", fail)
    answer = client.get("/")
    assert (answer.status_code, "Something went wrong" in answer.text) == (500, True)
    assert "High Street" not in answer.text


def test_a_form_of_another_session_is_refused_in_plain_words(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"name": "x", "password": "y"})
    assert (answer.status_code, "This form is out of date" in answer.text) == (403, True)


def test_a_store_that_cannot_be_read_is_said_and_other_pages_stay(
    person: Person, settings: Any, tmp_path: Path
) -> None:
    client = signed_in(person("investigator", officer="O1"))
    client.raise_request_exception = False
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, store=tmp_path)
    answer = client.get(CONTACT)
    assert (answer.status_code, "cannot be read just now" in answer.text) == (503, True)
    assert client.get("/").status_code == 200
    assert "There is no store here" in client.get("/status").text
    health = client.get("/health")
    assert (health.status_code, health.json()) == (
        503,
        {"database": True, "store": False, "keys": True, "worker": False},
    )


def test_a_database_that_cannot_be_reached_is_said(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> str:
        raise DatabaseError("password=secret")

    monkeypatch.setattr("kept.web.standing.views._database", away)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, False)
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), duckdb.IOException("cut short"), sqlite3.DatabaseError("torn")]
)
def test_a_file_that_fails_is_said_and_nothing_of_it(
    person: Person, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: object) -> None:
        raise error

    client = signed_in(person("investigator"))
    client.raise_request_exception = False
    monkeypatch.setattr("kept.web.home.scope", fail)
    answer = client.get("/")
    assert (answer.status_code, "cannot be read just now" in answer.text) == (503, True)
    assert str(error) not in answer.text


@pytest.mark.parametrize("page", ["/", "/day", "/status", CONTACT, "/figures", "/access-log"])
@pytest.mark.parametrize("from_query", [0, 1, 2, 3, 5])
def test_a_database_that_goes_away_meanwhile_is_said(person: Person, page: str, from_query: int) -> None:
    """From some query of the request on, none is answered."""
    client, count = signed_in(person("investigator", officer="O1")), itertools.count()
    client.raise_request_exception = False

    def away(execute: Any, *asked: Any) -> Any:
        if next(count) >= from_query:
            raise DatabaseError("host=secret")
        return execute(*asked)

    with connection.execute_wrapper(away):
        answer = client.get(page)
    assert answer.status_code == 503 or next(count) <= from_query
    assert answer.status_code in (200, 404, 503)
    assert "secret" not in answer.text


@pytest.mark.parametrize("page", ["/accessibility", "/sign-in", "/api/v1/openapi.json", "/language/cy", "/nonesuch"])
def test_without_a_database_what_needs_none_is_shown_to_who_is_signed_in_too(person: Person, page: str) -> None:
    client = signed_in(person("investigator", officer="O1"))
    client.raise_request_exception = False
    there = client.get(page).status_code

    def away(*asked: Any) -> Any:
        raise DatabaseError("host=secret")

    with connection.execute_wrapper(away):
        assert client.get(page).status_code == there
        assert client.get("/health").json()["database"] is False
        assert client.get("/").status_code == 503


def test_all_is_well(client: Client, db: None) -> None:
    answer = client.get("/health")
    well = {"database": True, "store": True, "keys": True}
    assert (answer.status_code, answer.json()) == (200, well | {"worker": False}), "pages do not need the worker"
    now = timezone.now()
    Worker.objects.create(name="one", began=now, seen=now)
    assert client.get("/health").json() == well | {"worker": True}
    Worker.objects.update(seen=now - timedelta(hours=1))
    assert client.get("/health").json() == well | {"worker": False}


def test_the_work_in_the_background_is_said_and_counted(client: Client, person: Person) -> None:
    queue.ask("load")
    failed = queue.take("one")
    assert failed is not None
    queue.give_up(failed, "No.")
    queue.ask("load")
    reader = signed_in(person("investigator", officer="O1"))
    assert "No worker has run yet" in reader.get("/status").text
    yesterday = timezone.now() - timedelta(days=1)
    Worker.objects.create(name="one", began=yesterday, seen=yesterday)
    text = reader.get("/status").text
    assert "The worker was last heard on" in text
    assert "Given up in the last 7 days: 1" in text
    counts = client.get("/metrics").text
    assert 'kept_jobs{state="waiting"} 1.0' in counts
    assert 'kept_jobs{state="given_up"} 1.0' in counts
    assert "kept_worker_silent_seconds 86" in counts


def test_counts_are_for_this_machine_or_who_has_the_token(client: Client, db: None, settings: Any) -> None:
    client.get("/sign-in")
    counts = client.get("/metrics").text
    assert 'kept_requests_total{method="GET",page="sign-in",status="200"}' in counts
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, metrics_token="token")
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 404
    away = client.get("/metrics", headers={"Authorization": "Bearer token"}, REMOTE_ADDR="192.0.2.1")
    assert away.status_code == 200


class Kept(logging.Handler):
    """Keeps every line as the service would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(Lines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Any:
    handler, root = Kept(), logging.getLogger()
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)


def test_the_service_s_log_holds_no_case(person: Person, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither ids, names nor words of a case, whatever goes wrong."""
    book.write("P1", Contact(phone="07700 900123", channel="phone"), "test")
    client = signed_in(person("investigator", officer="O1", name="oscar"))
    client.raise_request_exception = False
    client.get(f"{CONTACT}?q=High+Street")
    client.get("/cases/I6/victims/V6/contact")
    client.get("/cases/I1/none-such")
    client.post(CONTACT, {"phone": "07700 900555", "written": "9"})

    def fail(person: str) -> None:
        raise RuntimeError(f"{person}: 07700 900123")

    monkeypatch.setattr("kept.web.contacts.book.read", fail)
    assert client.get(CONTACT).status_code == 500
    logging.getLogger("django.request").error("Failed: /cases/I1 of oscar")
    logging.getLogger("another").warning("sees %s", "V1")
    said = [json.loads(line) for line in lines]
    assert {"contact", "none"} <= {line.get("page") for line in said}
    assert any(line.get("error") == "RuntimeError" for line in said)
    for secret in ("I1", "I6", "V1", "V6", "P1", "07700", "oscar", "High", "/cases"):
        assert not [line for line in lines if secret in line], secret


@pytest.mark.parametrize(("page", "most"), [("/", 7), ("/account", 8), ("/account/scope", 14), ("/status", 10)])
def test_a_page_asks_the_database_little(
    person: Person, page: str, most: int, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(person("investigator", officer="O1"))
    with django_assert_max_num_queries(most):
        assert client.get(page).status_code == 200


def test_a_look_at_a_case_asks_the_database_little(person: Person, django_assert_max_num_queries: Any) -> None:
    """Who asks and what they were given, then one line of the log, then what is asked for."""
    client = signed_in(person("investigator", officer="O1"))
    with django_assert_max_num_queries(12):
        assert client.get(CONTACT).status_code == 200
