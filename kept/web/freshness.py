"""From when what a page shows is, and whether that is too long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from kept.web.clock import now
from kept.web.worklist.current import current
from kept.web.worklist.filed import as_moment


@dataclass(frozen=True, slots=True)
class Freshness:
    """`as_of`: by when what is shown had been entered, None where nothing was evaluated yet. `stale`: too long ago."""

    as_of: datetime | None
    stale: bool


def of_worklist() -> Freshness:
    """From when the worklist is that pages read now; stale after KEPT_STALE_HOURS."""
    (row,) = current().rows("SELECT as_of FROM made_of")
    as_of = None if row["as_of"] is None else as_moment(row["as_of"])
    return Freshness(as_of, as_of is not None and now() - as_of > settings.ENVIRONMENT.stale)
