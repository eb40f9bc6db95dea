"""Erasure: a person leaves every version, every run and the quarantine, and a tombstone says only that it was done.

A new generation of the store is built without the person, version by version, and takes the old one's place in one
step; then the old one is deleted. Killed before that step, nothing has changed; killed after it, the next load or
erasure deletes what is left of the old one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from kept.contract.tables import TABLES
from kept.errors import NotFoundError, UsageError
from kept.records import commit, delta
from kept.records import store as stores
from kept.records.erase_runs import Moved
from kept.records.manifest import Manifest, put, put_json, put_manifest, read_manifest
from kept.records.merge import FORM_ID
from kept.records.schema import CORRECTABLE
from kept.records.store import CURRENT, Store, StoreVersion
from kept.records.timelines import Numbered


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure removed, in rows over all tables of the last version, and what it built anew."""

    number: int
    victims: int
    rows: int
    quarantined: int
    obligations: int
    versions: int


@dataclass(frozen=True, slots=True)
class Named:
    """Under which ids the records know somebody: as a person, and as a victim of each crime."""

    persons: tuple[str, ...]
    victims: tuple[str, ...]


def erase(
    store: Store,
    person: str,
    now: datetime,
    why: str,
    *,
    memory: str = "2GB",
    first: Callable[[Named], object] = lambda named: None,
) -> Erased:
    """Remove a person, under every id that was merged with theirs, and leave a tombstone without content.

    Events of a crime that name no victim stay, even if they were its only victim. `first` erases what is kept of them
    elsewhere: it comes before the records forget who they were, so that an erasure that fails there can be begun again.
    NotFoundError if no version knows the person.
    """
    if now.tzinfo is None:
        raise UsageError("An erasure needs a moment with a time zone.", what_to_do="Give it in UTC.")
    if person in why:
        raise UsageError(
            "The reason names the person.",
            why="It is kept after the erasure, and must not say whom it was about.",
            what_to_do="Say the ground alone, for example the law and the number of the request.",
        )
    with store.locked(0):
        old = store.folder
        numbers = store.numbers()
        new = old.with_name(f"gen-{int(old.name.removeprefix('gen-')) + 1:04}")
        erasure = _Erasure(store, new, person, memory)
        erasure.find(store.version(numbers[-1]) if numbers else None)
        first(erasure.named())
        stores.make_generation(new)
        for number in numbers:
            erasure.rebuild(store.version(number))
        obligations = erasure.rebuild_runs(old / "runs")
        tombstones = store.tombstones()
        done = erasure.counts(len(tombstones) + 1, obligations, len(numbers))
        stone = {"erased_at": now.isoformat(), "why": why, **asdict(done)}
        put_json(new / "tombstones.json", [*tombstones, stone])
        put(store.path / CURRENT, new.name + "\n")
        shutil.rmtree(old)
        return done


