"""Notes that a case should go to another officer. They change nothing in the crime system, which alone assigns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from kept.web.day import models
from kept.web.people.cases import cases
from kept.web.people.names import names, signing_in
from kept.web.sealing import Sealer, seal_rows_again, sealer


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is read: to whom the case should go (blank: somebody else), why, when and by whom it was written.

    `to_name` and `by_name` are how pages call them.
    """

    id: UUID
    investigation: str
    to: str
    to_name: str
    why: str
    at: datetime
    by: str
    by_name: str


def of(investigation: str) -> list[Note]:
    """The notes on a case that still ask for something, the newest first."""
    return of_any([investigation])


def of_any(investigations: Collection[str]) -> list[Note]:
    """The notes on some cases that still ask for something, the newest first.

    One that was taken back asks for nothing any more; nor does one once the records show the case with whom it names.
    """
    rows = models.Note.objects.filter(investigation__in=investigations, ended=None).order_by("-at")
    return _asking(rows)


def everywhere() -> list[Note]:
    """As `of_any`, of all cases."""
    return _asking(models.Note.objects.filter(ended=None).order_by("-at"))


def write(note: UUID, investigation: str, to: str, why: str, by: str) -> bool:
    """Write a note, once however often it is sent; returns whether it was not there yet."""
    said = {"investigation": investigation, "to": to, "at": timezone.now(), "by": by}
    said["sealed"] = _sealer().seal(why, _bound_to(note))
    return models.Note.objects.get_or_create(id=note, defaults=said)[1]


def take_back(note: UUID, investigation: str, by: str) -> bool:
    """End a note on a case; returns whether there was one to end."""
    found = models.Note.objects.filter(id=note, investigation=investigation, ended=None)
    return found.update(ended=timezone.now(), ended_by=by) > 0


def seal_again() -> int:
    """Seal every note with the newest key; returns how many were not yet. May be stopped and begun again."""
    return seal_rows_again(models.Note.objects.all(), _sealer(), lambda row: _bound_to(row.id))


def _asking(rows: Iterable[models.Note]) -> list[Note]:
    found = list(rows)
    held = cases().held_by({one.investigation for one in found}) if found else {}
    asking = [one for one in found if not one.to or held.get(one.investigation) != one.to]
    officers, users = names({one.to for one in asking}), signing_in({one.by for one in asking})
    return [_read(one, officers[one.to], users[one.by]) for one in asking]


def _read(row: models.Note, to_name: str, by_name: str) -> Note:
    why = _sealer().open(row.sealed, _bound_to(row.id))
    return Note(row.id, row.investigation, row.to, to_name, why, row.at, row.by, by_name)


def _bound_to(note: UUID) -> str:
    return f"note:{note}"


def _sealer() -> Sealer:
    return sealer(settings.ENVIRONMENT.sealing_keys)
