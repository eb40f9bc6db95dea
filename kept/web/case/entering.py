"""What every page shares on which somebody enters what they did for a victim: who may, when it was, writing it down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.engine.alone import CaseFile, Evaluated
from kept.web.access import Rule, Values, in_scope, investigation_of, note
from kept.web.case.asking import DAYS
from kept.web.case.contact import CHANNEL_NAMES
from kept.web.clock import now
from kept.web.contacts import book
from kept.web.contacts.safe import NOT_KNOWN, Contact
from kept.web.contacts.views import CHANNEL_TITLES
from kept.web.day.tasks import POLICE
from kept.web.entered import rows
from kept.web.entered.events import Event
from kept.web.forms import Form
from kept.web.forms import day as day_field
from kept.web.people.cases import cases
from kept.web.people.policy import Investigation, Scope, holds_now, may_in
from kept.web.people.scoping import scope
from kept.web.worklist import anew
from kept.web.worklist.owing import CARE


@dataclass(frozen=True, slots=True)
class Doer:
    """Who enters something: an officer by id, or witness care; and the holders whose duties they keep."""

    by: str
    touchpoint: str
    holders: frozenset[str]

    def did(self, event: Event) -> Event:
        """The event, said to be done by them; of a form the records keep no such thing."""
        if event.answers:
            return event
        said = {"by": self.by, "touchpoint": self.touchpoint}
        return replace(event, fields={**event.fields, **{name: text for name, text in said.items() if text}})


def doer(asks: Scope, found: Investigation) -> Doer | None:
    """Who somebody is as they enter something in a case: who holds it now, or witness care; None who may not."""
    if holds_now(asks, found):
        return Doer(asks.officer, "", POLICE)
    return Doer(asks.officer or CARE, CARE, frozenset({CARE})) if may_in(asks, "care", found) else None


def _enters(request: HttpRequest, values: Values) -> bool:
    return in_scope(request, values) and doer(scope(request), investigation_of(request)) is not None


ENTERS = Rule("who holds the case now, or cares for its witnesses", _enters, consults=True)


def require_entry() -> None:
    """Http404 where the force does not allow that anything is entered here."""
    if not settings.ENVIRONMENT.entry:
        raise Http404


class Done(Form):
    """When something was done, and how. `id` is new with each form, so that what is sent twice is entered once."""

    channel = forms.ChoiceField(
        choices=list(CHANNEL_NAMES.items()), error_messages={"required": gettext_lazy("Choose how you did it")}
    )
    day = day_field(gettext_lazy("Day"), gettext_lazy("Enter a day that there is, such as 2026-03-31"), formats=DAYS)
    hour = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"invalid": gettext_lazy("Enter a time of day, such as 14:30")},
    )
    id = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("day") and not said.get("hour") and "hour" not in self.errors:
            self.add_error("hour", _("Enter the time as well; about is enough"))
        elif not self.errors and self.moment(said) > now():
            self.add_error("day", _("Enter a moment that has passed"))
        return said

    def moment(self, said: dict[str, Any]) -> datetime:
        """When it was done: now, unless another moment was named."""
        if not said["hour"]:
            return now()
        on = said["day"] or timezone.localtime(now()).date()
        return timezone.make_aware(datetime.combine(on, said["hour"]))


@dataclass(frozen=True, slots=True)
class Entering:
    """A page on which something is entered about a victim: of which case, by whom, and how they are reached safely."""

    found: Investigation
    victim: str
    doer: Doer
    contact: Contact
    holds: bool

    def begins(self) -> dict[str, Any]:
        """What a form begins with."""
        return {"id": uuid4(), "channel": self.contact.channel if self.contact.channel in CHANNEL_NAMES else ""}

    def said(self) -> dict[str, Any]:
        """What its page shows beside the form."""
        return {
            "case": self.found,
            "victim": self.victim,
            "holds": self.holds,
            "known": self.contact,
            "safe": self.contact.is_safe(timezone.localdate()),
            "not_known": _(NOT_KNOWN),
            "channels": CHANNEL_TITLES,
        }


def entering(request: HttpRequest, victim: str) -> Entering:
    """The page, for somebody whom ENTERS let in. How victims are reached is shown to who holds the case alone."""
    require_entry()
    found, asks = investigation_of(request), scope(request)
    who, holds = doer(asks, found), holds_now(asks, found)
    assert who is not None
    known = cases().victim(victim)
    contact = book.read(known.person if known else victim).contact if holds else Contact()
    return Entering(found, victim, who, contact, holds)


def evaluated(file: CaseFile, victim: str) -> Evaluated:
    """A victim of a case as it is known now; Http404 where the records do not know them yet."""
    one = next((each for each in file.victims if each.subject.id == victim), None)
    if one is None:
        raise Http404
    return one


def named(form: UUID, what: str) -> str:
    """The id of an event that a form writes: the same however often it is sent."""
    return f"kept.{form}.{what}"


def write(request: HttpRequest, file: CaseFile, events: Iterable[Event], why: str, words: str = "") -> None:
    """Enter what is not there yet, and judge the case anew with it. `words` go, sealed, with the first event."""
    by = request.user.get_username()
    for event in events:
        if rows.add_once(event, by, vocabulary=file.rules.vocabulary, words=words):
            note(request, "alteration", file.investigation, event.victim, f"{why}: {event.kind}")
        words = ""
    anew.judge(file.investigation)
