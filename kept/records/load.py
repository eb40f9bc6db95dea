"""Loading: a staged extract becomes one new version of the records, or nothing changes.

Steps: hold the store alone, take back what a load that ended in the middle left, check across tables, write the
new rows, prepare timelines, and put the manifest in place. Whatever goes wrong before the last step leaves the
last version as it was.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from kept.contract.tables import TABLES
from kept.errors import UsageError
from kept.records import commit, delta, snapshot
from kept.records import store as stores
from kept.records.admission import Admission
from kept.records.manifest import Origin, put_json, put_manifest, vocabulary_of
from kept.records.schema import CORRECTABLE, literal
from kept.records.staging import Staged
from kept.records.store import Store, StoreVersion
from kept.records.stored import read_files
from kept.records.timelines import number_words

NATION = "england-and-wales"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one file's rows for one table: rows = accepted + unchanged + quarantined + skipped."""

    file: str
    table: str
    rows: int
    accepted: int
    unchanged: int
    quarantined: int
    skipped: int

    @property
    def holds(self) -> bool:
        """Every row is accounted for."""
        return self.rows == self.accepted + self.unchanged + self.quarantined + self.skipped


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. `version` is the latest version after it; `changed` says whether this load made it.

    `mark` is what whoever asked for it knows it by, where it may be begun more than once.
    """

    version: int | None
    changed: bool
    source: str
    rows: tuple[Loaded, ...]
    reasons: Mapping[str, int]
    withdrawn: int
    notes: tuple[str, ...] = ()
    buckets_written: tuple[int, ...] = ()
    mark: str = ""

    def total(self, what: str) -> int:
        """The sum of rows, accepted, unchanged, quarantined or skipped over all files and tables."""
        return sum(getattr(row, what) for row in self.rows)


def load(
    store: Store,
    staged: Staged,
    now: datetime,
    *,
    wait: float = 0.0,
    nation: str = NATION,
    memory: str = "2GB",
    threads: int | None = None,
    mark: str = "",
) -> LoadReport:
    """Load a staged extract as one version of the records; a load that changes nothing makes none.

    `wait` is how many seconds to wait for another load to end, `memory` what DuckDB may use before it writes to
    disk, `mark` what the report says to whoever looks for this load again. StoreError if another is at work; DiskError
    if the disk is full, and the last version stands.
    """
    if now.tzinfo is None:
        raise UsageError("A load needs a moment with a time zone.", what_to_do="Give it in UTC.")
    with store.locked(wait), commit.full_disk("load"):
        work = store.folder / commit.WORK
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            with duckdb.connect(str(work / "work.duckdb")) as connection:
                commit.configure(connection, work, memory, threads)
                return _Load(connection, store, staged, now, nation, mark).run()
        finally:
            shutil.rmtree(work, ignore_errors=True)


@dataclass(slots=True)
class _Load:
    connection: DuckDBPyConnection
    store: Store
    staged: Staged
    now: datetime
    nation: str
    mark: str
    notes: list[str] = field(default_factory=list)

    def run(self) -> LoadReport:
        before = self._before()
        number = 1 if before is None else before.number + 1
        stores.take_back(self.store, before, number)
        admission = self._admission(before)
        admission.decide()
        snapshot.withdraw(self.connection, self.staged, self.now, number, self.notes)
        added = {table.name: self._write(table.name, admission.admitted(table.name), number) for table in TABLES}
        added["quarantine"] = self._write("quarantine", _NEW_QUARANTINE, number)
        report = self._report(number)
        if not any(added.values()) and before is not None:
            stores.take_back(self.store, before, number)
            return replace(report, version=before.number, changed=False)
        return self._commit(before, number, added, report)

    def _before(self) -> StoreVersion | None:
        if not self.store.numbers():
            return None
        version = self.store.latest()
        stores.check_protocols(version)
        return version

    def _admission(self, before: StoreVersion | None) -> Admission:
        stored = {}
        for table in TABLES:
            stored[table.name] = read_files(table.name, before.files(table.name) if before else [])
        quarantine = read_files("quarantine", before.files("quarantine") if before else [])
        self.connection.execute(f"CREATE TEMP VIEW stored_quarantine AS {quarantine}")
        staged = literal(str(self.staged.quarantine))
        self.connection.execute(f"CREATE TEMP VIEW staged_quarantine AS SELECT * FROM read_parquet({staged})")
        moment = f"TIMESTAMPTZ {literal(self.now.isoformat())}"
        return Admission(self.connection, self.staged.tables, stored, self.staged.looks_back, moment)

    def _write(self, name: str, rows: str, number: int) -> list[delta.NewFile]:
        if name in CORRECTABLE:
            rows = f"{rows} UNION ALL BY NAME FROM withdrawals_{name} UNION ALL BY NAME FROM returns_{name}"
        return commit.write_rows(self.connection, self.store.folder, name, rows, number)

    def _commit(self, before: StoreVersion | None, number: int, added: commit.Added, report: LoadReport) -> LoadReport:
        words = _united(before.manifest.words if before else [], self.staged.words)
        sources = dict(before.manifest.sources) if before else {}
        origin = Origin(self.staged.looks_back, self.staged.mapping_digest, dict(self.staged.digests))
        told = commit.Told(
            made_at=self.now.isoformat(),
            codes=number_words(vocabulary_of(words), before.codes if before else {}),
            words=words,
            supplies=_supplied(before, self.staged),
            sources=sources | {self.staged.source: asdict(origin)},
            nation=before.nation if before else self.nation,
        )
        numbered = before.numbered() if before else None
        folder = self.store.folder
        manifest, buckets = commit.make_version(self.connection, folder, before, number, added, told, numbered)
        report = replace(report, version=number, changed=True, buckets_written=buckets)
        put_json(folder / "reports" / f"{number:06}.json", asdict(report))
        put_manifest(folder, manifest)
        return report

    # -- reporting ---------------------------------------------------------------------------------------

    def _report(self, number: int) -> LoadReport:
        later = dict(((name, file), (int(away), int(same))) for name, file, away, same in self._outcomes())
        rows: dict[tuple[str, str], list[int]] = {}
        for count in self.staged.counts:
            sums = rows.setdefault((count.table, count.file), [0, 0, 0, 0])
            skipped = sum(count.skipped.values())
            for i, n in enumerate((count.rows, count.accepted, count.quarantined, skipped)):
                sums[i] += n
        loaded = []
        for (name, file), (total, accepted, quarantined, skipped) in sorted(rows.items()):
            away, same = later.get((name, file), (0, 0))
            loaded.append(Loaded(file, name, total, accepted - away - same, same, quarantined + away, skipped))
        reasons = self.connection.sql(_REASONS).fetchall()
        withdrawn = sum(
            int(self.connection.sql(f"SELECT count(*) FROM withdrawals_{name}").fetchall()[0][0])
            for name in CORRECTABLE
        )
        counted = {str(reason): int(n) for reason, n in reasons}
        notes = tuple(self.notes)
        return LoadReport(number, True, self.staged.source, tuple(loaded), counted, withdrawn, notes, mark=self.mark)

    def _outcomes(self) -> list[tuple[Any, ...]]:
        parts = [
            f"""SELECT '{name}', s._file, count(t._at), count(u._at) FROM staged_{name} s
            LEFT JOIN (SELECT DISTINCT _at FROM turned_away WHERE name = '{name}') t ON t._at = s._at
            LEFT JOIN (SELECT DISTINCT _at FROM unchanged WHERE name = '{name}') u ON u._at = s._at
            WHERE t._at IS NOT NULL OR u._at IS NOT NULL GROUP BY s._file"""
            for name in self.staged.tables
        ]
        return self.connection.sql(" UNION ALL ".join(parts)).fetchall() if parts else []


def _rejected() -> str:
    """SQL for all rows set aside, by staging and across tables, as the quarantine keeps them."""
    parts = [
        f"""SELECT '{table.name}' AS "table", s._file AS file, s._row AS row, t.reason,
            to_json(s)::VARCHAR AS raw
        FROM (SELECT * EXCLUDE (_at, _id, _said) FROM staged_{table.name}) s
        JOIN (SELECT x._file, x._row, x._at, min(t.reason) AS reason FROM staged_{table.name} x
            JOIN turned_away t ON t._at = x._at AND t.name = '{table.name}' GROUP BY ALL) t
        ON t._file = s._file AND t._row = s._row"""
        for table in TABLES
    ]
    return " UNION ALL ".join(['SELECT "table", file, row, reason, raw FROM staged_quarantine', *parts])


_REJECTED = _rejected()
_REASONS = f"SELECT reason, count(*) FROM ({_REJECTED}) GROUP BY reason ORDER BY ALL"
# A row that was set aside before for the same reason is not set aside anew.
_NEW_QUARANTINE = f"""
SELECT DISTINCT r.* FROM ({_REJECTED}) r ANTI JOIN stored_quarantine q
    ON q."table" = r."table" AND q.reason = r.reason AND q.raw IS NOT DISTINCT FROM r.raw AND q.file = r.file
"""


def _united(before: list[Mapping[str, Any]], new: tuple[Mapping[str, object], ...]) -> list[Mapping[str, Any]]:
    """The vocabularies of earlier loads and of this one; a namespace declared again is declared anew."""
    by_namespace = {said["namespace"]: said for said in [*before, *new]}
    return [json.loads(json.dumps(said)) for said in by_namespace.values()]


def _supplied(before: StoreVersion | None, staged: Staged) -> dict[str, list[str]]:
    supplied = {}
    for name in ("tables", "kinds", "attributes"):
        earlier = before.manifest.supplies[name] if before else []
        supplied[name] = sorted({*earlier, *getattr(staged.supplies, name)})
    return supplied
