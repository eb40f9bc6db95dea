"""What is done to every form: wrong, huge and forged text, sent twice, sent too late, sent by who may no longer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.test import Client
from django.utils import timezone

from kept.web.consulted.models import Access
from kept.web.forms import Exact, Words
from kept.web.forms import Form as OurForm
from kept.web.people.models import Grant, SignIn, User
from tests.web.conftest import signed_in
from tests.web.forms.table import FORMS, OF_ONES_SESSION, STRANGER, Form, browser, send, take_forms
from tests.web.outsiders.held import Held
from tests.web.test_outsider import undone

WRONG = (
    "",
    "<script>alert(1)</script>\x00",
    "x" * 20_000,
    "\udcff",
    "0001-01-01",
    "9999-12-31",
    "9" * 40,
    "²",
    "é" * 190,
    "\u202e321009 00770\u202c",
    "\u200b",
)
OF_THE_LOOK = {"Access", "Head", "Listed", "Session", "SignIn", "Anew"}
"""What a look or a sign-in leaves, and what is judged anew of a case: not what a form itself does."""
SUMMARY = "govuk-error-summary"
OURS = "http://testserver"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
each = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.view)
typed = pytest.mark.parametrize("form", [one for one in FORMS if one.view != "data-send"], ids=lambda form: form.view)
"""The forms of words: files are to be chosen anew."""


@pytest.fixture(autouse=True)
def _folders(settings: Any, held: Held, tmp_path: Path) -> None:
    (tmp_path / "extracts" / "march").mkdir(parents=True)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path, extracts=tmp_path / "extracts")


def written() -> dict[str, list[Any]]:
    """All that the database holds, by table."""
    models = [one for one in apps.get_models() if one.__name__ not in OF_THE_LOOK]
    return {one.__name__: [*one._default_manager.order_by("pk").values()] for one in models}


def is_done(answer: Any) -> bool:
    return answer.status_code == 302 or (answer.status_code == 200 and SUMMARY not in answer.text)


def offered(text: str) -> dict[str, str]:
    """The fields that a page holds ready to be sent, its own token aside."""
    main = text.partition('id="main-content"')[2]
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(main) if name != "csrfmiddlewaretoken"}


def test_every_form_is_here() -> None:
    named = {form.view for form in FORMS}
    assert {*take_forms()} <= named | {*OF_ONES_SESSION}
    assert not named & {*OF_ONES_SESSION}


def every_form(of: type[forms.Form] = OurForm) -> Iterator[type[forms.Form]]:
    for one in of.__subclasses__():
        yield one
        yield from every_form(one)


@pytest.mark.parametrize("one", [*every_form()], ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_a_field_for_text_says_what_it_makes_of_characters_that_nobody_sees(one: type[forms.Form]) -> None:
    texts = {name: field for name, field in one.base_fields.items() if isinstance(field, forms.CharField)}
    plain = {name for name, field in texts.items() if not isinstance(field, Words | Exact)}
    assert {name for name in plain if not texts[name].widget.is_hidden and texts[name].strip} == set()


@each
def test_what_is_right_is_done_once_however_often_it_is_sent(held: Held, form: Form) -> None:
    client, sent, before = browser(form, held), form.sent(held), written()
    assert is_done(client.post(form.address(held), sent))
    once = written()
    assert once != before or form.view in ("account", "charges-seen")
    answer = client.post(form.address(held), form.sent(held) if form.repeats else sent)
    assert answer.status_code < 500
    assert (written() == once) is not form.repeats


@each
def test_what_is_wrong_in_a_field_is_said_in_words(held: Held, form: Form) -> None:
    client, address, right = browser(form, held), form.address(held), form.sent(held)
    for name in form.alone or right:
        for wrong in WRONG:
            with undone():
                answer = send(client, address, {**form.sent(held), name: wrong})
            assert answer.status_code in (200, 302), (name, wrong[:20])
            if answer.status_code == 200:
                assert "<script>alert" not in answer.text
                assert "Something went wrong" not in answer.text


@each
def test_what_is_left_out_or_sent_over_and_over_is_no_fault(held: Held, form: Form) -> None:
    client, address = browser(form, held), form.address(held)
    for sent in ({}, *({name: [text, text, ""]} for name, text in form.sent(held).items() if name != "extract")):
        with undone():
            assert send(client, address, sent).status_code in (200, 302), sent


@typed
def test_of_an_ended_session_nothing_typed_is_lost(held: Held, form: Form) -> None:
    client, sent = browser(form, held), form.sent(held)
    user = User.objects.get(pk=client.session["_auth_user_id"])
    SignIn.objects.filter(user=user).update(seen=timezone.now() - timedelta(days=1))
    before = written()
    assert client.post(form.address(held), sent).headers["Location"] == "/sign-in?next=/account/held"
    assert written() == before
    page = back(client, user).get("/account/held").text
    assert offered(page) == sent
    assert f'action="{form.address(held)}"' in page
    assert is_done(client.post(form.address(held), offered(page)))


def back(client: Client, user: User) -> Client:
    """The same browser, once somebody has signed in again."""
    kept = {name: value for name, value in client.session.items() if name.startswith("typed")}
    client.cookies = signed_in(user).cookies
    session = client.session
    session.update(kept)
    session.save()
    return client


@typed
def test_on_a_page_from_before_one_signed_in_anew_nothing_typed_is_lost(held: Held, form: Form) -> None:
    client, sent = browser(form, held), form.sent(held)
    client.handler.enforce_csrf_checks = True
    before, looks = written(), Access.objects.count()
    for origin in ({}, {"Origin": "https://elsewhere.example"}):
        assert not offered(client.post(form.address(held), sent, headers=origin).text)
    answer = client.post(form.address(held), sent, headers={"Origin": OURS})
    assert answer.status_code == 403
    assert offered(answer.text) == sent
    assert (written(), Access.objects.count()) == (before, looks)
    if sent:
        token = {"csrfmiddlewaretoken": client.cookies["kept_form"].value}
        assert is_done(client.post(form.address(held), {**offered(answer.text), **token}))


@pytest.mark.parametrize("form", [one for one in FORMS if one.by != STRANGER], ids=lambda form: form.view)
def test_who_lost_their_role_meanwhile_changes_nothing(held: Held, form: Form) -> None:
    client, sent = browser(form, held), form.sent(held)
    Grant.objects.exclude(user=held.stranger).delete()
    before = written()
    assert client.post(form.address(held), sent).status_code == 404
    assert written() == before
    assert Access.objects.latest("number").kind == "refusal"


def test_what_was_typed_on_several_pages_is_all_kept(held: Held) -> None:
    client = browser(FORMS[0], held)
    user = User.objects.get(pk=client.session["_auth_user_id"])
    SignIn.objects.filter(user=user).update(seen=timezone.now() - timedelta(days=1))
    pages = [one for one in FORMS if one.by == "holder" and one.sent(held)]
    for one in pages:
        client.post(one.address(held), one.sent(held))
    text = back(client, user).get("/account/held").text
    assert all(f'action="{one.address(held)}"' in text for one in pages[-5:])
