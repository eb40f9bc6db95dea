"""Which figures of two tables can be set against each other, and what is then left over.

Two counts of the same breakdown values can be subtracted: as of another moment, of a population with one filter more,
or over periods that overlap. What is left over counts somebody, and is as confidential as if it had been printed
(differencing: Hundepool et al., *Statistical Disclosure Control*, 2012, section 4.3).
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from kept.release.cells import TOTAL, Cell, Layout, Place, Scope

Relation = Literal["as of another moment", "with another filter", "over an overlapping period", "of another measure"]


class Difference(NamedTuple):
    """Two cells that can be subtracted.

    nested   the wider counts whatever the narrower does, so that what is left over is a count; else it may be below 0
    release  the earlier release that the second of the two tables left in; None if they leave together
    """

    wider: Cell
    narrower: Cell
    relation: Relation
    nested: bool
    release: str | None


def related(one: Scope, other: Scope) -> Relation | None:
    """How two scopes are set against each other; None if they are the same, or differ in more than one way.

    An as-of comes with every release, so that it may differ besides.
    """
    if one.measure != other.measure:
        return None
    if one.population == other.population:
        return _over_time(one, other)
    theirs, ours = set(one.population), set(other.population)
    return "with another filter" if one.period == other.period and (theirs < ours or ours < theirs) else None


def _over_time(one: Scope, other: Scope) -> Relation | None:
    if one.period != other.period:
        return "over an overlapping period" if one.period.overlaps(other.period) else None
    return None if one.as_of == other.as_of else "as of another moment"


def differences(one: Layout, other: Layout, release: str | None) -> Iterator[Difference]:
    """The cells of two tables that can be subtracted; breakdowns may stand in another order, or be totals."""
    how = related(one.scope, other.scope)
    if how is None:
        return
    counterparts = {_values(other, place): other.cell(place) for place in other.places()}
    inside, covers = _within(one.scope, other.scope), _within(other.scope, one.scope)
    nested = (inside or covers) and one.scope.as_of == other.scope.as_of
    for place in one.places():
        ours, theirs = one.cell(place), counterparts.get(_values(one, place))
        if theirs is not None and theirs != ours:
            yield Difference(*((theirs, ours) if inside else (ours, theirs)), how, nested, release)


def _within(narrower: Scope, wider: Scope) -> bool:
    return narrower.period.within(wider.period) and set(wider.population) <= set(narrower.population)


def _values(layout: Layout, place: Place) -> frozenset[tuple[str, str]]:
    """The breakdown values at a place, without totals."""
    pairs = zip(layout.breakdowns, place, strict=True)
    return frozenset((by.name, at) for by, at in pairs if at != TOTAL)
