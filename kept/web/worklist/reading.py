"""What is owed now, by who must do it: what my day, a team's page and a case show of a worklist."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kept.web.worklist.anew import judged, owed_in
from kept.web.worklist.current import current
from kept.web.worklist.filed import TABLES, as_moment, truth
from kept.web.worklist.owing import CARE


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


UNITS = ("team", "department", "area")
BY_DUE = ("due", "investigation", "victim", "duty", "part", "start_at")
"""The order of a list by the attributes of `Owed`: what is due longest comes first."""
_FOUND = """SELECT o.*, coalesce(v.enhanced, o.enhanced) AS marked, v.offence, p.officer, p.team
    FROM {} o JOIN investigation i ON i.id = o.investigation LEFT JOIN victim v ON v.id = o.victim
    LEFT JOIN posting p ON p.investigation = o.investigation AND p."end" IS NULL
    WHERE ({}) AND (coalesce(o.victim, '') = '' OR v.investigation = o.investigation)"""
"""A victim who was moved to another case since what is owed was judged is left out, until that is judged again."""
_COLUMNS = [column.split()[0].strip('"') for column in TABLES["owed"].split(", ")]
_GIVEN = ", ".join(f"json_extract(value, '$.{name}') AS \"{name}\"" for name in _COLUMNS)
_ANEW = "o.investigation IN (SELECT value FROM json_each(:anew))"


def of_officer(officer: str) -> list[Owed]:
    """What is owed in the cases that an officer holds, the most overdue first; restricted cases are among them."""
    return found("p.officer = :name", {"name": officer}) if officer else []


def of_units(level: str, name: str = "") -> list[Owed]:
    """What is owed in the cases that a team, a department or an area holds, or the whole force."""
    if level == "force":
        return found("p.officer IS NOT NULL", {})
    return found(f"p.{level} = :name", {"name": name}) if level in UNITS and name else []


def of_case(investigation: str) -> list[Owed]:
    """What is owed in one case."""
    return found("o.investigation = :name", {"name": investigation})


def of_care(investigations: Collection[str]) -> list[Owed]:
    """What witness care owes in some cases, whether or not the police have closed their file."""
    which = f"o.holder = '{CARE}' AND o.investigation IN (SELECT value FROM json_each(:these))"
    return _found(which, {"these": json.dumps(sorted(investigations))}, BY_DUE, -1)


def found(which: str, values: Mapping[str, object], order: Sequence[str] = BY_DUE, most: int = -1) -> list[Owed]:
    """What is owed in open cases under a condition in SQL: over what is owed `o`, cases `i`, victims `v`, and who
    holds them now `p`. At most so many in an order; -1: all.
    """
    return _found(f"({which}) AND o.open IS NOT 0", values, order, most)


def _found(which: str, values: Mapping[str, object], order: Sequence[str], most: int) -> list[Owed]:
    """As `found`, of closed cases too.

    What was judged anew stands for the worklist's rows of its cases.
    """
    listed, anew = current(), judged()
    sources = {"owed": f"({which}) AND NOT {_ANEW}", f"(SELECT {_GIVEN} FROM json_each(:given))": which}
    told = {**values, "anew": json.dumps([*anew]), "given": json.dumps(owed_in(anew) if anew else [])}
    rows = [
        _read(row)
        for source, condition in (sources.items() if anew else [("owed", which)])
        for row in listed.rows(f"{_FOUND.format(source, condition)} ORDER BY {in_sql(order)} LIMIT {most:d}", told)
    ]
    if anew:
        rows.sort(key=lambda one: tuple(getattr(one, name) for name in order))
    return rows[:most] if most >= 0 else rows


def in_sql(order: Sequence[str]) -> str:
    """An order as SQL."""
    return ", ".join(f"coalesce(o.{name}, '')" if name == "victim" else f"o.{name}" for name in order)


def _read(row: sqlite3.Row) -> Owed:
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
