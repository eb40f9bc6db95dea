"""Finding one investigation in a store version at once: its subjects, their entries, who held it.

A page shows one case and asks for it anew with every click, so what a search costs is paid once for each version: an
index of investigations, and one connection that remembers what the files say of themselves. The index can be written
to a folder, and is then read by as many processes as there are from the same memory.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.records.reading import ENTRY_COLUMNS, readable, spans, within
from kept.records.schema import arrow_schema
from kept.records.stored import counting, read_files
from kept.records.timelines import BUCKET, ENTRIES, SUBJECTS

if TYPE_CHECKING:
    from kept.records.version import StoreVersion

KNOWN = tuple(name for name in SUBJECTS.names if name not in ("within", "print", "standing", "entries"))
"""What is known of a subject of an investigation: columns of SUBJECTS."""
_HELD = tuple(arrow_schema("postings", origin=False).names)
_MOST = 200
"""Of how many cases the entries are kept: about 100 kB each."""
_FEW = 30
"""More subjects than a case has; who asks for more reads a list, and comes back to none of them."""


class Lookup:
    """One version, made ready to be asked of one investigation after another; safe to ask from many threads.

    `index`: that of the version, where it was made before.
    """

    def __init__(self, version: StoreVersion, index: Index | None = None) -> None:
        self._version = version
        self._connection = _connected()
        self._index = index or Index.of(version)
        self._remembered = lru_cache(_MOST)(self._read)

    def subjects(self, investigation: str) -> pa.Table:
        """All rows of the subjects that are or were of an investigation, by number and history; the columns KNOWN."""
        return self._index.subjects.of(investigation)

    def entries(self, subjects: pa.Table) -> pa.Table:
        """The entries that count of some subjects, given their rows, in their one order; schema ENTRIES.

        Those that were asked for last are kept: whoever opens a case looks at it from several pages.
        """
        made = dict(zip(*(subjects.column(name).to_pylist() for name in ("subject", "made")), strict=True))
        wanted = tuple(sorted(made.items()))
        return self._remembered(wanted) if len(wanted) <= _FEW else self._read(wanted)

    def postings(self, investigation: str) -> pa.Table:
        """Who held an investigation from when to when, as last loaded; the columns of the contract."""
        return self._index.postings.of(investigation)

    def _read(self, wanted: tuple[tuple[int, int], ...]) -> pa.Table:
        """The entries of some subjects by number, each with the version that made it."""
        made = dict(wanted)
        numbers = np.array(list(made), dtype=np.int64)
        parts = [self._entries_of(bucket, here, made) for bucket, here in _by_bucket(numbers)]
        return pa.concat_tables([ENTRIES.empty_table(), *parts]).combine_chunks()

    def _entries_of(self, bucket: int, numbers: npt.NDArray[np.int64], made: dict[int, int]) -> pa.Table:
        files = self._version.files("timelines", bucket)
        if not files:
            return ENTRIES.empty_table()
        known = ", ".join(f"({number}, {made[number]})" for number in numbers.tolist())
        versions = [made[number] for number in numbers.tolist()]
        stored = f"({read_files('timelines', files)}) WHERE made BETWEEN {min(versions)} AND {max(versions)}"
        rows = counting(f"({within(stored, spans(numbers))})", f"(FROM (VALUES {known}) AS known(subject, made))")
        query = f"SELECT {ENTRY_COLUMNS} FROM ({rows}) ORDER BY subject, position"
        return _asked(self._connection, query, files).cast(ENTRIES)


@dataclass(frozen=True, slots=True)
class Index:
    """The subjects and the postings of a version, each by the investigation that it is or was of."""

    subjects: _Sorted
    postings: _Sorted

    @classmethod
    def of(cls, version: StoreVersion) -> Index:
        """Read from the version itself, which takes seconds for a large force; StoreError where it cannot be."""
        known = version.relation("subjects")
        ever = f"SELECT DISTINCT subject, investigation AS whose FROM ({known})"
        held = f"SELECT *, investigation AS whose FROM ({version.latest_postings()})"
        return cls(
            _Sorted.of_rows(version, KNOWN, f"({known}) JOIN ({ever}) USING (subject)", "subject, entered"),
            _Sorted.of_rows(version, _HELD, f"({held})", '"from"'),
        )

    @classmethod
    def read(cls, folder: Path) -> Index:
        """One that was written, mapped into memory and not copied; StoreError where it is not there, or damaged."""
        files = [folder / f"{name}.arrow" for name in cls.__slots__]
        with readable(files):
            return cls(*(_Sorted(pa.ipc.open_file(pa.memory_map(str(path))).read_all()) for path in files))

    def write(self, folder: Path) -> None:
        """Write it into a folder."""
        for name in self.__slots__:
            rows = getattr(self, name).rows
            with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as file, pa.ipc.new_file(file, rows.schema) as into:
                into.write_table(rows)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Rows sorted by whose they are: an investigation."""

    rows: pa.Table

    @classmethod
    def of_rows(cls, version: StoreVersion, columns: Sequence[str], rows: str, by: str) -> _Sorted:
        """The rows that some SQL finds in a version, each with `whose`, in an order within these."""
        select = ", ".join(f'"{name}"' for name in ("whose", *columns))
        query = f"SELECT {select} FROM {rows} WHERE whose IS NOT NULL ORDER BY whose, {by}"
        return cls(_asked(_connected(), query, [*version.files("subjects"), *version.files("postings")]))

    def of(self, investigation: str) -> pa.Table:
        """The rows of one investigation."""
        first, last = bisect_left(self, investigation), bisect_right(self, investigation)
        return self.rows.slice(first, last - first).drop_columns("whose")

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> str:
        return str(self.rows.column("whose")[place].as_py())


def _connected() -> duckdb.DuckDBPyConnection:
    """A connection with one thread: a case is small, and more would only wait."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET GLOBAL parquet_metadata_cache = true")
    return connection


def _asked(connection: duckdb.DuckDBPyConnection, query: str, files: Sequence[Path]) -> pa.Table:
    with readable(files):
        return connection.cursor().sql(query).to_arrow_table().combine_chunks()


def _by_bucket(numbers: npt.NDArray[np.int64]) -> list[tuple[int, npt.NDArray[np.int64]]]:
    buckets = numbers // BUCKET
    return [(bucket, numbers[buckets == bucket]) for bucket in np.unique(buckets).tolist()]
