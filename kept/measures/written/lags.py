"""Counting how long entries took to be written, in one pass over those of each period.

The SQL of a measure is its definition; this comes to the same, of the measures that `can_count` knows.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import prod
from typing import Any, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.calendar import local_day, start_of_day
from kept.engine.compiled.columns import microseconds, moment_of
from kept.measures import catalogue
from kept.measures.divided import divided, has_value
from kept.measures.groups import Counts
from kept.measures.kinds import SECONDS
from kept.measures.model import ENTRIES, Measure
from kept.measures.periods import beginning, following
from kept.measures.question import Question
from kept.measures.written.compiled import passing
from kept.measures.written.stored import Column, Written

_AT_ONCE = 2_000_000  # entries: so few that what is put in order stays small
_HOUR = 3_600 * passing.SECOND
_NO_LIMIT = -1
_SOON = 1 << 17  # seconds, a day and a half
_OUTSIDE = -(1 << 28)
_TABLES = ("held", "what")
_Cell: TypeAlias = tuple[int, date | None]


def can_count(measure: Measure) -> bool:
    """Whether a measure is of how long all entries took, those of each period in which they were written."""
    if measure.of != ENTRIES:
        return False
    moments = (measure.since, measure.until, catalogue.moment_of(measure))
    known = not measure.where and measure.within.partition(" ")[2] in ("", "hour", "hours")
    return measure.kind == "time" and moments == ("happened_at", "entered_at", "entered_at") and known


def count_lags(
    written: Written, connection: duckdb.DuckDBPyConnection, measure: Measure, question: Question, clock: int
) -> Counts:
    """As `counts.counted`; `values` are lowest first, each once, and `times` how often each occurs.

    `clock` is in microseconds since 1970. Raises StoreError for a damaged file.
    """
    table = _Table.of(written, connection, measure, question)
    limit = int(measure.within.split()[0]) * _HOUR if measure.within else _NO_LIMIT
    counting = _Counting(written.entries, table, (limit, clock))
    pieces = [*_pieces(written.entries["entered"], question)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = [cell for cells in threads.map(counting.cells_of, pieces) for cell in cells]
    whole = [_together([*group]) for _, group in groupby(sorted(found, key=_place), key=_place)]
    if not whole and not table.axes and not question.period:
        whole = [_Found(0, None, np.zeros(len(passing.COUNTS), np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))]
    return _as_counts(whole, table, measure, bool(question.period))


# -- where entries lie -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Table:
    """The values of each breakdown, and where each holder and each kind of entry lies; outside where below 0."""

    axes: Sequence[Sequence[str | None]]
    bases: passing.Bases

    @classmethod
    def of(
        cls, written: Written, connection: duckdb.DuckDBPyConnection, measure: Measure, question: Question
    ) -> "_Table":
        keys = divided(measure, question)
        asked = {name: _asked(connection, written.table(name), keys, question) for name in _TABLES}
        axes = [_axis(next(side[name] for side in asked.values() if name in side)) for name in keys]
        places = {name: np.where(side[""], 0, _OUTSIDE).astype(np.int32) for name, side in asked.items()}
        for number, name in enumerate(keys):
            step = prod(len(axis) for axis in axes[number + 1 :])
            for table, side in asked.items():
                if name in side:
                    at = {value: place * step for place, value in enumerate(axes[number])}
                    places[table] += np.array([at[value] for value in side[name]], np.int32)
        return cls(axes, passing.Bases(places["held"], places["what"]))

    @property
    def cells(self) -> int:
        return prod(len(axis) for axis in self.axes)


def _asked(
    connection: duckdb.DuckDBPyConnection, rows: pa.Table, keys: dict[str, str], question: Question
) -> dict[str, list[Any]]:
    """Of each row of a table its value of each key that it knows; and under a blank name whether it is asked about."""
    own = {name: text for name, text in keys.items() if _levels(name, question)[0] in rows.column_names}
    only = [has_value(name, value) for name, value in question.only.items() if name in rows.column_names]
    listed = "".join(f', {text} AS "{name}"' for name, text in own.items())
    connection.register("side", rows.append_column("place", pa.array(np.arange(len(rows)))))
    found = connection.sql(f'SELECT ({" AND ".join(only) or "true"}) AS "asked"{listed} FROM side ORDER BY place')
    table = found.to_arrow_table()
    connection.unregister("side")
    return dict(zip(("", *own), (column.to_pylist() for column in table.columns), strict=True))


def _levels(name: str, question: Question) -> Sequence[str]:
    """The columns that a breakdown is read from."""
    return question.merged[name].levels if name in question.merged else (name,)


def _axis(values: Iterable[str | None]) -> list[str | None]:
    """Each value once, in order, what is unknown last."""
    return sorted(set(values), key=lambda value: (value is None, value or ""))


# -- periods ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some entries of one period, by their places."""

    period: date | None
    rows: slice


