"""Arrow columns of the contract's tables, made from numbers."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.contract.tables import BY_NAME
from kept.demo.moments import NEVER, Ints

TYPES = {"moment": pa.timestamp("us", "UTC"), "number": pa.float64(), "flag": pa.bool_()}
Text: TypeAlias = str | pa.Array | None


def schema(table: str) -> pa.Schema:
    """The contract's columns of one table, typed as an extract gives them."""
    columns = BY_NAME[table].columns
    return pa.schema([(column.name, TYPES.get(column.type, pa.string())) for column in columns])


def label(prefix: str, numbers: Ints, absent: int = -1) -> pa.Array:
    """Ids such as V00000012; null where the number is `absent`."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 8, "0")
    named = pc.binary_join_element_wise(prefix, digits, "")
    if (numbers == absent).any():
        return pc.if_else(pa.array(numbers == absent), pa.scalar(None, pa.string()), named)
    return named


def words(choices: Sequence[str | None], index: Ints) -> pa.Array:
    """The word at each index; null where the index is below zero."""
    at = pa.array(index, mask=index < 0)
    return pa.array(choices, pa.string()).take(at)


def picked(rng: np.random.Generator, weighted: dict[str, float], size: int) -> pa.Array:
    """Words drawn by weight."""
    weights = np.array(list(weighted.values()))
    return words(list(weighted), rng.choice(weights.size, size, p=weights / weights.sum()))


def moments(values: Ints) -> pa.Array:
    """Timestamps; null where NEVER."""
    return pa.array(values, pa.int64(), mask=values >= NEVER).cast(TYPES["moment"])


def text(value: Text, size: int) -> pa.Array:
    """A column of one word, of nothing, or the column that was given."""
    if value is None:
        return pa.nulls(size, pa.string())
    return pa.repeat(pa.scalar(value), size) if isinstance(value, str) else value


def table(name: str, size: int, columns: dict[str, pa.Array]) -> pa.Table:
    """A contract table from some of its columns; the others are null."""
    of = schema(name)
    given = [columns[field.name] if field.name in columns else pa.nulls(size, field.type) for field in of]
    return pa.Table.from_arrays(given, schema=of)
