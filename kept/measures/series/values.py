"""What a series is: a figure that somebody else keeps, period by period, with who keeps it and what was revised."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kept.measures.model import Direction
from kept.measures.series.cells import Holds
from kept.measures.series.periods import Period


@dataclass(frozen=True, slots=True)
class Point:
    """The figure of one period: a count, a percentage of 0 to 100, or a number in the series' unit.

    `n` is over how many it was taken, None where its keeper does not say. It was made of `rows` rows of the file;
    `missing` more were refused, and a sum lacks them. It stood from the import at `since` until that at `revised_at`,
    None while it stands.
    """

    period: Period
    value: float
    n: int | None
    rows: int
    missing: int
    since: datetime
    revised_at: datetime | None = None

    def says_as(self, other: "Point") -> bool:
        """Whether another point says the same, whenever it was imported."""
        moment = other.since
        return replace(self, since=moment, revised_at=None) == replace(other, since=moment, revised_at=None)


@dataclass(frozen=True, slots=True)
class Series:
    """A series and all its points, those revised too; `source` says who keeps the figure and where.

    `of` is the id of the total of which its counts are shares, or blank.
    """

    id: str
    title: str
    unit: str
    source: str
    direction: Direction
    holds: Holds
    of: str
    points: tuple[Point, ...]

    @property
    def standing(self) -> tuple[Point, ...]:
        """The points that hold now, one for each period, in order."""
        return tuple(point for point in self.points if point.revised_at is None)

    @property
    def revised(self) -> tuple[Point, ...]:
        """The points that a later import replaced or no longer had."""
        return tuple(point for point in self.points if point.revised_at is not None)


def revise(earlier: Series | None, new: Series, now: datetime) -> Series:
    """The new import of a series with every point of the earlier kept.

    What both say stands as it stood; what the new import says otherwise, or no longer says, was revised at `now`.
    """
    if earlier is None:
        return new
    coming = {point.period: point for point in new.points}
    kept = [_after(point, coming.get(point.period), now) for point in earlier.points]
    stays = {point.period for point in kept if point.revised_at is None}
    added = [point for period, point in coming.items() if period not in stays]
    ordered = sorted([*kept, *added], key=lambda point: (point.period, point.since))
    return replace(new, points=tuple(ordered))


def _after(point: Point, coming: Point | None, now: datetime) -> Point:
    if point.revised_at is not None or (coming and point.says_as(coming)):
        return point
    return replace(point, revised_at=now)


def shares(series: Series, total: Series) -> Mapping[Period, float | None]:
    """What share (0 to 1) of a total each standing point is: None where the total is not known, or it is no part of it.

    Revisions can leave a part below zero or above its total; no share is given then.
    """
    wholes = {point.period: point.value for point in total.standing}
    return {point.period: _share(point.value, wholes.get(point.period, 0)) for point in series.standing}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 and 0 <= part <= whole else None
