"""The four rules that tell a signal from chance on a process chart, over the points of one phase in time order.

Sides are 1 above the mean, -1 below it and 0 on it. Rules and how points are counted: NHS England, Making Data Count;
as in NHSRplotthedots, whose tests these functions are held against. Chance alone meets a rule now and then: any seven
points lie on one side once in sixty-four.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

SEVEN = 7
"""How many points in a row make a shift or a trend."""


@dataclass(frozen=True, slots=True)
class Span:
    """The points that meet a rule together, by position, and the side: 1 high or rising, -1 low or falling."""

    positions: tuple[int, ...]
    side: int


def outside(sides: Sequence[int], beyond: Sequence[bool]) -> list[Span]:
    """Return each run of points on one side that lie beyond a limit."""
    runs = groupby(range(len(sides)), key=lambda at: sides[at] if beyond[at] else 0)
    return [Span(tuple(positions), side) for side, positions in runs if side]


def shifts(sides: Sequence[int]) -> list[Span]:
    """Return each run of seven points or more on one side of the mean."""
    return spans(completed_shifts(sides))


def trends(values: Sequence[float]) -> list[Span]:
    """Return each run of seven points or more of which every one is above, or every one below, the last."""
    return spans(completed_trends(values))


def near_limits(sides: Sequence[int], close: Sequence[bool]) -> list[Span]:
    """Return the points close to a limit of which two stand in three points on one side, neighbours together.

    A point is close between two thirds of the way to a limit and the limit itself; one outside is not close.
    """
    flags = two_in_three(close, sides)
    runs = groupby(range(len(sides)), key=lambda at: sides[at] * flags[at])
    return [Span(tuple(at for at in positions if close[at]), side) for side, positions in runs if side]


def completed_shifts(sides: Sequence[int]) -> list[int]:
    """The side at each point that is at least the seventh in a row on it, else 0."""
    return [_all_same(sides[max(0, at - SEVEN + 1) : at + 1], SEVEN) for at in range(len(sides))]


def completed_trends(values: Sequence[float]) -> list[int]:
    """1 at each point that ends seven that rise, -1 seven that fall, else 0; two that are equal end both."""
    steps = [0, *((after > before) - (after < before) for before, after in pairwise(values))][: len(values)]
    return [_all_same(steps[max(0, at - SEVEN + 2) : at + 1], SEVEN - 1) for at in range(len(steps))]


def spans(completed: Sequence[int], length: int = SEVEN) -> list[Span]:
    """Return what points that complete a run of `length` stand for: each with those before it, neighbours together."""
    runs = [(side, list(positions)) for side, positions in groupby(range(len(completed)), key=completed.__getitem__)]
    return [Span(tuple(range(at[0] - length + 1, at[-1] + 1)), side) for side, at in runs if side]


def two_in_three(close: Sequence[bool], sides: Sequence[int]) -> list[int]:
    """1 for every point of three in a row on one side of which two or more are close to a limit, else 0."""
    flags = [0] * len(sides)
    for at in range(len(sides) - 2):
        if _all_same(sides[at : at + 3], 3) and sum(close[at : at + 3]) >= 2:
            flags[at : at + 3] = [1, 1, 1]
    return flags


def _all_same(signs: Sequence[int], length: int) -> int:
    """The sign that all of them have; 0 where they differ or are fewer than the length."""
    return signs[0] if len(signs) == length and len(set(signs)) == 1 else 0
