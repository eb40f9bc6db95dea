"""What can go wrong around Spark ends in a sentence, and with nothing left over; most of it needs no Spark to show."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kept.cli.command import main
from kept.engine import spark
from kept.engine.results import Run
from kept.engine.spark_session import require_java, spoken
from kept.errors import SparkError
from kept.records.store import Store
from tests.support import spark as support

Tasks = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


class Session:
    """Runs tasks here, each as often as is said of its number: a cluster may try again what was done already."""

    def __init__(self, times: Callable[[int], int]) -> None:
        self.times = times
        self.rows: list[dict[str, Any]] = []

    def range(self, first: int, end: int, step: int, partitions: int) -> "Session":
        assert (first, step, partitions) == (0, 1, end)
        self.numbers = [number for number in range(end) for _ in range(self.times(number))]
        return self

    def mapInArrow(self, tasks: Tasks, schema: str) -> "Session":  # noqa: N802 (Spark's own name)
        for number in self.numbers:
            for batch in tasks(iter([pa.RecordBatch.from_pydict({"id": [number]})])):
                self.rows += batch.to_pylist()
        return self

    def collect(self) -> list[dict[str, Any]]:
        return self.rows


def test_of_many_attempts_at_a_piece_one_counts(small_force: Run, small_store: Store) -> None:
    support.evaluate(small_store, small_force, spark.on_session(Session(lambda number: 1 + number % 3)))
    assert support.same(small_store, small_force)


def test_a_piece_that_no_task_gives_back_is_said(small_force: Run, small_store: Store) -> None:
    with pytest.raises(SparkError, match="no result for 1 of"):
        support.evaluate(small_store, small_force, spark.on_session(Session(lambda number: number != 3)))
    assert support.left(small_store) == set()


def test_what_a_task_raises_is_raised_and_stops_the_others(
    small_force: Run, small_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, disk = Session(lambda _: 1), OSError(28, "No space left on device", "somewhere")

    def evaluate(*_: object) -> None:
        raise disk

    monkeypatch.setattr("kept.engine.local.Work.evaluate", evaluate)
    with pytest.raises(OSError, match="No space left") as raised:
        support.evaluate(small_store, small_force, spark.on_session(session))
    assert (raised.value.errno, raised.value.filename) == (28, "somewhere")
    assert "in evaluate" in raised.value.__notes__[0]
    assert sum(len(row["outcome"]) > 100 for row in session.rows) == 1
    assert support.left(small_store) == set()


def test_a_worker_with_another_kept_is_said(small_force: Run, small_store: Store) -> None:
    batch = pa.RecordBatch.from_pydict({"id": [0]})
    (found,) = spark.outcomes("0.0", b"never read", iter([batch]))
    with pytest.raises(SparkError, match="another Kept"):
        spark.one_for_each(found.to_pylist(), 1)


def test_a_worker_that_does_not_see_the_store_is_said(small_force: Run, small_store: Store) -> None:
    session = Session(lambda _: 1)

    class Elsewhere(Session):
        def mapInArrow(self, tasks: Tasks, schema: str) -> "Session":  # noqa: N802
            (attempts,) = small_store.folder.glob("runs/.unfinished-*/*-attempts")
            attempts.rename(attempts.with_name("elsewhere"))
            return super().mapInArrow(tasks, schema)

    with pytest.raises(SparkError, match="cannot see the store"):
        support.evaluate(small_store, small_force, spark.on_session(Elsewhere(session.times)))


def test_no_java_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkError, match="No Java was found"):
        require_java()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SparkError, match="No Java was found"):
        require_java()


@pytest.mark.parametrize(
    ("said", "found"), [('version "1.8.0_392"', "is 8"), ('version "11.0.2"', "is 11"), ("?", "unknown")]
)
def test_an_old_java_is_said(said: str, found: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java(tmp_path, said)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkError, match=f"The Java here .*{found}"):
        require_java()


def test_a_newer_java_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    expected = java(tmp_path, 'openjdk version "21" 2023-09-19')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert require_java() == expected


def java(home: Path, said: str) -> Path:
    """A Java that only says its version."""
    (home / "bin").mkdir()
    made = home / "bin" / "java"
    made.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    made.chmod(0o755)
    return made


@pytest.mark.parametrize(
    ("options", "exit_code", "said"),
    [
        (["--on", "spark", "--remote", "sc://127.0.0.1:{port}"], 11, "Spark cannot be reached."),
        (["--on", "spark", "--master", "spark://127.0.0.1:{port}"], 11, "Spark cannot be reached."),
        (["--on", "spark", "--remote", "http://127.0.0.1:{port}"], 2, "is not an address"),
        (["--on", "spark", "--remote", "sc://127.0.0.1", "--master", "local"], 2, "Name one of"),
        (["--master", "local"], 2, "with --on spark"),
    ],
)
def test_what_cannot_be_reached_is_said_within_seconds(
    options: list[str], exit_code: int, said: str, small_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    support.require_spark()
    port = support.free_port()
    began = time.monotonic()
    command = ["evaluate", "--store", str(small_store.path), *(option.format(port=port) for option in options)]
    assert main(command) == exit_code
    assert said in capsys.readouterr().err
    assert time.monotonic() - began < 20
    assert support.left(small_store) == set()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Job aborted:\n\tat x.y(Z.scala:1)\nOSError: [Errno 5] Input/output error\n\n\tat x", "OSError: [Errno 5]"),
        (": org.apache.spark.SparkException: Job aborted\n\tat x", "org.apache.spark.SparkException: Job aborted"),
        ("ModuleNotFoundError: No module named 'kept.engine.spark'", "A worker has no Kept"),
        ("[RETRIES_EXCEEDED] The maximum number of retries has been exceeded.", "The server does not answer"),
        ("", "Failure"),
    ],
)
def test_of_the_pages_that_spark_prints_one_line_is_said(said: str, why: str) -> None:
    failure = type("Failure", (Exception,), {"__module__": "py4j.protocol"})
    with pytest.raises(SparkError, match="nothing of what it did is kept") as raised, spoken():
        raise failure(said)
    assert raised.value.why.startswith(why)


def test_what_is_not_of_spark_is_raised_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), spoken():
        _ = 1 / 0


def test_spark_not_installed_is_said(
    small_store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert main(["evaluate", "--store", str(small_store.path), "--on", "spark"]) == 11
    assert "pip install 'kept-victims-code[spark]'" in capsys.readouterr().err


def test_nothing_of_spark_is_read_in_without_it() -> None:
    script = "import sys, kept.cli.command; print([name for name in sys.modules if name.startswith('pyspark')])"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"
