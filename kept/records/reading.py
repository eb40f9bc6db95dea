"""Reading the files of timelines: the rows that count, in order, and a clear word where a file cannot be read."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from kept.errors import StoreError, is_full_disk
from kept.records.stored import STORED_ENTRIES, counting, read_files
from kept.records.timelines import ENTRIES

_OTHERWISE = (
    duckdb.InterruptException,
    duckdb.OutOfMemoryException,
    pa.ArrowMemoryError,
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
)
"""What goes wrong for another reason than a file: no time, no memory, a wrong query."""
ENTRY_COLUMNS = ", ".join(f'"{name}"' for name in ENTRIES.names)
"""The columns of ENTRIES, for SQL."""
_FEW = 20  # spans of numbers that are quicker to read one by one than all between them


@contextmanager
def readable(files: Sequence[Path], *others: type[Exception]) -> Iterator[None]:
    """Say which of these files is missing or damaged, as StoreError, where reading them fails; `others` fail too."""
    try:
        yield
    except (pa.ArrowException, duckdb.Error, OSError, *others) as error:
        if isinstance(error, _OTHERWISE) or is_full_disk(error):
            raise
        damaged = next(_damaged(files), files[0] if files else None)
        raise damage(damaged, str(error).splitlines()[0]) from None


MEMBERS = "members"
"""The folder of a generation in which all is made of runs, and made anew where it is not there."""


def damage(path: Path | None, why: str) -> StoreError:
    """The error that says which file of a store is damaged and what to do: what is made of a run is made anew."""
    if path is not None and path.parent.parent.name == MEMBERS:
        what_to_do = f"Delete the folder {path.parent}; it is made anew when figures are next asked for."
    else:
        what_to_do = "Restore it from a copy of the store, or load the extracts into a new store."
    return StoreError("A file of the store cannot be read.", str(path), why, what_to_do)


def rows(files: Sequence[Path], schema: pa.Schema) -> pa.Table:
    """All rows of some files."""
    with readable(files):
        return ds.dataset([str(path) for path in files], schema=schema, format="parquet").to_table()


def single_value(files: Sequence[Path], column: str) -> bool:
    """Whether all rows of some files have the same value of a column, by what the files say of themselves."""
    found = set()
    with readable(files):
        for path in files:
            metadata = pq.read_metadata(path)
            place = metadata.schema.names.index(column)
            for group in range(metadata.num_row_groups):
                said = metadata.row_group(group).column(place).statistics
                found |= {said.min, said.max} if said is not None and said.has_min_max else {None, ...}
    return len(found) <= 1


@contextmanager
def frugal(memory: str = "1GB") -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that keeps within so much memory and puts the rest onto the disk while it lasts."""
    with tempfile.TemporaryDirectory(prefix="kept-spill-") as spill, duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET memory_limit = $1", [memory])
        connection.execute("SET temp_directory = $1", [spill])
        connection.execute("SET preserve_insertion_order = false")
        yield connection


def row_count(files: Sequence[Path]) -> int:
    """How many rows some files hold, by what they say of themselves."""
    with readable(files):
        return sum(int(pq.read_metadata(path).num_rows) for path in files)


def entries(files: Sequence[Path], subjects: pa.Table) -> pa.Table:
    """The entries of one bucket that count, in order, given its subjects in order; schema ENTRIES."""
    if not len(subjects):
        return ENTRIES.empty_table()
    found = rows(files, STORED_ENTRIES)
    numbers, known = found.column("subject").to_numpy(), subjects.column("subject").to_numpy()
    place = np.searchsorted(known, numbers).clip(max=len(known) - 1)
    made = subjects.column("made").to_numpy()[place]
    counts = (known[place] == numbers) & (made == found.column("made").to_numpy())
    if not counts.all():
        found = found.filter(pa.array(counts))
    return _in_order(found).select(ENTRIES.names).cast(ENTRIES)


def entries_of(files: Sequence[Path], subjects: Sequence[Path], numbers: npt.NDArray[np.int64]) -> pa.Table:
    """The entries that count of some subjects of one bucket, given its files; schema ENTRIES.

    What changed last stands in files of its own: `made` and `subject` lead to their row groups, and only those are
    read.
    """
    with duckdb.connect() as connection, readable([*files, *subjects]):
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("wanted", pa.table({"subject": numbers}))
        stored = f"FROM ({read_files('subjects', subjects)}) SEMI JOIN wanted USING (subject)"
        connection.execute(f"CREATE TEMP TABLE known AS SELECT DISTINCT subject, made {stored}")
        first, last = connection.sql("SELECT min(made), max(made) FROM known").fetchall()[0]
        if first is None:
            return ENTRIES.empty_table()
        stored = within(f"({read_files('timelines', files)}) WHERE made BETWEEN {first} AND {last}", spans(numbers))
        query = f"SELECT {ENTRY_COLUMNS} FROM ({counting(f'({stored})', 'known')}) ORDER BY subject, position"
        return connection.sql(query).to_arrow_table().cast(ENTRIES)


def within(rows: str, of: Sequence[tuple[int, int]]) -> str:
    """SQL for the rows of some spans of subjects; `rows` is a table or SQL in brackets, with a WHERE.

    DuckDB passes over the rows outside a span without decoding them, and decodes all for a list of numbers.
    """
    return " UNION ALL ".join(f"FROM {rows} AND subject BETWEEN {first} AND {last}" for first, last in of)


def spans(numbers: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """The first and last of sorted numbers in spans without a gap; one span over all where those would be too many."""
    ends = np.flatnonzero(np.diff(numbers) > 1)
    if len(ends) >= _FEW:
        return [(int(numbers[0]), int(numbers[-1]))]
    return list(zip(numbers[[0, *(ends + 1)]].tolist(), numbers[[*ends, -1]].tolist(), strict=True))


def _in_order(found: pa.Table) -> pa.Table:
    place = (found.column("subject").to_numpy() << 32) | found.column("position").to_numpy()
    if (np.diff(place) >= 0).all():
        return found
    return found.combine_chunks().take(pc.sort_indices(pa.array(place)))  # of many chunks it takes ten times as long


def _damaged(files: Sequence[Path]) -> Iterator[Path]:
    """The files that are not there, or whose end cannot be read."""
    for path in files:
        try:
            _AS.get(path.suffix, pq.read_metadata)(path)
        except (pa.ArrowException, OSError, ValueError):
            yield path


_AS: Mapping[str, Callable[[Path], object]] = {
    ".arrow": lambda path: pa.ipc.open_file(pa.memory_map(str(path))).num_record_batches,
    ".json": lambda path: json.loads(path.read_text(encoding="utf-8")),
}
"""How it is tried whether a file can be read, by how its name ends; others are Parquet."""
