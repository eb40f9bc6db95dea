"""A first supervisor's review: filled from the record, saved with what was seen, stale edits found."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from kept.web.consulted.models import Access
from kept.web.day import models, reviews
from kept.web.day.reviews import Finding
from kept.web.day.topics import TOPICS
from kept.web.entered.cases import case_file
from kept.web.entered.models import Entered
from kept.web.people.models import User
from tests.web.conftest import signed_in

Person = Callable[..., User]
PAGE = "/cases/I1/review"


def said(**more: object) -> dict[str, object]:
    return {**{topic.id: "right" for topic in TOPICS}, "written": 0, "saw": "E8", **more}


def test_each_topic_shows_what_the_record_says_or_that_it_says_nothing(supervisor: Client) -> None:
    shown = supervisor.get(PAGE).text
    assert all(str(topic.title).replace("'", "&#39;") in shown for topic in TOPICS)
    contact = shown.partition('id="topic-contact"')[2]
    assert "victim contacted (reached, by phone), Wed 24 June 2026 (entered Thu 25 June 2026)" in contact
    assert "Nothing recorded." in shown.partition('id="topic-evidence_led"')[2].partition("</section>")[0]


def test_it_is_saved_sealed_with_who_when_and_which_entries_were_seen(supervisor: Client) -> None:
    assert supervisor.post(PAGE, said(view="missing", view_words="Nobody asked her")).status_code == 302
    row = models.Review.objects.get()
    assert "asked" not in row.sealed
    known = reviews.read("I1")
    assert (known.by, known.written) == ("sam", 1)
    assert known.review.findings["view"] == Finding(False, "Nobody asked her")
    assert known.review.findings["contact"] == Finding(True)
    assert known.review.saw == ("E8",)
    assert ("alteration", "sam", "I1") in Access.objects.values_list("kind", "who", "investigation")
    assert "Nobody asked her" in supervisor.get(PAGE).text


def test_what_came_after_the_page_was_opened_is_not_taken_for_seen(supervisor: Client) -> None:
    supervisor.post(PAGE, said(saw="another E9"))
    assert reviews.read("I1").review.saw == ()
    assert ">new</strong>" in supervisor.get(PAGE).text


def test_that_it_was_held_is_entered_once_for_the_crime_system_and_counts(supervisor: Client, settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, entry=True)
    supervisor.post(PAGE, said())
    supervisor.post(PAGE, said(written=1))
    (row,) = Entered.objects.all()
    assert (row.investigation, row.kind, row.fields, row.entered_by) == (
        "I1",
        "supervisor_reviewed",
        {"value": "first"},
        "sam",
    )
    (held,) = case_file("I1").subjects[-1].timeline.events["supervisor_reviewed"]
    assert held.id == row.id


def test_where_the_force_allows_no_entry_here_nothing_is_entered(supervisor: Client, settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, entry=False)
    supervisor.post(PAGE, said())
    assert reviews.read("I1").written == 1
    assert not Entered.objects.exists()


def test_of_two_who_save_at_once_the_second_is_told_and_loses_nothing(supervisor: Client) -> None:
    supervisor.post(PAGE, said())
    answer = supervisor.post(PAGE, said(view="missing", view_words="mine"))
    assert "Somebody else has reviewed this" in answer.text
    assert "mine" in answer.text
    assert reviews.read("I1").review.findings["view"] == Finding(True)
    supervisor.post(PAGE, said(view="missing", view_words="mine", written=1))
    assert reviews.read("I1").written == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"view": ""}, "Choose whether the record is right"),
        ({"view": "missing"}, "Enter what is missing or wrong"),
        ({"view": "perhaps"}, "Select a valid choice"),
        ({"view_words": "x" * 2001}, "at most 2000 characters"),
        ({"written": "x"}, "whole number"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_saved(supervisor: Client, wrong: dict[str, object], words: str) -> None:
    answer = supervisor.post(PAGE, said(**wrong))
    assert answer.status_code == 200
    assert words in answer.text
    assert not models.Review.objects.exists()


def test_what_the_record_got_since_is_marked_as_new(supervisor: Client) -> None:
    assert reviews.write("I1", reviews.Review({}, ("something else",)), "sam", 0)
    shown = supervisor.get(PAGE).text
    assert "The record has changed since" in shown
    assert ">new</strong>" in shown


def test_script_in_words_is_shown_as_text(supervisor: Client) -> None:
    supervisor.post(PAGE, said(view="missing", view_words="<script>alert(1)</script>"))
    shown = supervisor.get(PAGE).text
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


def test_nobody_else_may_not_even_who_holds_it(holder: Client, outsider: Client, person: Person) -> None:
    for client in (holder, outsider, signed_in(person("auditor"))):
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, said()).status_code == 404
    assert not models.Review.objects.exists()


def test_a_case_that_is_restricted_or_none_is_not_there(supervisor: Client, uuid: Any) -> None:
    assert supervisor.get("/cases/I3/review").status_code == 404
    assert supervisor.get("/cases/none/review").status_code == 404
