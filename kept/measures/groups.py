"""What was counted of groups, in columns: a row for each is put together only when it is asked for.

A table of ten thousand groups is quickly counted, and slowly written down as objects of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any, Protocol, cast

import numpy as np
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one group in one period; a value of None is not known."""

    values: tuple[str | None, ...]
    period: date | None
    counts: Mapping[str, Any]


class Column(Protocol):
    """A value for each group: an array of numpy or of Arrow."""

    def __len__(self) -> int: ...

    def tolist(self) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """So many groups, in order: their values of each breakdown, their periods where there are any, and each count."""

    values: Sequence[Column]
    periods: Column | None
    counts: Mapping[str, Column]
    size: int

    @classmethod
    def of_table(cls, table: pa.Table, width: int, in_periods: bool) -> "Counts":
        """Of a table whose first columns are so many breakdowns, and then the periods if there are any."""
        columns = [_of_arrow(one) for one in table.columns]
        first = width + int(in_periods)
        counts = dict(zip(table.column_names[first:], columns[first:], strict=True))
        return cls(columns[:width], columns[width] if in_periods else None, counts, len(table))

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Counted]:
        values = zip(*(one.tolist() for one in self.values), strict=True) if self.values else repeat((), self.size)
        periods = repeat(None, self.size) if self.periods is None else self.periods.tolist()
        counts = zip(*(one.tolist() for one in self.counts.values()), strict=True)
        for group, period, row in zip(values, periods, counts, strict=True):
            yield Counted(group, period, dict(zip(self.counts, row, strict=True)))


def _of_arrow(column: pa.ChunkedArray) -> Column:
    """A column; one of lists as arrays of numbers, of which there may be a million."""
    found = column.combine_chunks()
    if not pa.types.is_list(found.type):
        return cast(Column, found)
    ends = found.value_lengths().fill_null(0).to_numpy().cumsum()
    several = np.empty(len(found), object)
    several[:] = np.split(found.flatten().to_numpy(), ends)[:-1]
    return several