class _Erasure:
    """One erasure: whom it is about, and the generation without them."""

    def __init__(self, store: Store, new: Path, person: str, memory: str) -> None:
        self.store, self.new, self.person, self.memory = store, new, person, memory
        self.before: StoreVersion | None = None
        self.victims: list[str] = []

    def find(self, last: StoreVersion | None) -> None:
        """Find the person's ids, their victims and what names them; rows are only ever added, so the last
        version knows all."""
        with duckdb.connect() as connection:
            if last is not None:
                self._find(connection, last)
            found = connection.sql("SELECT 1 FROM gone WHERE known").fetchall() if last is not None else []
            if not found:
                raise NotFoundError(
                    f"There is no person {self.person} in these records.",
                    why="Ids of persons are those of the victims table.",
                    what_to_do="Check the id; a person erased before leaves nothing to find.",
                )
            self.gone = {name: _listed(connection, name) for name in _GONE}
            self.victims = self.gone["victims_gone"].column(0).to_pylist()
            self.removed = _count(connection, " UNION ALL ".join(_removed(table.name) for table in TABLES))
            self.quarantined = _count(connection, f"SELECT 1 FROM old_quarantine WHERE {_IN_QUARANTINE}")

    def named(self) -> Named:
        return Named(tuple(self.gone["gone"].column(0).to_pylist()), tuple(self.victims))

    def _find(self, connection: DuckDBPyConnection, version: StoreVersion) -> None:
        _show(connection, version)
        connection.execute(_PERSONS, [self.person])
        for statement in (_VICTIMS, *map(_corrections, CORRECTABLE)):
            connection.execute(statement)

    def rebuild(self, version: StoreVersion) -> None:
        """Build one version anew without the person, its subjects keeping their numbers."""
        work = self.new / commit.WORK
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        with duckdb.connect(str(work / "work.duckdb")) as connection:
            commit.configure(connection, work, self.memory, None)
            _show(connection, version)
            for name, rows in self.gone.items():
                connection.register(name, rows)
            added = self._rows(connection, version.number)
            numbered = version.numbered()
            connection.register("numbered", numbered.subjects)
            kept = connection.sql(
                "SELECT * FROM numbered WHERE NOT (kind = 'victim' AND id IN (SELECT id FROM victims_gone))"
            ).to_arrow_table()
            manifest, _ = commit.make_version(
                connection,
                self.new,
                self.before,
                version.number,
                added,
                _told(version.manifest),
                Numbered(kept, numbered.following),
            )
        shutil.rmtree(work)
        report = f"reports/{version.number:06}.json"
        shutil.copyfile(version.folder / report, self.new / report)
        put_manifest(self.new, manifest)
        self.before = StoreVersion(self.new, manifest)

    def _rows(self, connection: DuckDBPyConnection, number: int) -> dict[str, list[delta.NewFile]]:
        """Write what a version brought since the one before that is left, without what names the person."""
        brought = f"_load > {self.before.number if self.before else 0} AND _load <= {number}"
        names = {"quarantine": _IN_QUARANTINE, **_NAMES}
        added = {}
        for name in (*(table.name for table in TABLES), "quarantine"):
            stays = f"NOT coalesce({names.get(name, 'false')}, false)"
            rows = f"SELECT {_kept(name)} FROM old_{name} WHERE {brought} AND {stays}"
            added[name] = commit.write_rows(connection, self.new, name, rows, number, loaded="_load")
        return added

    def rebuild_runs(self, runs: Path) -> int:
        """Copy the finished runs without the obligations of the person's victims; how many were left out."""
        found = [path.parent for path in sorted(runs.glob("[!.]*/run.json"))]
        return sum(self._rebuilt(run) for run in found)

    def _rebuilt(self, run: Path) -> int:
        number = json.loads((run / "run.json").read_text(encoding="utf-8"))["store_version"]
        new = StoreVersion(self.new, read_manifest(self.new, number))
        moved, runs = Moved(self.store.version(number), new), run.parent
        layers = [run, *(path.parent for path in sorted(run.glob("*/run.json")))]
        return sum(moved.copy(layer, self.new / "runs" / layer.relative_to(runs)) for layer in layers)

    def counts(self, number: int, obligations: int, versions: int) -> Erased:
        return Erased(number, len(self.victims), self.removed, self.quarantined, obligations, versions)


def _told(manifest: Manifest) -> commit.Told:
    return commit.Told(
        made_at=manifest.made_at,
        codes=manifest.codes,
        words=manifest.words,
        supplies=manifest.supplies,
        sources=manifest.sources,
        nation=manifest.nation,
    )


def _show(connection: DuckDBPyConnection, version: StoreVersion) -> None:
    for name in (*(table.name for table in TABLES), "quarantine"):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW old_{name} AS {version.relation(name)}")


def _listed(connection: DuckDBPyConnection, name: str) -> pa.Table:
    return connection.sql(f"SELECT id FROM {name} ORDER BY id").to_arrow_table()


