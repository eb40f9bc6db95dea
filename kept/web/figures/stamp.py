"""From when what is shown is, and whether that is long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.engine.results import Run
from kept.web.clock import now

_STALE = timedelta(days=2)
"""After so long nobody may take figures for today's: a night's evaluation has failed."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The run, by which clock it is read, and for how many days it is out of date; 0 while it is not."""

    run: str
    as_of: datetime
    clock: datetime
    days: int

    @property
    def later(self) -> bool:
        """Whether it is read by a later clock than its own."""
        return self.clock > self.as_of


def stamp(run: Run | None, clock: datetime | None = None) -> Stamp | None:
    """Of a run; None where there is none."""
    if run is None:
        return None
    age = now() - run.as_of
    return Stamp(run.id, run.as_of, clock or run.as_of, age.days if age > _STALE else 0)
