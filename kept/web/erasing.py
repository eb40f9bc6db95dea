"""Erasing a person from what the service keeps beside the records.

What its database holds of a person stands here, table by table; a test finds tables that are missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.apps import apps
from django.db import transaction

from kept.records.erase import Named
from kept.web import drawings, latest
from kept.web.consulted.chain import Line, add
from kept.web.people.cases import cases
from kept.web.worklist import current, index


@dataclass(frozen=True, slots=True)
class Held:
    """A table with rows of a person: its model, the column that names them, and by which of their ids.

    What is written about a case as a whole goes with any of its victims, since it may speak of them.
    """

    what: str
    model: str
    column: str
    by: Literal["persons", "victims", "investigations"]


HELD = (
    Held("contact details", "contacts.Contact", "person", "persons"),
    Held("notes to re-assign", "day.Note", "investigation", "investigations"),
    Held("cases judged anew", "worklist.Anew", "investigation", "investigations"),
    Held("first reviews", "day.Review", "investigation", "investigations"),
    Held("contacts logged here", "entered.Entered", "victim", "victims"),
    Held("what was said to be wrong", "case.Dispute", "victim", "victims"),
    Held("checks before a charge", "charge.ChargeCheck", "investigation", "investigations"),
    Held("charges that lacked something", "charge.ChargeTask", "investigation", "investigations"),
)
"""Every table whose rows go with the person they are about."""

STAYS = {
    "consulted.Listed": "the lists that its lines name, for the same reason",
    "consulted.Access": "who saw or changed whose data must be known afterwards (Data Protection Act 2018, s.62)",
}
"""The tables that name victims and keep what they say, each with the reason."""


def forget(named: Named, why: str, by: str) -> dict[str, int]:
    """Delete what is about a person, and log it as an erasure that names nobody; how much was deleted of what."""
    with transaction.atomic():
        found = {held.what: _deleted(held, named) for held in HELD}
        add(Line("erasure", by, "erase", why=why))
    return found


def make_anew() -> None:
    """Make what is made of the records once more, now that they know the person no longer; older files are deleted.

    Raises KeptError where the records cannot be read.
    """
    current.make_now()
    index.make(latest.version())
    drawings.forget()


def _deleted(held: Held, named: Named) -> int:
    ids = {"persons": _persons, "victims": _victims, "investigations": _investigations}[held.by](named)
    rows = apps.get_model(held.model).objects.filter(**{f"{held.column}__in": ids})
    return int(rows.delete()[0])


def _persons(named: Named) -> Iterable[str]:
    return named.persons


def _victims(named: Named) -> Iterable[str]:
    return named.victims


def _investigations(named: Named) -> Iterable[str]:
    return set(cases().of_victims(named.victims).values())
