"""What a team holds: its teams, its officers, and its open cases, as the worklist has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kept.web.people.cases import PARTS
from kept.web.people.policy import Unit
from kept.web.worklist.current import current
from kept.web.worklist.filed import as_moment


@dataclass(frozen=True, slots=True)
class Held:
    """An open investigation and who holds it now; `officer` is blank where nobody does.

    `opened`: when its first crime was recorded; `reviewed`: when the records say that a supervisor first reviewed it.
    """

    investigation: str
    officer: str
    opened: datetime | None
    reviewed: datetime | None
    victims: int
    enhanced: int


_HELD = """
SELECT i.id, p.officer, i.opened, i.reviewed, count(v.id) AS victims, coalesce(sum(v.enhanced), 0) AS enhanced
FROM posting p JOIN investigation i ON i.id = p.investigation LEFT JOIN victim v ON v.investigation = i.id
WHERE p.team = ? AND p."end" IS NULL AND i.open GROUP BY i.id, p.officer ORDER BY i.id
"""


def held_by(team: str) -> list[Held]:
    """The open investigations of a team, with those of it that no officer holds, by id."""
    return [
        Held(
            row["id"], row["officer"], _moment(row["opened"]), _moment(row["reviewed"]), row["victims"], row["enhanced"]
        )
        for row in current().rows(_HELD, [team])
    ]


def teams_of(unit: Unit) -> list[str]:
    """The teams that hold cases now in a unit: in the force, an area or a department; of a team, that one."""
    if unit.level == "team":
        return [unit.name]
    if unit.level not in ("force", *PARTS):
        return []
    within, values = ("", []) if unit.level == "force" else (f"AND {unit.level} = ?", [unit.name])
    query = f"""SELECT DISTINCT team FROM posting WHERE "end" IS NULL AND team <> '' {within} ORDER BY team"""
    return [row["team"] for row in current().rows(query, values)]


def officers_of(team: str) -> list[str]:
    """The officers of a team who hold a case now, by id."""
    query = (
        """SELECT DISTINCT officer FROM posting WHERE team = ? AND "end" IS NULL AND officer <> '' ORDER BY officer"""
    )
    return [row["officer"] for row in current().rows(query, [team])]


def _moment(number: int | None) -> datetime | None:
    return None if number is None else as_moment(number)
