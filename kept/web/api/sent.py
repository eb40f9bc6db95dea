"""Events and facts as callers send them, and what stands against them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ninja import Schema
from pydantic import Field

from kept.contract.vocabulary import Vocabulary
from kept.engine.entries import Entry
from kept.errors import Fault
from kept.web.api.said import Id, Moment, Text
from kept.web.clock import now
from kept.web.entered.events import FIELDS, Event, faults


class EventIn(Schema):
    """One event of the record contract; `kind`, `value` and `result` are words of its vocabulary.

    Without a `victim` it concerns all the victims of the `crime`, or of the investigation.
    """

    id: Id
    investigation: Id
    kind: Text
    at: Moment
    victim: Text = ""
    crime: Text = ""
    planned: bool = False
    by: Text = ""
    channel: Text = ""
    result: Text = ""
    value: Text = ""
    suspect: Text = ""
    hearing: Text = ""
    item: Text = ""
    answers: Text = ""
    touchpoint: Text = ""

    def event(self, source: str) -> Event:
        """The event that it says, of a source."""
        said: dict[str, Any] = self.model_dump()
        columns = {name: text for name in FIELDS if (text := said[name])}
        named = ("id", "investigation", "kind", "at", "crime", "victim", "planned")
        return Event(**{name: said[name] for name in named}, source=source, fields=columns)


class FactIn(Schema):
    """A value of an attribute of a victim, such as their agreed interval of contact, from a moment on."""

    victim: Id
    attribute: Text
    value: Text
    since: Moment

    def entry(self, place: int) -> Entry:
        """The value as an entry that was sent now."""
        return Entry(self.since, self.attribute, f"sent-fact-{place}", now(), is_fact=True, value=self.value)


class EventsIn(Schema):
    """Several events at once."""

    events: list[EventIn] = Field(min_length=1, max_length=500)


def against_event(event: Event, vocabulary: Vocabulary, victims: Sequence[str], crimes: Sequence[str]) -> list[Fault]:
    """What stands against an event about a case with these victims and crimes."""
    found = faults(event, vocabulary, now())
    if event.victim and event.victim not in victims:
        found.append(Fault(f"The case has no victim {event.victim}.", "victim"))
    if event.crime and event.crime not in crimes:
        found.append(Fault(f"The case has no crime {event.crime}.", "crime"))
    return found


def against_fact(fact: FactIn, vocabulary: Vocabulary, victims: Sequence[str]) -> list[Fault]:
    """What stands against a fact about a victim of a case."""
    known = vocabulary.attributes.get(fact.attribute)
    found = []
    if known is None or known.of != "victim":
        found.append(Fault(f"No fact of a victim is called “{fact.attribute}”.", "attribute"))
    elif not _may_be(fact.value, known.type, known.codes):
        allowed = ", ".join(known.codes) or f"a {known.type}"
        found.append(Fault(f"{fact.attribute} cannot be “{fact.value}”.", "value", what_to_do=f"It is {allowed}."))
    if fact.victim not in victims:
        found.append(Fault(f"The case has no victim {fact.victim}.", "victim"))
    if fact.since > now():
        found.append(Fault("It is said to be so from a moment that is still to come.", "since"))
    return found


def _may_be(value: str, sort: str, codes: Sequence[str]) -> bool:
    if sort == "flag":
        return value in ("true", "false")
    if sort == "number":
        return value.isascii() and value.isdigit() and len(value) < _DIGITS
    return not codes or value in codes


_DIGITS = 6
