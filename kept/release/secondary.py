"""Which further cells to hide, so that one that is hidden cannot be worked out.

Ask what the printed figures would have to be for the cell to be as large as it must be able to be (or as small), with
the fewest people in the figures that change; those figures must be hidden. That is one linear programme (the network
flow heuristic of Kelly, Golden and Assad, *Cell suppression: disclosure protection for sensitive tabular data*,
Networks 22, 1992, over any equations, as by Zayatz, US Bureau of the Census RR-92/02). It is no optimum: the programme
counts changes, not cells. Whether it was enough is not taken from here; the attacker is asked again.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack

from kept.release.attacker import Attacker
from kept.release.cells import Cell
from kept.release.knowledge import Span, Unknown
from kept.release.whole import ALMOST, solve

FAMILIAR = 0.001
"""What it costs to hide a cell again, to one that was shown. Whoever guesses that figures have not changed since the
last release would otherwise read from this one what that one hid."""


def further(attacker: Attacker, unknown: Unknown, known: Span, width: float) -> list[Cell]:
    """The cells to hide besides, so that no less than `width` is open about an unknown; empty if all are hidden."""
    printed = [(attacker.at[cell], cell) for cell in attacker.system.printed if cell not in attacker.hidden]
    target = attacker.at[unknown]
    for bound in (Span(known.low + width, np.inf), Span(-np.inf, known.high - width)):
        if chosen := _changed(attacker, target, bound, printed):
            return chosen
    return _nearest(attacker, target, printed)


def _changed(attacker: Attacker, target: int, bound: Span, printed: list[tuple[int, Cell]]) -> list[Cell]:
    """The printed cells that must change for the target to lie within a bound; empty if it cannot, or none must."""
    places = np.array([at for at, _ in printed], dtype=int)
    bounds = np.column_stack((attacker.low, attacker.high))
    bounds[target] = max(bounds[target, 0], bound.low), min(bounds[target, 1], bound.high)
    if not len(places) or bounds[target, 0] > bounds[target, 1]:
        return []
    fall = np.array([attacker.low[at] - attacker.system.spans[cell].low for at, cell in printed])
    rise = np.array([attacker.system.spans[cell].high - attacker.high[at] for at, cell in printed])
    changes = np.column_stack((np.zeros(2 * len(places)), np.concatenate((rise, fall))))
    found = solve(
        np.concatenate((np.zeros(len(bounds)), np.tile(_costs(attacker, printed), 2))),
        hstack((attacker.matrix, attacker.matrix[:, places], -attacker.matrix[:, places])).tocsr(),
        np.vstack((bounds, changes)),
    )
    if found is None:
        return []
    up, down = found[len(bounds) :].reshape(2, -1)
    return [cell for (_, cell), much in zip(printed, up + down, strict=True) if much > ALMOST]


def _costs(attacker: Attacker, printed: list[tuple[int, Cell]]) -> NDArray[Any]:
    """As many as a cell counts: what is lost with it. Next to nothing, if it was suppressed before."""
    truths, familiar = attacker.system.truths, attacker.system.familiar
    return np.array([(1.0 + truths[cell]) * (FAMILIAR if cell in familiar else 1.0) for _, cell in printed])


def _nearest(attacker: Attacker, target: int, printed: list[tuple[int, Cell]]) -> list[Cell]:
    """The smallest printed cell that bears upon the target, or failing that the smallest of all."""
    near = set(attacker.around(target)[0].tolist())
    candidates = [cell for at, cell in printed if at in near] or [cell for _, cell in printed]
    return sorted(candidates, key=lambda cell: (attacker.system.truths[cell], cell))[:1]
