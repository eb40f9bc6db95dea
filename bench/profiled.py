"""Where a full run's time goes: the steps of each piece, by the profiler, all on one thread."""

import cProfile
import pstats
import time
from collections.abc import Sequence
from pathlib import Path

from kept.engine.local import Done, Progress, Task, Work
from kept.engine.slices import Piece

_STEPS = {
    "reading entries": ("slices.py", "read"),
    "shaping them into integers": ("entries.py", "shaped"),
    "the compiled pass": ("timeline.py", "evaluate"),
    "making rows": ("obligation.py", "stored"),
    "writing rows": ("local.py", "_write"),
}
"""What each step is called here, and the file and function that do it."""
_REST = "all else"


def on_one_thread(task: Task, pieces: Sequence[Piece], into: Path, progress: Progress) -> Done:
    """Evaluate pieces one after another; a `kept.engine.local.Evaluate`."""
    total, work = Done(), Work(task)
    for piece in pieces:
        total.add(work.evaluate(piece, into))
    return total


def shares(profile: cProfile.Profile, whole: float) -> dict[str, float]:
    """The share of each step in the `whole`, in seconds. KeyError where a step is no longer to be found."""
    spent = {}
    for (file, _, function), (_, _, _, cumulative, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        spent[Path(file).name, function] = cumulative
    found = {step: spent[where] / whole for step, where in _STEPS.items()}
    return {**found, _REST: 1 - sum(found.values())}


def processor_profile() -> cProfile.Profile:
    """A profiler that counts seconds of processor, so that other work on the machine does not count."""
    return cProfile.Profile(time.process_time)
