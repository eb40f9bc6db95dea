"""The rows that loads set aside, as people may see them.

A reason can quote what stood in the row, so it is shown with the quotation left out. What stood in a row is shown to
who has its case in scope, and only where the row says which case that is: a row of a restricted case, or one of which
it cannot be told whose it is, keeps its contents to itself. Its file and number say where to look it up.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from kept.records.reading import readable
from kept.records.version import StoreVersion
from kept.web.people.cases import Cases
from kept.web.people.policy import Scope

_QUOTED = '"[^"]*"'
_PLAIN = f"""regexp_replace(reason, '{_QUOTED}', '"…"', 'g')"""
_LEVELS = {"victim": "id", "crime": "crime", "person": "person"}
"""How a row of the worklist's victims is found by what a row set aside names."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows were set aside, how many, and of which files (twenty at most)."""

    says: str
    count: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row set aside: where it stood, why, by which load, and what it said, column by column."""

    table: str
    file: str
    number: int
    reason: str
    load: int
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as somebody may see it: `said` is None where its contents are not shown; `case` whose they are."""

    row: Row
    said: dict[str, str] | None
    case: str = ""


def reasons(version: StoreVersion) -> list[Reason]:
    """Every reason, the most frequent first; rows that a later load brought whole are still counted."""
    query = f"""SELECT {_PLAIN} AS says, count(*), list_sort(list(DISTINCT file))[:20] FROM aside
        GROUP BY says ORDER BY count(*) DESC, says"""
    return [Reason(says, count, tuple(files)) for says, count, files in _asked(version, query, [])]


def grouped(said: Mapping[str, int]) -> list[Reason]:
    """The reasons of one load's report, the most frequent first."""
    counts = Counter[str]()
    for reason, count in said.items():
        counts[re.sub(_QUOTED, '"…"', reason)] += count
    return [Reason(reason, count, ()) for reason, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def rows(version: StoreVersion, reason: str, first: int, most: int) -> list[Row]:
    """Some rows of a reason, or of every reason where it is blank, by load, file and number."""
    query = f"""SELECT "table", file, row, {_PLAIN}, _load, raw FROM aside WHERE $1 = '' OR {_PLAIN} = $1
        ORDER BY _load DESC, file, row, "table", reason LIMIT $2 OFFSET $3"""
    return [_row(*found) for found in _asked(version, query, [reason, most, first])]


def shown(found: Sequence[Row], scope: Scope, known: Cases) -> Iterator[Shown]:
    """The rows as a person may see them."""
    named = [_named(row.said, known) for row in found]
    opened = known.among(scope, sorted({one for those in named if those for one in those}))
    for row, those in zip(found, named, strict=True):
        if those and those <= opened:
            yield Shown(row, {name: str(said) for name, said in row.said.items() if said is not None}, min(those))
        else:
            yield Shown(row, None)


def _asked(version: StoreVersion, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection, readable(version.files("quarantine")):
        connection.execute(f"CREATE TEMP VIEW aside AS {version.relation('quarantine')}")
        return connection.execute(query, values).fetchall()


def _row(table: str, file: str, number: int, reason: str, load: int, raw: str | None) -> Row:
    try:
        said = json.loads(raw or "{}")
    except ValueError:  # a line that was no row at all
        said = {}
    return Row(table, file, number, reason, load, said if isinstance(said, dict) else {})


def _named(said: dict[str, Any], known: Cases) -> frozenset[str] | None:
    """The investigations that a row names; None where one of its ids is not known, or it has none."""
    ids = {level: said.get(level) for level in ("investigation", *_LEVELS)}
    if said.get("subject_kind") in ids and said.get("subject"):
        ids[said["subject_kind"]] = said["subject"]
    found = [_of(level, str(name), known) for level, name in ids.items() if name]
    return frozenset().union(*found) if found and all(found) else None


def _of(level: str, name: str, known: Cases) -> frozenset[str]:
    if level == "investigation":
        return frozenset([name] if known.investigation(name) else [])
    query = f"SELECT DISTINCT investigation FROM victim WHERE {_LEVELS[level]} = ?"
    return frozenset(row["investigation"] for row in known.worklist.rows(query, [name]))
