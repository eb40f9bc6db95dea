"""Making of what was written what measures of it are counted from: once for a run, when one is first asked for.

Few ask, so that a night pays nothing. What an entry or a form is, is said once, by the populations that are read in
place; here their rows are only told who held the investigation, and put in order.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kept.engine.compiled.columns import integers
from kept.engine.results import Run
from kept.measures.catalogue import HELD_BY, digest_in_place
from kept.measures.in_place import entries_of, files_of, make_views
from kept.measures.kinds import elsewhere
from kept.measures.members.earlier import folder_of
from kept.measures.members.held import Held
from kept.measures.written.compiled import passing
from kept.measures.written.forms import write_forms
from kept.measures.written.stored import COLUMNS, TEXTS, Column, Written, copied, write
from kept.records.reading import frugal, readable
from kept.records.schema import literal
from kept.records.scratch import scratch

FORMAT = 2
"""The format of what is written here, beside what `in_place.yaml` declares."""
_UNFINISHED = ".unfinished-written-"
_AT_ONCE = 1_000_000  # rows
WHAT = ("kind", "source", "touchpoint")
"""What is known of an entry itself; `HELD_BY` is who held its investigation then."""


def written_of(run: Run, members: Path) -> Written:
    """What was written as a run saw it, made where it is not there yet; `members` is the folder of its members.

    Raises StoreError where a file of the store cannot be read.
    """
    folder = folder_of(run)
    folder = folder.with_name(f"{folder.name}-{digest_in_place()}-{FORMAT}")
    if folder.exists():
        return Written(folder)
    with scratch(folder.parent, _UNFINISHED) as unfinished:
        into = Written(unfinished / folder.name)
        into.folder.mkdir()
        with frugal() as connection, readable([*files_of(run), *members.glob("victims-*.parquet")]):
            victims = literal(str(members / "victims-*.parquet"))
            connection.execute(f"CREATE VIEW victims AS FROM read_parquet({victims})")
            make_views(connection, run)
            write_forms(connection, run, into)
            write(connection, _noted(), into.path("noted"))
            _write_entries(connection, run, into)
        try:
            into.folder.replace(folder)
        except OSError:
            if not folder.exists():  # else another process was quicker, and made the same
                raise
    return Written(folder)


def _noted() -> str:
    """SQL for the entries with a text, and which of them another subject has word for word."""
    found = ", ".join(f"{_elsewhere(text)} AS {copied(text)}" for text in TEXTS)
    return f"SELECT * EXCLUDE (clock, {', '.join(TEXTS)}), {found} FROM entries WHERE text IS NOT NULL"


def _elsewhere(text: str) -> str:
    return f"CASE WHEN {text} IS NOT NULL THEN {elsewhere(text)} END"


# -- entries ---------------------------------------------------------------------------------------------------------


def _write_entries(connection: duckdb.DuckDBPyConnection, run: Run, into: Written) -> None:
    """Write the columns of entries as they come, and then in order."""
    whose = _Whose.of(run)
    pq.write_table(whose.holders, into.names("held"))
    listed = ", ".join(WHAT)
    connection.execute(f"CREATE TEMP TABLE what AS SELECT DISTINCT {listed} FROM ({_distinct(run)})")
    write(connection, f"SELECT {listed} FROM what ORDER BY rowid", into.names("what"))
    unordered = {name: into.folder / f"{name}.unordered" for name in COLUMNS}
    for batch in connection.sql(_rows(run)).to_arrow_reader(_AT_ONCE):
        numbers, entered = (integers(batch.column(name)) for name in ("number", "entered"))
        columns = {name: integers(batch.column(name)) for name in ("happened", "what")}
        columns |= {"entered": entered, "held": whose.at(numbers, entered)}
        for name, column in columns.items():
            with unordered[name].open("ab") as file:
                column.astype(COLUMNS[name]).tofile(file)
    _put_in_order(unordered, into)


def _distinct(run: Run) -> str:
    """SQL for every kind, source and touchpoint of an entry, and perhaps more."""
    events, forms = run.version.relation("events"), run.version.relation("assessments")
    return f"""
        SELECT DISTINCT kind, source, touchpoint FROM ({events})
        UNION ALL SELECT DISTINCT 'assessment_made', source, NULL FROM ({forms})"""


def _rows(run: Run) -> str:
    """SQL for each entry with its moments in microseconds, the row of what it is, and its investigation's number."""
    same = " AND ".join(f"w.{name} IS NOT DISTINCT FROM e.{name}" for name in WHAT)
    return f"""
        SELECT epoch_us(e.occurred_at) AS happened, epoch_us(e.entered_at) AS entered, w.rowid AS what,
            coalesce(i.number, -1) AS number
        FROM ({entries_of(run)}) e JOIN what w ON {same}
        LEFT JOIN (SELECT DISTINCT id, subject AS number FROM ({run.version.relation("subjects")})
            WHERE kind = 'investigation') i ON i.id = e.subject"""


def _put_in_order(unordered: dict[str, Path], into: Written) -> None:
    """Write each column in the order in which entries were written, one at a time in memory."""
    order = np.argsort(_unordered(unordered["entered"], "entered"))
    for name, path in unordered.items():
        np.save(into.path(name), _unordered(path, name)[order])
        path.unlink(missing_ok=True)


def _unordered(path: Path, name: str) -> Column:
    return np.fromfile(path, COLUMNS[name]) if path.exists() else np.zeros(0, COLUMNS[name])


@dataclass(frozen=True, slots=True)
class _Whose:
    """Who held each investigation of a run, and when.

    holders     who held any, as the rows of a table, the last of which is nobody
    firsts      of each investigation, by its number, where its postings begin, and `begun` where those end that had
                begun by the as-of
    since       from when each posting is, and `of_posting` which of the holders has it
    """

    holders: pa.Table
    firsts: Column
    begun: Column
    since: Column
    of_posting: Column

    @classmethod
    def of(cls, run: Run) -> "_Whose":
        held = Held.of(run)
        firsts, begun = np.zeros((2, 1 + int(held.numbers.max(initial=-1))), np.int64)
        firsts[held.numbers], begun[held.numbers] = held.firsts, held.begun
        holders, of_posting = _distinct_holders(held)
        return cls(holders, firsts, begun, held.since, of_posting)

    def at(self, numbers: Column, moments: Column) -> Column:
        """The place of who held each investigation at a moment; a number that nobody held is as good as none."""
        out = np.empty(len(numbers), np.int64)
        known = np.where(numbers < len(self.firsts), numbers, -1)
        nobody = len(self.holders) - 1
        passing.held_by(known, moments, self.firsts, self.begun, self.since, self.of_posting, nobody, out)
        return out


def _distinct_holders(held: Held) -> tuple[pa.Table, Column]:
    """All who ever held anything, each once, and last nobody; and of each posting which of them holds it."""
    key = np.zeros(len(held.since), np.int64)
    for coded in held.holders.values():
        absent = len(coded.dictionary)
        key = key * (absent + 1) + integers(coded.indices.fill_null(absent))
    _, first, whose = np.unique(key, return_index=True, return_inverse=True)
    names = {name: coded.take(pa.array(first)).cast(pa.string()) for name, coded in held.holders.items()}
    nobody = pa.table({name: pa.nulls(1, pa.string()) for name in HELD_BY})
    return pa.concat_tables([pa.table(names), nobody]).combine_chunks(), whose.astype(np.int64)
