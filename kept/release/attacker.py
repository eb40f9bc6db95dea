"""What somebody can work out about a figure that is not printed, from all that is.

Every cell is an unknown between what its figure can mean; every total is an equation. The least and the greatest that
a suppressed cell can be are two linear programmes (the attacker's problem: Fischetti and Salazar, *Solving the cell
suppression problem on tabular data with linear constraints*, Management Science 47(7), 2001, section 2).

Counts are whole numbers, and whoever knows that may tell more than the programmes do where there are three breakdowns
or linked tables. So an end counts as open only if a solution of whole numbers reaches it. Where the programme ends in
fractions, it is solved again in whole numbers; where even that finds none in time, the true counts stand in.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from kept.errors import MeasureError
from kept.release.cells import Cell
from kept.release.knowledge import Span, System, Terms, Unknown

ALMOST = 1e-6
"""How near to a whole number a solution must be to count as one."""

MOST_BRANCHES = 20
"""How often a programme in whole numbers may branch. A number and no time, so that the same tables end alike."""

INFINITE = float("inf")


class Attacker:
    """Everything printed, but for the hidden cells, as matrices: to be asked about one unknown after the other."""

    def __init__(self, system: System, hidden: Iterable[Cell]) -> None:
        self.system, self.hidden = system, set(hidden)
        self.unknowns = list(system.spans)
        self.at = {unknown: at for at, unknown in enumerate(self.unknowns)}
        spans = np.array([self._knows(unknown) for unknown in self.unknowns], float).reshape(-1, 2)
        self.low, self.high = spans[:, 0], spans[:, 1]
        self.matrix = _matrix(system.equations, self.at)
        self._columns = self.matrix.tocsc()
        truths = [system.truths.get(unknown) for unknown in self.unknowns]
        self._least = np.array([INFINITE if truth is None else truth for truth in truths])
        self._most = np.array([-INFINITE if truth is None else truth for truth in truths])

    def _knows(self, unknown: Unknown) -> Span:
        return self.system.knows(unknown, self.hidden) if isinstance(unknown, Cell) else self.system.spans[unknown]

    def hide(self, cell: Cell) -> None:
        """Take away what printing a cell tells of it."""
        self.hidden.add(cell)
        self.low[self.at[cell]], self.high[self.at[cell]] = self.system.spans[cell]

    def has_seen(self, unknown: Unknown, width: float) -> bool:
        """Whether solutions found so far, each of which could be the truth, are that far apart on an unknown.

        What was a solution stays one when more is hidden, so that this often saves solving for it.
        """
        at = self.at[unknown]
        return bool(self._most[at] - self._least[at] >= width)

    def has_room(self, unknown: Unknown, width: float) -> bool:
        """Whether solutions that far apart have been seen, or one is found that far above the truth."""
        truth = self.system.truths.get(unknown)
        if self.has_seen(unknown, width) or truth is None:
            return self.has_seen(unknown, width)
        target = self.at[unknown]
        if self.high[target] >= truth + width:
            near, equations = self.around(target)
            self._end(target, near, equations, -1, truth + width)
        return self.has_seen(unknown, width)

    def span(self, unknown: Unknown, enough: float) -> Span:
        """What can be worked out of an unknown, in whole numbers; the upper end not beyond `enough` above the lower.

        MeasureError if what was released earlier does not add up.
        """
        target = self.at[unknown]
        if self.low[target] == self.high[target]:
            return Span(self.low[target], self.high[target])
        near, equations = self.around(target)
        low = self._end(target, near, equations, 1, INFINITE)
        return Span(low, self._end(target, near, equations, -1, low + enough))

    def _end(self, target: int, near: NDArray[Any], equations: NDArray[Any], sign: int, most: float) -> float:
        at = int(np.searchsorted(near, target))
        bounds = np.column_stack((self.low[near], self.high[near]))
        bounds[at, 1] = min(bounds[at, 1], most)
        aim = np.zeros(len(near))
        aim[at] = sign
        around = self.matrix[equations][:, near]
        found = solve(aim, around, bounds)
        if found is None:
            raise MeasureError(
                "What was released earlier does not add up.",
                what_to_do="Compare the register of releases with what was released.",
            )
        whole = np.round(found) if _is_whole(found) else solve_whole(aim, around, bounds)
        if whole is None:
            return self._without_whole(target, float(found[at]), sign, most)
        self._least[near] = np.minimum(self._least[near], whole)
        self._most[near] = np.maximum(self._most[near], whole)
        return float(whole[at])

    def _without_whole(self, target: int, end: float, sign: int, most: float) -> float:
        """An end that only fractions were seen to reach: the truth, or where it is not known, the nearest inside."""
        truth = self.system.truths.get(self.unknowns[target])
        if truth is None:
            return float(np.ceil(end - ALMOST) if sign > 0 else np.floor(end + ALMOST))
        return min(float(truth), most)

    def around(self, target: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """The unknowns and equations that bear upon one, by number: an exact figure stands between parts of a table."""
        near, equations, fresh = {target}, set[int](), [target]
        while fresh:
            for equation in set(_entries(self._columns, fresh.pop())) - equations:
                equations.add(equation)
                ours = set(_entries(self.matrix, equation)) - near
                near |= ours
                fresh += [at for at in ours if self.low[at] < self.high[at]]
        return np.array(sorted(near)), np.array(sorted(equations), dtype=int)


def _matrix(equations: Iterable[Terms], at: dict[Unknown, int]) -> Any:
    entries = [(row, at[unknown], times) for row, terms in enumerate(equations) for unknown, times in terms]
    if not entries:
        return csr_array((0, len(at)))
    rows, columns, times = zip(*entries, strict=True)
    return csr_array((np.array(times, float), (rows, columns)), shape=(max(rows) + 1, len(at)))


def _entries(matrix: Any, at: int) -> list[int]:
    """The columns of a row, or the rows of a column, in which something stands."""
    return [int(entry) for entry in matrix.indices[matrix.indptr[at] : matrix.indptr[at + 1]]]


def solve(aim: NDArray[Any], matrix: Any, bounds: NDArray[Any]) -> NDArray[Any] | None:
    """The unknowns at which the aim is least while every equation adds up to nothing; None if there are none.

    By the dual simplex method: it ends in a corner, and in tables of two breakdowns every corner is of whole numbers.
    """
    equations = {"A_eq": matrix, "b_eq": np.zeros(matrix.shape[0])} if matrix.shape[0] else {}
    found = linprog(aim, **equations, bounds=bounds, method="highs-ds")
    return np.asarray(found.x) if found.status == 0 else None


def _is_whole(found: NDArray[Any]) -> bool:
    return bool(np.all(np.abs(found - np.round(found)) < ALMOST))


def solve_whole(aim: NDArray[Any], matrix: Any, bounds: NDArray[Any]) -> NDArray[Any] | None:
    """As `solve`, in whole numbers; the best that was found in `MOST_BRANCHES`, or None."""
    equations = LinearConstraint(matrix, 0, 0) if matrix.shape[0] else ()
    limits = {"node_limit": MOST_BRANCHES, "mip_rel_gap": 0.0}
    found = milp(
        aim, constraints=equations, integrality=np.ones(len(aim)), bounds=(bounds[:, 0], bounds[:, 1]), options=limits
    )
    return None if found.x is None else np.round(np.asarray(found.x))
