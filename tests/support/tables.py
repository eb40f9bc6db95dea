"""Contract tables from plain rows, prepared and evaluated as a run does it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from kept.code.model import Rulebook
from kept.contract.vocabulary import standard
from kept.engine.entries import Entry, Subject, Timeline
from kept.engine.frames import postings_by_investigation, subjects_with_entries
from kept.engine.obligation import Evaluation
from kept.engine.reference import evaluate
from kept.engine.rules import prepare
from kept.records.timelines import Prepared, prepare_tables

Row = dict[str, Any]
World = Mapping[str, Sequence[Row]]


def prepared(world: World) -> Prepared:
    """The timelines of a world: contract tables as lists of rows."""
    return prepare_tables({name: _table(rows) for name, rows in world.items() if rows}, standard())


def timelines(made: Prepared, as_of: datetime | None = None) -> list[tuple[Subject, list[Entry]]]:
    """Each subject with its entries, as it was known to be at a moment."""
    words = {code: name for name, code in made.codes.items()}
    return list(subjects_with_entries(made.subjects, made.entries, words, as_of))


def evaluated(world: World, book: Rulebook, as_of: datetime) -> Evaluation:
    """Every obligation of a world as of a moment."""
    made, rules, found = prepared(world), prepare(book), Evaluation()
    held = postings_by_investigation(made.postings)
    for subject, entries in timelines(made, as_of):
        postings = held.get(subject.investigation, [])
        found.add(evaluate(Timeline(subject, entries, postings, as_of), rules))
    return found


def visible(world: World, as_of: datetime) -> dict[str, list[Row]]:
    """The rows that had been entered by a moment."""
    return {name: [row for row in rows if row.get("entered_at", as_of) <= as_of] for name, rows in world.items()}


def _table(rows: Iterable[Row]) -> pa.Table:
    rows = list(rows)
    columns = sorted({column for row in rows for column in row})
    return pa.table({column: [row.get(column) for row in rows] for column in columns})
