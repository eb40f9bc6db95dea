"""Entering events, taking them back, and reading those that the store does not hold yet.

An event goes the way of all records: it is exported to the crime system, or loaded as an extract. Until the version
that pages read has it, whoever reads a case adds it as a fresh entry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from kept.contract.vocabulary import Vocabulary
from kept.engine.alone import Fresh
from kept.errors import RecordsError
from kept.web import latest
from kept.web.clock import now
from kept.web.entered.events import Event, faults
from kept.web.entered.models import Entered
from kept.web.people.cases import cases
from kept.web.sealing import Sealer, seal_rows_again, sealer


@dataclass(frozen=True, slots=True)
class Known:
    """An event that was entered here: when, by whom, when it was taken back, and in which words besides."""

    event: Event
    entered_at: datetime
    entered_by: str
    taken_back: datetime | None = None
    words: str = ""


def add(
    event: Event, by: str, entered_at: datetime | None = None, vocabulary: Vocabulary | None = None, words: str = ""
) -> bool:
    """Enter an event as `add_once` does; RecordsError too where another event has its id."""
    is_new = add_once(event, by, entered_at, vocabulary, words)
    if not is_new:
        _require_same(event)
    return is_new


def add_once(
    event: Event, by: str, entered_at: datetime | None = None, vocabulary: Vocabulary | None = None, words: str = ""
) -> bool:
    """Enter an event, once however often it is sent; returns whether none of its id was there yet.

    A form that is sent twice says two moments of what was done now, and the first one holds. `words` are sealed and
    stay here: the records hold no free text. RecordsError says what is wrong with the event by the words of the store's
    records.
    """
    at = now()
    if wrong := faults(event, vocabulary or latest.version().vocabulary, at):
        raise RecordsError.of(wrong)
    said = {name: getattr(event, name) for name in _COLUMNS}
    sealed = _sealer().seal(words, _bound_to(event.id)) if words else ""
    row = Entered(id=event.id, **said, entered_at=min(entered_at or at, at), entered_by=by, sealed=sealed)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def is_there(event: str) -> bool:
    """Whether an event of that id was entered here."""
    return Entered.objects.filter(id=event).exists()


def not_there(events: Collection[str]) -> list[str]:
    """Those of some ids under which nothing was entered here."""
    there = set(Entered.objects.filter(id__in=events).values_list("id", flat=True))
    return [one for one in events if one not in there]


def take_back(event: str, investigation: str, by: str) -> bool:
    """Take back an event that was entered here, once; returns whether there was one to take back."""
    row = Entered.objects.filter(id=event, investigation=investigation, voids="").first()
    if row is None or Entered.objects.filter(voids=event).exists():
        return False
    about = {"investigation": investigation, "crime": row.crime, "victim": row.victim, "source": row.source}
    entered = {"entered_at": max(now(), row.entered_at), "entered_by": by}
    return Entered.objects.get_or_create(id=f"{event}.void"[-200:], defaults={**about, **entered, "voids": event})[1]


def of(investigation: str) -> list[Known]:
    """The events that were entered here about an investigation, in order of entry.

    What was entered about a victim or a crime that is in another investigation now is not its own any more.
    """
    victims = cases().victims(investigation)
    about = {"", *(one.id for one in victims)}, {"", *(one.crime for one in victims)}
    rows = Entered.objects.filter(investigation=investigation)
    return [one for one in _known(rows) if one.event.victim in about[0] and one.event.crime in about[1]]


def fresh(investigation: str, version: int) -> list[Fresh]:
    """What a store version does not hold yet: entries, each with what it concerns.

    An event that the version holds and that was since taken back is among them, withdrawn.
    """
    rows = list(Entered.objects.filter(investigation=investigation))
    news = [row for row in rows if row.loaded_in is None or row.loaded_in > version]
    concerned = {row.voids or row.id for row in news}
    return [
        (one.event.about, entry)
        for one in _known(rows)
        if one.event.id in concerned
        for entry in one.event.entries(one.entered_at, one.taken_back)
    ]


def waiting(investigations: Collection[str], version: int) -> set[str]:
    """Those of some investigations about which something was entered that a store version does not hold yet."""
    rows = Entered.objects.filter(investigation__in=investigations).exclude(loaded_in__lte=version)
    return set(rows.values_list("investigation", flat=True))


def seal_again() -> int:
    """Seal all words with the newest key; returns how many were not yet. May be stopped and begun again."""
    return seal_rows_again(Entered.objects.exclude(sealed=""), _sealer(), lambda row: _bound_to(row.id))


_COLUMNS = ("investigation", "crime", "victim", "kind", "at", "planned", "fields", "source", "voids", "answers")


def event_of(row: Entered) -> Event:
    """The event that a row holds."""
    return Event(row.id, **{name: getattr(row, name) for name in _COLUMNS})


def _known(rows: Iterable[Entered]) -> list[Known]:
    listed = list(rows)
    taken_back = {row.voids: row.entered_at for row in listed if row.voids}
    return [
        Known(event_of(row), row.entered_at, row.entered_by, taken_back.get(row.id), _words(row))
        for row in listed
        if not row.voids
    ]


def _words(row: Entered) -> str:
    return _sealer().open(row.sealed, _bound_to(row.id)) if row.sealed else ""


def _bound_to(event: str) -> str:
    return f"entered:{event}"


def _sealer() -> Sealer:
    return sealer(settings.ENVIRONMENT.sealing_keys)


def _require_same(event: Event) -> None:
    there = Entered.objects.filter(id=event.id).first()
    if there is None or event_of(there) != event:
        raise RecordsError(
            "Another event has this id.",
            "id",
            "An id stands for one event, and its content does not change.",
            "Send a new id, and take the other event back if it is wrong.",
        )
