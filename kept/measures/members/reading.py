"""Reading members: a connection with a view for each population, and what is owed beside it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import duckdb
import pyarrow as pa

from kept.engine.compiled.columns import microseconds
from kept.engine.results import Run
from kept.measures.catalogue import populations
from kept.measures.in_place import files_of, make_views
from kept.measures.ledger.owed import Owed
from kept.measures.ledger.rows import rows_of
from kept.measures.ledger.stored import Ledger
from kept.measures.members.coded import Codes
from kept.measures.members.holding import HELD_AT
from kept.measures.members.made_by_run import CONTACT_DUE
from kept.measures.members.making import Progress, members_of
from kept.measures.model import Population
from kept.measures.written.made import written_of
from kept.measures.written.stored import Written
from kept.records.reading import readable
from kept.records.schema import literal


@dataclass(frozen=True, slots=True)
class Members:
    """What measures are counted of: a connection with a view for each population, and what is owed (`ledger`).

    files    what both are read from
    written  gives what was written (`written`), which is made when it is first asked for
    """

    connection: duckdb.DuckDBPyConnection
    owed: Owed = field(default_factory=lambda: Owed((), Codes(), 0))
    files: Sequence[Path] = ()
    written: Callable[[], Written] = lambda: Written(Path())

    def apart(self, clock: datetime) -> "Members":
        """The same members with a connection of their own, as at a clock: for another thread, or a later moment.

        What one thread registers for its own query, another does not see. It lasts as long as this one.
        """
        connection = self.connection.cursor()
        _settle(connection, clock)
        return replace(self, connection=connection, owed=self.owed.by(microseconds(clock)))

    def rows(self, measures: Sequence[str], columns: Collection[str]) -> str:
        """SQL for what is owed under some measures, a row each (`ledger.rows`), with some of what may divide it."""
        name = f"owed under {', '.join(measures)} by {', '.join(sorted(columns))}"
        return self.show(name, lambda: rows_of(self.owed, measures, sorted(columns)))

    def show(self, name: str, table: Callable[[], pa.Table]) -> str:
        """SQL for a table under a name, which is made when it is first asked for."""
        known = self.connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = $1", [name]).fetchall()
        if not known:
            self.connection.register(name, table())
        return '"' + name.replace('"', '""') + '"'


@contextmanager
def reading(run: Run, clock: datetime, progress: Progress | None = None) -> Iterator[Members]:
    """The members of a run as at `clock`, which are made where they are not there yet.

    Raises StoreError where a file cannot be read, and AsOfError for a clock before the run's as-of.
    """
    run.require_not_before(clock)
    folder, buckets = members_of(run, progress), run.version.buckets()
    made = {
        name: [folder / f"{name}-{bucket:05d}.parquet" for bucket in buckets] for name in (*populations(), CONTACT_DUE)
    }
    ledgers = [path for bucket in buckets for path in Ledger(folder, bucket).files()]
    files = [*(path for paths in made.values() for path in paths), *ledgers, *files_of(run)]
    with duckdb.connect() as connection, readable(files):
        _settle(connection, clock)
        connection.execute("SET parquet_metadata_cache = true")
        connection.execute(HELD_AT)
        for one in populations().values():
            connection.execute(f"CREATE VIEW {one.id} AS {_members(made, one)}")
        make_views(connection, run)
        owed = Owed.read(folder, buckets, microseconds(clock))
        yield Members(connection, owed, files, cache(partial(written_of, run, folder)))


def _settle(connection: duckdb.DuckDBPyConnection, clock: datetime) -> None:
    """Set what a connection has for itself alone, whichever views it shares."""
    connection.execute("SET TimeZone = 'Europe/London'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET VARIABLE clock = $1::TIMESTAMPTZ", [clock.isoformat()])


def _members(made: Mapping[str, Sequence[Path]], one: Population) -> str:
    """SQL for the members of a population, with the clock and what is known only of all buckets together."""
    due = [column.name for column in one.columns.values() if column.text == CONTACT_DUE]
    contact = f"SELECT subject, min({CONTACT_DUE}) AS {CONTACT_DUE} FROM ({_rows(made[CONTACT_DUE])}) GROUP BY subject"
    known = "".join(f", d.{CONTACT_DUE} AS {name}" for name in due)
    joined = f"LEFT JOIN ({contact}) d ON d.subject = m.subject" if due else ""
    return f"SELECT m.*{known}, getvariable('clock') AS clock FROM ({_rows(made[one.id])}) m {joined}"


def _rows(files: Sequence[Path]) -> str:
    return f"SELECT * FROM read_parquet([{', '.join(literal(str(path)) for path in files)}])"
