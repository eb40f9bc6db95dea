"""What the tests of Spark share: processes that can be killed in the middle, and worked examples as one job."""

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kept.code import loader
from kept.engine.check import Laid, check, lay_out
from kept.engine.entries import Timeline
from kept.engine.local import Evaluate
from kept.engine.obligation import Evaluation
from kept.engine.results import Run, runs
from kept.engine.rules import Rules
from kept.engine.run import evaluate_store
from kept.engine.spark_session import require_java
from kept.errors import SparkError
from kept.records.store import Store
from tests.support import compiled
from tests.support.runs import table_of

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "SPARK_LOCAL_IP": HOST,
    "PYSPARK_PYTHON": sys.executable,
    "PYTHONPATH": str(ROOT),
    "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # starts sooner, and uses less of a small machine
}
UNCLOSED = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
"""Pyspark leaves it to Python to close the sockets that results come by."""
ROWS = 1_500
"""How many entries a piece of a small store has, so that there are many."""
_BEGUN = 6
"""How many attempts have begun when something is killed: some are done then, and most of the pieces are not."""
_ONE_AT_A_TIME = threading.Lock()


def require_spark() -> None:
    """Skip, in one line, where Spark or its Java is missing."""
    pytest.importorskip("pyspark", reason="Spark is not installed: make test installs it")
    try:
        require_java()
    except SparkError as error:
        pytest.skip(f"{error.what} {error.why}")


def evaluate(store: Store, like: Run, by: Evaluate, heard: list[int] | None = None) -> Run:
    """Evaluate what another run evaluated."""
    rulebook = loader.rulebook(loader.DEFAULT_RULEBOOK)
    return evaluate_store(store, store.latest(), rulebook, like.as_of, by=by, progress=(heard or []).append)


def same(store: Store, run: Run) -> bool:
    """Whether the store's only run is this one, row for row, and nothing is left over."""
    (found,) = runs(store)
    return left(store) == {run.id} == {found.id} and table_of(found) == table_of(run)


def left(store: Store) -> set[str]:
    """What lies among the runs of a store, but for their lock."""
    return {path.name for path in (store.folder / "runs").iterdir()} - {".lock"}


@contextmanager
def process(*command: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process and all that it starts, gone at the end."""
    with log.open("ab") as output:
        running = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **ENVIRONMENT}, start_new_session=True
        )
    try:
        yield running
    finally:
        kill(running)


def kill(running: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, with no warning."""
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@contextmanager
def killed_in_the_middle(running: subprocess.Popen[bytes], store: Store) -> Iterator[None]:
    """Kill a process when some tasks of an evaluation have begun."""
    ended = threading.Event()

    def wait_and_kill() -> None:
        wait_for(lambda: ended.is_set() or begun(store), "tasks begin")
        if not ended.is_set():
            kill(running)

    killer = threading.Thread(target=wait_and_kill)
    killer.start()
    try:
        yield
    finally:
        ended.set()
        killer.join()
    assert running.poll() == -signal.SIGKILL


def begun(store: Store) -> bool:
    """Whether some tasks have begun."""
    return sum(1 for _ in store.folder.glob("runs/.unfinished-*/*-attempts/*-*")) >= _BEGUN


def wait_for(true: Callable[[], bool], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.02)


def free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def faults_of_examples(session: Any, edition: str) -> list[str]:
    """What is wrong with the worked examples of an edition, all evaluated in one job of few tasks."""
    count = len(lay_out(loader.edition(edition)))

    def tasks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return example_outcomes(edition, batches)

    rows = session.range(0, count, 1, 2).mapInArrow(tasks, "found binary").collect()
    found = dict(pair for row in rows for pair in pickle.loads(row["found"]))

    def evaluator(timeline: Timeline, rules: Rules) -> Evaluation:
        evaluation: Evaluation = found[timeline.subject.kind, timeline.subject.id]
        return evaluation

    checked = check(loader.edition(edition), evaluator)
    assert checked.examples == count
    return list(map(str, checked.faults))


def example_outcomes(edition: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What a task does: numbers of examples in, pickled evaluations of their timelines out."""
    for batch in batches:
        with _ONE_AT_A_TIME:  # Sail runs tasks as threads, and the evaluator of an example is made for one
            found = _evaluated(edition, batch.column(0).to_pylist())
        yield pa.RecordBatch.from_pydict({"found": [pickle.dumps(found)]})


def _evaluated(edition: str, numbers: list[int]) -> list[tuple[tuple[str, str], Evaluation]]:
    laid = _laid(edition)
    return [
        ((timeline.subject.kind, timeline.subject.id), compiled.evaluate(timeline, laid[number].rules))
        for number in numbers
        for timeline in laid[number].timelines
    ]


@lru_cache
def _laid(edition: str) -> list[Laid]:
    return lay_out(loader.edition(edition))
