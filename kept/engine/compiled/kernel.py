"""How a step is compiled: once a machine, without the interpreter's lock, and anew whenever any step changes."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba import config, njit


def _cache() -> Path:
    """Where compiled steps are kept: a folder for these very sources.

    numba looks only at the file of the step itself; one that calls or reads another file would go stale.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "kept" / f"compiled-{digest.hexdigest()[:16]}"


def compiled_before() -> bool:
    """Whether these steps have been compiled on this machine."""
    return any(_cache().rglob("*.nbc"))


config.CACHE_DIR = str(_cache())  # type: ignore[attr-defined]  # its options are set as it is imported

kernel: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(cache=True, nogil=True, error_model="numpy")
"""The decorator of every compiled step."""
