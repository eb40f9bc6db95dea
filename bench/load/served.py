"""The service as it is measured: `kept serve` on loopback with PostgreSQL, and how much memory it comes to hold."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from kept.demo import make

_KEPT = [sys.executable, "-c", "import sys; from kept.cli import main; sys.exit(main())"]
_SEEDS, _VICTIMS = range(2, 7), 5000
"""The extracts that are loaded meanwhile: forces of so many victims, of these seeds."""
_PATIENCE = 120  # seconds
_BETWEEN_LOOKS = 10
"""Seconds: to look at the memory of a process holds it up while all its pages are gone through."""
_PER_MEGABYTE = 1024  # /proc counts in kilobytes


@dataclass
class Memory:
    """Watches the memory of a process and of those it started, in megabytes; what they share counts once."""

    process: int
    peak: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_BETWEEN_LOOKS):
            self.peak = max(self.peak, sum(map(_proportional, _family(self.process))) // _PER_MEGABYTE)


def _family(process: int) -> list[int]:
    """A process and all that came of it."""
    found = [process]
    for one in found:
        for tasks in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, _read(tasks).split())
    return found


def _proportional(process: int) -> int:
    lines = _read(Path(f"/proc/{process}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:  # it has ended meanwhile
        return ""


@contextmanager
def service(workers: int, threads: int, log: Path) -> Iterator[tuple[str, int]]:
    """`kept serve` with invented people for this long: where it answers, and the id of its process."""
    port = _free()
    command = ["serve", "--demo", "--port", str(port), "--workers", str(workers), "--threads", str(threads)]
    with _running(command, log) as process:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process)
        yield address, process.pid


@contextmanager
def loading(home: Path, cache: Path) -> Iterator[Callable[[], int]]:
    """A worker that loads one extract after another; what it gives says how many were loaded by then."""
    from kept.web.jobs import queue
    from kept.web.jobs.models import Job

    for seed in _SEEDS:
        extract = make(cache / f"extract-{_VICTIMS}-{seed}", victims=_VICTIMS, seed=seed).extract
        queue.ask("load", {"folder": str(extract.resolve()), "mapping": "contract"}, key=str(seed))
    with _running(["worker", "--demo"], home / "worker.log"):
        yield lambda: Job.objects.filter(kind="load", given_up=False).exclude(ended=None).count()


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A command of Kept's for this long; what it says goes into a file."""
    with log.open("ab") as said:
        process = subprocess.Popen([*_KEPT, *command], stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE)


def kept(command: list[str]) -> None:
    """Run a command of Kept's to its end."""
    subprocess.run([*_KEPT, *command], check=True)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The service did not begin to answer; its log says why.")


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
