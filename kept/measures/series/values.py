"""What a series is: a figure that somebody else keeps, period by period, with who keeps it and what was revised."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept.measures.model import Direction
from kept.measures.series.cells import Holds
from kept.measures.series.periods import Period
from kept.measures.statistics.intervals import share_of, wilson_of
from kept.measures.statistics.values import Estimate


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


def shares(series: Series, total: Series | None) -> dict[Period, Estimate | None]:
    """Each standing point as a share (0 to 1) with Wilson's interval, where it is one.

    A percentage is one of its `n`, taken as independent cases; a count is one of the total's count of the same period.
    None where n or the total is not known, and where revisions left a part below zero or above its total.
    """
    wholes = {point.period: point.value for point in total.standing} if total else {}
    return {point.period: _share(series, point, wholes.get(point.period, 0)) for point in series.standing}


def _share(series: Series, point: Point, whole: float) -> Estimate | None:
    if series.holds == "percentages":
        share = point.value / 100
        return Estimate(share, wilson_of(share, point.n)) if point.n else None
    return share_of(point.value, whole) if 0 <= point.value <= whole else None
