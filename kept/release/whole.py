"""Solutions of whole numbers, sought where they are likely: close to counts that are known to add up.

A programme in whole numbers over thousands of patterns of people takes ten seconds, and hundreds are asked for. What is
asked of it is one example, and one lies near the truth: first the nearest solution in fractions is found, and then
only what is not whole in it is solved for in whole numbers (after Berthold, *RENS: the optimal rounding*, Mathematical
Programming Computation 6, 2014, around a solution that changes as little as possible). An example that is found here
is one as much as any other; one that is not found may be there all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack

Numbers = NDArray[np.float64]

ALMOST = 1e-6
"""How near to a whole number a solution must be to count as one."""

MOST_BRANCHES = 20
"""How often a programme in whole numbers may branch. A number and no time, so that the same tables end alike."""

MOST_AT_ONCE = 500
"""With more unknowns than these, nothing but the neighbourhood of the truth is solved in whole numbers."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Unknowns within bounds, for which every equation adds up to nothing, and one of which has an end that is sought.

    matrix   a row for each equation, a column for each unknown
    bounds   the least and the greatest of each unknown
    target   the unknown whose end is sought
    sign     1 for its least, -1 for its greatest
    """

    matrix: csr_array
    bounds: Numbers
    target: int
    sign: int

    @property
    def aim(self) -> Numbers:
        aim = np.zeros(len(self.bounds))
        aim[self.target] = self.sign
        return aim


def solve(aim: Numbers, matrix: Any, bounds: Numbers, sums: Numbers | None = None) -> Numbers | None:
    """The unknowns at which the aim is least while every equation adds up to its sum, or nothing; None if none are.

    By the dual simplex method: it ends in a corner, and in tables of two breakdowns every corner is of whole numbers.
    """
    none = np.zeros(matrix.shape[0])
    equations = {"A_eq": matrix, "b_eq": none if sums is None else sums} if matrix.shape[0] else {}
    found = linprog(aim, **equations, bounds=bounds, method="highs-ds")
    return np.asarray(found.x, float) if found.status == 0 else None


def is_whole(found: Numbers) -> bool:
    """Whether a solution is one of whole numbers."""
    return bool(np.all(_whole(found)))


def whole_end(asked: Programme, end: float, close: Numbers, patterns: NDArray[np.bool_]) -> Numbers | None:
    """A solution of whole numbers as near to an end as one is found; None where none is.

    end      what the target comes to in fractions
    close    what each unknown is, or the best that is known of it: what a solution should be close to
    patterns which unknowns are numbers of people of one pattern, of which all others are sums
    """
    reached = float(np.ceil(end - ALMOST) if asked.sign > 0 else np.floor(end + ALMOST))
    for costs in (np.ones(len(close)), 1 / (1 + np.abs(close))):
        near = _nearest(asked, reached, close, costs)
        if near is not None and (found := _settled(asked, near, patterns)) is not None:
            return found
    return _solved(asked, np.arange(len(close)), close) if len(close) <= MOST_AT_ONCE else None


def _nearest(asked: Programme, reached: float, close: Numbers, costs: Numbers) -> Numbers | None:
    """The solution in fractions at an end that changes least, each change at its cost; None where there is none."""
    bounds = asked.bounds.copy()
    bounds[asked.target] = reached
    rise, fall = bounds - close[:, None], close[:, None] - bounds[:, ::-1]
    found = solve(
        np.concatenate((costs, costs)),
        hstack((asked.matrix, -asked.matrix)).tocsr(),
        np.clip(np.vstack((rise, fall)), 0, None),
        -(asked.matrix @ close),
    )
    if found is None:
        return None
    up, down = found.reshape(2, -1)
    near: Numbers = close + up - down
    return near


def _settled(asked: Programme, near: Numbers, patterns: NDArray[np.bool_]) -> Numbers | None:
    """The same in whole numbers: what is whole among the patterns stays as it is."""
    if is_whole(near):
        return np.round(near)
    return _solved(asked, np.flatnonzero(~(_whole(near) & patterns)), near)


def _solved(asked: Programme, free: NDArray[np.intp], near: Numbers) -> Numbers | None:
    """The best in whole numbers for some unknowns that `MOST_BRANCHES` found, all others as they are; or None."""
    whole = np.round(near)
    whole[free] = 0
    sums = -(asked.matrix @ whole)
    found = milp(
        asked.aim[free],
        constraints=LinearConstraint(asked.matrix[:, free], sums, sums) if asked.matrix.shape[0] else (),
        integrality=np.ones(len(free)),
        bounds=(asked.bounds[free, 0], asked.bounds[free, 1]),
        options={"node_limit": MOST_BRANCHES, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    whole[free] = np.round(found.x)
    return None if (asked.matrix @ whole).any() else whole


def _whole(found: Numbers) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = np.abs(found - np.round(found)) < ALMOST
    return near
