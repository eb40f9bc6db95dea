"""Numbers that stand for texts within one timeline, so that an evaluation compares integers and reads no text.

The same text in any of the seven columns of one subject has the same number; where a text is null it is 0. Numbers
begin at 1 and are given by first appearance, entry by entry and, in one entry, in the order of `LINKED`.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

LINKED = ("crime", "victim", "suspect", "hearing", "item", "answers", "id")
"""The columns whose texts are numbered together: what an entry answers is the id of another, or names a hearing."""
NUMBERED = tuple(f"{name}_no" for name in LINKED)

Integers: TypeAlias = npt.NDArray[np.int64]
_NULL = -1


def numbered(entries: pa.Table) -> pa.Table:
    """Add `position` and the link numbers (int32) to the entries of whole subjects, sorted by subject and in order."""
    subjects = np.asarray(entries.column("subject").to_numpy(), dtype=np.int64)
    added = {"position": _positions(subjects), **dict(zip(NUMBERED, _links(entries, subjects).T, strict=True))}
    for name, values in added.items():
        entries = entries.append_column(name, pa.array(values, pa.int32()))
    return entries


def _positions(subjects: Integers) -> Integers:
    first = _starts(subjects)
    return np.arange(len(subjects)) - np.repeat(first, np.diff(first, append=len(subjects)))


def _links(entries: pa.Table, subjects: Integers) -> npt.NDArray[np.int32]:
    """A row for each entry, a column for each of `LINKED`."""
    texts = _texts(entries)
    keys = np.empty((len(subjects), len(LINKED)), dtype=np.int64)
    for column, codes in enumerate(texts.reshape(len(LINKED), -1)):
        keys[:, column] = np.where(codes == _NULL, _NULL, (subjects << 32) | codes)
    said = keys != _NULL
    found = pa.array(keys[said]).dictionary_encode()
    numbers = np.zeros(keys.shape, dtype=np.int32)
    numbers[said] = (_positions(found.dictionary.to_numpy() >> 32) + 1)[found.indices.to_numpy()]
    return numbers


def _texts(entries: pa.Table) -> Integers:
    """A code for each text of the seven columns, one column after another."""
    chunks = [chunk for name in LINKED for chunk in entries.column(name).chunks]
    encoded = pa.chunked_array(chunks, pa.string()).combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices.cast(pa.int64()).fill_null(_NULL).to_numpy(zero_copy_only=False))


def _starts(subjects: Integers) -> Integers:
    """Where each run of equal numbers begins."""
    return np.flatnonzero(np.diff(subjects, prepend=_NULL))
