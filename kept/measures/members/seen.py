"""The entries of timelines that a run saw, as arrays: sorted by kind, so that a column looks only at its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from kept.code.model import Selector
from kept.records.reading import readable

Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]
_NEVER = np.iinfo(np.int64).max
_NUMBERS = ("subject", "at", "kind", "planned", "entered", "withdrawn", "since", "made")
KEYS = ("crime", "item")
"""The texts of an entry by which it may belong to one of several members on its timeline."""
NONE = -1
"""The code of a text, the place of a row, or the load of a subject that is not there."""
_AT_ONCE = 4  # row groups


@dataclass(frozen=True, slots=True)
class Known:
    """The subjects of one bucket that a run knew: the first number there may be, and which load prepared each timeline.

    `made` has a place for every number of the bucket; NONE of what the run did not know.
    """

    first: int
    made: Integers

    @classmethod
    def of(cls, subjects: pa.Table, first: int, size: int) -> "Known":
        """Of rows with the columns subject and made, one a subject, in a bucket of so many numbers."""
        made = np.full(size, NONE, np.int64)
        made[np.asarray(subjects.column("subject").to_numpy()) - first] = subjects.column("made").to_numpy()
        return cls(first, made)

    def counts(self, subjects: Integers, made: Integers) -> npt.NDArray[np.bool_]:
        """Whether each entry is of a known subject, and of its timeline as last prepared."""
        found: npt.NDArray[np.bool_] = self.made[subjects - self.first] == made
        return found


@dataclass(frozen=True, slots=True)
class Text:
    """A column of texts: the place of each in the words that occur; NONE where there is none."""

    codes: npt.NDArray[np.int32]
    words: pa.Array

    def among(self, wanted: Iterable[str]) -> npt.NDArray[np.int32]:
        """The codes of some words, of those that occur."""
        found = pa.compute.index_in(pa.array(list(wanted), pa.string()), value_set=self.words).drop_null()
        return np.asarray(found.to_numpy(zero_copy_only=False), np.int32)


@dataclass(frozen=True, slots=True)
class Seen:
    """Entries that a run saw, sorted by kind and within a kind as they stand on timelines. Moments are microseconds."""

    subject: Integers
    at: Integers
    entered: Integers
    texts: Mapping[str, Text]
    kinds: Mapping[int, slice]

    def of_kind(self, code: int) -> Places:
        """The entries of a kind."""
        found = self.kinds.get(code, slice(0, 0))
        return np.arange(found.start, found.stop)

    def fitting(self, selectors: Iterable[Selector], codes: Mapping[str, int]) -> Places:
        """The entries that any of the selectors wants, each once."""
        found = [self._fitting(one, codes.get(one.kind, NONE)) for one in selectors]
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    def _fitting(self, one: Selector, code: int) -> Places:
        here = self.of_kind(code)
        for name, wanted in one.fields().items():
            text = self.texts[name]
            here = here[np.isin(text.codes[here], text.among(map(str, wanted)))]
        return here


def seen_in(path: Path, known: Known, as_of: int, kinds: Iterable[int], texts: Iterable[str]) -> Iterator[Seen]:
    """What a run saw in a file of timelines at `as_of`, a few row groups at a time: the entries of some kinds.

    A subject's entries are all in one row group. Raises StoreError where the file cannot be read.
    """
    names = [*texts]
    with readable([path]), pq.ParquetFile(path, read_dictionary=names) as file:
        for first in range(0, file.num_row_groups, _AT_ONCE):
            groups = [*range(first, min(first + _AT_ONCE, file.num_row_groups))]
            read = file.read_row_groups(groups, columns=[*_NUMBERS, *names], use_threads=False)
            yield _seen(read, known, as_of, np.fromiter(kinds, np.int16), names)


def _seen(read: pa.Table, known: Known, as_of: int, kinds: npt.NDArray[np.int16], texts: list[str]) -> Seen:
    kind = read.column("kind").to_numpy()
    wanted = np.zeros(max(kind.max(initial=0), kinds.max(initial=0)) + 1, np.bool_)
    wanted[kinds] = True
    here = np.flatnonzero(wanted[kind] & ~read.column("planned").to_numpy())
    subject, at, entered = (_moments(read, name)[here] for name in ("subject", "at", "entered"))
    since, withdrawn = (_moments(read, name, _NEVER)[here] for name in ("since", "withdrawn"))
    visible = (at <= as_of) & (np.where(since == _NEVER, entered, since) <= as_of) & (withdrawn > as_of)
    visible &= known.counts(subject, _moments(read, "made")[here])
    order = np.flatnonzero(visible)
    order = order[np.argsort(kind[here[order]], kind="stable")]
    rows = here[order]
    return Seen(subject[order], at[order], entered[order], {n: _text(read, n, rows) for n in texts}, _spans(kind[rows]))


def _moments(read: pa.Table, name: str, absent: int = 0) -> Integers:
    """A column of numbers or moments as numbers."""
    column = read.column(name)
    if column.null_count:
        column = column.cast(pa.int64()).fill_null(absent)
    return np.asarray(column.cast(pa.int64()).to_numpy(), np.int64)


def _text(read: pa.Table, name: str, rows: Places) -> Text:
    column = read.column(name).unify_dictionaries().combine_chunks()
    codes = column.indices.fill_null(NONE).to_numpy(zero_copy_only=False)
    return Text(codes[rows].astype(np.int32, copy=False), column.dictionary)


def _spans(kinds: npt.NDArray[np.int16]) -> dict[int, slice]:
    """Where each kind begins and ends in sorted ones."""
    found, first = np.unique(kinds, return_index=True)
    ends = np.append(first[1:], len(kinds))
    return {int(kind): slice(int(a), int(b)) for kind, a, b in zip(found, first, ends, strict=True)}
