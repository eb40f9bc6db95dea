"""“This is wrong”: said once, answered by the analyst in whose scope it is, and re-judged."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from kept.web.case import disputes
from kept.web.case.models import Dispute
from kept.web.consulted.models import Access
from kept.web.entered import rows
from kept.web.entered.events import Event
from kept.web.people.models import Denial
from kept.web.sealing import add_key
from tests.web.case.conftest import told_of_arrest
from tests.web.conftest import ago, signed_in


def page() -> str:
    return f"/cases/I1/obligations/{told_of_arrest()}"


def form(**other: object) -> dict[str, object]:
    return {"id": str(uuid4()), "reason": "not_recorded", "words": "I told her on the phone", **other}


def said_once(holder: Client) -> Dispute:
    assert holder.post(f"{page()}/wrong", form()).status_code == 302
    return Dispute.objects.get()


def test_it_is_said_shown_and_sealed(holder: Client) -> None:
    row = said_once(holder)
    assert "phone" not in row.sealed
    for shown in (holder.get(page()).text, holder.get("/cases/I1").text):
        assert "I told her on the phone" in shown
        assert "The analyst has not answered yet" in shown
    assert [one.kind for one in Access.objects.filter(route="dispute")] == ["alteration"]


def test_sent_twice_it_is_there_once(holder: Client) -> None:
    same = form()
    assert [holder.post(f"{page()}/wrong", same).status_code for _ in range(2)] == [302, 302]
    assert Dispute.objects.count() == 1


def test_a_second_of_the_same_person_waits_for_the_answer_and_its_words_are_not_lost(holder: Client) -> None:
    said_once(holder)
    answer = holder.post(f"{page()}/wrong", form(words="on Monday at nine"))
    assert answer.status_code == 200
    assert "the analyst has not answered yet" in answer.text
    assert "on Monday at nine" in answer.text
    assert Dispute.objects.count() == 1


def test_a_supervisor_may_say_it_and_an_outsider_may_not(supervisor: Client, outsider: Client) -> None:
    assert outsider.post(f"{page()}/wrong", form()).status_code == 404
    assert not Dispute.objects.exists()
    assert supervisor.post(f"{page()}/wrong", form()).status_code == 302
    assert Dispute.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "Choose what is wrong"),
        ({"reason": "weather"}, "Select a valid choice"),
        ({"words": ""}, "Say in your words"),
        ({"words": "x" * 1001}, "at most 1000 characters"),
        ({"words": "\x00\u200b"}, "Say in your words"),
        ({"id": "x"}, "Enter a valid UUID"),
    ],
)
def test_a_wrong_field_is_said_and_what_was_typed_stays(holder: Client, wrong: dict[str, str], said: str) -> None:
    answer = holder.post(f"{page()}/wrong", form(**wrong))
    assert answer.status_code == 200
    assert said in answer.text
    assert "There is a problem" in answer.text
    assert not Dispute.objects.exists()


def test_script_in_words_is_shown_as_text(holder: Client) -> None:
    holder.post(f"{page()}/wrong", form(words="<script>alert(1)</script>"))
    shown = holder.get(page()).text
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


def test_the_analyst_answers_it_once(holder: Client, analyst: Client) -> None:
    row = said_once(holder)
    assert "I told her on the phone" in analyst.get("/queue").text
    assert analyst.post(f"/queue/{row.id}", {"words": ""}).status_code == 200
    assert analyst.post(f"/queue/{row.id}", {"words": "Mended at the source"}).status_code == 302
    assert analyst.post(f"/queue/{row.id}", {"words": "Mended at the source"}).status_code == 302
    assert "Mended at the source" in holder.get(page()).text
    assert "Nobody waits for an answer" in analyst.get("/queue").text
    assert Access.objects.filter(route="queued", kind="alteration").count() == 1


def test_of_two_who_answer_the_second_is_told_and_loses_nothing(holder: Client, analyst: Client, person: Any) -> None:
    row = said_once(holder)
    analyst.post(f"/queue/{row.id}", {"words": "Mended at the source"})
    answer = signed_in(person("analyst", name="quicker")).post(f"/queue/{row.id}", {"words": "It was never so"})
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert "Somebody else has answered this" in answer.text
    assert "It was never so" in answer.text
    assert disputes.one(row.id).answer == "Mended at the source"  # type: ignore[union-attr]


def test_of_a_case_out_of_their_scope_an_analyst_sees_nothing(holder: Client, person: Any) -> None:
    row = said_once(holder)
    user = person("analyst", name="other")
    Denial.objects.create(user=user, level="team", unit="Red", since=ago(1), given_by="test")
    client = signed_in(user)
    assert "Nobody waits for an answer" in client.get("/queue").text
    assert client.get(f"/queue/{row.id}").status_code == 404
    assert client.post(f"/queue/{row.id}", {"words": "x"}).status_code == 404
    assert signed_in(person("administrator", name="adam")).get(f"/queue/{row.id}").status_code == 404
    assert Dispute.objects.get().answered_at is None


def test_officers_have_no_queue(holder: Client, supervisor: Client) -> None:
    row = said_once(holder)
    for client in (holder, supervisor):
        assert client.get("/queue").status_code == 404
        assert client.get(f"/queue/{row.id}").status_code == 404


def test_once_the_obligation_is_in_another_state_it_is_said_to_be_re_judged(holder: Client, analyst: Client) -> None:
    row = said_once(holder)
    assert "Since re-judged" not in holder.get(page()).text
    said = {"value": "arrest", "result": "told", "suspect": "S1"}
    rows.add(Event("late", "I1", "victim_told", ago(1), victim="V1", fields=said), "custody")
    for shown in (holder.get(page()).text, analyst.get(f"/queue/{row.id}").text):
        assert "Since re-judged" in shown
        assert "Done late" in shown


def test_what_is_not_owed_any_more_is_re_judged_too(holder: Client) -> None:
    said_once(holder)
    (one,) = disputes.of("I1", [])
    assert one.rejudged


def test_sealed_with_a_new_key_it_says_the_same(holder: Client, analyst: Client, settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, sealing_keys=tmp_path / "keys")
    add_key(tmp_path / "keys")
    row = said_once(holder)
    analyst.post(f"/queue/{row.id}", {"words": "Mended at the source"})
    newest = add_key(tmp_path / "keys")
    assert (disputes.seal_again(), disputes.seal_again()) == (1, 0)
    now = Dispute.objects.get()
    assert all(text.startswith(f"{newest}.") for text in (now.sealed, now.answer))
    (one,) = disputes.of("I1", [])
    assert (one.words, one.answer) == ("I told her on the phone", "Mended at the source")
