"""When something is due, in bands of days that are always shown together: none can hide behind another.

A day is London's. What is overdue stands in the bands of the force's own papers (`kept.measures.charts.bands`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.calendar import LONDON


@dataclass(frozen=True, slots=True)
class Band:
    """A band: its name in an address, its title, and the first and last of the days until due that are in it.

    Days are negative where the day is past; None where a side has no end.
    """

    id: str
    title: str | Promise
    first: int | None
    last: int | None

    @property
    def overdue(self) -> bool:
        return self.last is not None and self.last < 0

    def holds(self, days: int) -> bool:
        """Whether something that is due in so many days is in this band."""
        return (self.first is None or self.first <= days) and (self.last is None or days <= self.last)


BANDS = (
    Band("today", gettext_lazy("due today"), 0, 0),
    Band("next", gettext_lazy("due in the next 7 days"), 1, 7),
    Band("1-7", gettext_lazy("1–7 days"), -7, -1),
    Band("8-14", gettext_lazy("8–14 days"), -14, -8),
    Band("15-28", gettext_lazy("15–28 days"), -28, -15),
    Band("29", gettext_lazy("29 days and more"), None, -29),
    Band("later", gettext_lazy("due later"), 8, None),
)
"""Every band, in the order in which pages show them: what can still be kept comes first."""
AGED = tuple(band for band in BANDS if band.id == "today" or band.overdue)
"""The five bands of the force's papers: due today, and by how long overdue."""
SOON = frozenset({"today", "next"})


def band_of(days: int) -> Band:
    """The band of what is due in so many days."""
    return next(band for band in BANDS if band.holds(days))


def days_until(due: datetime, at: datetime) -> int:
    """How many days of London's calendar lie between a moment and when something is due; negative once it is past."""
    return (due.astimezone(LONDON).date() - at.astimezone(LONDON).date()).days


def counted(days: Iterable[int]) -> dict[str, int]:
    """How many things are in each band, by its id, with 0 where there is none."""
    found = dict.fromkeys((band.id for band in BANDS), 0)
    for one in days:
        found[band_of(one).id] += 1
    return found
