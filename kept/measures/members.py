"""The members of each population as a run saw them: made once after a run, bucket by bucket, and read by every figure.

They stand beside the runs of a generation, one folder a run, put in place whole; erasing a person begins a new
generation, which has none until they are asked for. Moments are in UTC, facts are those that hold at the run's as-of.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kept.engine.results import Run
from kept.measures.catalogue import populations
from kept.measures.earlier import earlier_members, folder_of
from kept.measures.grouped import grouped
from kept.measures.kinds import IN_RATE
from kept.measures.model import OBLIGATIONS
from kept.records.reading import readable
from kept.records.schema import literal
from kept.records.scratch import scratch
from kept.records.timelines import BUCKET

_UNFINISHED = ".unfinished-"
_HOLDER = ("area", "department", "team", "officer")
Progress = Callable[[int], None]


def members_of(run: Run, progress: Progress | None = None) -> Path:
    """The folder of the members of a run's populations, which are made where they are not there yet.

    `progress` hears of buckets done. Raises StoreError where a file of the store cannot be read.
    """
    folder = folder_of(run)
    if folder.exists():
        return folder
    folder.parent.mkdir(exist_ok=True)
    with scratch(folder.parent, _UNFINISHED) as unfinished:
        into = unfinished / folder.name
        into.mkdir()
        earlier = earlier_members(run)
        for bucket in run.version.buckets():
            if earlier and earlier.still_holds(run, bucket):
                _link_bucket(earlier.folder, bucket, into)
            else:
                _make_bucket(run, bucket, into)
            if progress:
                progress(1)
        if not folder.exists():
            into.replace(folder)
    return folder


def _link_bucket(before: Path, bucket: int, into: Path) -> None:
    for path in before.glob(f"*-{bucket:05d}.parquet"):
        (into / path.name).hardlink_to(path)


@contextmanager
def reading(run: Run, clock: str, progress: Progress | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with a view for each population, and `obligations` in their states as at `clock`, in London time."""
    folder = members_of(run, progress)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Europe/London'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET VARIABLE clock = $1::TIMESTAMPTZ", [clock])
        for name in (*populations(), OBLIGATIONS):
            files = literal(str(folder / f"{name}-*.parquet"))
            rows = f"SELECT *, getvariable('clock') AS clock FROM read_parquet({files}, union_by_name = true)"
            connection.execute(f"CREATE TEMP VIEW {name} AS {_at_clock(rows) if name == OBLIGATIONS else rows}")
        with readable(sorted(folder.glob("*.parquet"))):
            yield connection


def _at_clock(rows: str) -> str:
    """SQL for obligations in their states at the clock, and whether a rate is taken over each."""
    return f"""
        SELECT *, judged <= getvariable('clock') AND {IN_RATE} AS counted FROM (SELECT * REPLACE (
                CASE WHEN turns AND NOT coalesce(judged <= getvariable('clock'), false) THEN 'pending' ELSE state END
            AS state) FROM ({rows}))"""


def _make_bucket(run: Run, bucket: int, into: Path) -> None:
    with run.reading() as connection, readable(run.version.files("timelines", bucket)):
        connection.execute("SET preserve_insertion_order = false")
        _make_views(connection, run, bucket)
        for one in populations().values():
            rows = grouped(one, run.version.codes, run.version.vocabulary)
            connection.execute(f"CREATE TEMP TABLE {one.id} AS {_held(rows)}")
            _write(connection, f"FROM {one.id}", into / f"{one.id}-{bucket:05d}.parquet")
        _write(connection, _obligations(), into / f"{OBLIGATIONS}-{bucket:05d}.parquet")


