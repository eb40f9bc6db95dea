"""Opening a case by its number: three people, and nobody learns which numbers there are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kept.web.consulted.models import Access
from tests.web.conftest import without_tokens

NONE = "You can open no case of this number"


@pytest.mark.parametrize("number", ["I1", " I1 ", "V1"])
def test_who_holds_it_and_their_supervisor_come_to_the_case(holder: Client, supervisor: Client, number: str) -> None:
    for client in (holder, supervisor):
        answer = client.get("/cases", {"number": number})
        assert (answer.status_code, answer["Location"]) == (302, "/cases/I1")


@pytest.mark.parametrize("number", ["I1", "V1", "I99", "../../etc", "\x00", "' OR 1=1 --", "<script>"])
def test_an_outsider_is_told_the_same_of_every_number(outsider: Client, number: str) -> None:
    answer = outsider.get("/cases", {"number": number})
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "").replace("<script type=", "")


def test_one_that_is_out_of_scope_is_answered_and_logged_as_one_that_is_not_there(outsider: Client) -> None:
    said = [without_tokens(outsider.get("/cases", {"number": number}).text) for number in ("I1", "I9")]
    assert NONE in said[0]
    assert said[0] == said[1].replace("I9", "I1")
    assert [(row.kind, row.investigation) for row in Access.objects.order_by("number")] == [
        ("refusal", "I1"),
        ("refusal", "I9"),
    ]


def test_an_empty_number_is_asked_for(holder: Client) -> None:
    assert "Enter a number" in holder.get("/cases", {"number": " "}).text


def test_it_asks_the_database_little(holder: Client) -> None:
    holder.get("/cases")
    with CaptureQueriesContext(connection) as asked:
        holder.get("/cases", {"number": "I1"})
    assert len(asked) <= 8
