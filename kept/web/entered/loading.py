"""What was entered here, as an extract in the contract's own layout: for the crime system, and to be loaded."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from kept.contract.tables import BY_NAME
from kept.errors import DiskError
from kept.web.entered.models import Entered

COLUMNS = tuple(column.name for column in BY_NAME["events"].columns)
"""The columns of the contract's table of events."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""
_BATCH = 500


def extract(folder: Path) -> list[str]:
    """Write what no version of the store has yet to `events.csv` in a folder; the ids of its rows, in order.

    The mapping `contract` reads it. DiskError where it cannot be written.
    """
    rows = list(Entered.objects.filter(loaded_in=None))
    _write(folder / "events.csv", [_row(row) for row in rows])
    return [row.id for row in rows]


def loaded(ids: Collection[str], version: int) -> None:
    """Note that a version of the store is the first that has these rows; what was noted before stays."""
    listed = sorted(ids)
    for first in range(0, len(listed), _BATCH):
        Entered.objects.filter(id__in=listed[first : first + _BATCH], loaded_in=None).update(loaded_in=version)


def export(path: Path) -> int:
    """Write everything that was ever entered here to a CSV file for people and other systems; how many rows it has.

    No cell begins as a formula does: a spreadsheet that opens the file runs nothing.
    """
    rows = [{name: _harmless(text) for name, text in _row(row).items()} for row in Entered.objects.all()]
    _write(path, rows)
    return len(rows)


def _row(row: Entered) -> dict[str, str]:
    when = "scheduled_for" if row.planned else "occurred_at"
    said = {"event_id": row.id, "kind": row.kind, "entered_at": _moment(row.entered_at), "source": row.source}
    about = {"investigation": row.investigation, "crime": row.crime, "victim": row.victim}
    content = {} if row.voids else {**_finest(about), **row.fields, when: _moment(row.at)}
    return {**dict.fromkeys(COLUMNS, ""), **said, **content, "voids": row.voids}


def _finest(about: Mapping[str, str]) -> dict[str, str]:
    """The one column that says what an event concerns, as narrowly as it was said."""
    name = next(name for name in ("victim", "crime", "investigation") if about[name])
    return {name: about[name]}


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise DiskError(
            "What was entered cannot be written there.", str(path), why, "Name a file in a folder that is yours."
        ) from None
