"""What can be worked out from printed figures, by trying every table there could be: slow, and with no programme."""

from collections.abc import Mapping
from datetime import date
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kept.release.cells import TOTAL, Breakdown, Period, Place, Scope, Table
from kept.release.disclosure import Protected
from kept.release.markers import Suppressed
from kept.release.policy import Policy

POLICY = Policy("Westshire Police", "Publication scheme 2025, section 4", threshold=4)
SPRING = Scope("R6-1a", Period(date(2025, 3, 1), date(2025, 5, 31)), "2025-07-01T00:00:00+01:00")
AREA = Breakdown("area", ("North", "South"))
SEX = Breakdown("sex", ("female", "male"))
TEAM = Breakdown("team", ("red", "green", "blue"))

MOST = 12
"""No count is tried beyond this."""


def table(counts: Mapping[Place, int], *breakdowns: Breakdown, scope: Scope = SPRING) -> Table:
    """A table of the spring, of the counts of its innermost places."""
    return Table.of(scope, breakdowns, counts)


def possible(protected: Protected, of: Table) -> dict[Place, NDArray[np.int_]]:
    """Every table that would have been printed as this one: for each place its counts, one for each such table."""
    innermost = list(of.layout.innermost())
    tried = np.array(list(product(range(MOST), repeat=len(innermost)))).T
    counts = {place: _sum(of, place, dict(zip(innermost, tried, strict=True))) for place in of.layout.places()}
    same = np.ones(tried.shape[1], dtype=bool)
    for place in of.layout.printed():
        same &= fits(protected, of, place, counts[place])
    return {place: tries[same] for place, tries in counts.items()}


def _sum(of: Table, place: Place, tried: Mapping[Place, NDArray[np.int_]]) -> NDArray[np.int_]:
    """The innermost places under a place, added up."""
    under = [by.sums().get(at, (at,)) for by, at in zip(of.layout.breakdowns, place, strict=True)]
    return np.asarray(np.sum([tried[inner] for inner in product(*under)], axis=0))


def fits(protected: Protected, of: Table, place: Place, tries: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Which tries would have been printed like this: as this number, or as suppressed, which a shown zero never is."""
    figure, policy = protected.figure(of, place), protected.policy
    if isinstance(figure, Suppressed):
        return tries >= policy.floor
    base = policy.rounding_base or 1
    printed = (tries + base // 2) // base * base == figure
    return np.asarray(printed & ((tries >= policy.threshold) | (tries == 0)))


def whole(of: Table) -> Place:
    """The place of the grand total."""
    return (TOTAL,) * len(of.layout.breakdowns)
