"""Whose figures a person may see: pure functions over a scope, and the units that a run knows.

Figures count people and name nobody, so they are shown of a unit as a whole: the force, an area, a department, a team.
A question is in scope where every case that it could count was held by a unit that the person was given, and none by
one that is denied to them. Nothing is taken out of a total silently: what touches a denied unit is not shown at all,
since two totals would give away their difference. A case that is denied or restricted by itself still counts in the
figures of its unit, and is never listed behind them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from kept.measures.asked import Opened
from kept.measures.catalogue import HOLDERS
from kept.measures.officers import WITHIN
from kept.web.figures.remembered import Remembered
from kept.web.people.policy import Scope, Unit
from kept.web.people.roles import LEVELS, ROLES

FORCE = Unit("force")
WIDEST = ("force", "area", "department", "team")
"""The levels of units that have figures, the widest first."""
assert set(WIDEST) == {"force", *HOLDERS} == {*LEVELS} - {"investigation"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody held cases: an area, a department and a team, blank where it is not known."""

    area: str = ""
    department: str = ""
    team: str = ""

    def lies_in(self, only: Mapping[str, str]) -> bool:
        """Whether it is among what an `only` keeps; an `only` of other breakdowns keeps it."""
        return all((getattr(self, level) or "unknown") == value for level, value in only.items() if level in HOLDERS)


def only_of(scope: Scope, ability: str = "figures") -> tuple[Unit, ...]:
    """The units that a person was given with an ability, the widest first; the force alone where that is among them."""
    units = {one.unit for one in scope.granted() if ability in ROLES[one.role].abilities and one.unit.level in WIDEST}
    if FORCE in {Unit(one.level) for one in units}:
        return (FORCE,)
    return tuple(sorted((one for one in units if one.name), key=lambda one: (WIDEST.index(one.level), one.name)))


def of_unit(unit: Unit) -> dict[str, str]:
    """The `only` of a question about a unit: nothing for the force."""
    return {} if unit.level == "force" else {unit.level: unit.name}


def asked_within(
    scope: Scope,
    unit: Unit,
    narrower: Mapping[str, str],
    places: Collection[Place],
    ability: str = "figures",
) -> dict[str, str] | None:
    """The `only` of a question about a unit, narrowed further; None where it is not in scope.

    A filter that names another unit of the same level is out of scope, and so is whatever a denied unit held a part of.
    """
    return _only(unit, scope.denied(), narrower, places) if unit in only_of(scope, ability) else None


def _only(
    unit: Unit, denied: Collection[Unit], narrower: Mapping[str, str], places: Collection[Place]
) -> dict[str, str] | None:
    own = of_unit(unit)
    if any(narrower.get(name, value) != value for name, value in own.items()):
        return None
    only = {**narrower, **own}
    return None if _touches(denied, only, places) else only


def supervised(scope: Scope, only: Mapping[str, str], places: Iterable[Place]) -> bool:
    """Whether all that an `only` keeps was held by one team, and within a unit that the person supervises.

    Denials are not looked at: what touches a denied unit is in no question at all (`asked_within`).
    """
    inside = [one for one in places if one.lies_in(only)]
    own = [of_unit(unit) for unit in only_of(scope, "supervise")]
    return WITHIN in only and bool(inside) and any(all(one.lies_in(unit) for one in inside) for unit in own)


def narrowed(scope: Scope, unit: Unit, places: Iterable[Place], ability: str = "figures") -> Mapping[str, list[str]]:
    """The areas, departments and teams of a unit by which a person may narrow their questions, by level and name."""
    if unit not in only_of(scope, ability):
        return {level: [] for level in HOLDERS}
    return _narrowed(unit, scope.denied(), frozenset(places))


@lru_cache(maxsize=200)
def _narrowed(unit: Unit, denied: tuple[Unit, ...], places: frozenset[Place]) -> Mapping[str, list[str]]:
    """Of who was given the unit. A force has hundreds of teams, and each page of figures asks."""
    inside = [one for one in places if one.lies_in(of_unit(unit))]
    return {
        level: sorted(
            name
            for name in {getattr(one, level) for one in inside} - {""}
            if _only(unit, denied, {level: name}, places) is not None
        )
        for level in HOLDERS
    }


def _touches(denied: Iterable[Unit], only: Mapping[str, str], places: Collection[Place]) -> bool:
    """Whether a denied unit held anything of what is asked for."""
    return any(
        unit.level == "force" or any(one.lies_in(only) and one.lies_in(of_unit(unit)) for one in places)
        for unit in denied
        if unit.level in WIDEST
    )


def places_of(at: Opened) -> frozenset[Place]:
    """Every combination of area, department and team that held cases of a run; read once for each run."""
    return _PLACES.get(at.run.id, lambda: frozenset(_read(at)))


_PLACES: Remembered[frozenset[Place]] = Remembered(4)
"""By the id of a run, which says all that it was made of."""


def _read(at: Opened) -> Iterator[Place]:
    owed = at.members.owed
    names = [("", *owed.codes.names.get(level, ())) for level in _LEVELS]
    for ledger in owed.ledgers:
        codes = [ledger.postings[level].astype(np.int64) for level in _LEVELS]
        sizes = tuple(len(one) for one in names)
        for one in np.unique(np.ravel_multi_index(codes, sizes)):
            along = np.unravel_index(int(one), sizes)
            yield Place(*(of[int(code)] for of, code in zip(names, along, strict=True)))


_LEVELS = [one.name for one in fields(Place)]
