"""What a funnel plot compares: areas, the limits that they are held against, and the axis that holds them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kept.errors import MeasureError
from kept.measures.charts.drawing import ceiling
from kept.measures.charts.words import MISSING, plain
from kept.measures.units import Unit

Outside = Literal["", "95 %", "99.8 %"]


@dataclass(frozen=True, slots=True)
class FunnelArea:
    """One area: its figure out of `n`, and the widest limit that it lies outside ("" for none).

    value and n are None where they are not to be shown, for which `marker` stands.
    """

    name: str
    value: float | None
    n: int | None
    outside: Outside = ""
    marker: str = MISSING


@dataclass(frozen=True, slots=True)
class FunnelLimit:
    """The four limits for one `n`."""

    n: float
    low_998: float
    low_95: float
    high_95: float
    high_998: float


@dataclass(frozen=True, slots=True)
class Dot:
    """An area that is drawn."""

    name: str
    value: float
    n: int
    outside: str
    above: bool


@dataclass(frozen=True, slots=True)
class Crowd:
    """All that a funnel plot draws."""

    dots: tuple[Dot, ...]
    centre: float | None
    limits: tuple[FunnelLimit, ...]
    unit: Unit
    domain: tuple[float, float] | None

    def ends(self) -> tuple[float, float]:
        """The ends of the value axis; those asked for give way to an area that lies beyond them."""
        values = [dot.value for dot in self.dots]
        if self.domain:
            return min(self.domain[0], *values), max(self.domain[1], *values)
        if self.unit.share:
            return 0.0, 1.0
        limits = [limit.high_95 for limit in self.limits]
        return min(0.0, *values), ceiling(max(*values, *limits, self.centre or 0.0))

    def most(self, steps: int) -> float:
        """The end of the axis of n, a round number in so many steps."""
        return ceiling(max(dot.n for dot in self.dots) * 1.02, steps)


def check(areas: Sequence[FunnelArea], unit: Unit) -> None:
    """Raise MeasureError where two areas share a name, or a figure is not of the unit, or of fewer than one."""
    names = [area.name for area in areas]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MeasureError("Two areas of a funnel plot have one name.", where=", ".join(twice))
    beyond = [area.name for area in areas if area.value is not None and not unit.holds(area.value)]
    if beyond:
        raise MeasureError(unit.refusal, where=", ".join(beyond))
    bare = [area.name for area in areas if area.value is not None and (area.n is None or area.n < 1)]
    if bare:
        raise MeasureError(
            "A funnel plot needs to know out of how many each figure is.",
            where=", ".join(bare),
            what_to_do="Give n, at least 1, or None as the figure with a marker that says why there is none.",
        )


def dots_of(areas: Sequence[FunnelArea], centre: float | None) -> list[Dot]:
    """The areas that have a figure."""
    return [
        Dot(plain(area.name), area.value, area.n, area.outside, centre is None or area.value >= centre)
        for area in areas
        if area.value is not None and area.n is not None
    ]
