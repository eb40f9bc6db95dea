"""What the entries that a run saw say of each member: when something first or last happened, how often, and facts.

What is said of a whole investigation holds for each of its crimes; a fact that is said of no item holds for each item.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from kept.engine.compiled.columns import as_stored, encoded
from kept.measures.members.compiled import telling
from kept.measures.members.compiled.telling import EARLIEST, LATEST, NONE, Integers
from kept.measures.members.planned import KEYS, LEVEL_OF, LEVELS, TEXT_OF, Planned, Tables
from kept.measures.model import Column, Population
from kept.records.reading import readable
from kept.records.timelines import ENTRIES

_NUMBERS = ("subject", "made", "kind", "planned", "at", "entered", "withdrawn", "since")
_MOMENT = ENTRIES.field("at").type
_ABSENT = {"first": LATEST, "last": EARLIEST, "count": 0, "who": NONE, "fact": NONE, "since": EARLIEST}
"""What stands where nothing was said."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of texts that stand in cells, each once, in the order in which they were met."""

    codes: dict[str, int] = field(default_factory=dict)

    def of(self, words: pa.Array) -> Integers:
        """The code of each word, and last NONE, for the place of what is not there."""
        known = self.codes
        return np.array([*(known.setdefault(word, len(known)) for word in words.to_pylist()), NONE], np.int64)

    def words(self) -> pa.Array:
        """Every word, by its code."""
        return pa.array(list(self.codes), pa.string())


@dataclass(frozen=True, slots=True)
class Part:
    """Members that a row group tells of: subjects, keys, and a row of cells for each column."""

    subjects: Integers
    keys: pa.Array
    cells: Integers


@dataclass(frozen=True, slots=True)
class Gathered:
    """The members of one population in order of their subjects: by number, with the text that names each, or null.

    `cells` has a row for each column of those `gathered`; where it is of texts, the places of words.
    """

    columns: Sequence[Column]
    subjects: Integers
    keys: pa.Array
    cells: Integers
    texts: pa.Array

    def moments(self, name: str) -> pa.Array:
        """A column of moments, null where there is none."""
        values, absent = self._cells(name)
        return pa.array(values, mask=values == absent).cast(_MOMENT)

    def counts(self, name: str) -> pa.Array:
        return pa.array(self._cells(name)[0])

    def words(self, name: str) -> tuple[pa.Array, npt.NDArray[np.int32]]:
        """The words that occur in a column of texts, and for each member the place of its own; NONE of none."""
        codes = self._cells(name)[0]
        there = np.zeros(len(self.texts) + 1, np.bool_)
        there[codes] = True
        there[NONE] = False
        places = np.where(there, np.cumsum(there) - 1, NONE).astype(np.int32)
        return self.texts.filter(pa.array(there[:-1])), places[codes]

    def _cells(self, name: str) -> tuple[Integers, int]:
        place = next(place for place, column in enumerate(self.columns) if column.name == name)
        return self.cells[place], _ABSENT[self.columns[place].how]


def gathered_from(
    files: Sequence[Path], planned: Planned, whose: telling.Whose, as_of: int
) -> Iterator[tuple[Population, Gathered]]:
    """For each population what entries seen at a moment say of its members.

    Where subjects are the members, all of them are there, heard of or not. A subject's entries are all in one row
    group. Raises StoreError where a file cannot be read.
    """
    texts, tables = Texts(), planned.tables()
    found: list[list[Part]] = [[] for _ in planned.populations]
    for path in files:
        for group in _row_groups(path, planned.texts):
            for parts, part in zip(found, said_in(group, planned, tables, whose, as_of, texts), strict=True):
                parts.append(part)
    words = texts.words()
    for number, one in enumerate(planned.populations):
        everybody = np.flatnonzero(whose.level == LEVELS.index(LEVEL_OF[one.grain])) + whose.first
        whole = everybody if one.grain not in KEYS else everybody[:0]
        yield one, _together(planned.columns[planned.span(number)], found[number], whole, words)


