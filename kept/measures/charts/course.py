"""The course of a figure over time: its points, the phases that its limits hold for, and what changed when."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kept.errors import MeasureError
from kept.measures.charts.drawing import ceiling
from kept.measures.charts.words import MISSING, plain
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
class Phase:
    """The points, from the first label to the last, that one mean and its limits hold for; a rebase begins a phase.

    trial  the limits stand on too few points to be held to
    """

    first: str
    last: str
    mean: float
    lower: float | None = None
    upper: float | None = None
    trial: bool = False

    def __post_init__(self) -> None:
        ends = [end for end in (self.lower, self.mean, self.upper) if end is not None]
        if ends != sorted(ends) or not all(map(math.isfinite, ends)):
            raise MeasureError(
                "The mean and the limits of a phase do not lie in order.",
                where=f"{self.first} to {self.last}",
                why=f"lower {self.lower}, mean {self.mean}, upper {self.upper}",
            )


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
    """All that a process chart draws; phases and changes by the places of points."""

    marks: tuple[Mark, ...]
    phases: tuple[tuple[int, int, Phase], ...]
    changes: tuple[tuple[int, str], ...]
    unit: Unit
    domain: tuple[float, float] | None

    def phase(self, place: int) -> Phase | None:
        """The phase of a point; of two, the later."""
        found = [phase for first, last, phase in self.phases if first <= place <= last]
        return found[-1] if found else None

    def ends(self) -> tuple[float, float]:
        """The ends of the value axis; those asked for give way to a point that lies beyond them."""
        values = [mark.value for mark in self.marks if mark.value is not None]
        if self.domain:
            return min(self.domain[0], *values, *self.domain), max(self.domain[1], *values, *self.domain)
        if self.unit.share:
            return 0.0, 1.0
        limits = [limit for _, _, phase in self.phases for limit in (phase.mean, phase.upper) if limit is not None]
        return min([0.0, *values]), ceiling(max([0.0, *values, *limits]))


def course_of(
    points: Sequence[ProcessPoint],
    phases: Sequence[Phase],
    annotations: Sequence[Annotation],
    unit: Unit,
    domain: tuple[float, float] | None,
) -> Course:
    """The points by number instead of label, each with its phase."""
    unit.require(domain)
    place = _places(points)
    marks = [_mark(number, point, unit) for number, point in enumerate(points)]
    stretches = tuple((_found(place, phase.first), _found(place, phase.last), phase) for phase in phases)
    changes = tuple((_found(place, change.label), change.said) for change in annotations)
    for first, last, phase in stretches:
        if first > last:
            raise MeasureError(f"A phase ends at {phase.last!r}, before it begins at {phase.first!r}.")
    return Course(tuple(marks), stretches, changes, unit, domain)


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
            why="A phase or an annotation names it.",
            what_to_do="Name one of its points: " + ", ".join([*place][:20]),
        )
    return place[label]
