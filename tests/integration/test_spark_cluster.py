"""A cluster that loses a worker in the middle of an evaluation gives the same rows."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen

import pytest

from kept.engine import spark, spark_session
from kept.engine.results import Run
from kept.engine.spark_session import require_java
from kept.records.store import Store
from tests.support import spark as support
from tests.support.spark import HOST, free_port, killed_in_the_middle, wait_for

pytestmark = [support.UNCLOSED, pytest.mark.usefixtures("loopback")]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Popen[bytes]]]]:
    """A standalone cluster: the master's address, and its two workers of one core each."""
    support.require_spark()
    folder, port = tmp_path_factory.mktemp("cluster"), free_port()
    address = f"spark://{HOST}:{port}"
    with ExitStack() as running:

        def start(role: str, *options: str) -> Popen[bytes]:
            command = [*_java(f"org.apache.spark.deploy.{role}"), "--host", HOST, "--webui-port", str(free_port())]
            return running.enter_context(support.process(*command, *options, log=folder / "log"))

        start("master.Master", "--port", str(port))
        wait_for(lambda: support.answers(port), "the master listens")
        of_worker = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder), address]
        workers = [start("worker.Worker", *of_worker) for _ in range(2)]
        wait_for(lambda: (folder / "log").read_text().count("Registering worker") == 2, "both workers join")
        yield address, workers


def _java(role: str) -> list[str]:
    """How a part of Spark is started: as its scripts do, without the Java that they start to find out how."""
    import pyspark

    folder = Path(pyspark.__file__).parent
    opens = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"]
    of_home = ["env", f"SPARK_HOME={folder}", "SPARK_SCALA_VERSION=2.13"]
    return [*of_home, str(require_java()), *opens, "-cp", f"{folder}/jars/*", role]


def test_a_worker_killed_in_the_middle_changes_nothing(
    cluster: tuple[str, list[Popen[bytes]]], small_force: Run, small_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, workers = cluster
    both_begin = "spark.scheduler.minRegisteredResourcesRatio"
    monkeypatch.setitem(spark_session.SETTINGS, both_begin, "1.0")
    with killed_in_the_middle(workers[0], small_store):
        support.evaluate(small_store, small_force, spark.on_spark(master=address))
    assert support.same(small_store, small_force)
