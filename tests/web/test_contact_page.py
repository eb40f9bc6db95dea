"""How a victim may be reached: three people, and what each sees of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from kept.web.consulted.models import Access
from kept.web.contacts import book, models
from kept.web.contacts.safe import NOT_KNOWN, Contact
from kept.web.people.models import User
from kept.web.people.policy import Unit
from tests.web.conftest import give, signed_in

Person = Callable[..., User]
PAGE = "/cases/I1/victims/V1/contact"
KNOWN = Contact(phone="07700 900123", channel="phone", times="after six", code_word="dentist", no_message=True)


@pytest.fixture
def holder(person: Person) -> Client:
    return signed_in(person("investigator", officer="O1", name="oscar"))


def form(contact: Contact, written: int) -> dict[str, object]:
    said = {"phone": contact.phone, "channel": contact.channel, "times": contact.times, "code_word": contact.code_word}
    return {**said, "written": written, **({"no_message": "on"} if contact.no_message else {})}


def test_who_holds_the_case_sees_the_safe_way(holder: Client) -> None:
    book.write("P1", KNOWN, "test")
    shown = holder.get(PAGE).text
    for said in ("07700 900123", "after six", "dentist", "Do not leave a message"):
        assert said in shown
    assert NOT_KNOWN not in shown


@pytest.mark.parametrize(
    "one",
    [
        ("supervisor", "team", "Red", ""),
        ("victim_lead", "force", "", ""),
        ("investigator", "force", "", "O9"),
        ("witness_care", "force", "", ""),
        ("commissioner", "force", "", ""),
        ("administrator", "force", "", ""),
    ],
    ids=str,
)
def test_nobody_else_does_not_even_a_supervisor(person: Person, one: tuple[str, str, str, str]) -> None:
    role, level, unit, officer = one
    book.write("P1", KNOWN, "test")
    answer = signed_in(person(role, level, unit, officer)).get(PAGE)
    assert answer.status_code == 404
    assert "07700" not in answer.text


def test_who_held_it_until_lately_does_not(person: Person) -> None:
    assert signed_in(person("investigator", officer="O1")).get("/cases/I2/victims/V2/contact").status_code == 404


def test_a_restricted_case_opens_for_who_is_named_and_holds_it(person: Person) -> None:
    user = person("investigator", officer="O1")
    page = "/cases/I4/victims/V4/contact"
    assert signed_in(user).get(page).status_code == 404
    give(user, "investigator", Unit("investigation", "I4"))
    assert signed_in(user).get(page).status_code == 200
    give(user, "investigator", Unit("investigation", "I5"))
    assert signed_in(user).get("/cases/I5/victims/V5/contact").status_code == 404  # the records bar O1


@pytest.mark.parametrize(
    "page", ["/cases/I1/victims/V6/contact", "/cases/I1/victims/none/contact", "/cases/none/victims/V1/contact"]
)
def test_a_forged_id_is_not_found_and_logged(holder: Client, page: str) -> None:
    assert holder.get(page).status_code == 404
    assert [row.kind for row in Access.objects.all()] == ["refusal"]


def test_where_nothing_is_known_the_page_says_to_ask_first(holder: Client) -> None:
    assert NOT_KNOWN in holder.get(PAGE).text


def test_where_it_has_expired_too_and_what_not_to_do_still_stands(holder: Client) -> None:
    book.write("P1", Contact(channel="phone", no_letter=True, until=date.today() - timedelta(days=1)), "test")
    shown = holder.get(PAGE).text
    assert NOT_KNOWN in shown
    assert '<p class="govuk-body govuk-!-font-weight-bold">Do not send a letter</p>' in shown


def test_each_look_and_each_change_is_logged(holder: Client) -> None:
    holder.get(PAGE)
    holder.post(PAGE, form(KNOWN, 0))
    rows = Access.objects.order_by("number").values_list("kind", "who", "investigation", "victim", "route")
    assert list(rows) == [
        ("consultation", "oscar", "I1", "V1", "contact"),
        ("alteration", "oscar", "I1", "V1", "contact"),
    ]


def test_a_form_that_comes_back_with_them_is_a_look_too(holder: Client) -> None:
    assert holder.post(PAGE, {"written": "x"}).status_code == 200
    (row,) = Access.objects.all()
    assert (row.kind, row.who, row.investigation, row.victim) == ("consultation", "oscar", "I1", "V1")


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "LOOK"])
def test_nobody_looks_by_a_way_that_is_not_logged(holder: Client, method: str) -> None:
    book.write("P1", KNOWN, "test")
    answer = holder.generic(method, PAGE)
    assert (answer.status_code, answer.content) == (405, b"")


def test_what_is_written_is_kept_and_sealed(holder: Client) -> None:
    assert holder.post(PAGE, form(KNOWN, 0)).status_code == 302
    assert book.read("P1").contact == KNOWN
    row = models.Contact.objects.get()
    assert not any(said in row.sealed for said in ("07700", "dentist", "phone"))


def test_of_two_who_change_it_at_once_the_second_is_told_and_loses_nothing(holder: Client) -> None:
    holder.post(PAGE, form(KNOWN, 0))
    answer = holder.post(PAGE, form(Contact(channel="letter", times="mine"), 0))
    assert "Somebody else has changed this" in answer.text
    assert 'value="mine"' in answer.text
    assert book.read("P1").contact == KNOWN


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"until": "soon"}, "Enter the last day as a date"),
        ({"channel": "pigeon"}, "Select a valid choice"),
        ({"phone": "1" * 51}, "at most 50 characters"),
        ({"phone": "07\x00700"}, "characters that cannot be seen"),
        ({"written": "x"}, "whole number"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_written(holder: Client, wrong: dict[str, str], said: str) -> None:
    answer = holder.post(PAGE, {**form(KNOWN, 0), **wrong})
    assert answer.status_code == 200
    assert said in answer.text
    assert "There is a problem" in answer.text
    assert not models.Contact.objects.exists()


def test_script_in_a_field_is_shown_as_text(holder: Client) -> None:
    holder.post(PAGE, {**form(KNOWN, 0), "times": "<script>alert(1)</script>"})
    shown = holder.get(PAGE).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


TURNED = "\u202e321009 00770\u202c"
"""It stands as another number than it is read as."""


@pytest.mark.parametrize("wrong", [TURNED, "07700\u200b900123", "\u206607700 900123\u2069", "07700 900123\u200e"])
def test_a_number_with_what_cannot_be_seen_is_refused_and_what_was_known_stays(holder: Client, wrong: str) -> None:
    book.write("P1", KNOWN, "test")
    answer = holder.post(PAGE, {**form(KNOWN, 1), "phone": wrong})
    assert "characters that cannot be seen" in answer.text
    assert 'href="#phone"' in answer.text
    assert book.read("P1").contact == KNOWN


def test_so_is_an_address_of_email(holder: Client) -> None:
    for wrong in ("a@exa\u200bmple.org", "\u202ea@b.example", "a@b.example\u2069"):
        answer = holder.post(PAGE, {**form(KNOWN, 0), "email": wrong})
        assert "characters that cannot be seen" in answer.text or "Enter a valid email" in answer.text
        assert not models.Contact.objects.exists()


def test_instructions_are_kept_without_it_and_a_number_with_plain_spaces(holder: Client) -> None:
    said = {
        **form(KNOWN, 0),
        "times": "\u202bafter six\u202c",
        "code_word": "क्\u200dष",
        "phone": "07700\u00a0900123",
    }
    assert holder.post(PAGE, said).status_code == 302
    known = book.read("P1").contact
    assert (known.times, known.code_word, known.phone) == ("after six", "क्\u200dष", "07700 900123")


def test_words_stand_in_their_own_direction_and_numbers_from_left_to_right(holder: Client) -> None:
    book.write("P1", replace(KNOWN, code_word="دكتور"), "test")
    shown = holder.get(PAGE).text
    assert "<bdi>دكتور</bdi>" in shown
    for name, direction in {"phone": "ltr", "email": "ltr", "note": "auto", "code_word": "auto"}.items():
        field = re.search(f'<input[^>]*name="{name}"[^>]*>', shown)
        assert field
        assert f'dir="{direction}"' in field[0]