def _make_views(connection: duckdb.DuckDBPyConnection, run: Run, bucket: int) -> None:
    """The views that populations are made from: `known` subjects, the entries `seen`, `held` postings, `found` rows."""
    version, first = run.version, bucket * BUCKET
    within = f"subject >= {first} AND subject < {first + BUCKET}"
    connection.execute(f"""
        CREATE TEMP TABLE known AS SELECT * FROM ({version.relation("subjects", bucket)})
        WHERE entered <= getvariable('as_of') AND coalesce(withdrawn > getvariable('as_of'), true)""")
    connection.execute(f"""
        CREATE TEMP VIEW seen AS SELECT k.kind AS of_kind, e.* FROM ({version.relation("timelines", bucket)}) e
        JOIN known k USING (subject)
        WHERE NOT e.planned AND e."at" <= getvariable('as_of') AND coalesce(e.since, e.entered) <= getvariable('as_of')
            AND coalesce(e.withdrawn > getvariable('as_of'), true)""")
    connection.register("postings", version.postings())
    connection.execute("""
        CREATE TEMP TABLE held AS
        SELECT p.*, row_number() OVER (PARTITION BY investigation ORDER BY "from") - 1 AS place
        FROM postings p SEMI JOIN known USING (investigation)""")
    connection.execute(f"CREATE TEMP VIEW found AS SELECT * FROM stated WHERE {within}")
    connection.execute(_OF_RUN)
    connection.execute(_CONTACT_DUE)


_OF_RUN = """
    CREATE TEMP TABLE of_run AS SELECT subject,
        CASE WHEN bool_or(gate = 1) THEN true WHEN bool_or(gate = 0) THEN false END AS gate,
        CASE WHEN bool_or(flag = 1) THEN true WHEN bool_or(flag = 0) THEN false END AS flag
    FROM found GROUP BY subject"""
_CONTACT_DUE = """
    CREATE TEMP TABLE contact_due AS SELECT investigation, min(outstanding) AS contact_due FROM (
        SELECT k.investigation, r.subject, r.duty,
            min(r.due) FILTER (r.settled <> 'met' AND r.due > coalesce(m.last_met, '-infinity')) AS outstanding
        FROM found r JOIN known k USING (subject)
        LEFT JOIN (SELECT subject, duty, max(due) FILTER (settled = 'met') AS last_met FROM found GROUP BY ALL) m
            ON m.subject = r.subject AND m.duty = r.duty
        WHERE r.repeats AND r.part = '' AND r.settled IN ('met', 'reasoned', 'late', 'not_done', 'no_record')
        GROUP BY ALL) GROUP BY investigation"""
"""When the next contact with a victim of an investigation is due, or since when one is, after the last one kept."""


def _held(rows: str) -> str:
    """Members with who holds the investigation, or held it last."""
    names = ", ".join(f"h.{name}" for name in _HOLDER)
    return f"""
        SELECT m.*, {names} FROM ({rows}) m LEFT JOIN (
            SELECT * FROM held WHERE "from" <= getvariable('as_of')
            QUALIFY row_number() OVER (PARTITION BY investigation ORDER BY "from" DESC) = 1) h USING (investigation)"""


def _obligations() -> str:
    """The obligations of a bucket, by duty and the moment they are judged, with what they may be broken down by."""
    victims, others = populations()["victims"], populations()["investigations"]
    shared = [name for name in others.breakdowns if name in victims.breakdowns]
    given = ", ".join(
        f"coalesce(v.{name}, i.{name}) AS {name}" if name in shared else f"v.{name}" for name in victims.breakdowns
    )
    holder = ", ".join(f"h.{name}" for name in _HOLDER)
    return f"""
        SELECT r.subject, r.row, r.edition || '/' || r.duty AS duty, r.part, r."right", r.settled AS state,
            r.state <> r.settled OR r.settled IN ('reasoned', 'late', 'not_done', 'no_record') AS turns,
            r.start_at, r.due, r.judged, r.answered_at, r.settled_at_best AS at_best,
            r.entered_by_due = 1 AS entered_by_due, r.owed_to,
            r.holder, r.repeats, k.crime, k.investigation, {given}, {holder}
        FROM found r JOIN known k USING (subject)
        LEFT JOIN victims v USING (subject) LEFT JOIN investigations i ON i.subject = r.subject
        LEFT JOIN held h ON h.investigation = k.investigation AND h.place = r.posting
        ORDER BY duty, r.part, r.judged"""


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION lz4_raw)")
