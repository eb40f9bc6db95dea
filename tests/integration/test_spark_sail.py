"""Through Sail, a Spark Connect server without Java: the same rows, and nothing lost when a side of it dies."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from kept.code import loader
from kept.engine import spark
from kept.engine.results import Run
from kept.engine.spark_session import opened
from kept.errors import SparkError
from kept.records.store import Store
from tests.support import spark as support
from tests.support.spark import HOST, free_port, kill, killed_in_the_middle, wait_for

pytestmark = [support.UNCLOSED, pytest.mark.usefixtures("loopback")]

DRIVER = """
import sys
from datetime import datetime
from pathlib import Path
from kept.engine import spark
from kept.engine.results import open_run
from kept.records.store import Store
from tests.support import spark as support
run = Path(sys.argv[2])
like = open_run(Store.open(run.parents[2]), run.name)
support.evaluate(Store.open(Path(sys.argv[1])), like, spark.on_spark(remote=sys.argv[3]))
"""


@contextmanager
def serving(port: int, log: Path) -> Iterator[Popen[bytes]]:
    """A Sail server."""
    command = [sys.executable, "-m", "pysail", "spark", "server", "--ip", HOST, "--port", str(port)]
    with support.process(*command, log=log) as server:
        wait_for(lambda: support.answers(port), "the server listens")
        yield server


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Sail server."""
    pytest.importorskip("pysail.spark", reason="Sail is not installed: make test installs it")
    port = free_port()
    with serving(port, tmp_path_factory.mktemp("sail") / "log"):
        yield f"sc://{HOST}:{port}"


def test_the_rows_are_those_of_one_machine(address: str, small_force: Run, small_store: Store) -> None:
    support.evaluate(small_store, small_force, spark.on_spark(remote=address))
    assert support.same(small_store, small_force)


@pytest.mark.parametrize("name", loader.SHIPPED)
def test_every_worked_example_holds(address: str, name: str) -> None:
    with opened(remote=address) as session:
        assert support.faults_of_examples(session, name) == []


def test_a_driver_killed_in_the_middle_leaves_no_run(
    address: str, small_force: Run, small_store: Store, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", DRIVER, str(small_store.path), str(small_force.folder), address]
    with support.process(*command, log=tmp_path / "log") as driver:
        wait_for(lambda: support.begun(small_store), "tasks begin")
        kill(driver)
    (left,) = support.left(small_store)
    assert left.startswith(".unfinished-")
    support.evaluate(small_store, small_force, spark.on_spark(remote=address))
    assert support.same(small_store, small_force)


def test_a_server_killed_in_the_middle_is_said_and_the_next_attempt_is_whole(
    address: str, small_force: Run, small_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kept.engine.spark_session._RETRIES", 2)
    port = free_port()
    by = spark.on_spark(remote=f"sc://{HOST}:{port}")
    with (
        serving(port, tmp_path / "log") as server,
        killed_in_the_middle(server, small_store),
        pytest.raises(SparkError, match="Spark has failed"),
    ):
        support.evaluate(small_store, small_force, by)
    assert support.left(small_store) == set()
    with serving(port, tmp_path / "log"):
        support.evaluate(small_store, small_force, by)
    assert support.same(small_store, small_force)
