"""Whatever is asked at an address of the API, what is wrong is said as a problem: no page is answered there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.db import DatabaseError
from django.test import Client

from kept.web.api import tokens
from kept.web.api.problems import MEDIA
from tests.web.api.conftest import Caller, Makes

CHECK = "/api/v1/charge-check"


@pytest.fixture
def browser(db: None) -> Client:
    return Client(raise_request_exception=False)


def is_problem(answer: Any, status: int) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, MEDIA), answer.content[:300]
    said = answer.json()
    assert (said["status"], bool(said["title"]), bool(said["faults"][0]["what"])) == (status, True, True)
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", [CHECK, "/api/v1/openapi.json", "/api/v1/nonesuch", "/api/"])
@pytest.mark.parametrize("charset", ["nonsense", "utf-16", "rot13", "base64"])
def test_another_encoding_is_refused_in_words(browser: Client, address: str, charset: str) -> None:
    is_problem(browser.generic("POST", address, b"{}", f"application/json; charset={charset}"), 400)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("address", ["/api/", "/api/v1", "/api/v1/", "/api/v2/measures", f"{CHECK}/", "/api/v1/%00"])
def test_an_address_that_is_none_is_not_there(browser: Client, address: str, method: str) -> None:
    is_problem(getattr(browser, method)(address), 404)


def test_another_method_is_told_which_there_are(browser: Client) -> None:
    answer = browser.put("/api/v1/openapi.json")
    is_problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_another_host_and_a_form_from_elsewhere_are_refused(browser: Client) -> None:
    is_problem(browser.get("/api/v1/measures", headers={"Host": "evil.example"}), 400)
    browser.handler.enforce_csrf_checks = True
    is_problem(browser.post("/api/v1/openapi.json", {"a": "b"}), 403)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 422),
        (b"{", "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"investigation": "\\ud800"}', "application/json", 422),
        (b'{"investigation": NaN}', "application/json", 422),
        (b'{"investigation": "I1"}', "text/plain", 200),
        (b"a=b", "application/x-www-form-urlencoded", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (b"{}", "multipart/form-data", 422),
        (b"x" * 1_000_001, "application/json", 413),
    ],
    ids=range(11),
)
def test_a_body_that_is_none_is_refused_in_words(token: Makes, body: bytes, content_type: str, status: int) -> None:
    answer = token("supervisor").post("/charge-check", body, content_type=content_type)
    if status == 200:
        assert answer.status_code == 200
    else:
        is_problem(answer, status)


@pytest.mark.parametrize("case", ["%00", "%FF", "..%2f..", "x" * 3000, "%E2%80%AE", "%0d%0aSet-Cookie:a=b"])
def test_a_strange_id_is_not_there(token: Makes, case: str) -> None:
    is_problem(token("analyst").get(f"/obligations/{case}"), 404)


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer kept_none", "Basic a:b", "Bearer \xff", "Bearer " + "x" * 9000]
)
def test_who_shows_no_token_is_told_how(browser: Client, shown: str) -> None:
    answer = browser.get("/api/v1/measures", headers={"Authorization": shown})
    is_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.fixture
def caller(token: Makes) -> Caller:
    return token("analyst")


def test_where_the_database_cannot_be_read_that_is_said(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(secret: str) -> None:
        raise DatabaseError("down")

    monkeypatch.setattr(tokens, "shown", fails)
    is_problem(browser.get("/api/v1/measures", headers={"Authorization": "Bearer kept_x"}), 503)


def test_where_kept_itself_fails_that_is_said(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(secret: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(tokens, "shown", fails)
    is_problem(browser.get("/api/v1/measures", headers={"Authorization": "Bearer kept_x"}), 500)


def test_where_the_records_cannot_be_read_that_is_said(caller: Caller, settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=tmp_path / "none")
    is_problem(Client(raise_request_exception=False).get("/api/v1/loads", headers=caller.headers), 503)


def test_the_documentation_is_a_page_for_people(browser: Client) -> None:
    answer = browser.generic("POST", "/api/v1/docs", b"x", "text/plain; charset=nonsense")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
