"""Runs without an erased person: their rows go, and what others' rows point to is found again where it now stands.

A run's row files hold the number of a subject and, in the columns that their schema's metadata names, positions in
that subject's timeline. An erasure takes entries from the timelines of others too, so those positions move.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from kept.records.schema import literal
from kept.records.timelines import STATED
from kept.records.version import StoreVersion

POSITIONS = b"positions"
"""The key of a row file's metadata that names, as JSON, the columns that hold positions; the first is the start's."""

_SAME = [name for name in STATED.names if name not in ("answers", "withdrawn", "since", "entered")]


@dataclass(frozen=True, slots=True)
class Moved:
    """One version of the records before an erasure and after it."""

    old: StoreVersion
    new: StoreVersion

    def copy(self, run: Path, into: Path) -> int:
        """Copy the layer of a run that evaluated this version; how many of its rows were left out.

        Its manifest says so, as `erased`.
        """
        into.mkdir(parents=True)
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            self._show(connection)
            left_out = [_copied(connection, path, into / path.name) for path in sorted(run.glob("*.parquet"))]
        manifest = json.loads((run / "run.json").read_text(encoding="utf-8"))
        manifest["erased"] = manifest.get("erased", 0) + sum(left_out)
        (into / "run.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        return sum(left_out)

    def _show(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make `gone`, the subjects that are no more, and `moved`, where entries stand now of those that changed."""
        for name, version in (("old", self.old), ("new", self.new)):
            for table in ("subjects", "timelines"):
                connection.execute(f"CREATE TEMP VIEW {name}_{table} AS {version.relation(table)}")
        connection.execute("""
            CREATE TEMP TABLE gone AS
            SELECT DISTINCT subject FROM old_subjects WHERE subject NOT IN (SELECT subject FROM new_subjects)""")
        connection.execute("""
            CREATE TEMP TABLE changed AS
            SELECT DISTINCT subject FROM old_subjects o JOIN new_subjects n USING (subject)
            WHERE o.print <> n.print""")
        alike = " AND ".join(f'o."{name}" IS NOT DISTINCT FROM n."{name}"' for name in _SAME)
        connection.execute(f"""
            CREATE TEMP TABLE moved AS
            SELECT o.subject, o.position AS was, max(n.position) AS now
            FROM (FROM old_timelines SEMI JOIN changed USING (subject)) o
            LEFT JOIN (FROM new_timelines SEMI JOIN changed USING (subject)) n ON {alike}
            GROUP BY ALL""")


def _copied(connection: duckdb.DuckDBPyConnection, path: Path, into: Path) -> int:
    """Copy a file without what is gone; how many rows that was. Its schema and metadata stay."""
    schema = pq.read_schema(path)
    columns = json.loads((schema.metadata or {}).get(POSITIONS, b"[]"))
    rows = f"read_parquet({literal(str(path))})"
    joined = " ".join(
        f'LEFT JOIN moved m{n} ON m{n}.subject = r.subject AND m{n}.was = r."{name}"' for n, name in enumerate(columns)
    )
    now = ", ".join(
        f'CASE WHEN m{n}.subject IS NULL THEN r."{name}" ELSE coalesce(m{n}.now, -1) END AS "{name}"'
        for n, name in enumerate(columns)
    )
    kept = "r.subject NOT IN (SELECT subject FROM gone)"
    if columns:
        kept += " AND (m0.subject IS NULL OR m0.now >= 0)"  # what began with the person's own event is theirs
    select = f"r.* REPLACE ({now})" if columns else "r.*"
    table = connection.sql(f"SELECT {select} FROM {rows} r {joined} WHERE {kept}").to_arrow_table()
    pq.write_table(table.cast(schema), into, compression="lz4", write_statistics=["subject"])
    return (int(pq.read_metadata(path).num_rows) - table.num_rows) if columns else 0
