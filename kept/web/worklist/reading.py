"""What is owed now, by who must do it: what my day, a team's page and a case show of a worklist."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kept.web.worklist.current import current
from kept.web.worklist.filed import as_moment, truth


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty that is owed to one victim, or of one investigation (`victim` blank), and is still to be done.

    `due` is by when: the due moment, or where the law sets none the moment at which it is judged. `officer` and `team`
    hold the investigation now; blank where nobody does. `moved`: the victim has opted out, so that it must be done in
    another way. `enhanced`: whether the record marks the victim for Enhanced Rights; None where it does not say.
    """

    investigation: str
    crime: str
    victim: str
    duty: str
    edition: str
    part: str
    right: int | None
    holder: str
    start_at: datetime
    due: datetime
    settled: str
    repeats: bool
    moved: bool
    enhanced: bool | None
    offence: str
    officer: str
    team: str
    subject: int

    def overdue(self, at: datetime) -> bool:
        """Whether its moment has passed."""
        return self.due <= at


COLUMNS = """o.*, coalesce(v.enhanced, o.enhanced) AS marked, v.offence, p.officer, p.team
    FROM owed o LEFT JOIN victim v ON v.id = o.victim"""
_HELD = 'JOIN posting p ON p.investigation = o.investigation AND p."end" IS NULL'
_ORDER = "ORDER BY o.due, o.investigation, o.victim, o.duty, o.part"
UNITS = ("team", "department", "area")


def of_officer(officer: str) -> list[Owed]:
    """What is owed in the cases that an officer holds, the most overdue first; restricted cases are among them."""
    return _owed(f"SELECT {COLUMNS} {_HELD} WHERE p.officer = ? {_ORDER}", [officer]) if officer else []


def of_units(level: str, name: str = "") -> list[Owed]:
    """What is owed in the cases that a team, a department or an area holds, or the whole force."""
    if level == "force":
        return _owed(f"SELECT {COLUMNS} {_HELD} {_ORDER}")
    if level not in UNITS or not name:
        return []
    return _owed(f"SELECT {COLUMNS} {_HELD} WHERE p.{level} = ? {_ORDER}", [name])


def of_case(investigation: str) -> list[Owed]:
    """What is owed in one case."""
    held = _HELD.replace("JOIN", "LEFT JOIN", 1)
    return _owed(f"SELECT {COLUMNS} {held} WHERE o.investigation = ? {_ORDER}", [investigation])


def _owed(query: str, values: Iterable[str] = ()) -> list[Owed]:
    return [owed_of(row) for row in current().rows(query, [*values])]


def owed_of(row: sqlite3.Row) -> Owed:
    """A row of the columns above as a value."""
    return Owed(
        investigation=row["investigation"],
        crime=row["crime"] or "",
        victim=row["victim"] or "",
        duty=row["duty"],
        edition=row["edition"],
        part=row["part"],
        right=row["right"],
        holder=row["holder"],
        start_at=as_moment(row["start_at"]),
        due=as_moment(row["due"]),
        settled=row["settled"],
        repeats=bool(row["repeats"]),
        moved=bool(row["moved"]),
        enhanced=truth(row["marked"]),
        offence=row["offence"] or "",
        officer=row["officer"] or "",
        team=row["team"] or "",
        subject=row["subject"],
    )
