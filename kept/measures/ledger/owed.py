"""What is owed in a run as its ledgers hold it: which rows a measure has in each, and the table of a question."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from kept.measures.ledger.compiled.layout import CODES
from kept.measures.ledger.packed import counts_of_codes, of_waiting
from kept.measures.ledger.parts import Part
from kept.measures.ledger.stored import Ledger
from kept.measures.ledger.table import Table, table_of
from kept.measures.members.coded import MEASURE, Codes
from kept.measures.names import is_of_windows
from kept.measures.question import Question

Integers = npt.NDArray[np.int64]
_T = TypeVar("_T")
_Job = TypeVar("_Job")


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of obligations: of each a code, all that do not wait before all that do, and what each counts."""

    codes: Integers
    of_code: npt.NDArray[np.int32]
    counts: Mapping[str, Integers]

    @classmethod
    def of(cls, codes: Integers) -> "Kinds":
        """Of the codes that occur, in order."""
        of_code = np.zeros((2, CODES), np.int32)
        of_code[:, codes] = np.arange(2 * len(codes)).reshape(2, -1)
        now = {name: count[codes] for name, count in counts_of_codes().items()}
        later = of_waiting(now)
        return cls(np.tile(codes, 2), of_code, {name: np.append(now[name], later[name]) for name in now})


@dataclass(frozen=True)
class Owed:
    """What is owed in a run as its ledgers hold it, read by a clock in microseconds since 1970."""

    ledgers: Sequence[Ledger]
    codes: Codes
    clock: int

    @classmethod
    def read(cls, folder: Path, buckets: Sequence[int], clock: int) -> "Owed":
        """Of some buckets of a folder of members."""
        return cls([Ledger(folder, bucket) for bucket in buckets], Codes.read(folder), clock)

    def by(self, clock: int) -> "Owed":
        """The same, read by another clock in microseconds since 1970."""
        return self if clock == self.clock else replace(self, clock=clock)

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """The names of each column in the order of their codes, which begin with 1."""
        return {column: [*names] for column, names in self.codes.names.items()}

    @cached_property
    def waiting(self) -> Sequence[Integers]:
        """Of each ledger the places of the rows whose moment is still to come."""
        return [one.waiting(self.clock) for one in self.ledgers]

    @cached_property
    def strays(self) -> Integers:
        """The numbers of the investigations whose victims lie in several buckets."""
        windows = [one for one in self.codes.names.get(MEASURE, {}) if is_of_windows(one)]
        found = [(ledger.bucket, part.cases()) for one in windows for ledger, part in self.parts(one)]
        buckets = {bucket: [cases for at, cases in found if at == bucket] for bucket, _ in found}
        once = [np.unique(np.concatenate(cases)) for cases in buckets.values()]
        numbers, times = np.unique(np.concatenate([np.zeros(0, np.int64), *once]), return_counts=True)
        strays: Integers = numbers[(times > 1) & (numbers >= 0)]
        return strays

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of obligations that occur."""
        codes = (
            np.unique(np.concatenate([one.codes for one in self.ledgers])) if self.ledgers else np.zeros(0, np.int64)
        )
        return Kinds.of(codes)

    def code_of(self, measure: str) -> int:
        """The code of a measure; 0 where nothing is owed under that name."""
        return self.codes.names.get(MEASURE, {}).get(measure, 0)

    def parts(self, measure: str) -> Iterator[tuple[Ledger, Part]]:
        """The rows of a measure in each ledger that has any."""
        code = self.code_of(measure)
        for ledger, waiting in zip(self.ledgers, self.waiting, strict=True):
            if code in ledger.measures:
                yield ledger, Part.of(ledger, code, waiting)

    def table(self, measures: Sequence[str], question: Question) -> Table:
        """The table that a question asks for of some measures."""
        codes = [self.code_of(one) for one in measures]
        found = [one.measures[code] for one in self.ledgers for code in codes if code in one.measures]
        days = [one for one in found if one.last]
        return table_of(
            question,
            self.names,
            (min((one.first for one in days), default=1), max((one.last for one in days), default=0)),
        )


def at_once(step: Callable[[Sequence[_Job]], _T], jobs: Sequence[_Job]) -> list[_T]:
    """A step over all jobs, shared between the processors: what each came to."""
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        return [*pool.map(step, [jobs[place::workers] for place in range(workers)])]
