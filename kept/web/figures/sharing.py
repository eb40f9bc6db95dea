"""Who sees a saved view, and what it asks once somebody else opens it: always within their own scope."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q, QuerySet
from django.http import QueryDict

from kept.measures.asked import Opened
from kept.measures.catalogue import OFFICER
from kept.measures.model import Measure
from kept.web.figures import topics
from kept.web.figures.asking import ASKED, FILTERS, UNITS, Filters, query
from kept.web.figures.models import Saved
from kept.web.figures.scoped import Place, narrowed, of_unit, only_of, places_of
from kept.web.people.models import User
from kept.web.people.policy import Scope, Unit

_NOT_KEPT = {("by", OFFICER), ("by_too", OFFICER)}
LONGEST = 1500
"""How many characters of an address a view keeps."""


def kept_of(text: str) -> dict[str, str]:
    """What of an address is kept in a view: known fields, and not whose figures they are of, nor officers."""
    known = {*Filters.base_fields, *UNITS, *FILTERS} - {"unit", ASKED}
    given = {name: str(value)[:100] for name, value in QueryDict(text[:LONGEST]).dict().items() if name in known}
    return {name: value for name, value in given.items() if value and (name, value) not in _NOT_KEPT}


def reached(scope: Scope, user: User, places: Collection[Place]) -> QuerySet[Saved]:
    """The views of somebody's own, and those shared with a unit that has cases in common with one of theirs."""
    own = only_of(scope)
    shared = {(one.level, one.unit) for one in Saved.objects.exclude(level="").only("level", "unit")}
    wanted = Q(owner=user)
    for level, name in shared:
        if any(_meet(Unit(level, name), unit, places) for unit in own):
            wanted |= Q(level=level, unit=name)
    return Saved.objects.filter(wanted).select_related("owner")


def _meet(one: Unit, other: Unit, places: Collection[Place]) -> bool:
    return one == other or any(at.lies_in(of_unit(one)) and at.lies_in(of_unit(other)) for at in places)


def units_to_share_with(scope: Scope, places: Collection[Place]) -> list[Unit]:
    """The units that somebody may share with: their own, and those that lie within them."""
    own = only_of(scope)
    inside = [narrowed(scope, one, places) for one in own]
    within = [Unit(level, name) for one in inside for level, names in one.items() for name in names]
    return [*own, *(one for one in dict.fromkeys(within) if one not in own and _lies_in(one, own, places))]


def _lies_in(unit: Unit, own: Collection[Unit], places: Collection[Place]) -> bool:
    """Whether all that a unit held lies in one of some units."""
    held = [one for one in places if one.lies_in(of_unit(unit))]
    return any(all(one.lies_in(of_unit(wider)) for one in held) for wider in own)


def as_opened(scope: Scope, at: Opened, measure: Measure, fields: Mapping[str, str]) -> tuple[str, bool]:
    """The address of a view as somebody opens it, and whether units were left out of it.

    Left out are those that are not theirs, and those that held nothing in the run `at`, of the day that the view is of.
    """
    own = [one for one in only_of(scope, topics.ability_for(measure)) if topics.knows(measure, one)]
    within = narrowed(scope, own[0], places_of(at), topics.ability_for(measure))
    theirs = {name: value for name, value in fields.items() if name not in UNITS or value in within[name]}
    return query(theirs), len(theirs) < len(fields)
