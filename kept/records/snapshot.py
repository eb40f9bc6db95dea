"""Full snapshots: what one no longer holds is withdrawn, and stands again once it is back.

From any other extract nothing is concluded.
"""

from __future__ import annotations

from datetime import datetime

from duckdb import DuckDBPyConnection

from kept.contract.tables import BY_NAME
from kept.records.schema import CORRECTABLE, identifier, literal
from kept.records.staging import Staged

_MARK = "withdrawn:"  # how the id begins of a void row that a load made


def withdraw(connection: DuckDBPyConnection, staged: Staged, now: datetime, number: int, notes: list[str]) -> None:
    """Make `withdrawals_events` and `withdrawals_facts`: a void row for each standing id that a snapshot lacks.

    A snapshot of which a row was set aside is not full: from its table nothing is withdrawn, and `notes` says so.
    Make `returns_events` and `returns_facts` too: what an earlier snapshot lacked and this one holds, entered now.
    """
    for name, key in CORRECTABLE.items():
        full = staged.snapshot and name in staged.tables and not _set_aside(staged, name)
        if staged.snapshot and name in staged.tables and not full:
            notes.append(f"Rows of {name} were set aside, so nothing of {name} was withdrawn.")
        rows = (
            _absent(name, key, now, number)
            if full
            else f"{_row(name, key, now, number)} FROM stored_{name} WHERE false"
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE withdrawals_{name} AS {rows}")
        back = _back(name, key, now) + ("" if staged.snapshot else " LIMIT 0")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE returns_{name} AS {back}")
        if returned := connection.sql(f"SELECT count(*) FROM returns_{name}").fetchall()[0][0]:
            notes.append(f"{returned} rows of {name} that an earlier snapshot lacked are back and stand again.")


def _set_aside(staged: Staged, name: str) -> bool:
    return any(count.quarantined for count in staged.counts if count.table == name)


def _row(name: str, key: str, now: datetime, number: int) -> str:
    """SQL for a void row: its own id, what it withdraws, and what a row of its table cannot do without."""
    said = {
        key: f"concat('{_MARK}', {key}, ':{number}')",
        "entered_at": f"TIMESTAMPTZ {literal(now.isoformat())}",
        "voids": key,
        "source": "source",
    }
    wanted = {column.name for column in BY_NAME[name].columns if column.required} | {*said}
    columns = [
        f"{said.get(c.name, identifier(c.name))} AS {identifier(c.name)}"
        for c in BY_NAME[name].columns
        if c.name in wanted
    ]
    blank = [f"NULL AS {identifier(c.name)}" for c in BY_NAME[name].columns if c.name not in wanted]
    return f"SELECT {', '.join([*columns, *blank])}"


def _back(name: str, key: str, now: datetime) -> str:
    """SQL for the staged rows that a snapshot's withdrawal still ends, as if entered now."""
    columns = ", ".join(f"s.{identifier(c.name)}" for c in BY_NAME[name].columns)
    columns = columns.replace('s."entered_at"', f'TIMESTAMPTZ {literal(now.isoformat())} AS "entered_at"')
    return f"""
    SELECT {columns} FROM staged_{name} s JOIN (
        SELECT voids AS id, source, max(entered_at) AS ended FROM stored_{name}
        WHERE voids IS NOT NULL AND starts_with({key}, '{_MARK}') GROUP BY ALL) w
        ON w.id = s.{key} AND coalesce(w.source, '') = coalesce(s.source, '') AND s.entered_at <= w.ended
    WHERE s._at NOT IN (SELECT _at FROM turned_away WHERE name = '{name}')
        AND NOT EXISTS (FROM stored_{name} t WHERE t.{key} = s.{key} AND t.entered_at > w.ended)
    QUALIFY row_number() OVER (PARTITION BY s.{key} ORDER BY s.entered_at DESC, s._said) = 1"""


def _absent(name: str, key: str, now: datetime, number: int) -> str:
    return f"""
    {_row(name, key, now, number)} FROM (
        SELECT * FROM stored_{name} WHERE voids IS NULL
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY entered_at DESC, _said) = 1) last
    WHERE {key} NOT IN (SELECT {key} FROM staged_{name})
        AND coalesce(source, '') IN (SELECT coalesce(source, '') FROM staged_{name})
        AND NOT EXISTS (FROM stored_{name} s WHERE s.supersedes = last.{key}
            OR (s.voids = last.{key} AND s.entered_at >= last.entered_at))
    """
