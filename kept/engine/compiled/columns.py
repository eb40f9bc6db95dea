"""Columns of Arrow tables as the integers that compiled steps read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.engine.compiled import layout as at

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def integers(column: pa.ChunkedArray | pa.Array) -> at.Integers:
    """A column without nulls as 64-bit integers."""
    return np.asarray(column.cast(pa.int64()).to_numpy(), dtype=np.int64)


class Column(NamedTuple):
    """A column's numbers, and a bitmap of those that are there, lowest bit first; no bitmap where all are.

    A number that is not there may be anything. Never to be written to: so a compiled step is made once, wherever its
    columns come from.
    """

    numbers: Any
    there: Any


def complete(numbers: Any) -> Column:
    """A column of which all numbers are there."""
    return Column(numbers, _ALL)


def as_stored(column: pa.ChunkedArray | pa.Array) -> Column:
    """A column of numbers, truths or moments as it is stored, without a copy; moments are microseconds since 1970."""
    whole = _whole(column)
    if pa.types.is_boolean(whole.type):
        return Column(_read_only(whole.to_numpy(zero_copy_only=False)), _ALL)
    there, numbers = whole.buffers()
    kind = pa.int64() if pa.types.is_timestamp(whole.type) else whole.type
    if not len(whole):
        return Column(_read_only(np.empty(0, kind.to_pandas_dtype())), _ALL)
    found = np.frombuffer(numbers, kind.to_pandas_dtype(), len(whole), whole.offset * kind.bit_width // 8)
    return Column(_read_only(found), np.frombuffer(there, np.uint8) if whole.null_count else _ALL)


def moments(column: pa.ChunkedArray | pa.Array) -> at.Integers:
    """A column of moments in microseconds since 1970; NEVER where it is null."""
    values = column.cast(pa.int64())
    return integers(values.fill_null(at.NEVER) if values.null_count else values)


def microseconds(moment: datetime | None) -> int:
    """A moment as the tables hold it."""
    if moment is None:
        return at.NEVER
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment_of(microseconds: int) -> datetime:
    """A moment of the tables as Python's own."""
    return _EPOCH + np.timedelta64(microseconds, "us").astype(object)


@dataclass(frozen=True, slots=True)
class Turns:
    """For some subjects, by number, the first moment at which the clock alone changes what is seen of them."""

    numbers: at.Integers
    moments: at.Integers

    @staticmethod
    def after(as_of: int, numbers: at.Integers, *columns: at.Integers) -> "Turns":
        """The first of the moments after `as_of` in these columns, each with one of `numbers`."""
        later = [column > as_of for column in columns]
        found = np.concatenate([numbers[where] for where in later])
        when = np.concatenate([column[where] for column, where in zip(columns, later, strict=True)])
        order = np.lexsort((when, found))
        distinct, first = np.unique(found[order], return_index=True)
        return Turns(distinct, when[order][first])

    @staticmethod
    def soonest(turns: Sequence["Turns"]) -> "Turns":
        """For each subject the soonest of several."""
        return Turns.after(
            at.NEVER, np.concatenate([one.numbers for one in turns]), np.concatenate([one.moments for one in turns])
        )

    def of(self, numbers: at.Integers) -> at.Integers:
        """The moment for each of these numbers; NEVER where there is none."""
        return looked_up(numbers, self.numbers, self.moments, at.NEVER)


def looked_up(wanted: at.Integers, keys: at.Integers, values: at.Integers, absent: int) -> at.Integers:
    """For each wanted key its value; `keys` are in order, each once."""
    if not len(keys):
        return np.full(len(wanted), absent, dtype=np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], absent)


def codes(column: pa.ChunkedArray, texts: Sequence[str]) -> tuple[Column, at.Integers]:
    """A column of texts as numbers from 0, and what each means, after what it means that there is none.

    It means the text's place among `texts`; one past the last for any other, two past it for none.
    """
    coded = encoded(column)
    found = pc.index_in(coded.dictionary, pa.array(texts, pa.string())).fill_null(len(texts))
    return as_stored(coded.indices), np.append(len(texts) + 1, integers(found))


def texts_at(column: pa.ChunkedArray, places: at.Integers) -> tuple[list[Any], at.Integers]:
    """The different texts in some places, and for each place which of them it holds."""
    coded = encoded(column).take(pa.array(places)).cast(pa.string()).dictionary_encode()
    return coded.dictionary.to_pylist(), integers(coded.indices.fill_null(-1))


def encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of texts as one array of codes."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return _whole(coded.unify_dictionaries())


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array, whose bitmap begins with its first value."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    if len(chunks) == 1 and (not chunks[0].offset or not chunks[0].null_count):
        return chunks[0]
    return pa.concat_arrays(chunks) if chunks else pa.array([], column.type)


def _read_only(numbers: Any) -> Any:
    numbers.setflags(write=False)
    return numbers


_ALL = _read_only(np.empty(0, dtype=np.uint8))
