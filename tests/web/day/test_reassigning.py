"""Notes to re-assign: written by who supervises the case, read by who holds it, gone once the records show it done."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kept.web.consulted.models import Access
from kept.web.day import models, notes
from kept.web.people.models import User
from tests.web.conftest import signed_in, without_tokens

Person = Callable[..., User]
PAGE = "/cases/I1/re-assign"


def said(uuid: Callable[[], Any], **more: object) -> dict[str, object]:
    return {"id": uuid(), "to": "O2", "why": "Too much on one desk", **more}


def test_a_supervisor_writes_one_and_it_is_sealed_shown_and_logged(supervisor: Client, uuid: Any) -> None:
    assert supervisor.post(PAGE, said(uuid)).status_code == 302
    (row,) = models.Note.objects.all()
    assert "desk" not in row.sealed
    (note,) = notes.of("I1")
    assert (note.to, note.why, note.by) == ("O2", "Too much on one desk", "sam")
    assert "Too much on one desk" in supervisor.get(PAGE).text
    assert "Too much on one desk" in supervisor.get("/team").text
    assert ("alteration", "sam", "I1") in Access.objects.values_list("kind", "who", "investigation")


def test_nobody_else_may_not_even_who_holds_it(holder: Client, outsider: Client, person: Person, uuid: Any) -> None:
    others = (signed_in(person("victim_lead")), signed_in(person("witness_care")), holder, outsider)
    for client in others:
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, said(uuid)).status_code == 404
    assert not models.Note.objects.exists()


def test_a_restricted_case_is_not_there_for_a_supervisor(supervisor: Client, uuid: Any) -> None:
    assert supervisor.post("/cases/I3/re-assign", said(uuid)).status_code == 404


def test_sent_twice_it_is_written_once(supervisor: Client, uuid: Any) -> None:
    sent = said(uuid)
    supervisor.post(PAGE, sent)
    supervisor.post(PAGE, sent)
    assert models.Note.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"why": ""}, "Enter why"),
        ({"why": "x" * 2001}, "at most 2000 characters"),
        ({"why": "\x00\u200b"}, "Enter why the case should go to somebody else"),
        ({"to": "O9"}, "Select a valid choice"),
        ({"id": "mine"}, "Enter a valid UUID"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_written(
    supervisor: Client, uuid: Any, wrong: dict[str, object], words: str
) -> None:
    answer = supervisor.post(PAGE, said(uuid, **wrong))
    assert answer.status_code == 200
    assert words in answer.text
    assert "There is a problem" in answer.text
    assert not models.Note.objects.exists()


def test_it_is_gone_once_the_records_show_the_case_with_whom_it_names(db: None, uuid: Any) -> None:
    notes.write(uuid(), "I2", "O2", "as the records have it already", "sam")
    assert notes.of("I2") == []


def test_it_can_be_taken_back_by_posting_alone(supervisor: Client, outsider: Client, uuid: Any) -> None:
    one = uuid()
    notes.write(one, "I1", "", "why", "sam")
    address = f"{PAGE}/{one}/take-back"
    supervisor.get(address)
    assert outsider.post(address).status_code == 404
    assert supervisor.post(f"/cases/I2/re-assign/{one}/take-back").status_code == 302  # not a note of that case
    assert len(notes.of("I1")) == 1
    supervisor.post(address)
    assert notes.of("I1") == []
    assert models.Note.objects.get().ended_by == "sam"


def test_the_file_holds_notes_in_scope_and_no_formula(supervisor: Client, outsider: Client, uuid: Any) -> None:
    notes.write(uuid(), "I1", "O2", '=HYPERLINK("x")', "sam")
    notes.write(uuid(), "I4", "", "of another team", "una")
    rows = list(csv.reader(io.StringIO(supervisor.get("/team/re-assign.csv").text)))
    assert rows[0] == ["case", "to", "why", "written_at", "written_by"]
    assert [row[:3] for row in rows[1:]] == [["I1", "O2", '\'=HYPERLINK("x")']]
    assert "HYPERLINK" not in outsider.get("/team/re-assign.csv").text
    assert ("disclosure", "sam", "I1") in Access.objects.values_list("kind", "who", "investigation")


def test_who_only_looks_at_teams_gets_no_file(person: Person) -> None:
    assert signed_in(person("auditor")).get("/team/re-assign.csv").status_code == 404


def test_whom_a_note_names_sees_no_more_than_before(person: Person, uuid: Any) -> None:
    notes.write(uuid(), "I1", "O9", "to another team", "sam")
    assert "I1" not in without_tokens(signed_in(person("investigator", officer="O9")).get("/day").text)
