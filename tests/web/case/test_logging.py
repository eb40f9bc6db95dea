"""Logging a contact in three taps: by who holds the case, once, and it counts at once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from kept.web.consulted.models import Access
from kept.web.contacts import book
from kept.web.contacts.safe import NOT_KNOWN, Contact
from kept.web.entered.models import Entered
from tests.web.case.conftest import state_of, told_of_arrest

PAGE = "/cases/I1/victims/V1/log"


def form(**other: object) -> dict[str, object]:
    return {"id": str(uuid4()), "what": [told_of_arrest()], "channel": "phone", **other}


def test_what_is_owed_is_offered_with_the_safe_way(holder: Client) -> None:
    assert NOT_KNOWN in holder.get(PAGE).text
    book.write("P1", Contact(channel="email", times="after six"), "test")
    shown = holder.get(PAGE).text
    assert "Told that a suspect was arrested" in shown
    assert "after six" in shown
    assert 'value="email" checked' in shown


def test_it_counts_at_once_and_is_there_once(holder: Client) -> None:
    key, sent = told_of_arrest(), form()
    assert state_of(key) == "no_record"
    for _ in range(2):
        assert holder.post(PAGE, sent).status_code == 302
    (row,) = Entered.objects.all()
    assert (row.kind, row.victim, row.source, row.entered_by) == ("victim_told", "V1", "kept", "oscar")
    assert {**row.fields} == {
        "value": "arrest", "result": "told", "suspect": "S1", "answers": "a1", "by": "O1", "channel": "phone",
    }  # fmt: skip
    assert state_of(key) == "late"
    assert "Victim told: a suspect was arrested" in holder.get("/cases/I1").text
    assert "Told that a suspect was arrested" not in holder.get(PAGE).text
    assert Access.objects.filter(route="log-contact", kind="alteration").count() == 1


def test_earlier_is_when_it_says(holder: Client) -> None:
    holder.post(PAGE, form(day="2026-01-05", hour="09:30"))
    assert Entered.objects.get().at == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def test_it_can_be_taken_back_once(holder: Client, supervisor: Client) -> None:
    key = told_of_arrest()
    holder.post(PAGE, form())
    event = Entered.objects.get().id
    assert supervisor.post("/cases/I1/logged/back", {"event": event}).status_code == 404
    for _ in range(2):
        assert holder.post("/cases/I1/logged/back", {"event": event}).status_code == 302
    assert Entered.objects.count() == 2
    assert state_of(key) == "no_record"
    assert "Logged here" not in holder.get("/cases/I1").text


@pytest.mark.parametrize("event", ["", "none", "a1", "x\x00y", "z" * 5000])
def test_what_was_not_logged_here_is_not_taken_back(holder: Client, event: str) -> None:
    assert holder.post("/cases/I1/logged/back", {"event": event}).status_code == 302
    assert not Entered.objects.exists()


def test_nobody_else_may(supervisor: Client, outsider: Client, analyst: Client) -> None:
    for client in (supervisor, outsider, analyst):
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, form()).status_code == 404
    assert not Entered.objects.exists()


def test_where_the_force_allows_no_entry_there_is_no_page(holder: Client, settings: Any) -> None:
    sent = form()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, entry=False)
    assert holder.get(PAGE).status_code == 404
    assert holder.post(PAGE, sent).status_code == 404
    assert "Log a contact" not in holder.get("/cases/I1").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": []}, "Choose what you did"),
        ({"what": ["none"]}, "Select a valid choice"),
        ({"what": ["attempt", "contact"]}, "Choose either"),
        ({"channel": ""}, "Choose how you did it"),
        ({"channel": "pigeon"}, "Select a valid choice"),
        ({"day": "soon"}, "Enter a day that there is"),
        ({"day": "2026-01-05"}, "Enter the time as well"),
        ({"day": "2099-01-05", "hour": "09:00"}, "Enter a moment that has passed"),
        ({"day": "0001-01-01", "hour": "09:00"}, "Enter a year between 1900 and 2199"),
        ({"day": "1026-01-05", "hour": "09:00"}, "Enter a year between 1900 and 2199"),
        ({"hour": "noon"}, "Enter a time of day"),
        ({"id": "x"}, "Enter a valid UUID"),
        ({"day": "a\x00b"}, "Enter a day that there is"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_logged(holder: Client, wrong: dict[str, object], said: str) -> None:
    answer = holder.post(PAGE, form(**wrong))
    assert answer.status_code == 200
    assert said in answer.text
    assert not Entered.objects.exists()


def test_who_had_it_open_while_it_was_kept_otherwise_loses_nothing(holder: Client) -> None:
    before = form()
    holder.post(PAGE, form())
    assert holder.post(PAGE, before).status_code == 302
    assert Entered.objects.count() == 2


def test_an_attempt_is_logged_as_one(holder: Client) -> None:
    holder.post(PAGE, form(what=["attempt"]))
    row = Entered.objects.get()
    assert (row.kind, row.fields["result"]) == ("victim_contacted", "attempted")


def test_the_page_asks_the_database_little(holder: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(16):
        holder.get(PAGE)
