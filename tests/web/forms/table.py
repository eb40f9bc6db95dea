"""Every form of the service: who fills it in, with what, and what is typed into it alone to see it refuse that."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kept.web.api import tokens
from kept.web.api.models import Token
from tests.web.conftest import signed_in
from tests.web.outsiders.force import CASE, mark
from tests.web.outsiders.held import DISPUTES, NOTES, Held, keys_of
from tests.web.outsiders.pages import PAGES
from tests.web.outsiders.people import Somebody, added

ID = UUID(int=4 << 76 | 8 << 60)
"""Of a form that nobody has sent before."""
Sent = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A form by the name of its view, who fills it in, the values of its address, and what it is filled in with.

    alone   the fields into which what is wrong is typed one at a time; those of `sent` where none is named
    repeats whether sending it twice does it twice, which is only so where that harms nobody
    """

    view: str
    by: str
    values: Callable[[Held], Mapping[str, Any]] = lambda held: {}
    sent: Callable[[Held], Sent] = lambda held: {}
    alone: tuple[str, ...] = ()
    repeats: bool = False

    def address(self, held: Held) -> str:
        return reverse(self.view, kwargs=dict(self.values(held)))


STRANGER = "stranger"
PEOPLE: dict[str, Somebody] = {
    "holder": Somebody("O1", (("investigator", "force", "", "now"),)),
    **{
        role: Somebody("", ((role, "force", "", "now"),))
        for role in ("supervisor", "victim_lead", "analyst", "administrator")
    },
}


def browser(form: Form, held: Held) -> Client:
    """A browser in which whoever fills in a form has just signed in."""
    who = held.stranger if form.by == STRANGER else added(PEOPLE[form.by], name=f"fills in {form.view}")
    client = signed_in(who)
    client.raise_request_exception = False
    return client


def send(client: Client, address: str, sent: Sent) -> Any:
    """Send a form as a browser does, a byte that is no UTF-8 written as a lone surrogate; with files in parts."""
    if any(isinstance(one, SimpleUploadedFile) for one in sent.values()):
        texts = {name: text.replace("\udcff", "?") for name, text in sent.items() if isinstance(text, str)}
        return client.post(address, {**sent, **texts})
    body = urlencode(sent, doseq=True, errors="surrogateescape")
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def _case(held: Held) -> dict[str, Any]:
    return {"investigation": CASE["A"].id}


def _victim(held: Held) -> dict[str, Any]:
    return {**_case(held), "victim": mark("victim A")}


def _until(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%d}"


def _extract() -> SimpleUploadedFile:
    return SimpleUploadedFile("crimes.csv", b"crime\nC1\n")


_DONE = {"channel": "phone", "day": "2026-01-05", "hour": "09:30", "id": str(ID)}
_TOPICS = ("view", "assessment", "enhanced", "evidence_led", "safeguarding", "special_measures", "contact")
FORMS = (
    Form("contact", "holder", _victim, lambda held: {
        "written": "1", "channel": "phone", "times": "after six", "code_word": "blue", "note": "ask first",
        "until": _until(9), "phone": "07700 900123", "email": "a@b.example", "address": "1 High Street"}),
    Form("log-contact", "holder", _victim, lambda held: {**_DONE, "what": "contact"}),
    Form("needs", "holder", _victim, lambda held: {**_DONE, "language": "en", "words": "needs a ramp", "saw": ""}),
    Form("statement", "holder", _victim, lambda held: {**_DONE, "step": "offered"}),
    Form("take-back", "holder", _case, lambda held: {"event": mark("entered A")}),
    Form("charges-seen", "holder", sent=lambda held: {"upto": timezone.now().isoformat()}),
    Form("dispute", "supervisor", lambda held: {**_case(held), "key": keys_of("A")[0]},
         lambda held: {"reason": "record", "words": "it was done", "id": str(ID)}),
    Form("reassign", "supervisor", _case, lambda held: {"to": "", "why": "too much to do", "id": str(ID)}),
    Form("note-back", "supervisor", lambda held: {**_case(held), "written": NOTES["A"]}),
    Form("review", "supervisor", _case,
         lambda held: {**dict.fromkeys(_TOPICS, "missing"), **{f"{one}_words": "not there" for one in _TOPICS},
                       "written": "1", "saw": ""},
         ("view", "view_words", "written", "saw")),
    Form("queued", "analyst", lambda held: {"dispute": DISPUTES["A"]}, lambda held: {"words": "mended"}),
    Form("data-send", "analyst", sent=lambda held: {"mapping": "contract", "extract": _extract()}, repeats=True),
    Form("data-point", "analyst", sent=lambda held: {"mapping": "contract", "folder": "march"}),
    Form("data-evaluate", "analyst"),
    Form("data-again", "analyst", lambda held: {"number": held.job}),
    Form("view-save", "victim_lead", lambda held: {"measure": "whole-code"},
         lambda held: {"name": "mine", "query": "by=team", "shared": ""}),
    Form("view", STRANGER, lambda held: {"pk": held.own_view},
         lambda held: {"name": "renamed", "shared": "", "changes": "0"}),
    Form("view-delete", STRANGER, lambda held: {"pk": held.own_view}),
    Form("person", "administrator", lambda held: {"pk": held.stranger.pk},
         lambda held: {"role": "auditor", "level": "force", "unit": "", "until": _until(9), "why": "stands in"}),
    Form("end-given", "administrator",
         lambda held: {"pk": held.stranger.pk, "kind": "grant", "given": held.grant}),
    Form("shut-out", "administrator", lambda held: {"pk": held.stranger.pk}, lambda held: {"what": "leave"}),
    Form("service-tokens", "administrator", sent=lambda held: {
        "name": "made", "role": "analyst", "level": "force", "unit": "", "may": "loads:read", "expires": _until(9)}),
    Form("change-token", "administrator", lambda held: {"pk": held.token},
         lambda held: {"what": "rotate", "saw": tokens.print_of(Token.objects.get(pk=held.token))}),
    Form("notices", STRANGER, sent=lambda held: {"upto": "999999"}),
    Form("account", STRANGER),
)  # fmt: skip
OF_ONES_SESSION = {
    "sign-in": "test_sign_in",
    "sign-in-code": "test_sign_in",
    "sign-in-set-up": "test_sign_in",
    "sign-out": "ends the session",
    "password": "of what nobody else types (test_sign_in)",
    "second-factor": "of a code that is good once (test_sign_in)",
}
"""The forms by which somebody signs in and out, each with where it is tested."""


def take_forms() -> Iterator[str]:
    """The pages that take a form, by what their views read."""
    for name, pattern in PAGES.items():
        if "POST" in inspect.getsource(inspect.unwrap(pattern.callback)):
            yield name
