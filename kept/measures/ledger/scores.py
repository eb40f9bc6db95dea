"""What a unit can come to in a cell: each different sum of its rows as a number, and what that adds to a figure."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kept.measures.ledger.compiled import adding
from kept.measures.ledger.compiled.layout import CODES, WIDE
from kept.measures.ledger.owed import Kinds
from kept.measures.ledger.packed import (
    KEPT,
    RATED,
    SUMMED,
    bits_of,
    kept_by_bits,
    summed,
    told_apart,
    unpacked,
    wide,
    widely_unpacked,
)

Integers = npt.NDArray[np.int64]
OfCodes = npt.NDArray[np.int32]
"""The kind of a row by its code, first of rows that do not wait, then of those that do."""
MOST = 126
"""How many scores are told apart at most: a month has few, and what is rarer is added up one by one."""
_PLACES = 1 << 23
"""How many numbers the times of all scores in all cells may be, where there are many cells."""


@dataclass(frozen=True, slots=True)
class OfDuty:
    """Of the obligations of a duty: all that is counted of them is added up."""

    of_codes: OfCodes
    counts: Integers
    names: tuple[str, ...] = SUMMED

    @classmethod
    def of(cls, kinds: Kinds) -> "OfDuty":
        """Of the kinds that there are: codes that count the same are of one kind."""
        counts, kind = told_apart(kinds.counts)
        return cls(kind[kinds.of_code].astype(np.int32), wide(counts))

    def kinds(self, tallies: Integers) -> OfCodes:
        """The kinds of codes in a ledger; none is of a tally."""
        return self.of_codes

    def scores(self, cells: int) -> adding.Scores:
        """No score but that of nothing is known before there are rows."""
        most = max(len(self.counts) + 2, min(MOST, _PLACES // cells))
        joined = np.full((most, len(self.counts)), -1, np.int32)
        return adding.Scores(joined, np.zeros((most, WIDE), np.int64), self.counts, np.ones(1, np.int64))

    def adds(self, scores: adding.Scores) -> Integers:
        """What a unit of each score adds to each of `names`, as rows."""
        return summed(widely_unpacked(scores.counts[: scores.found[0]]))


@dataclass(frozen=True, slots=True)
class OfAll:
    """Of all that is owed under a right or the whole Code: the bits of all rows of a unit are its score."""

    names: tuple[str, ...] = KEPT

    def kinds(self, tallies: Integers) -> OfCodes:
        """The bits of each code in a ledger, none of what waits."""
        bits = np.append(np.zeros(CODES, np.int64), bits_of(unpacked(tallies, RATED)))
        return np.stack([bits, np.zeros_like(bits)]).astype(np.int32)

    def scores(self, cells: int) -> adding.Scores:
        """All of them, and one for what has none, which does not occur."""
        bits = np.arange(1 << len(KEPT), dtype=np.int32)
        joined = np.full((len(bits) + 1, len(bits)), -1, np.int32)
        joined[bits] = bits[:, None] | bits
        nothing: Any = np.zeros((len(bits) + 1, WIDE), np.int64)
        return adding.Scores(joined, nothing, nothing, np.array([len(bits)], np.int64))

    def adds(self, scores: adding.Scores) -> Integers:
        """What a unit of each score adds to each of `names`, as rows."""
        return kept_by_bits()
