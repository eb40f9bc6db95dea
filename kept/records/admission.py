"""Which staged rows become records: the checks that need more than one row or more than one table.

Every row is admitted, already there (`unchanged`), or turned away with a reason. A row is known by `_at`, its place
in the staged file. Nothing here looks at one row alone; staging did that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from kept.contract.tables import BY_NAME, TABLES, Table
from kept.records.merge import FORM_ID
from kept.records.schema import CORRECTABLE, identifier, literal, staged_columns

ENTERED = tuple(table.name for table in TABLES if any(c.name == "entered_at" for c in table.columns))
_AT = "file_row_number AS _at"


@dataclass(frozen=True, slots=True)
class Admission:
    """Admits the rows of one staged extract beside those that the store holds, on one connection.

    `stored` is SQL for each table's stored rows; `now` the load's moment as SQL.
    """

    connection: DuckDBPyConnection
    staged: Mapping[str, Path]
    stored: Mapping[str, str]
    looks_back: bool
    now: str

    def decide(self) -> None:
        """Make `new_<table>` of the rows to add, and `turned_away` and `unchanged` (table, _at) of the others."""
        self._run("CREATE OR REPLACE TEMP TABLE turned_away (name VARCHAR, _at BIGINT, reason VARCHAR)")
        self._run("CREATE OR REPLACE TEMP TABLE unchanged (name VARCHAR, _at BIGINT)")
        self._run("CREATE OR REPLACE TEMP TABLE seen_now (name VARCHAR, _at BIGINT)")
        for table in TABLES:
            self._stage(table)
            self._compare(table)
        for name, column, known, what in _KNOWN:
            self._require_known(name, column, known, what)
        for name, key in CORRECTABLE.items():
            self._check_corrections(name, key)

    def admitted(self, name: str) -> str:
        """SQL for the rows of a table to add, with the contract's columns."""
        columns = [c.name for c in BY_NAME[name].columns]
        entry = f"CASE WHEN _at IN ({_marked('seen_now', name)}) THEN {self.now} ELSE entered_at END"
        selected = [f"{entry} AS entered_at" if c == "entered_at" else identifier(c) for c in columns]
        return f"SELECT {', '.join(selected)} FROM ({_open(name)})"

    def _run(self, statement: str) -> None:
        self.connection.execute(statement)

    def _stage(self, table: Table) -> None:
        """Make views `staged_<table>` and `stored_<table>`: the columns, `_id`, and `_said`, a digest of the rest."""
        key, said = _key(table), _said(table)
        if table.name in self.staged:
            path = literal(str(self.staged[table.name]))
            source = f"SELECT * EXCLUDE (file_row_number), {_AT} FROM read_parquet({path}, file_row_number = true)"
        else:
            columns = ", ".join(f"NULL::{kind} AS {identifier(c)}" for c, kind in staged_columns(table).items())
            source = f"SELECT {columns}, NULL::BIGINT AS _at WHERE false"
        for name, rows in (("staged", source), ("stored", self.stored[table.name])):
            self._run(f"""
                CREATE OR REPLACE TEMP VIEW {name}_{table.name} AS
                SELECT *, {key} AS _id, {said} AS _said FROM ({rows})""")

    # -- versions ----------------------------------------------------------------------------------------

    def _compare(self, table: Table) -> None:
        """Find rows that are there already, and rows with one id that cannot be told apart in time."""
        name = table.name
        if name not in self.staged:
            return
        entered = "entered_at" if name in ENTERED and self.looks_back else "NULL::TIMESTAMPTZ"
        self._run(f"""
            CREATE OR REPLACE TEMP TABLE several AS
            SELECT _id FROM staged_{name} GROUP BY _id HAVING count(*) > 1
            UNION SELECT s._id FROM staged_{name} s SEMI JOIN stored_{name} t ON t._id = s._id""")
        self._run(f"""
            CREATE OR REPLACE TEMP TABLE compared AS
            SELECT _at, _id, _said, {entered} AS entered, NULL::BIGINT AS _load FROM staged_{name}
            WHERE _id IN (SELECT _id FROM several)
            UNION ALL
            SELECT NULL, _id, _said, {entered}, _load FROM stored_{name} WHERE _id IN (SELECT _id FROM several)""")
        if name in ENTERED and self.looks_back:
            self._run(_TOLD_TWICE.format(name=name))
            self._run(_SAME_MOMENT.format(name=name))
            self._run(_NOTHING_NEW.format(name=name))
        else:
            last = "entered_at" if name in ENTERED else "_load"
            self._run(_AS_LAST_SEEN.format(name=name, last=last))
            self._run(_SAME_MOMENT.format(name=name))
            self._run(f"""
                INSERT INTO seen_now SELECT '{name}', _at FROM compared
                WHERE _at IS NOT NULL AND _id IN (SELECT _id FROM compared WHERE _at IS NULL)""")

    # -- other tables ------------------------------------------------------------------------------------

    def _require_known(self, name: str, column: str, known: str, what: str) -> None:
        parts = []
        for table, scope in _SCOPES[known]:
            parts.append(f"SELECT {scope} AS id FROM stored_{table}")
            parts.append(f"SELECT {scope} FROM ({_open(table)})")
        known_ids = f"SELECT id FROM ({' UNION '.join(parts)}) WHERE id IS NOT NULL"
        condition = f"{column} IS NOT NULL AND {column} NOT IN ({known_ids})"
        if name == "facts":
            condition += f" AND subject_kind = '{known}'"
        self._turn_away(name, condition, f"It names a {what} that is not in the records; load the {what} too.")

    def _turn_away(self, name: str, condition: str, reason: str) -> None:
        self._run(f"""
            INSERT INTO turned_away SELECT '{name}', _at, {literal(reason)} FROM ({_open(name)}) WHERE {condition}""")

    def _check_corrections(self, name: str, key: str) -> None:
        """Turn away corrections of what is unknown, of withdrawals, and round in a circle, until none is left."""
        if name not in self.staged:
            return
        corrected = "coalesce(supersedes, voids)"
        self._run(f"""
            CREATE OR REPLACE TEMP VIEW known_{name} AS
            SELECT {key} AS id, voids FROM stored_{name} UNION ALL SELECT {key}, voids FROM ({_open(name)})""")
        self._turn_away(name, f"{key} IN ({_circles(name, key)})", _CIRCLE)
        unknown = f"{corrected} IS NOT NULL AND {corrected} NOT IN (SELECT id FROM known_{name})"
        if name == "events":
            unknown += f" AND (voids IS NULL OR voids NOT IN ({self._forms()}))"
        before = -1
        while before != (before := self._turned_away(name)):
            self._turn_away(name, unknown, _UNKNOWN)
            self._turn_away(name, f"{corrected} IN (SELECT id FROM known_{name} WHERE voids IS NOT NULL)", _WITHDRAWAL)

    def _forms(self) -> str:
        """SQL for the ids of those versions of forms that an event withdraws, of all that are known."""
        rows = "SELECT form, version, victim, investigation FROM"
        known = f"{rows} stored_assessments UNION ALL {rows} ({_open('assessments')})"
        withdrawn = f"SELECT voids FROM ({_open('events')}) WHERE voids IS NOT NULL"
        return f"SELECT {FORM_ID} FROM ({known}) WHERE {FORM_ID} IN ({withdrawn})"

    def _turned_away(self, name: str) -> int:
        rows = self.connection.sql(f"SELECT count(*) FROM turned_away WHERE name = '{name}'").fetchall()
        return int(rows[0][0])


