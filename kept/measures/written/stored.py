"""What was written as it is stored: columns that lie in files one after another, and tables for the database.

entries   `entered` and `happened`, in microseconds since 1970 and in the order of the first; `held` and `what` are
          rows of these tables: who held the investigation then, and what kind of entry it is
noted     the entries with a text; of each text, as itself, its recorder's or its team's, whether another subject has it
sheets    the forms of each victim as they stand, a row for each moment at which fields were last filled in; `shape`
          is which fields there are and which of them are answered
shapes    the fields of each shape
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from kept.records.reading import damage, readable
from kept.records.schema import literal

OF_SHAPE = ("form", "field", "answered")
"""The columns of a field that stand in its shape."""
TEXTS = ("text", "text_of_recorder", "text_of_team")
"""The columns of an entry that are compared with those of other subjects."""
Column = npt.NDArray[Any]
COLUMNS: Mapping[str, type[np.generic]] = {
    "entered": np.int64,
    "happened": np.int64,
    "held": np.uint32,
    "what": np.uint32,
}
"""The columns of entries, and how each is stored."""


@dataclass(frozen=True)  # without slots: the cached properties need a place
class Written:
    """The folder of what was written by a run's as-of."""

    folder: Path

    @cached_property
    def entries(self) -> Mapping[str, Column]:
        """The columns of entries as they lie in their files; StoreError where one cannot be what was stored."""
        found = {name: self._column(name) for name in COLUMNS}
        if len({len(column) for column in found.values()}) != 1:
            raise damage(self.path("entered"), "Its columns are not of one length.")
        for name in ("held", "what"):
            if len(found[name]) and int(found[name].max()) >= len(self.table(name)):
                raise damage(self.path(name), f"A number in it is not among those of {name}.")
        return found

    def _column(self, name: str) -> Column:
        with readable([self.path(name)], ValueError):
            found: Column = np.load(self.path(name), mmap_mode="r")
        if found.dtype != COLUMNS[name] or found.ndim != 1:
            raise damage(self.path(name), f"It holds no {name}.")
        return found

    def path(self, name: str) -> Path:
        """The file of a column of entries, or of a table."""
        return self.folder / (f"{name}.npy" if name in COLUMNS else f"{name}.parquet")

    def table(self, name: str) -> pa.Table:
        """The rows of `held` or `what`, by their places."""
        with readable([self.names(name)]):
            return pq.read_table(self.names(name))

    def names(self, name: str) -> Path:
        """The file with the rows that a column of entries tells by their places."""
        return self.folder / f"{name}-names.parquet"


def copied(text: str) -> str:
    """The column that says whether another subject has a text, wherever and whenever that is; null where none is."""
    return f"{text}_copied"


def write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write what a query finds into a table's file."""
    connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION lz4)")
