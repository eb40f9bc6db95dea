"""The ledger of a bucket as it is stored: columns that are looked at where they lie in the file, without reading it.

Rows stand in the order of their measures; of one measure those of one unit follow each other. A unit is whoever a
figure counts once: a subject, of windows an investigation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.measures.ledger.compiled.layout import CODES, NOBODY
from kept.records.reading import damage
from kept.records.timelines import BUCKET

Column = npt.NDArray[Any]
Columns = Mapping[str, Column]
_NO_ROWS = slice(0, 0)
_TABLES = ("owed", "measures", "tallies", "codes", "later", "known", "names", "postings")


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the rows of a measure lie, and the first and the last day on which any is judged; 0 where none is."""

    rows: slice
    first: int
    last: int


@dataclass(frozen=True)
class Ledger:
    """The ledger of a bucket.

    owed      a row each: `subject` and `holder` as places in the bucket, the last of postings being nobody's; `day`
              (`days`), of a tally the first of its month; `code` (`packed`, tallies from `packed.CODES` on); and `row`,
              the obligation's number on its subject's timeline in the run, -1 of a tally
    measures  by the code of a measure
    tallies   the packed counts of each code from `packed.CODES` on
    codes     the codes below `packed.CODES` that occur
    later     of what is judged after the run's as-of: the `place` of the row, in order, and when it is `ripe`
    known     of each place of the bucket the code of each breakdown, and `within`, the number of its investigation
    postings  of each posting the code of each holder, and last of nobody
    """

    folder: Path
    bucket: int
    _sound: set[int] = field(default_factory=set, compare=False, repr=False)

    @property
    def first(self) -> int:
        """The first number that a subject may have."""
        return self.bucket * BUCKET

    @cached_property
    def owed(self) -> Columns:
        return _columns(self._table("owed"))

    @cached_property
    def measures(self) -> Mapping[int, Measured]:
        rows = self._table("measures").to_pylist()
        return {one["measure"]: Measured(slice(one["begin"], one["end"]), one["first"], one["last"]) for one in rows}

    @cached_property
    def tallies(self) -> npt.NDArray[np.int64]:
        return _columns(self._table("tallies"))["rated"]

    @cached_property
    def codes(self) -> npt.NDArray[np.int64]:
        found = _columns(self._table("codes"))["code"]
        self._require("codes", True, "code", found, CODES)
        return found

    @cached_property
    def later(self) -> Columns:
        found = _columns(self._table("later"))
        places = found["place"]
        self._require("later", len(places) == 0 or bool(np.all(np.diff(places) > 0)), "place", places, len(self))
        return found

    @cached_property
    def known(self) -> Columns:
        return _columns(self._table("known"))

    @cached_property
    def postings(self) -> Columns:
        return _columns(self._table("postings"))

    @cached_property
    def _names(self) -> pa.Table:
        return self._table("names")

    def __len__(self) -> int:
        return len(self.owed["subject"])

    def rows_of(self, measure: int) -> slice:
        """Where the rows of a measure lie; StoreError where they point at what there is not, as damaged ones may."""
        found = self.measures.get(measure)
        if not found:
            return _NO_ROWS
        if measure not in self._sound:
            self._require_sound(found.rows)
            self._sound.add(measure)
        return found.rows

    def _require_sound(self, rows: slice) -> None:
        self._require("measures", rows.start <= rows.stop, "row", np.array([rows.start, rows.stop]), len(self) + 1)
        ends = {
            "subject": len(self.known["within"]),
            "holder": min(map(len, self.postings.values())) - 1,
            "code": CODES + len(self.tallies),
        }
        for name, end in ends.items():
            self._require("owed", True, name, self.owed[name][rows], end, NOBODY if name == "holder" else 0)

    def _require(self, table: str, in_order: bool, name: str, numbers: Column, end: int, first: int = 0) -> None:
        """Refuse numbers that are not in order, or not from the first up to the end."""
        if not in_order or (len(numbers) and (numbers.min() < first or numbers.max() >= end)):
            why = f"A {name} is not among the {end:,} that there are." if in_order else f"A {name} is out of order."
            raise damage(self._path(table), why)

    def waiting(self, clock: int) -> npt.NDArray[np.int64]:
        """The places, in order, of the rows that are not judged by a clock, in microseconds since 1970."""
        found: npt.NDArray[np.int64] = self.later["place"][self.later["ripe"] > clock]
        return found

    def names(self, places: Iterable[int]) -> list[dict[str, str]]:
        """The crime, the victim and the investigation of some places, blank where there is none."""
        table = self._names.take(pa.array([*places], pa.int64()))
        return [{name: value or "" for name, value in row.items()} for row in table.to_pylist()]

    def write(self, name: str, columns: Mapping[str, Any]) -> None:
        """Write one of its tables."""
        table = pa.table(columns)
        with pa.OSFile(str(self._path(name)), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table.combine_chunks(), max_chunksize=max(len(table), 1))

    def _table(self, name: str) -> pa.Table:
        return pa.ipc.open_file(pa.memory_map(str(self._path(name)))).read_all()

    def files(self) -> list[Path]:
        """The files that it is stored in."""
        return [self._path(name) for name in _TABLES]

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}-{self.bucket:05d}.arrow"


def _columns(table: pa.Table) -> Columns:
    """The columns of a table as they lie in its file."""
    return {name: _column(table.column(name)) for name in table.column_names}


def _column(column: pa.ChunkedArray) -> Column:
    if not column.num_chunks:
        return np.zeros(0, column.type.to_pandas_dtype())
    found: Column = column.chunk(0).to_numpy(zero_copy_only=True)
    return found


def as_stored(column: Column) -> Column:
    """A column as one that lies in a file, which cannot be written to: so that the steps are compiled only once."""
    column.setflags(write=False)
    return column
