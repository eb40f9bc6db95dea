"""The course of a figure over time: its points, the phases that its limits hold for, and what changed when."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kept.errors import MeasureError
from kept.measures.charts.drawing import ceiling
from kept.measures.charts.words import MISSING, plain
from kept.measures.statistics.process_chart import Phase
from kept.measures.statistics.process_limits import Limits
from kept.measures.units import Unit

SignalKind = Literal["common", "improvement", "concern", "neither"]


@dataclass(frozen=True, slots=True)
class ProcessPoint:
    """One period: its label, its figure and out of how many; None where `marker` stands instead.

    kind  what it is a signal of; "neither" is a signal in a figure of which neither end is better
    """

    label: str
    value: float | None
    n: int | None
    kind: SignalKind = "common"
    marker: str = MISSING


@dataclass(frozen=True, slots=True)
class Annotation:
    """Something that changed at the beginning of a period, such as the edition, the sample frame or a threshold."""

    label: str
    text: str
    kind: Literal["edition", "sample frame", "posting", "threshold", "rebase", "other"] = "other"

    @property
    def said(self) -> str:
        return plain(self.text if self.kind == "other" else f"{self.kind}: {self.text}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A point as drawn: its place in the order of time, from 0."""

    place: int
    label: str
    value: float | None
    n: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Course:
    """All that a process chart draws: its limits from one place to another, and what changed at a place."""

    marks: tuple[Mark, ...]
    phases: tuple[tuple[int, int, Limits], ...]
    changes: tuple[tuple[int, str], ...]
    unit: Unit
    domain: tuple[float, float] | None

    def limits(self, place: int) -> Limits | None:
        """The limits that a point is held to; of two, the later."""
        found = [limits for first, last, limits in self.phases if first <= place <= last]
        return found[-1] if found else None

    def ends(self) -> tuple[float, float]:
        """The ends of the value axis; those asked for give way to a point that lies beyond them."""
        values = [mark.value for mark in self.marks if mark.value is not None]
        if self.domain:
            return min(self.domain[0], *values, *self.domain), max(self.domain[1], *values, *self.domain)
        if self.unit.share:
            return 0.0, 1.0
        limits = [limit for _, _, limits in self.phases for limit in (limits.mean, limits.upper)]
        return min([0.0, *values]), ceiling(max([0.0, *values, *limits]))


def course_of(
    points: Sequence[ProcessPoint],
    phases: Sequence[Phase],
    annotations: Sequence[Annotation],
    unit: Unit,
    domain: tuple[float, float] | None,
) -> Course:
    """The points by number instead of label, with the limits of their phases; MeasureError where these cannot be."""
    unit.require(domain)
    place = _places(points)
    marks = [_mark(number, point, unit) for number, point in enumerate(points)]
    stretches = tuple(_stretch(phase, phase.limits, len(marks)) for phase in phases if phase.limits)
    changes = tuple((_found(place, change.label), change.said) for change in annotations)
    return Course(tuple(marks), stretches, changes, unit, domain)


def _stretch(phase: Phase, limits: Limits, points: int) -> tuple[int, int, Limits]:
    ends = [limits.lower, limits.mean, limits.upper]
    if ends != sorted(ends) or not all(map(math.isfinite, ends)):
        why = f"lower {limits.lower}, mean {limits.mean}, upper {limits.upper}"
        raise MeasureError("The mean and the limits of a phase do not lie in order.", why=why)
    if not 0 <= phase.first <= phase.last < points:
        why = f"It goes from the point {phase.first} to {phase.last}, and there are {points}, from 0."
        raise MeasureError("A phase lies outside the points of its chart.", why=why)
    return phase.first, phase.last, limits


def _mark(number: int, point: ProcessPoint, unit: Unit) -> Mark:
    if point.value is not None and not unit.holds(point.value):
        what_to_do = "Where there is no figure, give None, and a marker that says why."
        raise MeasureError(unit.refusal, where=point.label, why=f"It is {point.value}.", what_to_do=what_to_do)
    if point.n is not None and point.n < 0:
        raise MeasureError("A figure cannot be out of fewer than none.", where=point.label, why=f"It is of {point.n}.")
    return Mark(number, plain(point.label), point.value, point.n, point.kind)


def _places(points: Sequence[ProcessPoint]) -> dict[str, int]:
    place = {point.label: number for number, point in enumerate(points)}
    if len(place) < len(points):
        twice = next(point.label for number, point in enumerate(points) if place[point.label] != number)
        raise MeasureError(f"A process chart has two points called {twice!r}.", what_to_do="Give each its own label.")
    return place


def _found(place: dict[str, int], label: str) -> int:
    if label not in place:
        raise MeasureError(
            f"A process chart has no point called {label!r}.",
            why="An annotation names it.",
            what_to_do="Name one of its points: " + ", ".join([*place][:20]),
        )
    return place[label]
