"""A run as Parquet files that other tools read: every obligation, and whom measures count, with views to count them.

The force takes these out of Kept for its own Qlik or Power BI. A manifest says of which run they are, and what every
column means; the views count rates as Kept does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from kept.engine.obligation import SCHEMA
from kept.engine.states import COUNTED
from kept.measures.asked import Opened
from kept.measures.catalogue import HELD_BY, populations
from kept.records.schema import literal

OBLIGATIONS = "obligations"
MANIFEST, VIEWS = "manifest.json", "views.sql"
_OF_EVERY_MEMBER = {
    "subject": "The number of the subject in this store: what joins the files.",
    "key": "Its id in the records.",
    "investigation": "The investigation.",
    "crime": "The crime.",
    "held_since": "Since when who holds it now has held it.",
    "clock": "The moment at which it was read.",
    **{name: f"The {name} that holds it now." for name in HELD_BY},
}
_HELD_NOW = f"REPLACE ({', '.join(f'{name}[-1] AS {name}' for name in ('held_since', *HELD_BY))})"
"""Of all who held it, one after another, the last: tools outside have no use for lists."""


def export(at: Opened, into: Path, means: Mapping[str, str], *, restricted: bool = False) -> dict[str, Any]:
    """Write the files into an empty folder; returns the manifest, which is among them.

    `means` says what each column of the obligations means. Restricted investigations are left out unless asked for.
    StoreError where a file of the run cannot be read.
    """
    left_out = "" if restricted else _not_restricted(at)
    with at.run.obligations(at.clock) as connection:
        columns = ", ".join(f'"{name}"' for name in SCHEMA.names)
        rows = f"SELECT '{at.run.id}' AS run, {columns} FROM obligations {left_out} ORDER BY subject, row"
        said = [_written(connection, rows, into, OBLIGATIONS, {"run": "The run.", **means})]
    for name, one in populations().items():
        known = {**_OF_EVERY_MEMBER, **{column.name: column.means for column in one.columns.values()}}
        rows = f"SELECT * {_HELD_NOW} FROM {name} {left_out} ORDER BY subject, key"
        said.append(_written(at.connection, rows, into, name, known))
    manifest: dict[str, Any] = {"run": at.run.id, "as_of": at.run.as_of.isoformat(), "clock": at.clock.isoformat()}
    manifest |= {"restricted_investigations": "included" if restricted else "left out", "files": said}
    (into / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (into / VIEWS).write_text(views(at.clock), encoding="utf-8")
    return manifest


def views(clock: datetime) -> str:
    """The views as DuckDB reads them, beside the files; rates are of what was judged by the clock."""
    reads = (f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM '{name}.parquet';" for name in _names())
    return "\n".join([_HEADING, *reads, _RATES.replace("$clock", clock.isoformat())])


def _names() -> Iterator[str]:
    yield OBLIGATIONS
    yield from populations()


def _not_restricted(at: Opened) -> str:
    return f"WHERE investigation NOT IN (SELECT investigation FROM ({at.run.version.relation('restrictions')}))"


def _written(
    connection: duckdb.DuckDBPyConnection, rows: str, into: Path, name: str, means: Mapping[str, str]
) -> dict[str, Any]:
    """Write one file; returns what the manifest says of it."""
    path = into / f"{name}.parquet"
    connection.execute(f"COPY ({rows}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    described = connection.sql(f"DESCRIBE SELECT * FROM {literal(str(path))}").to_arrow_table().to_pylist()
    (count,) = connection.execute(f"SELECT count(*) FROM {literal(str(path))}").fetchall()
    columns = [
        {"name": one["column_name"], "type": one["column_type"], "means": means[one["column_name"]]}
        for one in described
    ]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"file": path.name, "rows": count[0], "sha256": digest, "columns": columns}


_HEADING = "-- The files of this folder as views, for DuckDB run in it: duckdb kept.db < views.sql"
_IN_RATES = ", ".join(f"'{state}'" for state in COUNTED)
_RATES = f"""
-- Of each duty, month by month: how many were judged, how many of those the records show kept, and how many at best.
-- Divide kept by judged, and at_best by judged: together they are the range. A part is not counted beside its whole.
CREATE OR REPLACE VIEW duties_by_month AS
SELECT edition, duty, "right", holder, date_trunc('month', timezone('Europe/London', judged))::DATE AS month,
    count(*) AS judged, count(*) FILTER (state = 'met') AS kept, count(*) FILTER (at_best) AS at_best
FROM obligations WHERE part = '' AND judged <= TIMESTAMPTZ '$clock' AND state IN ({_IN_RATES})
GROUP BY ALL ORDER BY ALL;

-- The same by who holds the investigation of a victim now.
CREATE OR REPLACE VIEW duties_by_team AS
SELECT o.edition, o.duty, v.area, v.department, v.team, count(*) AS judged,
    count(*) FILTER (o.state = 'met') AS kept, count(*) FILTER (o.at_best) AS at_best
FROM obligations o JOIN victims v ON v.subject = o.subject
WHERE o.part = '' AND o.judged <= TIMESTAMPTZ '$clock' AND o.state IN ({_IN_RATES})
GROUP BY ALL ORDER BY ALL;
"""