def _together(columns: Sequence[Column], parts: list[Part], everybody: Integers, words: pa.Array) -> Gathered:
    """The members of all parts, and whoever of everybody is in none, in order of their subjects."""
    heard = np.concatenate([*(part.subjects for part in parts), everybody[:0]])
    silent = np.setdiff1d(everybody, heard)
    subjects = np.concatenate([heard, silent])
    order = np.argsort(subjects, kind="stable")
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    cells, first = np.empty((len(columns), len(order)), np.int64), 0
    for part in parts:
        end = first + len(part.subjects)
        cells[:, _span(places[first:end])] = part.cells
        first = end
    cells[:, places[first:]] = np.array([[_ABSENT[column.how]] for column in columns], np.int64).reshape(-1, 1)
    keys = pa.concat_arrays([*(part.keys for part in parts), pa.nulls(len(silent), pa.string())])
    return Gathered(columns, subjects[order], keys.take(pa.array(order)), cells, words)


def _span(places: Integers) -> slice | Integers:
    """The places as a span where they follow each other: it is quicker to write to."""
    if len(places) and places[-1] - places[0] == len(places) - 1 and np.all(np.diff(places) == 1):
        return slice(int(places[0]), int(places[-1]) + 1)
    return places


def _row_groups(path: Path, texts: Sequence[str]) -> Iterator[pa.Table]:
    """One after another: to read several at once takes new memory for each, which costs more than the reading."""
    with readable([path]), pq.ParquetFile(path, read_dictionary=[*texts]) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, columns=[*_NUMBERS, *texts], use_threads=False)


def said_in(
    group: pa.Table, planned: Planned, tables: Tables, whose: telling.Whose, as_of: int, texts: Texts
) -> Iterator[Part]:
    """What the entries of a row group say of the members of each population."""
    coded = [encoded(group.column(name)) for name in planned.texts]
    words = [one.dictionary for one in coded]
    told = _room(len(planned.columns), len(planned.populations), len(group), max(map(len, words), default=0))
    telling.tell(_entries(group, coded), whose, tables.plan(words), told, as_of)
    meanings = {how: texts.of(words[planned.texts.index(text)]) for how, text in TEXT_OF.items()}
    for number, one in enumerate(planned.populations):
        rows = slice(1, told.counts[number])
        cells = told.cells[rows, planned.span(number)].T.copy()
        for place, column in enumerate(planned.columns[planned.span(number)]):
            if column.how in meanings:
                cells[place] = meanings[column.how][cells[place]]
        subjects, keys = told.subjects[rows, number].copy(), pa.nulls(rows.stop - 1, pa.string())
        if one.grain in KEYS:
            keys = words[planned.texts.index(one.grain)].take(pa.array(told.keys[rows, number])).cast(pa.string())
        yield Part(subjects, keys, cells)


def _entries(group: pa.Table, coded: Sequence[pa.DictionaryArray]) -> telling.Entries:
    columns = {name: as_stored(group.column(name)) for name in _NUMBERS}
    told: dict[str, Any] = {name: one.numbers for name, one in columns.items()}
    told |= {name: columns[name] for name in ("withdrawn", "since")}
    texts = np.empty((len(coded), len(group)), np.int32)
    for codes, one in zip(texts, coded, strict=True):
        telling.copy_codes(as_stored(one.indices), codes)
    return telling.Entries(**told, texts=texts)


def _room(columns: int, populations: int, entries: int, words: int) -> telling.Told:
    """Room for as many members as there are entries; what is never written to takes no memory."""
    size = entries + 1
    return telling.Told(
        np.empty((size, columns), np.int64),
        np.empty((size, populations), np.int64),
        np.empty((size, populations), np.int64),
        np.empty((size, populations), np.bool_),
        np.zeros((populations, words), np.int64),
        np.ones(populations, np.int64),
        np.ones(populations, np.int64),
    )
