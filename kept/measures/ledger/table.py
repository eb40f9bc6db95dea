"""A table that a question asks for: along which axes it lies, and where each day, subject and posting lies in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from kept.errors import MeasureError, StoreError
from kept.measures.catalogue import HELD_BY
from kept.measures.ledger.compiled.layout import DAYS, MOST_CELLS, OUTSIDE
from kept.measures.ledger.compiled.looking import Bases, placed
from kept.measures.ledger.days import begins_of, day_of, number_of
from kept.measures.ledger.stored import Columns, as_stored
from kept.measures.members.coded import CODE, UNKNOWN, Coded
from kept.measures.question import Merged, Question

Places = npt.NDArray[np.int32]
Names = Mapping[str, Sequence[str]]
"""The names of each column in the order of their codes, which begin with 1."""


Values = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Axes:
    """Cells in columns: their values of each breakdown, None where unknown, and the first days of their periods.

    `periods` is None where there is no such axis, and `size` how many cells there are.
    """

    values: tuple[Values, ...]
    periods: Values | None
    size: int


@dataclass(frozen=True, slots=True)
class Groups:
    """Values of some levels, of which there are so many codes, put together: the place of each combination."""

    levels: tuple[str, ...]
    sizes: tuple[int, ...]
    of_codes: Mapping[tuple[int, ...], int]

    def of(self, columns: Columns) -> Coded:
        """The group of each row of columns; 0 of what is in none."""
        known = sorted((self._key(codes), group) for codes, group in self.of_codes.items())
        asked = self._key(columns[level].astype(np.int64) for level in self.levels)
        if not known:
            return np.zeros(len(asked), CODE)
        keys, groups = np.array([key for key, _ in known], np.int64), np.array([group for _, group in known], CODE)
        at = np.searchsorted(keys, asked).clip(max=len(keys) - 1)
        return as_stored(np.where(keys[at] == asked, groups[at], UNKNOWN).astype(CODE))

    def _key(self, codes: Iterable[Any]) -> Any:
        return sum(one * prod(self.sizes[:place]) for place, one in enumerate(codes))


@dataclass(frozen=True, slots=True)
class Table:
    """The values of each breakdown, then the periods, which change fastest, and where rows lie along them.

    periods   their first days; none where there is no such axis
    of_day    where each day lies; OUTSIDE of those not asked for
    columns   of each column that is looked at, or that groups are made of, where each of its codes lies
    """

    breakdowns: tuple[Sequence[str | None], ...]
    periods: Sequence[date] | None
    of_day: Places
    columns: tuple[tuple[str | Groups, Places], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        lengths = tuple(len(values) for values in self.breakdowns)
        return lengths if self.periods is None else (*lengths, len(self.periods))

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    def along(self, places: npt.NDArray[np.integer]) -> Axes:
        """The cells at some places of the table."""
        along = np.unravel_index(places, self.shape) if self.shape else ()
        values = tuple(_at(values, found) for values, found in zip(self.breakdowns, along, strict=False))
        return Axes(values, None if self.periods is None else _at(self.periods, along[-1]), len(places))

    def bases(self, known: Columns, postings: Columns) -> Bases:
        """Where each day, subject and posting lies; a row is at the sum of its three, outside where that is below 0."""
        of_subject, of_posting = (np.zeros(len(next(iter(side.values()))), np.int32) for side in (known, postings))
        for column, places in self.columns:
            held = (column.levels[0] if isinstance(column, Groups) else column) in HELD_BY
            side = postings if held else known
            codes = column.of(side) if isinstance(column, Groups) else side[column]
            _require_known(column, codes, places)
            placed(codes, places, of_posting if held else of_subject)
        return Bases(self.of_day, of_subject, of_posting)


def _require_known(column: str | Groups, codes: Coded, places: Places) -> None:
    """Refuse codes without a name, as damaged files may have: the steps ask no more."""
    if int(codes.max(initial=0)) >= len(places):
        name = column if isinstance(column, str) else " and ".join(column.levels)
        raise StoreError(
            f"The members of a run are damaged: a {name} has no name.",
            why="The codes of what figures are divided by do not belong to the names beside them.",
            what_to_do="Delete the folder of these members; it is made anew when figures are next asked for.",
        )


def _at(values: Sequence[Any], places: npt.NDArray[np.integer]) -> Values:
    found: Values = np.array(values, object)[places]
    return found


def table_of(question: Question, names: Names, span: tuple[int, int]) -> Table:
    """The table of a question; `span` is the first and the last day of what there is."""
    of_day, periods = _of_days(question, span)
    values = tuple(_values(name, question, names) for name in question.by)
    lengths = [*(len(one) for one in values), 1 if periods is None else len(periods)]
    _require_room(lengths)
    columns = []
    for place, name in enumerate(question.by):
        step = int(np.prod(lengths[place + 1 :], dtype=np.int64))
        merged = question.merged.get(name)
        column = _groups(merged, names) if merged else name
        columns.append((column, _places_of(_shown(merged) if merged else names.get(name, ())) * step))
    only = [(name, _only(value, names.get(name, ()))) for name, value in question.only.items()]
    return Table(values, periods, of_day, (*columns, *only))


def _require_room(lengths: Sequence[int]) -> None:
    if (cells := prod(lengths)) > MOST_CELLS:
        raise MeasureError(
            f"A table of {cells:,} cells was asked for.",
            why=f"There is room for {MOST_CELLS:,}, and nobody could read as many.",
            what_to_do="Ask by less, of a shorter time, or in longer periods.",
        )


def _values(name: str, question: Question, names: Names) -> Sequence[str | None]:
    """The values of a breakdown in order, what is unknown last."""
    merged = question.merged.get(name)
    return [*sorted(_shown(merged) if merged else names.get(name, ())), None]


def _shown(merged: Merged) -> list[str]:
    return [*dict.fromkeys(merged.names.values())]


def _places_of(names: Sequence[str]) -> Places:
    """Where each code lies on an axis of such names."""
    place_of = {name: place for place, name in enumerate(sorted(names))}
    return np.array([len(names), *(place_of[name] for name in names)], np.int32)


def _of_days(question: Question, span: tuple[int, int]) -> tuple[Places, Sequence[date] | None]:
    """Where each day lies on the axis of periods, and the first days of these. Without a period, all at one place."""
    numbers = np.arange(DAYS)
    first = number_of(question.since) if question.since else 0
    last = number_of(question.until) if question.until else DAYS - 1
    asked = (numbers >= first) & (numbers <= last)
    if question.since or question.until or question.period:
        asked[0] = False
    if not question.period:
        return np.where(asked, 0, OUTSIDE).astype(np.int32), None
    begins = begins_of(question.period)
    asked &= (numbers >= span[0]) & (numbers <= span[1])
    periods = np.unique(begins[asked])
    place = np.searchsorted(periods, begins)
    return np.where(asked, place, OUTSIDE).astype(np.int32), [day_of(int(one)) for one in periods]


def _only(value: str, names: Sequence[str]) -> Places:
    """The places of the codes of a column of which only those with a value are asked for."""
    places = np.full(len(names) + 1, OUTSIDE, np.int32)
    if value == "unknown":
        places[UNKNOWN] = 0
    elif value in names:
        places[names.index(value) + 1] = 0
    return places


def _groups(merged: Merged, names: Names) -> Groups:
    group_of = {name: group for group, name in enumerate(_shown(merged), start=1)}
    codes = [_codes_of(names.get(level, ())) for level in merged.levels]
    of_codes = {
        combined: group_of[name]
        for values, name in merged.names.items()
        for combined in product(*(of.get(value, ()) for of, value in zip(codes, values, strict=True)))
    }
    return Groups(merged.levels, tuple(len(names.get(level, ())) + 1 for level in merged.levels), of_codes)


def _codes_of(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The codes of each name: what somebody has called unknown goes with what is not known."""
    codes = {name: (code,) for code, name in enumerate(names, start=1)}
    return codes | {"unknown": (UNKNOWN, *codes.get("unknown", ()))}
