"""What takes long to be made, for tests: made once in a run of the tests, by whichever of its processes asks first."""

import fcntl
from collections.abc import Callable
from pathlib import Path


def once(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name in the folder that all processes share, which `make` has filled.

    Who writes into it takes a copy, for others read it at the same time.
    """
    folder = shared / name
    made = folder.with_suffix(".made")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(folder)
            made.touch()
    return folder
