"""Loading contact details from a file, as a force's own system gives them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from kept.errors import Fault, RecordsError
from kept.web import unseen
from kept.web.consulted.chain import Line, add
from kept.web.contacts import book
from kept.web.contacts.safe import CHANNELS, Contact

COLUMNS = ("person", *(one.name for one in fields(Contact)))
"""The columns of the file; only `person` must be there."""
_LONGEST = 500
_EXACT = ("person", "phone", "email")
_WORDS = ("address", "times", "code_word", "note")
_UNSEEN = "“{}” holds characters that cannot be seen, so that it may be another than it looks."
_FLAGS = {"": False, "0": False, "no": False, "false": False, "1": True, "yes": True, "true": True}


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many persons' contacts were loaded."""

    persons: int


def load(path: Path, by: str) -> Loaded:
    """Load a CSV file in UTF-8; RecordsError names every line that is wrong, and then nothing is loaded.

    What a line says of a person replaces what was known. No message quotes what a line says.
    """
    rows = list(_rows(path))
    if faults := [one for one in rows if isinstance(one, Fault)]:
        raise RecordsError.of(faults[:20])
    found = dict(one for one in rows if not isinstance(one, Fault))
    with transaction.atomic():
        for person, contact in found.items():
            book.write(person, contact, by)
            add(Line("alteration", by, "contacts load", why=f"contact details of person {person}"))
    return Loaded(len(found))


def _rows(path: Path) -> Iterator[tuple[str, Contact] | Fault]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if unknown := _unknown(reader.fieldnames or ()):
                yield Fault(f"The file has {unknown}.", str(path), what_to_do=f"The columns are {', '.join(COLUMNS)}.")
                return
            for row in reader:
                yield _read(row, f"{path}:{reader.line_num}")
    except (UnicodeDecodeError, csv.Error) as error:
        why = type(error).__name__
        yield Fault("The file is not CSV in UTF-8.", str(path), why, "Save it again as CSV UTF-8.")


def _unknown(names: Sequence[str]) -> str:
    if "person" not in names:
        return "no column “person”"
    extra = [name for name in names if name not in COLUMNS]
    return f"columns that are not known: {', '.join(map(str, extra))}" if extra else ""


def _read(row: Mapping[str | None, Any], where: str) -> tuple[str, Contact] | Fault:
    said = {name: (row[name] or "").strip() for name in COLUMNS if name in row}
    if wrong := _wrong(row, said):
        return Fault(wrong, where, what_to_do="Mend the line, and load the file again: nothing of it was loaded.")
    person = said.pop("person")
    return person, Contact(
        phone=unseen.plain_spaces(said.get("phone", "")),
        email=said.get("email", ""),
        channel=said.get("channel", ""),
        **{name: unseen.line(said.get(name, "")) for name in _WORDS},
        no_message=_FLAGS[said.get("no_message", "").lower()],
        no_letter=_FLAGS[said.get("no_letter", "").lower()],
        until=_day(said.get("until", "")),
    )


def _wrong(row: Mapping[str | None, Any], said: dict[str, str]) -> str:
    checks = (
        (None in row, "The line has more columns than the first."),
        (not said.get("person"), "The line names no person."),
        *((unseen.has_unseen(said.get(name, "")), _UNSEEN.format(name)) for name in _EXACT),
        (any(len(text) > _LONGEST for text in said.values()), f"Something is longer than {_LONGEST} characters."),
        (said.get("channel", "") not in ("", *CHANNELS), f"The channel is none of {', '.join(CHANNELS)}."),
        (any(said.get(n, "").lower() not in _FLAGS for n in ("no_message", "no_letter")), "A flag is not yes or no."),
        (not _is_day(said.get("until", "")), "“until” is not a day, such as 2026-12-31."),
    )
    return next((sentence for holds, sentence in checks if holds), "")


def _is_day(text: str) -> bool:
    try:
        _day(text)
    except ValueError:
        return False
    return True


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
