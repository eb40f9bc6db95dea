"""How a step is compiled: once a machine, without the interpreter's lock, and anew whenever any step changes."""

from collections.abc import Callable
from typing import Any

from numba import config, njit

from kept.engine.compiled.cache import folder

config.CACHE_DIR = str(folder())  # type: ignore[attr-defined]  # its options are set as it is imported

_HOW: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}

kernel: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(**_HOW)
"""The decorator of every compiled step. A step makes no array, so numba's counting of references is left out."""

within: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(inline="always", **_HOW)
"""The decorator of a step that is written into those that call it: for what is done for every entry."""
