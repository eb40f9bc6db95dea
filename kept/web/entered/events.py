"""An event or a form as it is entered here, and what can be wrong with it. No Django in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kept.contract.tables import BY_NAME, CHANNELS
from kept.contract.vocabulary import LINKS, Kind, Vocabulary
from kept.engine.entries import Entry
from kept.errors import Fault

FIELDS = ("by", "channel", "result", "value", *LINKS, "answers", "touchpoint")
"""The columns of the contract's events that `Event.fields` may hold."""
LONGEST = 200  # characters of any text
OWN = "kept"
"""The source of what people enter here; what another system sends has that system's name."""
FILLED_IN = "assessment_made"
"""The kind of the event that a version of a form was completed: it carries the form's answers."""
_FIELD = "assessment_field"
_AHEAD = timedelta(minutes=5)  # by which another system's clock may be ahead of ours
assert {column.name for column in BY_NAME["events"].columns} >= {*FIELDS}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the record contract. `crime` or `victim` narrow what it concerns; blank: the whole investigation.

    `planned`: `at` is when it is planned, not when it happened. `voids`: this row takes that event back, and says
    nothing else. `answers`: of a form that was filled in, what each field says, blank where it was not asked.
    """

    id: str
    investigation: str
    kind: str = ""
    at: datetime | None = None
    crime: str = ""
    victim: str = ""
    planned: bool = False
    source: str = OWN
    voids: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """What it concerns, by id: the victim, the crime or the investigation."""
        return self.victim or self.crime or self.investigation

    def entry(self, entered: datetime, withdrawn: datetime | None = None) -> Entry:
        """The entry that it is on a timeline, known from one moment up to another."""
        assert self.at is not None
        said: dict[str, Any] = {name: text for name, text in self.fields.items() if text}
        return Entry(
            self.at,
            self.kind,
            self.id,
            entered,
            planned=self.planned,
            withdrawn=withdrawn,
            source=self.source,
            **said,
        )

    def entries(self, entered: datetime, withdrawn: datetime | None = None) -> Iterator[Entry]:
        """All entries that it is: of a form also one for each field, as a load of the contract's table makes them."""
        whole = self.entry(entered, withdrawn)
        yield whole
        for name, text in self.answers.items():
            item, result = f"{whole.value}.{name}", "answered" if text else "blank"
            yield whole._replace(kind=_FIELD, id=f"{self.id}.{name}", item=item, value=text, result=result)


def filled_in(
    form: str, version: str, investigation: str, victim: str, at: datetime, answers: Mapping[str, str]
) -> Event:
    """The event that a version of a form was completed for a victim; its id is that of the version in the records."""
    ident, said = f"{form}.{version}@{victim}", {"value": form, "item": f"{form}.{version}"}
    return Event(ident, investigation, FILLED_IN, at, victim=victim, fields=said, answers=answers)


def faults(event: Event, vocabulary: Vocabulary, now: datetime) -> list[Fault]:
    """Everything that the record contract has against an event."""
    return [*_texts(event), *([] if event.voids else _content(event, vocabulary, now))]


def _texts(event: Event) -> Iterator[Fault]:
    named = {name: getattr(event, name) for name in ("id", "investigation", "crime", "victim", "source", "voids")}
    for name, text in {**named, **event.fields, **event.answers}.items():
        if len(text) > LONGEST:
            yield Fault(f"{name} is longer than {LONGEST} characters.", name)
        if not text.isprintable():
            yield Fault(f"{name} holds a character that cannot be shown.", name)
    for name in ("id", "investigation", "source"):
        if not getattr(event, name):
            yield Fault(f"The event has no {name}.", name)
    for name in sorted({*event.fields} - {*FIELDS}):
        yield Fault(f"An event has no field {name}.", name, what_to_do=f"Its fields are {', '.join(FIELDS)}.")


def _content(event: Event, vocabulary: Vocabulary, now: datetime) -> Iterator[Fault]:
    kind = vocabulary.kinds.get(event.kind)
    if kind is None or (kind.made_from and not (event.kind == FILLED_IN and event.answers)):
        yield Fault(f"There is no kind of event “{event.kind}”.", "kind", what_to_do="See the reference of kinds.")
        return
    yield from _moment(event, kind, now)
    yield from _said(event, "value", () if kind.open_values else tuple(kind.values))
    yield from _said(event, "result", kind.results)
    yield from _said(event, "channel", CHANNELS)


def _moment(event: Event, kind: Kind, now: datetime) -> Iterator[Fault]:
    if event.at is None or event.at.tzinfo is None:
        yield Fault("It is not said when, with its offset from UTC.", "at")
    elif event.planned and not kind.plannable:
        yield Fault(f"An event of the kind {event.kind} cannot be planned.", "planned")
    elif not event.planned and event.at > now + _AHEAD:
        yield Fault("It is said to have happened, at a moment that is still to come.", "at")


def _said(event: Event, name: str, allowed: tuple[str, ...]) -> Iterator[Fault]:
    text = event.fields.get(name, "")
    if allowed and text and text not in allowed:
        yield Fault(f"{name} cannot be “{text}”.", name, what_to_do=f"It is one of {', '.join(allowed)}.")