def _count(connection: DuckDBPyConnection, query: str) -> int:
    found: Sequence[tuple[int]] = connection.sql(f"SELECT count(*) FROM ({query})").fetchall()
    return int(found[0][0])


_GONE = ("gone", "victims_gone", *(f"{name}_gone" for name in CORRECTABLE))
"""The tables of ids that name the person: of persons, victims, and rows."""
_PERSONS = """
CREATE OR REPLACE TEMP TABLE gone AS
WITH RECURSIVE merges AS (
    SELECT subject AS one, value AS other FROM old_facts AS merge
    WHERE subject_kind = 'person' AND attribute = 'merged_into' AND value IS NOT NULL AND voids IS NULL
      AND NOT EXISTS (
          SELECT 1 FROM old_facts AS later WHERE merge.fact_id IN (later.voids, later.supersedes))),
same AS (
    SELECT $1 AS id
    UNION
    SELECT CASE WHEN m.one = s.id THEN m.other ELSE m.one END FROM same s JOIN merges m ON s.id IN (m.one, m.other))
SELECT id, id IN (SELECT person FROM old_victims)
    OR id IN (SELECT subject FROM old_facts WHERE subject_kind = 'person') AS known FROM same
"""
# A victim that was set aside was never loaded, and what names it was set aside too.
_VICTIMS = """
CREATE OR REPLACE TEMP TABLE victims_gone AS
SELECT victim AS id FROM old_victims WHERE person IN (SELECT id FROM gone)
UNION
SELECT json_extract_string(raw, '$.victim') FROM old_quarantine
WHERE json_valid(raw) AND json_extract_string(raw, '$.victim') IS NOT NULL
    AND json_extract_string(raw, '$.person') IN (SELECT id FROM gone)
"""
_OWN = {
    "events": "victim IN (SELECT id FROM victims_gone)",
    "facts": "(subject_kind = 'victim' AND subject IN (SELECT id FROM victims_gone)) "
    "OR (subject_kind = 'person' AND (subject IN (SELECT id FROM gone) "
    "OR (attribute = 'merged_into' AND value IN (SELECT id FROM gone))))",
}
_FORMS = f"UNION SELECT {FORM_ID} FROM old_assessments WHERE victim IN (SELECT id FROM victims_gone)"
"""The person's forms, so that an event which withdraws one goes too."""


def _corrections(name: str) -> str:
    """SQL for the ids of rows that name the person's victims, and of all that corrects them or is corrected."""
    return f"""
    CREATE OR REPLACE TEMP TABLE {name}_gone AS
    WITH RECURSIVE gone_rows AS (
        SELECT {CORRECTABLE[name]} AS id FROM old_{name} WHERE {_OWN[name]}
        {_FORMS if name == "events" else ""}
        UNION
        SELECT c.{CORRECTABLE[name]} FROM old_{name} c JOIN gone_rows g ON g.id = coalesce(c.supersedes, c.voids))
    SELECT id FROM gone_rows"""


# What of each table names the person; a row that only corrects such a row goes with it.
_NAMES = {
    "victims": "victim IN (SELECT id FROM victims_gone)",
    "events": "event_id IN (SELECT id FROM events_gone)",
    "facts": "fact_id IN (SELECT id FROM facts_gone)",
    "assessments": "victim IN (SELECT id FROM victims_gone)",
}
_IN_QUARANTINE = """
EXISTS (FROM (SELECT id FROM gone UNION ALL SELECT id FROM victims_gone) g
    WHERE regexp_matches(raw, '(^|[^A-Za-z0-9])' || regexp_escape(g.id) || '($|[^A-Za-z0-9])'))
"""


def _removed(name: str) -> str:
    return f"SELECT 1 FROM old_{name} WHERE {_NAMES.get(name, 'false')}"


def _kept(name: str) -> str:
    """SQL for a row's columns; an event that answers one that is gone answers none."""
    if name != "events":
        return "*"
    return "* REPLACE (CASE WHEN answers IN (SELECT id FROM events_gone) THEN NULL ELSE answers END AS answers)"
