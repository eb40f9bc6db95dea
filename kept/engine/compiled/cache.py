"""Where compiled steps are kept: a folder for these very sources, under the user's cache, else a temporary one.

The sources are whatever stands in a folder named `compiled`, with all numbers that the steps read: numba looks only at
the file of the step itself, and one that calls or reads another would go stale. Nothing here reads numba, so that a
command can ask what is compiled without waiting for it.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def folder() -> Path:
    """The folder for what is compiled of these sources by this numba."""
    digest = hashlib.sha256(version("numba").encode())
    for source in sorted(Path(__file__).parents[2].rglob("compiled/*.py")):
        digest.update(source.read_bytes())
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return _writable(root / "kept" / f"compiled-{digest.hexdigest()[:16]}")


def compiled_before() -> bool:
    """Whether these steps have been compiled on this machine."""
    return any(folder().rglob("*.nbc"))


def _writable(wanted: Path) -> Path:
    """The folder, made; where it cannot be, one that goes with this process."""
    with suppress(OSError):
        wanted.mkdir(parents=True, exist_ok=True)
    if os.access(wanted, os.W_OK):
        return wanted
    made = Path(tempfile.mkdtemp(prefix="kept-compiled-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
