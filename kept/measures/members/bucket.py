"""One bucket of a run as its members are made from it: known subjects, their postings, and the rows of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from kept.engine.results import Run
from kept.records.reading import readable
from kept.records.schema import literal
from kept.records.timelines import BUCKET

HOLDER = ("area", "department", "team", "officer")
"""Who holds an investigation, from the widest to the narrowest."""
HELD_SINCE = "held_since"
"""The column of members that says from when each holder but the first held it; `HOLDER` are lists beside it."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket opened: a connection with the tables `known`, `held` and `held_then`, and the view `rows`.

    known      the subjects as the run knew them
    held       the postings of their investigations: `number` in order of investigation and time
    held_then  of each investigation who held it by the run's as-of, in order, and from when each but the first did
    rows       what the run stored of its obligations, by subject and row; the same as `stored`
    """

    run: Run
    number: int
    connection: duckdb.DuckDBPyConnection
    stored: pa.Table

    @property
    def first(self) -> int:
        """The first number that a subject may have."""
        return self.number * BUCKET

    @classmethod
    @contextmanager
    def opened(cls, run: Run, number: int, threads: int) -> Iterator[Bucket]:
        """Raises StoreError where a file of the store cannot be read."""
        version = run.version
        files = [*version.files("subjects", number), *version.files("postings")]
        with run.reading() as connection, readable(files):
            connection.execute("SET threads = $1", [threads])
            connection.execute("SET preserve_insertion_order = true")
            stored = connection.sql(_stored(number * BUCKET)).to_arrow_table()
            stored = _in_order(stored) if len(run.layers) > 1 else stored.combine_chunks()
            connection.register("rows", stored)
            one = cls(run, number, connection, stored)
            one._make_tables()
            yield one

    def _make_tables(self) -> None:
        version, run = self.run.version, self.connection.execute
        run(f"""
            CREATE TEMP TABLE known AS SELECT * FROM ({version.relation("subjects", self.number)})
            WHERE entered <= getvariable('as_of') AND coalesce(withdrawn > getvariable('as_of'), true)""")
        run(f"""
            CREATE TEMP TABLE held AS
            SELECT *, row_number() OVER (ORDER BY investigation, "from") - 1 AS number FROM (
                FROM ({version.latest_postings()}) SEMI JOIN known USING (investigation))""")
        holders = ", ".join(f"list({name} ORDER BY number) AS {name}" for name in HOLDER)
        run(f"""
            CREATE TEMP TABLE held_then AS
            SELECT investigation, list("from" ORDER BY number)[2:] AS {HELD_SINCE}, {holders} FROM held
            WHERE "from" <= getvariable('as_of') GROUP BY investigation""")

    def arrow(self, query: str) -> pa.Table:
        return self.connection.sql(query).to_arrow_table()

    def write(self, query: str, path: Path) -> None:
        """Write what a query finds, in its order."""
        self.connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION lz4_raw)")


def _stored(first: int) -> str:
    return f"""
        SELECT subject, row, rule, part, settled, clock_at, due, judged, answered_at, at_best, entered_by_due, posting,
            flag, gate
        FROM stored WHERE subject >= {first} AND subject < {first + BUCKET}"""


def _in_order(rows: pa.Table) -> pa.Table:
    """Rows by subject and row, as those of one layer are stored."""
    place = (rows.column("subject").to_numpy() << 32) | rows.column("row").to_numpy()
    return rows.combine_chunks().take(pa.array(np.argsort(place)))
