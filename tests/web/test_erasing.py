"""Erasing a person reaches everything that the service keeps of them."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError

from kept.records.erase import Named
from kept.web import erasing
from kept.web.consulted.models import Access
from kept.web.contacts import book
from kept.web.contacts.models import Contact as Row
from kept.web.contacts.safe import Contact

NAMING = {"person", "victim", "crime", "subject", "investigation"}
"""Columns that say whom a row is about."""
HERS = Named(("P1", "P1-too"), ("V1",))


def naming() -> set[str]:
    """The tables with a column that names somebody of the records."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("kept.web")]
    return {model._meta.label for model in ours if NAMING & {field.name for field in model._meta.get_fields()}}


def test_every_table_that_names_somebody_is_reached_or_stays_for_a_reason() -> None:
    reached = {held.model for held in erasing.HELD}
    assert naming() - {"people.User"} == reached | set(erasing.STAYS)  # a user's subject is their own
    assert not reached & set(erasing.STAYS)


def test_whatever_id_they_went_by_nothing_of_them_stays_and_others_do(db: None) -> None:
    for person in (*HERS.persons, "P2"):
        book.write(person, Contact(phone="07700 900123", channel="phone"), "test")
    assert erasing.forget(HERS, "request 17", "command")["contact details"] == 2
    assert [row.person for row in Row.objects.all()] == ["P2"]


def test_it_is_logged_without_naming_them(db: None) -> None:
    erasing.forget(HERS, "request 17", "command")
    (line,) = Access.objects.all()
    assert (line.kind, line.who, line.why, line.victim, line.investigation) == (
        "erasure",
        "command",
        "request 17",
        "",
        "",
    )


def test_what_fails_half_way_has_erased_nothing_and_logged_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise DatabaseError

    book.write("P1", Contact(phone="07700 900123", channel="phone"), "test")
    monkeypatch.setattr(erasing, "add", fail)
    with pytest.raises(DatabaseError):
        erasing.forget(HERS, "request 17", "command")
    assert Row.objects.count() == 1
