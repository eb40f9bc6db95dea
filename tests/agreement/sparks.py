"""The ways to evaluate a store on Spark, where they are installed: its own workers, and Sail."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from kept.engine.spark import on_session
from kept.engine.spark_session import opened, require_java
from kept.errors import SparkError
from tests.agreement import recorded
from tests.agreement.comparing import Tally
from tests.support.spark import ENVIRONMENT, HOST, answers, free_port, process, wait_for

Way = Callable[[str, Tally], None]


def ways(stack: ExitStack, say: Callable[[str], None]) -> dict[str, Way]:
    """A way for Spark and one for Sail; says in one line where there is none. What they open, the stack closes."""
    if find_spec("pyspark") is None:
        say("Skipped: Spark and Sail are not installed. `make .venv/.spark` installs them.")
        return {}
    os.environ.update(ENVIRONMENT)  # so that Spark's workers are of this Python, and find these tests
    found: dict[str, Way] = {}
    try:
        require_java()
        found["spark"] = partial(_compare, "local[2]", None)
    except SparkError as error:
        say(f"Skipped: Spark. {error.what}")
    if find_spec("pysail") is None:
        say("Skipped: Sail is not installed.")
    else:
        found["sail"] = partial(_compare, None, stack.enter_context(_serving()))
    return found


def _compare(master: str | None, remote: str | None, seed: str, tally: Tally) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(master, remote) as session:
        recorded.compare(recorded.case(seed), Path(folder), tally, on_session(session))


@contextmanager
def _serving() -> Iterator[str]:
    """The address of a Sail server."""
    port = free_port()
    command = [sys.executable, "-m", "pysail", "spark", "server", "--ip", HOST, "--port", str(port)]
    with tempfile.TemporaryDirectory() as folder, process(*command, log=Path(folder) / "log"):
        wait_for(lambda: answers(port), "the server listens")
        yield f"sc://{HOST}:{port}"