def _key(table: Table) -> str:
    if len(table.key) == 1:
        return identifier(table.key[0])
    return "concat_ws(chr(31), " + ", ".join(f"coalesce({identifier(c)}::VARCHAR, '')" for c in table.key) + ")"


def _said(table: Table) -> str:
    left_out = {*table.key, "entered_at"}
    return "hash(" + ", ".join(identifier(c.name) for c in table.columns if c.name not in left_out) + ")"


def _marked(mark: str, name: str) -> str:
    return f"SELECT _at FROM {mark} WHERE name = '{name}'"


def _open(name: str) -> str:
    """SQL for the staged rows that nothing has turned away yet, and that are not there already."""
    return (
        f"SELECT * FROM staged_{name} WHERE _at NOT IN ({_marked('turned_away', name)}) "
        f"AND _at NOT IN ({_marked('unchanged', name)})"
    )


_INVESTIGATIONS = (("investigations", "investigation"), ("crimes", "coalesce(investigation, crime)"))
_SCOPES: dict[str, tuple[tuple[str, str], ...]] = {
    "crime": (("crimes", "crime"),),
    "victim": (("victims", "victim"),),
    "investigation": _INVESTIGATIONS,
}
# In this order: a victim of an unknown crime is itself unknown to what comes after.
_KNOWN = (
    ("victims", "crime", "crime", "crime"),
    *(("facts", "subject", scope, scope) for scope in _SCOPES),
    *(("events", scope, scope, scope) for scope in _SCOPES),
    ("assessments", "victim", "victim", "victim"),
    ("assessments", "investigation", "investigation", "investigation"),
    ("postings", "investigation", "investigation", "investigation"),
    ("restrictions", "investigation", "investigation", "investigation"),
)

