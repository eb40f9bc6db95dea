"""Evaluating a store version on this machine: pieces on all cores, each written as it is done, in bounded memory."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kept.engine.compiled.columns import microseconds
from kept.engine.compiled.entries import COLUMNS
from kept.engine.compiled.evaluator import Evaluator, Found
from kept.engine.compiled.subjects import Held, Known
from kept.engine.obligation import MOMENT
from kept.engine.rows import TURNS
from kept.engine.rules import Rules
from kept.engine.slices import Piece, numbered_postings
from kept.records.abreast import abreast
from kept.records.version import StoreVersion

Progress = Callable[[int], None]
Evaluate = Callable[["Task", Sequence[Piece], Path, Progress], "Done"]
"""A way to evaluate pieces: `evaluate_pieces`, or one that has them worked on elsewhere."""

_BUCKETS_AT_HAND = 3  # so many buckets' subjects stay in memory: pieces come in order of their buckets


@dataclass(slots=True)
class Done:
    """What an evaluation came to: rows, subjects, and by the number of its cause how many obligations did not arise."""

    rows: int = 0
    subjects: int = 0
    omitted: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Done") -> None:
        self.rows += other.rows
        self.subjects += other.subjects
        self.omitted.update(other.omitted)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be evaluated; with `only`, of these subjects alone: rows with the columns `slices.CONCERNED`."""

    version: StoreVersion
    rules: Rules
    as_of: datetime
    only: pa.Table | None = None


class Work:
    """A task made ready, for all pieces; a thread makes its evaluator once."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.as_of = microseconds(task.as_of)
        self.names = {code: name for name, code in task.version.codes.items()}
        self.held = Held.of(numbered_postings(task.version, task.only), self.as_of)
        self._of_thread = threading.local()
        self._lock = threading.Lock()
        self._known: dict[int, Known] = {}

    def evaluate(self, piece: Piece, into: Path) -> Done:
        """Evaluate a piece and write what was found into a folder."""
        evaluator = self._evaluator()
        found = evaluator.evaluate(self._known_of(piece.bucket), piece.read([*COLUMNS, "made"]), self.as_of)
        _write(found, into, piece.number)
        causes, counts = np.unique(found.omitted.column("cause").to_numpy(), return_counts=True)
        return Done(len(found.rows), found.subjects, Counter(dict(zip(causes.tolist(), counts.tolist(), strict=True))))

    def _evaluator(self) -> Evaluator:
        if not hasattr(self._of_thread, "evaluator"):
            self._of_thread.evaluator = Evaluator(self.task.rules, self.names)
        evaluator: Evaluator = self._of_thread.evaluator
        return evaluator

    def _known_of(self, bucket: int) -> Known:
        """The subjects of a bucket; where only some are evaluated, all of those at once."""
        only = self.task.only
        place = bucket if only is None else 0
        with self._lock:
            if place not in self._known:
                if len(self._known) == _BUCKETS_AT_HAND:
                    del self._known[min(self._known)]
                subjects = self.task.version.subjects(bucket, Known.COLUMNS) if only is None else only
                self._known[place] = Known.of(subjects, self.held, self.as_of)
            return self._known[place]


def evaluate_pieces(task: Task, pieces: Sequence[Piece], into: Path, progress: Progress) -> Done:
    """Evaluate pieces on all cores, into a folder; `progress` hears of subjects done.

    The compiled pass holds no lock of the interpreter, so threads suffice.
    """
    total = Done()
    work = Work(task)
    for done in abreast(lambda piece: work.evaluate(piece, into), pieces, os.cpu_count() or 1):
        progress(done.subjects)
        total.add(done)
    return total


def _write(found: Found, into: Path, number: int) -> None:
    turning = found.turning
    turns = pa.table([turning.numbers, pa.array(turning.moments).view(MOMENT)], schema=TURNS)
    for name, table in (("rows", found.rows), ("omitted", found.omitted), ("turns", turns)):
        if len(table):
            # Plain columns under a light compression are written twice as fast as dictionaries under a heavy one.
            path = into / f"{name}-{number:05d}.parquet"
            pq.write_table(table, path, compression="lz4", use_dictionary=False, write_statistics=["subject"])
