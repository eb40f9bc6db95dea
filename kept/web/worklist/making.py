"""Making the worklist of a store: from its latest version and its latest run, into one file that pages read."""

from __future__ import annotations

import os
import sqlite3
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa

from kept.engine.results import Run
from kept.engine.states import COUNTED
from kept.measures.members.reading import reading
from kept.records.reading import readable
from kept.records.version import StoreVersion
from kept.web.alone import alone
from kept.web.worklist import court
from kept.web.worklist.filed import FORMAT, TABLES, as_number, written
from kept.web.worklist.owing import CARE, LOST, SOON

_UNFINISHED = ".unfinished-worklist-"


def name_of(version: StoreVersion, run: Run | None) -> str:
    """The name of the file of a version and a run; another name, another content."""
    said = f"{version.folder}:{version.number}:{run.id if run else ''}"
    return f"worklist-{FORMAT}-{sha256(said.encode()).hexdigest()[:16]}.sqlite"


def make(folder: Path, version: StoreVersion, run: Run | None) -> Path:
    """Make the worklist of a version and of a run over it, where it is not there yet; the others are deleted.

    Without a run it holds who holds which case, and nothing that is owed. Whoever comes while another makes it waits.
    Raises StoreError where the records cannot be read.
    """
    target = folder / name_of(version, run)
    with alone(folder, "worklist"):
        if not target.exists():
            unfinished = folder / f"{_UNFINISHED}{os.getpid()}"
            unfinished.unlink(missing_ok=True)
            _make(unfinished, version, run)
            unfinished.chmod(0o600)
            unfinished.replace(target)
            _delete_others(folder, target)
    return target


def _delete_others(folder: Path, target: Path) -> None:
    """Who reads one keeps it open until it has finished."""
    for other in (*folder.glob("worklist-*.sqlite"), *folder.glob(f"{_UNFINISHED}*")):
        if other != target:
            other.unlink(missing_ok=True)


def _make(path: Path, version: StoreVersion, run: Run | None) -> None:
    with written(path) as into:
        with duckdb.connect() as connection, readable(version.files("subjects")):
            connection.execute("SET TimeZone = 'UTC'")
            for view, rows in _sources(version).items():
                connection.execute(f"CREATE TEMP VIEW {view} AS {rows}")
            for table, query in _HELD.items():
                _copy(connection, query, into, table)
        into.executemany("INSERT INTO restriction VALUES (?, ?)", version.restrictions)
        made_of = (version.number, run.id if run else "", as_number(run.as_of) if run else None, None)
        into.execute("INSERT INTO made_of VALUES (?, ?, ?, ?)", made_of)
        if run:
            _of_members(run, into)
            court.write(run, into)
            _of_run(run, into)


def _sources(version: StoreVersion) -> dict[str, str]:
    return {
        "subjects": version.relation("subjects"),
        "postings": version.latest_postings(),
    }


def _copy(connection: duckdb.DuckDBPyConnection, query: str, into: sqlite3.Connection, table: str) -> None:
    found = connection.execute(query)
    places = ", ".join("?" * (TABLES[table].count(",") + 1))
    while rows := found.fetchmany(50_000):
        into.executemany(f"INSERT INTO {table} VALUES ({places})", rows)


_HELD = {
    "investigation": """SELECT DISTINCT id, NULL, NULL, NULL FROM subjects
        WHERE kind = 'investigation' AND withdrawn IS NULL""",
    "victim": """SELECT id, min(investigation), min(crime), min(person), NULL, NULL, NULL, NULL FROM subjects
        WHERE kind = 'victim' AND withdrawn IS NULL GROUP BY id""",
    "posting": """SELECT investigation, epoch_us("from"), epoch_us("to"), coalesce(officer, ''), coalesce(team, ''),
        coalesce(department, ''), coalesce(area, '') FROM postings ORDER BY investigation, "from" """,
}
"""What the records say of who holds which case, table by table."""

_OPEN = 'SELECT "open", epoch_us(opened_at), epoch_us(first_review_at), investigation FROM investigations'
_VICTIMS = """SELECT DISTINCT ON (s.id) v.victim_kind, v.enhanced = 'true', v.opted_out = 'true', v.offence, s.id
    FROM victims v JOIN subjects s ON s.subject = v.subject"""


