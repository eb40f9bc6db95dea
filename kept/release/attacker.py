"""What somebody can work out about a figure that is not printed, from all that is.

Every cell is an unknown between what its figure can mean; every total is an equation. The least and the greatest that
a suppressed cell can be are two linear programmes (the attacker's problem: Fischetti and Salazar, *Solving the cell
suppression problem on tabular data with linear constraints*, Management Science 47(7), 2001, section 2).

Counts are whole numbers, and whoever knows that may tell more than the programmes do where there are three breakdowns
or linked tables. So an end counts as open only if a solution of whole numbers reaches it. Where the programme ends in
fractions, whole numbers are sought near the truth (`whole`); where none are found, the true counts stand in.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kept.errors import MeasureError
from kept.release.cells import Cell
from kept.release.knowledge import Group, Span, System, Terms, Unknown
from kept.release.whole import ALMOST, Programme, is_whole, solve, whole_end

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
        self._truths = np.array([np.nan if truth is None else truth for truth in truths], float)
        self._patterns = np.array([isinstance(unknown, Group) for unknown in self.unknowns], bool)
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
        asked = Programme(self.matrix[equations][:, near], bounds, at, sign)
        found = solve(asked.aim, asked.matrix, bounds)
        if found is None:
            raise MeasureError(
                "What was released earlier does not add up.",
                what_to_do="Compare the register of releases with what was released.",
            )
        truths = self._truths[near]
        close = np.where(np.isnan(truths), found, truths)
        whole = np.round(found) if is_whole(found) else whole_end(asked, found[at], close, self._patterns[near])
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
