"""Full snapshots: what one no longer holds is withdrawn; from any other extract nothing is concluded."""

from __future__ import annotations

from datetime import datetime

from duckdb import DuckDBPyConnection

from kept.contract.tables import BY_NAME
from kept.records.schema import identifier, literal
from kept.records.staging import Staged

_KEYS = {"events": "event_id", "facts": "fact_id"}


def withdraw(connection: DuckDBPyConnection, staged: Staged, now: datetime, number: int, notes: list[str]) -> None:
    """Make `withdrawals_events` and `withdrawals_facts`: a void row for each standing id that a snapshot lacks.

    A snapshot of which a row was set aside is not full: from its table nothing is withdrawn, and `notes` says so.
    """
    for name, key in _KEYS.items():
        full = staged.snapshot and name in staged.tables and not _set_aside(staged, name)
        if staged.snapshot and name in staged.tables and not full:
            notes.append(f"Rows of {name} were set aside, so nothing of {name} was withdrawn.")
        rows = (
            _absent(name, key, now, number)
            if full
            else f"{_row(name, key, now, number)} FROM stored_{name} WHERE false"
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE withdrawals_{name} AS {rows}")


def _set_aside(staged: Staged, name: str) -> bool:
    return any(count.quarantined for count in staged.counts if count.table == name)


def _row(name: str, key: str, now: datetime, number: int) -> str:
    """SQL for a void row: its own id, what it withdraws, and what a row of its table cannot do without."""
    said = {
        key: f"concat('withdrawn:', {key}, ':{number}')",
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
