"""Opening a Spark session, and saying in sentences what Spark says in pages."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kept.errors import SparkError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
"""The master where none is named: every core of this machine."""
JAVA = 17
"""The oldest Java that Spark 4 runs on."""
_CONNECT_PORT = 15002
_MASTER_PORT = 7077
_ANSWERS_IN = 5  # seconds: a server that is there answers at once
_RETRIES = 5  # of a call that a Connect server does not answer: about 17 s in all, where Spark's own way is 10 minutes
_OF_SPARK = ("pyspark", "py4j", "grpc")
"""The packages whose errors are Spark's."""
SETTINGS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
"""What a session of a master is opened with: no page of its own, and no word unless something is wrong."""
_LOOPBACK = "127.0.0.1"


_EXPLAINED = {
    "No module named 'kept": (
        "A worker has no Kept, or another.",
        "Install the same Kept on the driver and every worker.",
    ),
    "RETRIES_EXCEEDED": (
        "The server does not answer, or no longer does.",
        "See to the server and run the command again.",
    ),
}
"""What Spark says that has a better sentence: why, and what to do."""


@contextmanager
def opened(master: str | None = None, remote: str | None = None) -> Iterator["SparkSession"]:
    """A session: the one that runs already, else of a Connect server (`remote`, an sc:// address), else of a master.

    Only a session that was opened here is stopped. Raises SparkError where Spark or its Java is missing, or the
    address cannot be reached.
    """
    _require_pyspark()
    if (running := _running()) is not None:
        yield running
        return
    with spoken():
        session = _of_remote(remote) if remote else _of_master(master or LOCAL)
    try:
        yield session
    finally:
        _stop(session, connected=bool(remote))


@contextmanager
def spoken() -> Iterator[None]:
    """Turn what Spark raises into a SparkError of one sentence each."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _OF_SPARK and not isinstance(error, ConnectionError):
            raise
        raise _failed(str(error) or type(error).__name__) from error


def require_java() -> Path:
    """The Java that Spark will start; SparkError where there is none, or it is too old."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    where = f"JAVA_HOME={home}" if home else "PATH"
    if found is None:
        raise _no_java("No Java was found.", where)
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    release = re.search(r'version "(?:1\.)?(\d+)', said)
    if release is None or int(release[1]) < JAVA:
        raise _no_java(f"The Java here is {release[1] if release else 'of an unknown version'}.", found)
    return Path(found)


def _no_java(what: str, where: str) -> SparkError:
    return SparkError(
        what,
        where,
        f"Spark runs on Java {JAVA} or newer.",
        f"Install Java {JAVA} and point JAVA_HOME to it, name a Spark Connect server with --remote, or leave --on out: "
        "one machine evaluates a whole force without Spark.",
    )


def _require_pyspark() -> None:
    try:
        import pyspark  # noqa: F401
    except ModuleNotFoundError:
        raise SparkError(
            "Spark is not installed.",
            why="It is an extra of Kept's: most forces never need it.",
            what_to_do="Install it with pip install 'kept-victims-code[spark]', or leave --on out.",
        ) from None


def _running() -> "SparkSession | None":
    """The session of a notebook or a job that Kept is called from."""
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


def _of_remote(address: str) -> "SparkSession":
    _require_answer(address, _hosts(address, "sc", _CONNECT_PORT))
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(address).create()
    session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
    return session


def _of_master(master: str) -> "SparkSession":
    require_java()
    settings = dict(SETTINGS)
    if master.startswith("spark:"):
        _require_answer(master, _hosts(master, "spark", _MASTER_PORT))
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings |= {"spark.driver.host": _LOOPBACK, "spark.driver.bindAddress": _LOOPBACK}
    from pyspark.sql import SparkSession

    return SparkSession.builder.master(master).appName("kept").config(map=settings).getOrCreate()


def _stop(session: "SparkSession", *, connected: bool) -> None:
    """Stop a session; a server that has died is asked once to let it go, and pyspark says nothing of it."""
    if connected:
        session.client.set_retry_policies([])
        session.release_session_on_close = False
        with suppress(SparkError), spoken():
            session.client.release_session()
    with suppress(SparkError), spoken():
        session.stop()


def _hosts(address: str, scheme: str, default: int) -> list[tuple[str, int]]:
    """The hosts and ports of `sc://HOST:PORT/;…`, or of `spark://HOST:PORT,HOST:PORT`."""
    found = re.fullmatch(rf"{scheme}://([^/;]+).*", address)
    hosts = [re.fullmatch(r"([^:]+|\[.+\])(?::(\d{1,5}))?", one) for one in found[1].split(",")] if found else [None]
    if not all(hosts):
        raise UsageError(
            f"“{address}” is not an address of Spark's.",
            why=f"It should name a host and a port, as {scheme}://HOST:{default}.",
            what_to_do="Correct it and run the command again.",
        )
    return [(host[1].strip("[]"), int(host[2] or default)) for host in hosts if host]


def _require_answer(address: str, hosts: Iterable[tuple[str, int]]) -> None:
    """SparkError unless one of the hosts takes a connection: Spark itself would try for minutes."""
    reasons = []
    for host in hosts:
        try:
            socket.create_connection(host, timeout=_ANSWERS_IN).close()
            return
        except OSError as error:
            reasons.append(f"{host[0]}:{host[1]}: {error.strerror or error}")
    raise SparkError(
        "Spark cannot be reached.",
        where=address,
        why="; ".join(reasons),
        what_to_do="Check the address, and that the server runs and lets this machine in.",
    )


def _failed(said: str) -> SparkError:
    """What Spark says when it gives up: of its pages, the line that the last failure ended with."""
    lines = [line.strip(": ") for line in said.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    known = (explained for sign, explained in _EXPLAINED.items() if sign in said)
    why, what_to_do = next(known, ((errors or lines)[-1][:300], "Mend that and run the command again."))
    return SparkError("Spark has failed, and nothing of what it did is kept.", why=why, what_to_do=what_to_do)
