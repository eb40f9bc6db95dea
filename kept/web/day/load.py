"""How much each officer of a team holds. Officers stand by name, and are never ranked. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kept.web.day.holding import Held
from kept.web.day.tasks import Task


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer holds: open cases, their victims, those with Enhanced Rights, and what of it is due when.

    `officer` is blank where nobody holds the cases.
    """

    officer: str
    name: str
    cases: int
    victims: int
    enhanced: int
    today: int
    overdue: int


def loads(held: Iterable[Held], owed: Iterable[Task], names: Mapping[str, str]) -> list[Load]:
    """The load of everybody who holds one of some open cases, by name; what nobody holds comes last."""
    by_officer: dict[str, list[Held]] = {}
    for one in held:
        by_officer.setdefault(one.officer, []).append(one)
    today, overdue = Counter[str](), Counter[str]()
    for task in owed:
        today[task.first.officer] += task.band.id == "today"
        overdue[task.first.officer] += task.band.overdue
    made = [
        Load(
            officer,
            names.get(officer, officer),
            len(each),
            sum(one.victims for one in each),
            sum(one.enhanced for one in each),
            today[officer],
            overdue[officer],
        )
        for officer, each in by_officer.items()
    ]
    return sorted(made, key=lambda load: (not load.officer, load.name.casefold(), load.officer))