def _of_members(run: Run, into: sqlite3.Connection) -> None:
    with reading(run, run.as_of) as members:
        members.connection.execute(f"CREATE TEMP VIEW subjects AS {run.version.relation('subjects')}")
        found = members.connection.execute(_OPEN).fetchall()
        into.executemany("UPDATE investigation SET open = ?, opened = ?, reviewed = ? WHERE id = ?", found)
        found = members.connection.execute(_VICTIMS).fetchall()
        into.executemany("UPDATE victim SET kind = ?, enhanced = ?, opted_out = ?, offence = ? WHERE id = ?", found)


def _of_run(run: Run, into: sqlite3.Connection) -> None:
    with run.reading() as connection:
        connection.execute(f"CREATE TEMP VIEW subjects AS {run.version.relation('subjects')}")
        connection.register("looked_at", _looked_at(into))
        wholes = [number for number, rule in enumerate(run.manifest["names"]["rules"]) if rule["parts"]]
        connection.execute("SET VARIABLE wholes = $1::SMALLINT[]", [wholes])
        _copy(connection, _OWED, into, "owed")


def _looked_at(into: sqlite3.Connection) -> pa.Table:
    found = into.execute(_LOOKED_AT).fetchall()
    columns = [[one for one, _ in found], [bool(is_open) for _, is_open in found]]
    return pa.table(columns, schema=pa.schema({"id": pa.string(), "open": pa.bool_()}))


_LOOKED_AT = """SELECT id, 1 FROM investigation WHERE open
    UNION SELECT i.id, 0 FROM court c JOIN investigation i ON i.id = c.investigation WHERE NOT coalesce(i.open, 0)"""
"""The open investigations, and the closed ones that are before the courts, in which witness care still owes."""
_COUNTED = ", ".join(f"'{state}'" for state in COUNTED)
_LOST = ", ".join(f"'{state}'" for state in LOST)
_OWED = f"""
WITH known AS (
    SELECT s.subject, w.investigation, w.crime, w.victim, s.duty, s.edition, s.part, s."right", s.holder, s.start_at,
        coalesce(s.due, s.judged) AS due, s.judged, s.settled, s.limit_number >= 0 AS has_limit, s.repeats, s.moved,
        s.flag, s.rule, s.due AS due_by_limit, l.open
    FROM stated s JOIN subjects w ON w.subject = s.subject
        AND w.entered <= getvariable('as_of') AND coalesce(w.withdrawn > getvariable('as_of'), true)
        JOIN looked_at l ON l.id = w.investigation AND (l.open OR s.holder = '{CARE}')
    WHERE NOT (s.part = '' AND list_contains(getvariable('wholes'), s.rule))
), kept AS (
    SELECT subject, rule, max(due_by_limit) AS last FROM known WHERE repeats AND settled = 'met' GROUP BY ALL
), windows AS (
    SELECT w.*, row_number() OVER (PARTITION BY w.subject, w.rule ORDER BY w.due) AS place
    FROM known w LEFT JOIN kept k ON k.subject = w.subject AND k.rule = w.rule
    WHERE w.repeats AND w.settled IN ({_COUNTED}) AND w.settled <> 'met' AND w.due_by_limit IS NOT NULL
        AND coalesce(w.due_by_limit > k.last, true)
), single AS (
    SELECT *, 1 AS place FROM known WHERE NOT repeats AND settled IN ({_LOST})
        AND (has_limit OR judged > getvariable('as_of'))
)
SELECT subject, investigation, crime, victim, duty, edition, part, "right", holder, epoch_us(start_at), epoch_us(due),
    epoch_us(judged), settled, has_limit, repeats, moved, CASE flag WHEN 0 THEN 0 WHEN 1 THEN 1 END, open
FROM (SELECT * FROM windows WHERE place = 1 UNION ALL SELECT * FROM single)
WHERE due <= getvariable('as_of') + INTERVAL {SOON.days} DAY
ORDER BY investigation, due
"""
"""What is owed now in open cases, and by witness care in those before the courts: `owing.owed_now` of a whole run."""
