"""Evaluating a store version on this machine: slices on all cores, each written as it is done, in bounded memory."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from kept.engine.compiled.entries import Held
from kept.engine.compiled.evaluator import Evaluator
from kept.engine.rules import Rules
from kept.engine.slices import Slice, postings, read, slices
from kept.records.store import StoreVersion

SLICE = 5_000  # subjects: few enough that a slice for each core fits in memory, enough to write well

Progress = Callable[[int], None]


@dataclass(slots=True)
class Done:
    """What an evaluation came to: rows, subjects, and by (duty, cause) how many obligations did not arise."""

    rows: int = 0
    subjects: int = 0
    not_arisen: Counter[tuple[str, str]] = field(default_factory=Counter)


def evaluate_version(version: StoreVersion, rules: Rules, as_of: datetime, into: Path, progress: Progress) -> Done:
    """Evaluate every subject of a version into `obligations-NNNNN.parquet`; `progress` hears of subjects done.

    The compiled pass holds no lock of the interpreter, so threads suffice.
    """
    total = Done()
    for done in _worked(_Work(version, rules, as_of, into)):
        progress(done.subjects)
        total.rows += done.rows
        total.subjects += done.subjects
        total.not_arisen.update(done.not_arisen)
    return total


class _Work:
    """What each slice needs; a thread makes its evaluator once."""

    def __init__(self, version: StoreVersion, rules: Rules, as_of: datetime, into: Path) -> None:
        self.version, self.rules, self.as_of, self.into = version, rules, as_of, into
        self.names = {code: name for name, code in version.codes.items()}
        self.held = Held.of(postings(version), as_of)
        self.of_thread = threading.local()

    def evaluate(self, part: Slice) -> Done:
        if not hasattr(self.of_thread, "evaluator"):
            self.of_thread.evaluator = Evaluator(self.rules, self.names)
        subjects, entries = read(self.version, part, self.rules)
        evaluator: Evaluator = self.of_thread.evaluator
        found, not_arisen = evaluator.evaluate(subjects, entries, self.held, self.as_of)
        pq.write_table(found, self.into / f"obligations-{part.number:05d}.parquet", compression="zstd")
        return Done(len(found), part.last - part.first, not_arisen)


def _worked(work: _Work) -> Iterator[Done]:
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = [threads.submit(work.evaluate, part) for part in slices(work.version, SLICE)]
        try:
            for one in found:
                yield one.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)  # nobody wants what is still to come
            raise
