"""What the records say of who holds which case: the investigations that `policy` decides about."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from kept.engine.entries import Posting
from kept.web.people.policy import Grant, Investigation, Scope
from kept.web.people.roles import ROLES
from kept.web.worklist.current import current
from kept.web.worklist.filed import Worklist, as_moment, as_number, truth

PARTS = ("department", "area", "team")
"""The levels of which a posting names the unit."""


@dataclass(frozen=True, slots=True)
class Victim:
    """A victim in a crime, as far as pages need to know before they ask the engine.

    `kind`, `offence` and the truths are blank and None where the latest run does not know the victim yet.
    """

    id: str
    investigation: str
    crime: str
    person: str
    kind: str
    enhanced: bool | None
    opted_out: bool | None
    offence: str


@dataclass(frozen=True, slots=True)
class Cases:
    """Who holds and held every investigation, as a worklist has it; safe to ask from many threads."""

    worklist: Worklist

    def investigation(self, investigation: str) -> Investigation | None:
        """What decides who may see it; None where the records know no such investigation."""
        if not self._rows("SELECT 1 FROM investigation WHERE id = ?", [investigation]):
            return None
        rows = self._rows("SELECT * FROM posting WHERE investigation = ? ORDER BY start", [investigation])
        marks = self._rows("SELECT barred FROM restriction WHERE investigation = ?", [investigation])
        barred = frozenset(row["barred"] for row in marks if row["barred"])
        return Investigation(investigation, tuple(map(_posting, rows)), bool(marks), barred)

    def victim(self, victim: str) -> Victim | None:
        """A victim by id; None where the records know none."""
        return next(map(_victim, self._rows("SELECT * FROM victim WHERE id = ?", [victim])), None)

    def victims(self, investigation: str) -> list[Victim]:
        """The victims of an investigation, by id."""
        rows = self._rows("SELECT * FROM victim WHERE investigation = ? ORDER BY id", [investigation])
        return [_victim(row) for row in rows]

    def persons(self, victims: Collection[str]) -> dict[str, str]:
        """Who each of some victims is, the same person in every crime."""
        these = "SELECT id, coalesce(person, id) AS person FROM victim WHERE id IN (SELECT value FROM json_each(?))"
        return {row["id"]: row["person"] for row in self._rows(these, [json.dumps(sorted(victims))])}

    def of_victims(self, victims: Collection[str]) -> dict[str, str]:
        """The investigation that each of some victims is in now; those whom the records do not know are left out."""
        these = "SELECT id, investigation FROM victim WHERE id IN (SELECT value FROM json_each(?))"
        return {row["id"]: row["investigation"] for row in self._rows(these, [json.dumps(sorted(victims))])}

    def held_by(self, investigations: Collection[str]) -> dict[str, str]:
        """Which officer holds each of some investigations now; those that nobody holds are left out."""
        these = """SELECT investigation, officer FROM posting WHERE "end" IS NULL AND officer <> ''
            AND investigation IN (SELECT value FROM json_each(?))"""
        return {row["investigation"]: row["officer"] for row in self._rows(these, [json.dumps(sorted(investigations))])}

    def within(self, scope: Scope, most: int = 1000) -> list[str]:
        """The investigations that `policy.may_open` opens, by id, at most so many; asked of all of them at once."""
        opens, values = condition(scope)
        rows = self._rows(f"SELECT id FROM investigation i WHERE {opens} ORDER BY id LIMIT {most:d}", values)
        return [row["id"] for row in rows]

    def among(self, scope: Scope, investigations: list[str]) -> set[str]:
        """Those of some investigations that `policy.may_open` opens."""
        opens, values = condition(scope)
        these = "id IN (SELECT value FROM json_each(:these))"
        rows = self._rows(
            f"SELECT id FROM investigation i WHERE {these} AND {opens}",
            {**values, "these": json.dumps(investigations)},
        )
        return {row["id"] for row in rows}

    def units(self) -> dict[str, list[str]]:
        """The names of the areas, departments and teams that hold or held cases, by level."""
        return {level: self._names(level) for level in PARTS}

    def busiest(self) -> list[tuple[str, str, str]]:
        """Officers who hold cases that are not restricted, with team and area; who holds most comes first."""
        rows = self._rows(
            """SELECT officer, team, area FROM posting p WHERE p."end" IS NULL AND officer <> ''
            AND NOT EXISTS (SELECT 1 FROM restriction r WHERE r.investigation = p.investigation)
            GROUP BY officer, team, area ORDER BY count(*) DESC, officer"""
        )
        return [(row["officer"], row["team"], row["area"]) for row in rows]

    def _names(self, level: str) -> list[str]:
        rows = self._rows(f"SELECT DISTINCT {level} AS name FROM posting WHERE {level} <> '' ORDER BY 1")
        return [row["name"] for row in rows]

    def _rows(self, query: str, values: Any = ()) -> list[sqlite3.Row]:
        return self.worklist.rows(query, values)


def cases() -> Cases:
    """Who holds which case now. StoreError where the store cannot be read."""
    return Cases(current())


def _posting(row: sqlite3.Row) -> Posting:
    until = None if row["end"] is None else as_moment(row["end"])
    return Posting(as_moment(row["start"]), until, *(row[name] or None for name in ("officer", "team", *PARTS[:2])))


def _victim(row: sqlite3.Row) -> Victim:
    return Victim(
        id=row["id"],
        investigation=row["investigation"],
        crime=row["crime"] or "",
        person=row["person"] or row["id"],
        kind=row["kind"] or "",
        enhanced=truth(row["enhanced"]),
        opted_out=truth(row["opted_out"]),
        offence=row["offence"] or "",
    )


_AMONG = "i.id IN (SELECT value FROM json_each(:{}))"
_BARRED = "EXISTS (SELECT 1 FROM restriction r WHERE r.investigation = i.id AND r.barred = :officer)"
_RESTRICTED = "EXISTS (SELECT 1 FROM restriction r WHERE r.investigation = i.id)"
_EVER = "EXISTS (SELECT 1 FROM posting p WHERE p.investigation = i.id AND p.{} = :{})"
_HELD = """SELECT p.investigation FROM posting p
    WHERE p.{} = :{} AND p.start <= :at AND (p."end" IS NULL OR p."end" > :at - :keeps)"""


def condition(scope: Scope) -> tuple[str, dict[str, object]]:
    """`policy.may_open` as SQL over the investigation `i`; a test holds the two against each other.

    What is reached comes first, since it is looked up by an index and is mostly little.
    """
    keeps = as_number(scope.at) - as_number(scope.at - scope.keeps)
    values: dict[str, object] = {"at": as_number(scope.at), "keeps": keeps, "officer": scope.officer}
    values["named"] = json.dumps([one.unit.name for one in scope.granted() if _names_one(one)])
    refused = " OR ".join(_refused(scope, values))
    named = _AMONG.format("named")
    return f"{_reached(scope, values)} AND ({named} OR NOT {_RESTRICTED}) AND NOT ({refused or 'false'})", values


def _refused(scope: Scope, values: dict[str, object]) -> Iterator[str]:
    """Conditions of which any shuts an investigation."""
    if scope.officer:
        yield _BARRED
    for place, unit in enumerate(scope.denied()):
        key = f"denied_{place}"
        values[key] = unit.name
        if unit.level == "force":
            yield "true"
        elif unit.level == "investigation":
            yield f"i.id = :{key}"
        elif unit.level in PARTS and unit.name:
            yield _EVER.format(unit.level, key)


def _reached(scope: Scope, values: dict[str, object]) -> str:
    """Whether a grant names the investigation or opens it; restrictions aside."""
    by_unit = [one.unit for one in scope.granted() if ROLES[one.role].opens == "unit"]
    if any(unit.level == "force" for unit in by_unit):
        return "true"
    ways = ["SELECT value FROM json_each(:named)"]
    for place, unit in enumerate(one for one in by_unit if one.level in PARTS and one.name):
        key = f"opened_{place}"
        values[key] = unit.name
        ways.append(_HELD.format(unit.level, key))
    if scope.officer and any(_opens_what_they_hold(one) for one in scope.granted()):
        ways.append(_HELD.format("officer", "officer"))
    return f"i.id IN ({' UNION ALL '.join(ways)})"


def _names_one(grant: Grant) -> bool:
    return grant.unit.level == "investigation" and ROLES[grant.role].opens != "nothing"


def _opens_what_they_hold(grant: Grant) -> bool:
    return ROLES[grant.role].opens == "held" and grant.unit.level != "investigation"
