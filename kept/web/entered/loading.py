"""What was entered here, as an extract in the contract's own layout: for the crime system, and to be loaded."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from kept.contract.tables import BY_NAME
from kept.errors import DiskError
from kept.web.entered.events import OWN
from kept.web.entered.models import Entered

COLUMNS = {name: tuple(column.name for column in BY_NAME[name].columns) for name in ("events", "assessments")}
"""The columns of the contract's tables that what is entered here goes into."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""
_BATCH = 500


def extract(folder: Path) -> list[str]:
    """Write what no version of the store has yet into a folder, a file for each table; the ids of it, in order.

    The mapping `contract` reads it. DiskError where it cannot be written.
    """
    rows = list(Entered.objects.filter(loaded_in=None))
    for name, lines in _tables(rows).items():
        if lines:
            _write(folder / f"{name}.csv", lines, COLUMNS[name])
    return [row.id for row in rows]


def ids_in(folder: Path) -> list[str]:
    """The ids of what stands in an extract that was written here."""
    events = [row["event_id"] for row in _read(folder / "events.csv")]
    forms = [f"{row['form']}.{row['version']}@{row['victim']}" for row in _read(folder / "assessments.csv")]
    return [*events, *dict.fromkeys(forms)]


def kinds_sent(folder: Path) -> set[str]:
    """The kinds of the events in an extract that was written here which other systems have sent."""
    return {row["kind"] for row in _read(folder / "events.csv") if row["kind"] and row["source"] != OWN}


def loaded(ids: Collection[str], version: int) -> None:
    """Note that a version of the store is the first that has these rows; what was noted before stays."""
    listed = sorted(ids)
    for first in range(0, len(listed), _BATCH):
        Entered.objects.filter(id__in=listed[first : first + _BATCH], loaded_in=None).update(loaded_in=version)


def export(path: Path) -> int:
    """Write everything that was ever entered here to a CSV file for people and other systems; how many rows it has.

    The fields of forms go into a file of their own beside it, `…-assessments.csv`. No cell begins as a formula does: a
    spreadsheet that opens the file runs nothing.
    """
    tables = _tables(Entered.objects.all())
    _write(path, map(_without_formulas, tables["events"]), COLUMNS["events"])
    if forms := tables["assessments"]:
        _write(path.with_name(f"{path.stem}-assessments.csv"), map(_without_formulas, forms), COLUMNS["assessments"])
    return sum(map(len, tables.values()))


def _tables(rows: Iterable[Entered]) -> dict[str, list[dict[str, str]]]:
    """The rows of each table of the contract."""
    made: dict[str, list[dict[str, str]]] = {"events": [], "assessments": []}
    for row in rows:
        if row.answers:
            made["assessments"] += _fields(row)
        else:
            made["events"].append(_row(row))
    return made


def _fields(row: Entered) -> Iterator[dict[str, str]]:
    """A form that was filled in, field by field."""
    form = row.fields["value"]
    moments = {"made_at": _moment(row.at), "entered_at": _moment(row.entered_at)}
    said = {"form": form, "version": row.fields["item"].removeprefix(f"{form}."), "victim": row.victim}
    for name, text in row.answers.items():
        yield {"investigation": "", **said, "field": name, "value": text, **moments, "source": row.source}


def _row(row: Entered) -> dict[str, str]:
    when = "scheduled_for" if row.planned else "occurred_at"
    said = {"event_id": row.id, "kind": row.kind, "entered_at": _moment(row.entered_at), "source": row.source}
    about = {"investigation": row.investigation, "crime": row.crime, "victim": row.victim}
    content = {} if row.voids else {**_finest(about), **row.fields, when: _moment(row.at)}
    return {**dict.fromkeys(COLUMNS["events"], ""), **said, **content, "voids": row.voids}


def _finest(about: Mapping[str, str]) -> dict[str, str]:
    """The one column that says what an event concerns, as narrowly as it was said."""
    name = next(name for name in ("victim", "crime", "investigation") if about[name])
    return {name: about[name]}


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _without_formulas(row: Mapping[str, str]) -> dict[str, str]:
    return {name: f"'{text}" if text.startswith(_FORMULA) else text for name, text in row.items()}


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise DiskError(
            "What was entered cannot be written there.", str(path), why, "Name a file in a folder that is yours."
        ) from None
