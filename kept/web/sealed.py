"""Every table that holds sealed words, so that none is missed when the keys are changed, or are lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps

from kept.web.case import disputes
from kept.web.contacts import book
from kept.web.day import notes, reviews
from kept.web.entered import rows
from kept.web.people import second_factor


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table with sealed words: what they are, its model, and what seals all of them with the newest key.

    That returns how many rows were not yet, and may be stopped and begun again.
    """

    what: str
    model: str
    again: Callable[[], int]


TABLES = (
    Sealed("contact details", "contacts.Contact", book.seal_again),
    Sealed("second factors", "people.SecondFactor", second_factor.seal_again),
    Sealed("notes", "day.Note", notes.seal_again),
    Sealed("reviews", "day.Review", reviews.seal_again),
    Sealed("things said to be wrong", "case.Dispute", disputes.seal_again),
    Sealed("words with what was entered", "entered.Entered", rows.seal_again),
)
"""Every such table. Words beside them in sessions end with those."""


def seal_again() -> dict[str, int]:
    """Seal everything with the newest key; how many rows of what were not yet."""
    return {one.what: one.again() for one in TABLES}


def anything() -> bool:
    """Whether anything was sealed yet."""
    return any(apps.get_model(one.model).objects.exclude(sealed="").exists() for one in TABLES)
