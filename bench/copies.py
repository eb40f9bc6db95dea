"""Copies of a force's tables: other subjects, other ids, dates some weeks earlier; everything else as it was."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

NAMES = (
    "id",
    "event_id",
    "crime",
    "victim",
    "person",
    "investigation",
    "suspect",
    "hearing",
    "answers",
    "supersedes",
    "voids",
    "note_digest",
)
"""The columns whose texts name something of one force. `item` may name a form's field, and stays; so does `by`."""
STAFF = ("officer", "team")
"""The columns that name who holds a case: each copy's own where the force has as many people as its cases want."""
_NUMBERS = ("subject", "within")
_DIGESTS = ("print", "standing")
_WEEK = 7 * 86_400 * 1_000_000  # microseconds; weekdays stay what they were
_WEEKS = 9
_ODD = 0x9E3779B97F4A7C15  # any large odd number makes digests of copies differ
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy of a force in place `number`; the force has numbers for `size` subjects."""

    number: int
    size: int
    names: Collection[str] = NAMES

    @property
    def first(self) -> int:
        """Its first subject's number."""
        return self.number * self.size

    def of(self, table: pa.Table) -> pa.Table:
        """A table as this copy has it: the same columns, rows and order."""
        columns = [self._column(field, table.column(field.name)) for field in table.schema]
        return pa.table(columns, names=table.column_names)

    def within(self, table: pa.Table, first: int, end: int) -> pa.Table:
        """Of a table sorted by subject, as this copy has it, the rows of the subjects from `first` up to `end`."""
        bounds = np.searchsorted(table.column("subject").to_numpy(), [first - self.first, end - self.first])
        return self.of(table.slice(bounds[0], bounds[1] - bounds[0]))

    def _column(self, field: pa.Field, column: pa.ChunkedArray) -> pa.ChunkedArray:
        if field.name in self.names:
            return _mapped(column, self._named)
        if field.name in _NUMBERS:
            return pc.add(column, self.first)
        if field.name in _DIGESTS:
            return pa.chunked_array([self._digests(column.to_numpy())])
        return self._earlier(column) if pa.types.is_timestamp(field.type) else column

    def _named(self, texts: pa.Array) -> pa.Array:
        return pc.binary_join_element_wise(f"{self.number}-", texts, "")

    def _digests(self, values: npt.NDArray[np.int64]) -> pa.Array:
        return pa.array(values ^ (self.number * _ODD % _LARGEST), pa.int64())

    def _earlier(self, moments: pa.ChunkedArray) -> pa.ChunkedArray:
        weeks = self.number % _WEEKS * _WEEK
        return pc.subtract(moments.cast(pa.int64()), weeks).cast(moments.type)


def encoded(table: pa.Table, names: Collection[str] = NAMES) -> pa.Table:
    """A table in one piece whose names are dictionaries, so that a copy changes each text once."""
    table = table.combine_chunks()
    for place, name in enumerate(table.column_names):
        if name in names:
            table = table.set_column(place, name, table.column(name).dictionary_encode())
    return table


def _mapped(column: pa.ChunkedArray, change: Callable[[pa.Array], pa.Array]) -> pa.ChunkedArray:
    """A column of dictionaries, or of texts, with every text changed."""
    if not pa.types.is_dictionary(column.type):
        return change(column)
    chunks = [pa.DictionaryArray.from_arrays(one.indices, change(one.dictionary)) for one in column.chunks]
    return pa.chunked_array(chunks, column.type)
