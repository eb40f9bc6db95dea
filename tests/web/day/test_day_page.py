"""My day: whose case it is sees what they owe and can still keep it; nobody else sees it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as live
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kept.web.consulted import lists
from kept.web.consulted.models import Access
from kept.web.contacts import book
from kept.web.contacts.safe import Contact
from kept.web.day import notes
from kept.web.people.models import User
from kept.web.people.policy import Unit
from tests.web.conftest import give, signed_in

Person = Callable[..., User]


def test_who_holds_the_case_sees_what_is_due_when_and_what_counts(holder: Client) -> None:
    shown = holder.get("/day").text
    for said in ("Victim V1", "Told that a suspect was arrested", ">Today</strong>", ">In 3 days</strong>"):
        assert said in shown
    assert "A suspect was arrested (Tue 23 June 2026)" in shown
    assert "The victim is told that a suspect was arrested." in shown
    assert "30 June 2026, 12:00" in shown


def test_what_can_still_be_kept_comes_before_what_is_overdue(holder: Client) -> None:
    shown = holder.get("/day").text
    assert shown.index(">Today</strong>") < shown.index(">In 3 days</strong>") < shown.index("1 day overdue</strong>")


@pytest.mark.parametrize(("role", "officer"), [("supervisor", ""), ("investigator", "O9"), ("witness_care", "")])
def test_nobody_else_sees_it_on_a_day_of_theirs(person: Person, role: str, officer: str) -> None:
    shown = signed_in(person(role, officer=officer)).get("/day")
    assert shown.status_code == 200
    assert "V1" not in shown.text


def test_who_may_open_no_case_has_no_day(person: Person) -> None:
    assert signed_in(person("champion")).get("/day").status_code == 404


def test_a_restricted_case_is_on_the_day_of_who_is_named_for_it_alone(person: Person) -> None:
    user = person("investigator", officer="O1")
    assert "V3" not in signed_in(user).get("/day").text
    give(user, "investigator", Unit("investigation", "I3"))
    assert "V3" in signed_in(user).get("/day").text


def test_an_account_without_an_officer_is_told_so(person: Person) -> None:
    assert "know no officer under your account" in signed_in(person("supervisor")).get("/day").text


def test_an_empty_day_says_so_and_from_when_it_is(person: Person) -> None:
    shown = signed_in(person("investigator", officer="O77")).get("/day").text
    assert "Nothing is due from you" in shown
    assert "30 June 2026, 12:00" in shown


def test_it_says_whether_a_safe_way_is_known_and_never_which(holder: Client) -> None:
    assert "Not known to be safe: ask first." in holder.get("/day").text
    book.write("P1", Contact(phone="07700 900123", channel="phone", code_word="dentist"), "test")
    shown = holder.get("/day").text
    assert "How to reach them safely" in shown
    assert not any(secret in shown for secret in ("07700", "dentist"))


def test_a_look_is_logged_with_the_cases_that_it_showed(holder: Client) -> None:
    holder.get("/day")
    (line,) = Access.objects.all()
    assert (line.kind, line.who, line.route, line.why) == ("consultation", "oscar", "day", "my day")
    assert lists.of([line])[str(line.listed)] == [("I1", ""), ("I1", "V1")]


def test_old_records_are_warned_of(holder: Client, settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, demo=False)
    assert "This is old." in holder.get("/day").text
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, store=settings.ENVIRONMENT.store, demo=True)
    assert "This is old." not in holder.get("/day").text


def test_a_note_about_a_case_is_seen_by_who_holds_it_not_by_whom_it_names(
    holder: Client, person: Person, uuid: Callable[[], Any]
) -> None:
    person("supervisor", "team", "Red", name="sam")
    notes.write(uuid(), "I1", "O2", "Too much <b>on</b> one desk", "sam")
    assert "Too much &lt;b&gt;on&lt;/b&gt; one desk" in holder.get("/day").text
    assert "Too much" not in signed_in(person("investigator", officer="O2")).get("/day").text


@pytest.mark.parametrize("query", ["?band=today", "?band=nonesuch", "?band=29&page=999", "?band=%00", "?page=x"])
def test_a_part_of_the_day_is_shown_alone_and_what_is_none_does_no_harm(holder: Client, query: str) -> None:
    assert holder.get(f"/day{query}").status_code == 200


def test_the_page_asks_the_database_little_however_much_is_owed(holder: Client) -> None:
    holder.get("/day")
    with CaptureQueriesContext(connection) as asked:
        holder.get("/day")
    assert len(asked) <= 16
