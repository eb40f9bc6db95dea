"""Folders for work that is not finished: gone when the work ends, and cleared by the next if it was killed.

Each is held by a lock of the system's, which a process that dies lets go; so what nobody holds is left over.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `parent` whose name begins with `prefix`; those left over there are deleted."""
    with _held(parent):
        _delete_left_over(parent, prefix)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep(parent: Path, prefix: str) -> None:
    """Delete the folders in `parent`, begun with `prefix`, that were left over."""
    with _held(parent):
        _delete_left_over(parent, prefix)


def _delete_left_over(parent: Path, prefix: str) -> None:
    for folder in parent.glob(f"{prefix}*"):
        lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder.rename(folder.with_name(f"{folder.name}-left")))  # who writes there yet finds it gone
        except BlockingIOError:
            pass
        finally:
            os.close(lock)


@contextmanager
def _held(parent: Path) -> Iterator[None]:
    """Nobody else makes or deletes such a folder in `parent` meanwhile."""
    lock = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
