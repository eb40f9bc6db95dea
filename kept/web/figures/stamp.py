"""From when figures are: the run that they come from, and by which clock it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from kept.engine.results import Run
from kept.web.clock import now
from kept.web.freshness import Freshness


@dataclass(frozen=True, slots=True)
class Stamp:
    """A run by its id, from when it is, and the later clock by which it is read; None where that is its own."""

    run: str
    fresh: Freshness
    clock: datetime | None


def stamp(run: Run | None, clock: datetime | None = None) -> Stamp | None:
    """Of a run; None where there is none. One that was asked for as of another day is not stale, but that day's."""
    if run is None:
        return None
    later = clock if clock and clock > run.as_of else None
    return Stamp(run.id, Freshness(run.as_of, later is None and now() - run.as_of > settings.ENVIRONMENT.stale), later)