def _pieces(entered: Column, question: Question) -> Iterator[_Piece]:
    """The entries that are asked about, in the order in which they were written."""
    first = _first_on(entered, question.since) if question.since else 0
    end = _first_on(entered, question.until + timedelta(days=1)) if question.until else len(entered)
    while first < end:
        period, last = None, end
        if question.period:
            period = beginning(local_day(moment_of(int(entered[first]))), question.period)
            last = min(end, _first_on(entered, following(period, question.period)))
        yield from (_Piece(period, slice(at, min(at + _AT_ONCE, last))) for at in range(first, last, _AT_ONCE))
        first = last


def _first_on(entered: Column, day: date) -> int:
    """The first entry that was written on a day in London or after it."""
    return int(np.searchsorted(entered, microseconds(start_of_day(day))))


# -- counting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """Of a cell in a period its counts (`passing`), and of each number of seconds how often it occurs."""

    cell: int
    period: date | None
    counts: Column
    seconds: Column
    times: Column


def _place(one: _Found) -> tuple[int, date]:
    return one.cell, one.period or date.min


@dataclass(frozen=True, slots=True)
class _Counting:
    """The entries that are counted, where they lie, and the limit and the clock."""

    entries: Any
    table: _Table
    ends: tuple[int, int]

    def cells_of(self, piece: _Piece) -> list[_Found]:
        rows = passing.Rows(**{name: column[piece.rows] for name, column in self.entries.items()})
        cells = self.table.cells
        counts = np.zeros((cells, len(passing.COUNTS)), np.int64)
        times = np.zeros((cells, _room(len(rows.entered), cells)), np.int32)
        passing.count(rows, self.table.bases, *self.ends, counts, times)
        long = counts[:, passing.LONG]
        ends, seconds = np.cumsum(long), np.empty(int(long.sum()), np.int64)
        passing.put(rows, self.table.bases, times.shape[1], ends - long, seconds)
        return [*_cells(piece.period, counts, times, np.split(seconds, ends[:-1]))]


def _room(entries: int, cells: int) -> int:
    """For how many seconds of each cell there is a place to count in, so that there are no more places than entries."""
    return min(_SOON, entries // max(cells, 1))


def _cells(period: date | None, counts: Column, times: Column, long: Sequence[Column]) -> Iterator[_Found]:
    """The cells with any entry, their seconds lowest first."""
    for cell in np.flatnonzero(counts[:, passing.CAME] + counts[:, passing.BEFORE]).tolist():
        soon = np.flatnonzero(times[cell])
        late, of_late = np.unique(long[cell], return_counts=True)
        seconds, often = np.concatenate([soon, late]), np.concatenate([times[cell][soon], of_late])
        yield _Found(cell, period, counts[cell], seconds, often)


def _together(parts: Sequence[_Found]) -> _Found:
    """What was found of one cell of one period in several pieces, as one."""
    if len(parts) == 1:
        return parts[0]
    seconds, which = np.unique(np.concatenate([one.seconds for one in parts]), return_inverse=True)
    times = np.zeros(len(seconds), np.int64)
    np.add.at(times, which, np.concatenate([one.times for one in parts]))
    counts = np.sum([one.counts for one in parts], axis=0)
    return _Found(parts[0].cell, parts[0].period, counts, seconds, times)


def _as_counts(found: Sequence[_Found], table: _Table, measure: Measure, in_periods: bool) -> Counts:
    """The columns of what was found, by the names that the SQL of the measure gives them."""
    lengths = tuple(len(axis) for axis in table.axes)
    along = np.unravel_index(np.array([one.cell for one in found], np.int64), lengths) if lengths else ()
    values = [np.array(axis, object)[at] for axis, at in zip(table.axes, along, strict=True)]
    periods = _objects([one.period for one in found]) if in_periods else None
    counts = np.array([one.counts for one in found], np.int64).reshape(len(found), len(passing.COUNTS))
    nothing = np.zeros(len(found), np.int64)
    unit = SECONDS[measure.unit.rstrip("s")]
    columns: dict[str, Any] = {
        "n": counts[:, passing.CAME],
        "waiting": nothing,
        "unknown": nothing,
        "before": counts[:, passing.BEFORE],
        "values": _objects([one.seconds / unit for one in found]),
        "times": _objects([one.times for one in found]),
        "waits": _objects([np.zeros(0) for _ in found]),
    }
    if measure.within:
        columns |= {"over": counts[:, passing.OVER], "within": counts[:, passing.WITHIN]}
    return Counts(values, periods, columns, len(found))


def _objects(values: Sequence[Any]) -> npt.NDArray[np.object_]:
    """A column of whatever it is, which numpy would else take for a table of numbers."""
    found = np.empty(len(values), object)
    for place, value in enumerate(values):
        found[place] = value
    return found
