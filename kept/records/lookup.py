"""Finding one investigation in a store version at once: its subjects, their entries, who held it.

A page shows one case and asks for it anew with every click, so what a search costs is paid once for each version: an
index of investigations in memory, and one connection that remembers what the files say of themselves.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
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


class Lookup:
    """One version, made ready to be asked of one investigation after another; safe to ask from many threads."""

    def __init__(self, version: StoreVersion) -> None:
        self._version = version
        self._connection = duckdb.connect(config={"threads": 1})  # a case is small: more threads only wait
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        self._connection.execute("SET GLOBAL parquet_metadata_cache = true")
        known = version.relation("subjects")
        ever = f"SELECT DISTINCT subject, investigation AS whose FROM ({known})"
        self._subjects = self._sorted(KNOWN, f"({known}) JOIN ({ever}) USING (subject)", "subject, entered")
        held = f"SELECT *, investigation AS whose FROM ({version.latest_postings()})"
        self._postings = self._sorted(_HELD, f"({held})", '"from"')

    def subjects(self, investigation: str) -> pa.Table:
        """All rows of the subjects that are or were of an investigation, by number and history; the columns KNOWN."""
        return self._subjects.of(investigation)

    def entries(self, subjects: pa.Table) -> pa.Table:
        """The entries that count of some subjects, given their rows, in their one order; schema ENTRIES."""
        made = dict(zip(*(subjects.column(name).to_pylist() for name in ("subject", "made")), strict=True))
        numbers = np.array(sorted(made), dtype=np.int64)
        parts = [self._entries_of(bucket, here, made) for bucket, here in _by_bucket(numbers)]
        return pa.concat_tables([ENTRIES.empty_table(), *parts])

    def postings(self, investigation: str) -> pa.Table:
        """Who held an investigation from when to when, as last loaded; the columns of the contract."""
        return self._postings.of(investigation)

    def _sorted(self, columns: Sequence[str], rows: str, by: str) -> _Sorted:
        select = ", ".join(f'"{name}"' for name in ("whose", *columns))
        query = f"SELECT {select} FROM {rows} WHERE whose IS NOT NULL ORDER BY whose, {by}"
        return _Sorted(self._asked(query, [*self._version.files("subjects"), *self._version.files("postings")]))

    def _entries_of(self, bucket: int, numbers: npt.NDArray[np.int64], made: dict[int, int]) -> pa.Table:
        files = self._version.files("timelines", bucket)
        if not files:
            return ENTRIES.empty_table()
        known = ", ".join(f"({number}, {made[number]})" for number in numbers.tolist())
        versions = [made[number] for number in numbers.tolist()]
        stored = f"({read_files('timelines', files)}) WHERE made BETWEEN {min(versions)} AND {max(versions)}"
        rows = counting(f"({within(stored, spans(numbers))})", f"(FROM (VALUES {known}) AS known(subject, made))")
        query = f"SELECT {ENTRY_COLUMNS} FROM ({rows}) ORDER BY subject, position"
        return self._asked(query, files).cast(ENTRIES)

    def _asked(self, query: str, files: Sequence[Path]) -> pa.Table:
        with readable(files):
            return self._connection.cursor().sql(query).to_arrow_table().combine_chunks()


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Rows sorted by whose they are: an investigation."""

    rows: pa.Table

    def of(self, investigation: str) -> pa.Table:
        """The rows of one investigation."""
        first, last = bisect_left(self, investigation), bisect_right(self, investigation)
        return self.rows.slice(first, last - first).drop_columns("whose")

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> str:
        return str(self.rows.column("whose")[place].as_py())


def _by_bucket(numbers: npt.NDArray[np.int64]) -> list[tuple[int, npt.NDArray[np.int64]]]:
    buckets = numbers // BUCKET
    return [(bucket, numbers[buckets == bucket]) for bucket in np.unique(buckets).tolist()]
