"""Reading members: a connection with a view for each population, and for obligations and their tallies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kept.engine.results import Run
from kept.engine.states import STATES, TURNING
from kept.measures.catalogue import populations
from kept.measures.in_place import files_of, make_views
from kept.measures.members.coded import NAMES_OF, SEVERAL, TALLIED, Codes
from kept.measures.members.holding import HELD_AT
from kept.measures.members.making import Progress, members_of
from kept.measures.tally import WAITS, unpacked
from kept.records.reading import readable
from kept.records.schema import literal

_STATES = [row.state for row in STATES]


@contextmanager
def reading(run: Run, clock: str, progress: Progress | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the members of a run as at `clock`, in London time.

    It has a view for each population, those read in place too; `obligations` and `tallies`, in words; the same as
    `obligations_coded` and `tallies_coded`; and the table `names` of what the codes of a column stand for. Members are
    made where they are not there yet. Raises StoreError where a file cannot be read.
    """
    folder = members_of(run, progress)
    with duckdb.connect() as connection, readable([*sorted(folder.glob("*.parquet")), *files_of(run)]):
        connection.execute("SET TimeZone = 'Europe/London'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET parquet_metadata_cache = true")
        connection.execute("SET VARIABLE clock = $1::TIMESTAMPTZ", [clock])
        connection.execute(HELD_AT)
        for name in populations():
            connection.execute(
                f"CREATE TEMP VIEW {name} AS {_files(folder, name, ', getvariable($$clock$$) AS clock')}"
            )
        _make_obligations(connection, folder, Codes.read(folder))
        make_views(connection, run)
        yield connection


def _files(folder: Path, name: str, more: str = "") -> str:
    listed = ", ".join(literal(str(path)) for path in sorted(folder.glob(f"{name}-*.parquet")))
    return f"SELECT *{more} FROM read_parquet([{listed}])"


def _make_obligations(connection: duckdb.DuckDBPyConnection, folder: Path, codes: Codes) -> None:
    connection.register("given", codes.table())
    connection.execute("CREATE TEMP TABLE names AS FROM given")
    connection.unregister("given")
    for column, names in codes.names.items():
        connection.execute(f"SET VARIABLE names_{column} = $1::VARCHAR[]", [[*names]])
    connection.execute("SET VARIABLE states = $1::VARCHAR[]", [_STATES])
    rows = _files(folder, "obligations", ", subject AS unit, 0 AS level, 0 AS split")
    connection.execute(f"CREATE TEMP VIEW obligations_coded AS {rows}")
    connection.execute(f"CREATE TEMP VIEW tallies_coded AS {_files(folder, 'tallies')}")
    named = ", ".join(
        f"{NAMES_OF.format(name)}[{name}] AS {name}" for name in codes.names if name not in (TALLIED, SEVERAL)
    )
    counts = ", ".join(f"{text} AS {name}" for name, text in unpacked().items())
    waits = f"{WAITS} AS waits"
    connection.execute(f"""
        CREATE TEMP VIEW tallies AS SELECT * EXCLUDE (rated, aside, waits), {counts} FROM (
            SELECT subject, unit, "month", ripe, rated, aside, {named}, {waits} FROM tallies_coded WHERE level = 0)""")
    connection.execute(f"""
        CREATE TEMP VIEW obligations AS SELECT * EXCLUDE (settled, rated, aside, waits),
            CASE WHEN settled IN {TURNING} AND (waits OR judged_on IS NULL) THEN 'pending' ELSE settled END AS state,
            {counts} FROM (
            SELECT subject, "row", judged_on, ripe, getvariable('states')[settled + 1] AS settled, rated, aside,
                {named}, {waits} FROM obligations_coded)""")
