"""Reading and writing how people may be reached. Only this module opens what is sealed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from kept.web.contacts import models
from kept.web.contacts.safe import Contact, from_json
from kept.web.sealing import Sealer, seal_rows_again, sealer


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person, and the count of changes that it stands at; 0 where nothing is."""

    contact: Contact
    written: int


def read(person: str) -> Known:
    """What is known of how to reach a person. ServiceError where it cannot be opened."""
    row = models.Contact.objects.filter(person=person).first()
    if row is None:
        return Known(Contact(), 0)
    return Known(from_json(_sealer().open(row.sealed, _bound_to(person))), row.written)


def with_safe_way(persons: Collection[str], today: date) -> set[str]:
    """Those of some people of whom a safe way is known and still holds; nothing more of it leaves this function."""
    rows = models.Contact.objects.filter(person__in=persons).values_list("person", "sealed")
    keys = _sealer() if rows else None
    return {who for who, sealed in rows if keys and from_json(keys.open(sealed, _bound_to(who))).is_safe(today)}


def write(person: str, contact: Contact, by: str, written: int | None = None) -> bool:
    """Put what is known of a person in place of what was.

    With `written`, only where nobody has changed it since that count was read; returns whether it was done.
    """
    said = {"sealed": _sealer().seal(contact.to_json(), _bound_to(person)), "at": timezone.now(), "by": by}
    with transaction.atomic():
        row = models.Contact.objects.select_for_update().filter(person=person).first()
        if written is not None and written != (row.written if row else 0):
            return False
        if row is None:
            return _first(person, said)
        models.Contact.objects.filter(person=person).update(written=row.written + 1, **said)
    return True


def forget(person: str) -> bool:
    """Delete what is known of a person; returns whether anything was."""
    return models.Contact.objects.filter(person=person).delete()[0] > 0


def seal_again() -> int:
    """Seal everything with the newest key; returns how many rows were not yet. May be stopped and begun again."""
    return seal_rows_again(models.Contact.objects.all(), _sealer(), lambda row: _bound_to(row.person))


def _first(person: str, said: dict[str, object]) -> bool:
    try:
        with transaction.atomic():
            models.Contact.objects.create(person=person, **said)
    except IntegrityError:  # somebody else was first
        return False
    return True


def _bound_to(person: str) -> str:
    return f"contact:{person}"


def _sealer() -> Sealer:
    return sealer(settings.ENVIRONMENT.sealing_keys)
