"""Which obligations of an open case are still to be done: the rule of the worklist, over obligations as evaluated.

`making` asks the same of a whole run in SQL; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kept.code.model import Duty
from kept.engine.obligation import Obligation
from kept.engine.states import COUNTED

SOON = timedelta(days=31)
"""How far beyond its as-of a worklist looks: what falls due later is not in it."""

LOST = ("no_record", "not_done")
"""The states in which an obligation settles while nothing answers it."""

CARE = "witness_care"
"""The holder whose duties outlast the police's file: they are owed for as long as a case is before the courts."""

Duties = Mapping[tuple[str, str], Duty]
"""The duties of a rulebook, by edition and id."""


def by_when(row: Obligation) -> datetime | None:
    """By when it must be done: the due moment, or where the law sets none the moment at which it is judged."""
    return row.due or row.judged


def owed_now(rows: Iterable[Obligation], duties: Duties, as_of: datetime) -> list[Obligation]:
    """What is owed in an open case, by when.

    A duty with a limit that nothing answers stays owed until something does; without one, until it is judged. Of a
    duty that repeats it is the earliest contact that is due since the last that was kept, as `contact-overdue` counts
    it. Of a duty in parts, each part.
    """
    listed = [*rows]
    found = [*_first_windows(listed, duties), *(row for row in listed if _stands(row, duties, as_of))]
    soon = [(when, row) for row in found if (when := by_when(row)) is not None and when <= as_of + SOON]
    return [row for _, row in sorted(soon, key=lambda one: (one[0], one[1].duty, one[1].part))]


def _stands(row: Obligation, duties: Duties, as_of: datetime) -> bool:
    duty = duties[row.edition, row.duty]
    if duty.kind == "repeat" or row.settled not in LOST or (duty.parts and not row.part):
        return False
    return bool(row.limit) or (row.judged is not None and row.judged > as_of)


def _first_windows(rows: list[Obligation], duties: Duties) -> list[Obligation]:
    """Of each duty that repeats, to each subject, the earliest window that was not kept since the last that was."""
    kept: dict[tuple[int, str, str], datetime] = {}
    first: dict[tuple[int, str, str], tuple[datetime, Obligation]] = {}
    windows = [
        (row.due, row)
        for row in rows
        if duties[row.edition, row.duty].kind == "repeat" and not row.part and row.due and row.settled in COUNTED
    ]
    for due, row in sorted(windows, key=lambda one: one[0]):
        key = (row.subject, row.duty, row.edition)
        if row.settled == "met":
            kept[key] = due
            first.pop(key, None)
        elif key not in first and (key not in kept or due > kept[key]):
            first[key] = (due, row)
    return [row for _, row in first.values()]