_CIRCLE = "It corrects itself by way of other corrections; take one of them out of the circle."
_UNKNOWN = "It corrects a row that is not in the records; load that row too."
_WITHDRAWAL = "It corrects a withdrawal, which says nothing; enter what was withdrawn again, under a new id."

# The very same row twice: one is kept, the first in the file.
_TOLD_TWICE = """
INSERT INTO unchanged SELECT '{name}', _at FROM (
    SELECT _at, row_number() OVER (PARTITION BY _id, _said, entered ORDER BY _at NULLS FIRST) AS place
    FROM compared) WHERE place > 1 AND _at IS NOT NULL
"""
_SAME_MOMENT = """
INSERT INTO turned_away SELECT '{name}', _at,
    'Its id stands for something else too, entered at the same moment; say which of the two is right.'
FROM compared SEMI JOIN (
    SELECT _id, entered FROM compared
    WHERE (_at IS NULL AND entered IS NOT NULL)
        OR (_at IS NOT NULL AND _at NOT IN (SELECT _at FROM unchanged WHERE name = '{name}'))
    GROUP BY _id, entered HAVING count(DISTINCT _said) > 1) c
    ON c._id = compared._id AND c.entered IS NOT DISTINCT FROM compared.entered
WHERE _at IS NOT NULL AND _at NOT IN (SELECT _at FROM unchanged WHERE name = '{name}')
"""
# Written again later in the same words: nothing new was said.
_NOTHING_NEW = """
INSERT INTO unchanged SELECT '{name}', _at FROM (
    SELECT _at, _said, lag(_said) OVER (PARTITION BY _id ORDER BY entered) AS before FROM compared
    WHERE _at IS NULL OR _at NOT IN (
        SELECT _at FROM unchanged WHERE name = '{name}' UNION ALL SELECT _at FROM turned_away WHERE name = '{name}'))
WHERE _at IS NOT NULL AND before = _said
"""
# Where rows do not say when they were entered, one that says what the last load saw is unchanged.
_AS_LAST_SEEN = """
INSERT INTO unchanged SELECT '{name}', _at FROM (
    SELECT _at, row_number() OVER (PARTITION BY _id, _said ORDER BY _at) AS place, _said = (
        SELECT arg_max(t._said, t.{last}) FROM stored_{name} t WHERE t._id = compared._id) AS same
    FROM compared WHERE _at IS NOT NULL)
WHERE place > 1 OR coalesce(same, false)
"""


def _circles(name: str, key: str) -> str:
    """SQL for the ids that correct themselves, directly or by way of others."""
    return f"""
    WITH RECURSIVE corrections AS (
        SELECT DISTINCT {key} AS id, coalesce(supersedes, voids) AS corrected FROM (
            SELECT {key}, supersedes, voids FROM stored_{name}
            UNION ALL SELECT {key}, supersedes, voids FROM ({_open(name)}))
        WHERE supersedes IS NOT NULL OR voids IS NOT NULL),
    chain AS (
        SELECT id, corrected FROM corrections
        UNION
        SELECT chain.id, c.corrected FROM chain JOIN corrections c ON c.id = chain.corrected)
    SELECT id FROM chain WHERE id = corrected"""
