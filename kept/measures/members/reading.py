"""Reading members: a connection with a view for each population, and what is owed beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from kept.engine.compiled.columns import microseconds
from kept.engine.results import Run
from kept.measures.catalogue import populations
from kept.measures.in_place import files_of, make_views
from kept.measures.ledger.counted import Owed
from kept.measures.ledger.rows import rows_of
from kept.measures.members.bucket import HOLDER
from kept.measures.members.coded import Codes
from kept.measures.members.holding import HELD_AT
from kept.measures.members.made_by_run import CONTACT_DUE
from kept.measures.members.making import Progress, members_of
from kept.measures.model import Population
from kept.records.reading import readable
from kept.records.schema import literal


@dataclass(frozen=True, slots=True)
class Members:
    """What measures are counted of: a connection with a view for each population, and what is owed (`ledger`)."""

    connection: duckdb.DuckDBPyConnection
    owed: Owed = field(default_factory=lambda: Owed((), Codes(), 0))

    def rows(self, *measures: str) -> str:
        """SQL for what is owed under some measures, a row each (`ledger.rows`), with all that may divide it."""
        columns = (*populations()["victims"].breakdowns, *HOLDER)
        return self.show(f"owed under {', '.join(measures)}", lambda: rows_of(self.owed, measures, columns))

    def show(self, name: str, table: Callable[[], pa.Table]) -> str:
        """SQL for a table under a name, which is made when it is first asked for."""
        known = self.connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = $1", [name]).fetchall()
        if not known:
            self.connection.register(name, table())
        return '"' + name.replace('"', '""') + '"'


@contextmanager
def reading(run: Run, clock: datetime, progress: Progress | None = None) -> Iterator[Members]:
    """The members of a run as at `clock`, which are made where they are not there yet.

    Raises StoreError where a file cannot be read.
    """
    folder = members_of(run, progress)
    with duckdb.connect() as connection, readable([*sorted(folder.glob("*-*.*")), *files_of(run)]):
        connection.execute("SET TimeZone = 'Europe/London'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET parquet_metadata_cache = true")
        connection.execute("SET VARIABLE clock = $1::TIMESTAMPTZ", [clock.isoformat()])
        connection.execute(HELD_AT)
        for one in populations().values():
            connection.execute(f"CREATE TEMP VIEW {one.id} AS {_members(folder, one)}")
        make_views(connection, run)
        yield Members(connection, Owed.read(folder, microseconds(clock)))


def _members(folder: Path, one: Population) -> str:
    """SQL for the members of a population, with the clock and what is known only of all buckets together."""
    due = [column.name for column in one.columns.values() if column.text == CONTACT_DUE]
    contact = (
        f"SELECT subject, min({CONTACT_DUE}) AS {CONTACT_DUE} FROM ({_files(folder, CONTACT_DUE)}) GROUP BY subject"
    )
    known = "".join(f", d.{CONTACT_DUE} AS {name}" for name in due)
    joined = f"LEFT JOIN ({contact}) d ON d.subject = m.subject" if due else ""
    return f"SELECT m.*{known}, getvariable('clock') AS clock FROM ({_files(folder, one.id)}) m {joined}"


def _files(folder: Path, name: str) -> str:
    listed = ", ".join(literal(str(path)) for path in sorted(folder.glob(f"{name}-[0-9]*.parquet")))
    return f"SELECT * FROM read_parquet([{listed}])"
