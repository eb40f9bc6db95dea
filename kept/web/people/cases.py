"""What the records say of who holds which case: the investigations that `policy` decides about."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from kept.engine.entries import Posting
from kept.web.people.policy import Grant, Investigation, Scope, Unit
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

    def within(self, scope: Scope, most: int = 1000) -> list[str]:
        """The investigations that `policy.may_open` opens, by id, at most so many; asked of all of them at once."""
        condition, values = _condition(scope)
        rows = self._rows(f"SELECT id FROM investigation i WHERE {condition} ORDER BY id LIMIT {most:d}", values)
        return [row["id"] for row in rows]

    def among(self, scope: Scope, investigations: list[str]) -> set[str]:
        """Those of some investigations that `policy.may_open` opens."""
        condition, values = _condition(scope)
        these = "id IN (SELECT value FROM json_each(:these))"
        rows = self._rows(
            f"SELECT id FROM investigation i WHERE {these} AND {condition}",
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


_IN_SIGHT = 'p.start <= :at AND (p."end" IS NULL OR p."end" > :at - :keeps)'
_RESTRICTED = "EXISTS (SELECT 1 FROM restriction r WHERE r.investigation = i.id)"
_BARRED = """(:officer <> '' AND EXISTS
    (SELECT 1 FROM restriction r WHERE r.investigation = i.id AND r.barred = :officer))"""
_POSTED = "EXISTS (SELECT 1 FROM posting p WHERE p.investigation = i.id AND ({}))"
_AMONG = "i.id IN (SELECT value FROM json_each(:{}))"


def _condition(scope: Scope) -> tuple[str, dict[str, object]]:
    """`policy.may_open` as SQL over the investigation `i`; a test holds the two against each other."""
    values: dict[str, object] = {"at": as_number(scope.at), "officer": scope.officer}
    values["keeps"] = as_number(scope.at) - as_number(scope.at - scope.keeps)
    values["named"] = json.dumps([one.unit.name for one in scope.granted() if _names_one(one)])
    values["denied"] = json.dumps([unit.name for unit in scope.denied() if unit.level == "investigation"])
    denied = _POSTED.format(_units(scope.denied(), "denied", values))
    no = f"{_BARRED} OR {_AMONG.format('denied')} OR {denied}"
    if Unit("force") in (Unit(unit.level) for unit in scope.denied()):
        no = "true"
    yes = f"{_AMONG.format('named')} OR (NOT {_RESTRICTED} AND ({_opened(scope, values)}))"
    return f"NOT ({no}) AND ({yes})", values


def _names_one(grant: Grant) -> bool:
    return grant.unit.level == "investigation" and ROLES[grant.role].opens != "nothing"


def _opened(scope: Scope, values: dict[str, object]) -> str:
    by_unit = [one.unit for one in scope.granted() if ROLES[one.role].opens == "unit"]
    if any(unit.level == "force" for unit in by_unit):
        return "true"
    ways = [_units(tuple(by_unit), "opened", values)]
    if any(ROLES[one.role].opens == "held" and one.unit.level != "investigation" for one in scope.granted()):
        ways.append(":officer <> '' AND p.officer = :officer")
    return _POSTED.format(f"({_IN_SIGHT}) AND ({' OR '.join(ways)})")


def _units(units: tuple[Unit, ...], prefix: str, values: dict[str, object]) -> str:
    """Whether the posting `p` is of one of some units; their names are added to the values."""
    ways, parts = ["false"], [one for one in units if one.level in PARTS and one.name]
    for place, unit in enumerate(parts):
        key = f"{prefix}_{place}"
        values[key] = unit.name
        ways.append(f"p.{unit.level} = :{key}")
    return " OR ".join(ways)
