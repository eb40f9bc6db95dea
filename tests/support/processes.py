"""Processes of tests that begin at once: each is forked from one that has read in what takes seconds to be read in.

Nothing else has happened in that one, so that they are as good as started anew. Each has an environment, a folder and
an output of its own, and can be killed; how a command begins and is interrupted while it is read in is for a real start
to show.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).resolve().parents[2]
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        "kept.cli.command",
        "kept.cli.evaluation",
        "kept.cli.measure",
        "kept.cli.service",
        "deltalake",
        "django.core.management",
        "django.contrib.auth.hashers",
        "django.db.models",
        "tests.support.processes",
    ]
)


class Begun:
    """A process at work."""

    def __init__(self, process: ForkServerProcess, said: Path, complained: Path) -> None:
        self._process, self._said, self._complained = process, said, complained

    def wait(self, seconds: float = 120) -> int:
        """Its exit code once it has ended: -9 where it was killed."""
        self._process.join(seconds)
        assert self._process.exitcode is not None, f"not within {seconds} s\n{self.complained}"
        return self._process.exitcode

    def send(self, how: signal.Signals) -> int:
        """Send it a signal; its exit code then."""
        assert self._process.pid
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.kill(self._process.pid, how)
        return self.wait()

    def wait_until_it_says(self, beginning: str, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while not self.said.startswith(beginning):
            assert self._process.is_alive(), self.complained
            assert time.monotonic() < deadline, f"not within {seconds} s\n{self.complained}"
            time.sleep(0.005)

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self._said.read_text(encoding="utf-8")

    @property
    def complained(self) -> str:
        """What it has printed so far where it complains."""
        return self._complained.read_text(encoding="utf-8")


def begin(
    work: Callable[..., object], *given: object, into: Path, environment: Mapping[str, str] | None = None
) -> Begun:
    """A process that does this work of a module; `into` is a folder for what it prints.

    Its environment is that given, or that of the tests; its exit code is what the work returns.
    """
    name = f"process-{len([*into.glob('process-*')])}"
    said, complained = into / f"{name}-said", into / f"{name}-complained"
    for path in (said, complained):
        path.touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        forkserver.ensure_running()
    process = _FORKING.Process(target=_work, args=(work, given, dict(environment or os.environ), said, complained))
    process.start()
    return Begun(process, said, complained)


def _work(
    work: Callable[..., object], given: tuple[object, ...], environment: dict[str, str], said: Path, complained: Path
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, said), (2, complained)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), number)
    raise SystemExit(work(*given))


def say(text: str) -> None:
    """What a process says to whoever waits for it."""
    sys.stdout.write(text)
    sys.stdout.flush()


def command(arguments: tuple[str, ...]) -> int:
    """The `kept` command, as work for `begin`."""
    from kept.cli import main

    return main(arguments)


def kept(*arguments: str, environment: Mapping[str, str] | None = None) -> CompletedProcess[str]:
    """What came of a `kept` command in a process of its own, which has no service but the one it is told of."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith(("KEPT_", "DJANGO_", "DATABASE"))}
    with TemporaryDirectory() as folder:
        begun = begin(command, arguments, into=Path(folder), environment=plain | dict(environment or {}))
        return CompletedProcess(arguments, begun.wait(), begun.said, begun.complained)
