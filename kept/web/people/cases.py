"""What the store says of who holds which case: the investigations that `policy` decides about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from kept.engine.entries import Posting
from kept.records.store import Store
from kept.records.version import StoreVersion
from kept.web.people.policy import Grant, Investigation, Scope, Unit
from kept.web.people.roles import ROLES

PARTS = ("department", "area", "team")
"""The levels of which a posting names the unit."""

_MADE = """
CREATE TABLE investigation AS SELECT DISTINCT id FROM subjects WHERE kind = 'investigation' AND withdrawn IS NULL;
CREATE TABLE victim AS SELECT id, investigation, person FROM subjects WHERE kind = 'victim' AND withdrawn IS NULL;
CREATE TABLE posting AS SELECT investigation, "from" AS start, "to" AS "end", officer, team, department, area
    FROM postings ORDER BY investigation, start;
CREATE TABLE restriction AS SELECT DISTINCT investigation, barred FROM restrictions;
CREATE INDEX posting_of ON posting (investigation);
CREATE INDEX investigation_by ON investigation (id);
CREATE INDEX victim_by ON victim (id);
"""


@dataclass(frozen=True, slots=True)
class Victim:
    """A victim in a crime, as far as pages need to know before they ask the engine."""

    id: str
    investigation: str
    person: str


class Cases:
    """Who holds and held every investigation of one version of a store, in memory; safe to ask from many threads."""

    def __init__(self, version: StoreVersion) -> None:
        self._all = duckdb.connect()
        self._all.execute("SET GLOBAL TimeZone = 'UTC'")
        for name, rows in _sources(version).items():
            self._all.execute(f"CREATE TEMP VIEW {name} AS {rows}")
        for statement in filter(str.strip, _MADE.split(";")):
            self._all.execute(statement)

    def investigation(self, investigation: str) -> Investigation | None:
        """What decides who may see it; None where the store knows no such investigation."""
        if not self._rows("SELECT 1 FROM investigation WHERE id = $1", [investigation]):
            return None
        rows = self._rows("SELECT * EXCLUDE (investigation) FROM posting WHERE investigation = $1", [investigation])
        marks = self._rows("SELECT barred FROM restriction WHERE investigation = $1", [investigation])
        barred = frozenset(row["barred"] for row in marks if row["barred"])
        return Investigation(investigation, tuple(Posting(**row) for row in rows), bool(marks), barred)

    def victim(self, victim: str) -> Victim | None:
        """A victim by id; None where the store knows none."""
        return next(map(_victim, self._rows("SELECT * FROM victim WHERE id = $1 LIMIT 1", [victim])), None)

    def victims(self, investigation: str) -> list[Victim]:
        """The victims of an investigation, by id."""
        rows = self._rows("SELECT * FROM victim WHERE investigation = $1 ORDER BY id", [investigation])
        return [_victim(row) for row in rows]

    def within(self, scope: Scope, most: int = 1000) -> list[str]:
        """The investigations that `policy.may_open` opens, by id, at most so many; asked of all of them at once."""
        condition, values = _condition(scope)
        rows = self._rows(f"SELECT id FROM investigation i WHERE {condition} ORDER BY id LIMIT {most:d}", values)
        return [row["id"] for row in rows]

    def units(self) -> dict[str, list[str]]:
        """The names of the areas, departments and teams that hold or held cases, by level."""
        return {level: self._names(level) for level in PARTS}

    def busiest(self) -> list[tuple[str, str, str]]:
        """Officers who hold cases that are not restricted, with team and area; who holds most comes first."""
        rows = self._rows(
            """SELECT officer, team, area FROM posting p WHERE p."end" IS NULL AND officer <> ''
            AND NOT EXISTS (SELECT 1 FROM restriction r WHERE r.investigation = p.investigation)
            GROUP BY ALL ORDER BY count(*) DESC, officer"""
        )
        return [(row["officer"], row["team"] or "", row["area"] or "") for row in rows]

    def _names(self, level: str) -> list[str]:
        rows = self._rows(f"SELECT DISTINCT {level} AS name FROM posting WHERE {level} <> '' ORDER BY 1")
        return [row["name"] for row in rows]

    def _rows(self, query: str, values: object = None) -> list[dict[str, Any]]:
        found = self._all.cursor().sql(query, params=values).to_arrow_table()
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows


def cases(store: Path) -> Cases:
    """The cases of a store's latest version, read once for each version. StoreError where it cannot be read."""
    version = Store.open(store).latest()
    return _cases_of(store, str(version.folder), version.number)


@lru_cache(maxsize=2)
def _cases_of(store: Path, folder: str, number: int) -> Cases:
    return Cases(Store.open(store).version(number))


def _victim(row: dict[str, Any]) -> Victim:
    return Victim(row["id"], row["investigation"], row["person"] or row["id"])


def _sources(version: StoreVersion) -> dict[str, str]:
    return {
        "subjects": version.relation("subjects"),
        "postings": version.latest_postings(),
        "restrictions": version.relation("restrictions"),
    }


_IN_SIGHT = 'p.start <= $at AND (p."end" IS NULL OR p."end" > $at - $keeps)'
_RESTRICTED = "EXISTS (SELECT 1 FROM restriction r WHERE r.investigation = i.id)"
_BARRED = """($officer <> '' AND EXISTS
    (SELECT 1 FROM restriction r WHERE r.investigation = i.id AND r.barred = $officer))"""
_POSTED = "EXISTS (SELECT 1 FROM posting p WHERE p.investigation = i.id AND ({}))"


def _condition(scope: Scope) -> tuple[str, dict[str, object]]:
    """`policy.may_open` as SQL over the investigation `i`; a test holds the two against each other."""
    values: dict[str, object] = {"at": scope.at, "keeps": scope.keeps, "officer": scope.officer}
    values["named"] = [one.unit.name for one in scope.granted() if _names_one(one)]
    values["denied"] = [unit.name for unit in scope.denied() if unit.level == "investigation"]
    no = f"{_BARRED} OR list_contains($denied, i.id) OR {_POSTED.format(_units(scope.denied(), 'denied', values))}"
    if Unit("force") in (Unit(unit.level) for unit in scope.denied()):
        no = "true"
    condition = f"NOT ({no}) AND (list_contains($named, i.id) OR (NOT {_RESTRICTED} AND ({_opened(scope, values)})))"
    return condition, {name: value for name, value in values.items() if f"${name}" in condition}


def _names_one(grant: Grant) -> bool:
    return grant.unit.level == "investigation" and ROLES[grant.role].opens != "nothing"


def _opened(scope: Scope, values: dict[str, object]) -> str:
    by_unit = [one.unit for one in scope.granted() if ROLES[one.role].opens == "unit"]
    if any(unit.level == "force" for unit in by_unit):
        return "true"
    ways = [_units(tuple(by_unit), "opened", values)]
    if any(ROLES[one.role].opens == "held" and one.unit.level != "investigation" for one in scope.granted()):
        ways.append("$officer <> '' AND p.officer = $officer")
    return _POSTED.format(f"({_IN_SIGHT}) AND ({' OR '.join(ways)})")


def _units(units: tuple[Unit, ...], prefix: str, values: dict[str, object]) -> str:
    """Whether the posting `p` is of one of some units; their names are added to the values."""
    ways, parts = ["false"], [one for one in units if one.level in PARTS and one.name]
    for place, unit in enumerate(parts):
        key = f"{prefix}_{place}"
        values[key] = unit.name
        ways.append(f"p.{unit.level} = ${key}")
    return " OR ".join(ways)
