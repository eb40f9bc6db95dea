"""One bucket of a run as its members are made from it: known subjects, their postings, and the rows of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.engine.compiled.columns import integers, microseconds, moments
from kept.engine.compiled.layout import NEVER
from kept.engine.results import Run
from kept.measures.catalogue import HELD_BY
from kept.measures.members.compiled.telling import Integers
from kept.measures.members.held import Held
from kept.records.reading import readable
from kept.records.timelines import BUCKET

_KNOWN = ("subject", "kind", "investigation", "crime", "victim", "entered", "withdrawn", "within", "made")
NOWHERE = -1


@dataclass(frozen=True)  # without slots: the cached properties need a place
class Bucket:
    """A bucket opened, with what its members are made of.

    stored      what the run stored of its obligations, by subject and row
    known       the subjects as the run knew them, by number
    held        who held the investigations of all buckets
    connection  has the tables `known` and, of their investigations, `held`: `number` in order of investigation and time
    """

    run: Run
    number: int
    connection: duckdb.DuckDBPyConnection
    stored: pa.Table
    known: pa.Table
    held: Held

    @property
    def first(self) -> int:
        """The first number that a subject may have."""
        return self.number * BUCKET

    @cached_property
    def places(self) -> Integers:
        """For each number that a subject may have its row in `known`; NOWHERE of what the run did not know."""
        found = np.full(BUCKET, NOWHERE, np.int64)
        found[integers(self.known.column("subject")) - self.first] = np.arange(len(self.known))
        return found

    @classmethod
    @contextmanager
    def opened(cls, run: Run, number: int, threads: int, held: Held) -> Iterator[Bucket]:
        """`held` is who held the investigations of the run. Raises StoreError where a file cannot be read."""
        with run.reading() as connection, readable(run.version.files("subjects", number)):
            connection.execute("SET threads = $1", [threads])
            connection.execute("SET preserve_insertion_order = true")
            stored = connection.sql(_stored(number * BUCKET)).to_arrow_table()
            stored = _in_order(stored) if len(run.layers) > 1 else stored.combine_chunks()
            one = cls(run, number, connection, stored, _known(run, number), held)
            for name, table in (("known", one.known), ("held", one._postings())):
                connection.register(name, table)
            yield one

    def _postings(self) -> pa.Table:
        within, first = np.unique(moments(self.known.column("within")), return_index=True)
        places, whose = self.held.all_of(within)
        investigations = self.known.column("investigation").take(pa.array(first[whose]))
        holders = {name: self.held.holders[name].take(pa.array(places)) for name in HELD_BY}
        return pa.table({"investigation": investigations, "number": np.arange(len(places)), **holders})

    def arrow(self, query: str) -> pa.Table:
        return self.connection.sql(query).to_arrow_table()


def _known(run: Run, number: int) -> pa.Table:
    found, as_of = run.version.subjects(number, _KNOWN), microseconds(run.as_of)
    entered, withdrawn = moments(found.column("entered")), moments(found.column("withdrawn"))
    known = (entered <= as_of) & ((withdrawn == NEVER) | (withdrawn > as_of))
    found = found if known.all() else found.filter(pa.array(known))
    in_order = bool(np.all(np.diff(integers(found.column("subject"))) > 0))
    return (found if in_order else found.take(pc.sort_indices(found.column("subject")))).combine_chunks()


def _stored(first: int) -> str:
    return f"""
        SELECT subject, row, rule, part, settled, clock_at, due, judged, answered_at, at_best, entered_by_due, posting,
            flag, gate
        FROM stored WHERE subject >= {first} AND subject < {first + BUCKET}"""


def _in_order(rows: pa.Table) -> pa.Table:
    """Rows by subject and row, as those of one layer are stored."""
    place = (rows.column("subject").to_numpy() << 32) | rows.column("row").to_numpy()
    return rows.combine_chunks().take(pa.array(np.argsort(place)))
