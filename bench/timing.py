"""Taking times: an action done once to be warm, then so many times that count."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

_PER_MEGABYTE = 1024  # Linux counts it in kilobytes


@dataclass(frozen=True, slots=True)
class Timed:
    """How long an action took each time: seconds on the clock, and seconds of processor of this process."""

    seconds: tuple[float, ...]
    processor: tuple[float, ...]

    def as_data(self) -> dict[str, object]:
        """For a JSON file."""
        return {
            "median": round(median(self.seconds), 4),
            "processor": round(median(self.processor), 4),
            "seconds": [round(one, 4) for one in self.seconds],
        }


def peak_mb(of: int) -> int:
    """The most memory, in megabytes, held by this process or by any that it started: `resource.RUSAGE_…` says which."""
    return resource.getrusage(of).ru_maxrss // _PER_MEGABYTE


def timed(
    action: Callable[[], object], times: int, *, before: Callable[[], object] | None = None, warm: bool = True
) -> Timed:
    """Time an action; `before` is done before each time and does not count, nor does a first time if `warm`."""
    taken = [_once(action, before) for _ in range(times + warm)][int(warm) :]
    return Timed(tuple(one for one, _ in taken), tuple(one for _, one in taken))


def _once(action: Callable[[], object], before: Callable[[], object] | None) -> tuple[float, float]:
    if before:
        before()
    clock, processor = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - clock, time.process_time() - processor
