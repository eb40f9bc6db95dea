"""How counts over periods that overlap hang together: each is the sum of the stretches that all of them are made of.

A quarter less two of its months is the third, though no two of these figures give it away by themselves.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from kept.release.cells import Cell, Conditions, Period

Counted = tuple[str, Conditions, str]
"""What cells have in common that differ by their period alone: measure, conditions, as of."""

DAY = timedelta(days=1)


def stretches(cells: Iterable[Cell]) -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
    """Each cell that others cut into, with the stretches that add up to it, as cells of their own."""
    periods: dict[Counted, set[Period]] = {}
    for cell in cells:
        periods.setdefault((cell.measure, cell.conditions, cell.as_of), set()).add(cell.period)
    for (measure, conditions, as_of), together in periods.items():
        cuts = sorted({cut for first, last in together for cut in (first, last + DAY)}) if len(together) > 1 else []
        for period in sorted(together):
            if len(parts := _cut(period, cuts)) > 1:
                yield (
                    Cell(measure, conditions, period, as_of),
                    tuple(Cell(measure, conditions, part, as_of) for part in parts),
                )


def _cut(period: Period, cuts: list[date]) -> list[Period]:
    inside = [cut for cut in cuts if period.first <= cut <= period.last + DAY]
    return [Period(first, after - DAY) for first, after in pairwise(inside)]
