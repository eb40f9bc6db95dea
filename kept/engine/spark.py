"""Evaluating a store version on Spark: one task a piece, by the function that evaluates a piece on one machine.

Nothing is shuffled, and no order of rows is relied on. A task writes into a folder of its own attempt; only the driver
puts files where they belong, those of one attempt for each piece, however many Spark made.
"""

import gc
import os
import pickle
import shutil
import sys
import threading
import traceback
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipimport import zipimporter

import pyarrow as pa

from kept import __version__
from kept.engine.local import Done, Evaluate, Progress, Task, Work
from kept.engine.slices import Piece
from kept.engine.spark_session import opened, spoken
from kept.errors import SparkError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SCHEMA = "piece long, outcome binary"
_STOPPED = "stopped"
"""A file beside the attempts that says that one has failed, so that tasks still to come need not begin."""
_AT_ONCE = ThreadPoolExecutor(os.cpu_count())
"""Sail begins every task at once, each on a thread of its own; here as many work as there are cores."""
_MAKING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Job:
    """What every task needs: what is evaluated, in which pieces, and the folder that holds the attempts."""

    task: Task
    pieces: tuple[Piece, ...]
    attempts: Path


@dataclass(frozen=True, slots=True)
class Attempt:
    """A piece evaluated: its files, as paths within the folder of attempts, and what it came to."""

    files: tuple[Path, ...]
    done: Done


def on_spark(master: str | None = None, remote: str | None = None) -> Evaluate:
    """Evaluate in a Spark session that is opened for it; `spark_session.opened` says which, and what it raises."""

    def evaluate(task: Task, pieces: Sequence[Piece], into: Path, progress: Progress) -> Done:
        with opened(master, remote) as session:
            return on_session(session)(task, pieces, into, progress)

    return evaluate


def on_session(session: "SparkSession") -> Evaluate:
    """Evaluate in a session that is there. Every worker must have this Kept, and see the store at the same path.

    Raises SparkError where Spark fails, and what a task raised, as an evaluation on one machine would.
    """

    def evaluate(task: Task, pieces: Sequence[Piece], into: Path, progress: Progress) -> Done:
        with _attempts(into) as attempts:
            seen_by_all = replace(task.version, folder=task.version.folder.absolute())
            job = Job(replace(task, version=seen_by_all), tuple(pieces), attempts)
            total = Done()
            for attempt in _made(session, job):
                _put_in_place(attempt, attempts, into)
                progress(attempt.done.subjects)
                total.add(attempt.done)
            return total

    return evaluate


@contextmanager
def _attempts(into: Path) -> Iterator[Path]:
    """A folder for attempts beside the run's; a task that outlives the driver finds it gone."""
    folder = into.absolute().with_name(f"{into.name}-attempts")
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made(session: "SparkSession", job: Job) -> list[Attempt]:
    """One attempt for each piece, in their order."""
    if not job.pieces:
        return []
    packed = pickle.dumps(job)

    def tasks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return outcomes(__version__, packed, batches)

    count = len(job.pieces)
    with spoken():
        rows = session.range(0, count, 1, count).mapInArrow(tasks, _SCHEMA).collect()
    return one_for_each(rows, count)


def one_for_each(rows: Iterable[Mapping[str, Any]], count: int) -> list[Attempt]:
    """Of all outcomes that came back, one attempt for each piece, in their order; raises what a task raised."""
    found: dict[int, Attempt | Exception | None] = {row["piece"]: pickle.loads(row["outcome"]) for row in rows}
    for outcome in found.values():
        if isinstance(outcome, Exception):
            raise outcome
    attempts = [found.get(piece) for piece in range(count)]
    complete = [one for one in attempts if isinstance(one, Attempt)]
    if len(complete) < count:
        raise SparkError(
            f"Spark gave no result for {count - len(complete)} of {count} pieces.",
            why="Each piece must be evaluated once.",
            what_to_do="Nothing of it is kept. Run the command again.",
        )
    return complete


def _put_in_place(attempt: Attempt, attempts: Path, into: Path) -> None:
    for path in attempt.files:
        (attempts / path).replace(into / path.name)


def outcomes(software: str, packed: bytes, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What a task does: numbers of pieces in, an outcome for each out: a pickled Attempt, error, or None."""
    _spare_worker()
    for batch in batches:
        for number in batch.column(0).to_pylist():
            outcome = _AT_ONCE.submit(_outcome, software, packed, number).result()
            yield pa.RecordBatch.from_pydict({"piece": [number], "outcome": [pickle.dumps(outcome)]})


def _spare_worker() -> None:
    """Spare a worker of Spark's what it does for every task, which takes longer than to evaluate a small piece.

    It has whoever imports from a zip archive read that again, and looks for garbage in all that was ever imported.
    """
    archives = [path for path, finder in list(sys.path_importer_cache.items()) if isinstance(finder, zipimporter)]
    for path in archives:
        del sys.path_importer_cache[path]
    if archives:
        gc.freeze()


def _outcome(software: str, packed: bytes, number: int) -> Attempt | Exception | None:
    """An attempt, or why there is none: Spark would try again what fails every time, and bury the reason."""
    try:
        return _attempt(software, packed, number)
    except Exception as error:
        error.add_note(traceback.format_exc())
        return error


def _attempt(software: str, packed: bytes, number: int) -> Attempt | None:
    _require_same(software)
    with _MAKING:
        job, work = _prepared(packed)
    if (job.attempts / _STOPPED).exists():
        return None
    name = f"{number:05d}-{uuid.uuid4().hex}"
    folder = job.attempts / name
    try:
        folder.mkdir()
        done = work.evaluate(job.pieces[number], folder)
    except Exception:
        (job.attempts / _STOPPED).touch()
        raise
    return Attempt(tuple(Path(name, file.name) for file in folder.iterdir()), done)


@lru_cache(maxsize=1)
def _prepared(packed: bytes) -> tuple[Job, Work]:
    """A job unpacked, and what its pieces need; made once in each process that works on it."""
    job: Job = pickle.loads(packed)
    if not job.attempts.is_dir():
        raise SparkError(
            "A worker cannot see the store.",
            where=str(job.attempts),
            why="The folder is there for the driver and not for the worker.",
            what_to_do="Keep the store on storage that the driver and every worker have at the same path.",
        )
    return job, Work(job.task)


def _require_same(software: str) -> None:
    if software != __version__:
        raise SparkError(
            "A worker has another Kept than the driver.",
            why=f"The worker's is {__version__}, the driver's {software}.",
            what_to_do="Install the same Kept on the driver and on every worker.",
        )
