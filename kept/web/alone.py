"""What one process does at a time, of all that serve or work in the background on one machine."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(folder: Path, work: str) -> Iterator[None]:
    """Do a work in a folder, made where there is none, that no other process does there at the same time.

    Whoever comes meanwhile waits.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f".{work}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
