"""Who is reading a store: readers hold it together, and whoever deletes from it holds it alone.

The locks are the system's: a process that dies lets go of its own.
"""

from __future__ import annotations

import fcntl
import os
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kept.errors import StoreError

READERS = ".readers"
"""The file in a store's folder by which it is held."""
WAIT = 10.0
"""How many seconds whoever deletes waits for readers, unless told otherwise."""


class Hold:
    """Files that can be read now stay while this object lives; a copy of it in another process holds them there."""

    def __init__(self, store: Path) -> None:
        """Wait until nobody deletes. Where the folder cannot be written nothing is held, and nothing deleted."""
        self.store = store
        if (lock := _opened(store)) is not None:
            fcntl.flock(lock, fcntl.LOCK_SH)
            weakref.finalize(self, os.close, lock)

    def __reduce__(self) -> tuple[type[Hold], tuple[Path]]:
        return (Hold, (self.store,))


@contextmanager
def held_alone(store: Path, wait: float) -> Iterator[None]:
    """Hold a store against every reader; StoreError if somebody still reads it after `wait` seconds."""
    with (store / READERS).open("a") as lock:
        deadline = time.monotonic() + wait
        while not taken(lock.fileno()):
            if time.monotonic() > deadline:
                raise StoreError(
                    "Somebody is reading this store.",
                    str(store),
                    "What they read must not be deleted under them.",
                    "Wait until evaluations and other readers have ended, then try again.",
                )
            time.sleep(0.05)
        yield


def taken(lock: int) -> bool:
    """Take an open file alone, if nobody else holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(store: Path) -> int | None:
    for how in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        try:
            return os.open(store / READERS, how, 0o644)
        except OSError:
            continue
    return None
