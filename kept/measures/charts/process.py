"""Process charts: a figure over time, its mean, its limits, its signals, and what changed when.

Form: NHS England, "Making Data Count", and its rules on marking signals: each point is drawn by what it is a signal of.
Which points are signals, and where the limits lie, is worked out elsewhere; here it is drawn and said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from kept.errors import MeasureError
from kept.measures.charts.chart import Cell, Chart, Column, Table, counted, named
from kept.measures.charts.drawing import wordless
from kept.measures.charts.process_drawing import Course, Mark, draw
from kept.measures.charts.process_words import sentence_of
from kept.measures.charts.words import MISSING, SHARE, Unit, plain

SignalKind = Literal["common", "improvement", "concern", "neither"]


@dataclass(frozen=True, slots=True)
class ProcessPoint:
    """One period: its label, its figure and out of how many; None where there is none to show, for which `marker` stands.

    kind  what it is a signal of; "neither" is a signal in a figure of which neither end is better
    """

    label: str
    value: float | None
    n: int | None
    kind: SignalKind = "common"
    marker: str = MISSING


@dataclass(frozen=True, slots=True)
class Phase:
    """The points, by the labels of the first and the last, that one mean and pair of limits hold for; a rebase begins one.

    trial  the limits stand on too few points to be held to
    """

    first: str
    last: str
    mean: float
    lower: float | None = None
    upper: float | None = None
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """Something that changed at the beginning of a period, such as the edition, the sample frame or a threshold."""

    label: str
    text: str
    kind: Literal["edition", "sample frame", "posting", "threshold", "rebase", "other"] = "other"

    @property
    def said(self) -> str:
        return plain(self.text if self.kind == "other" else f"{self.kind}: {self.text}")


def process_chart(
    title: str,
    points: Sequence[ProcessPoint],
    phases: Sequence[Phase] = (),
    annotations: Sequence[Annotation] = (),
    *,
    unit: Unit = SHARE,
    domain: tuple[float, float] | None = None,
    period: str = "month",
) -> Chart:
    """The process chart of points in time order.

    domain  the ends of the value axis, in the points' unit; without it 0–100 % of a share, else from 0
    period  what one point stands for, in the sentence

    Raises MeasureError where a label stands twice, or a phase or an annotation names none of them.
    """
    course = course_of(points, phases, annotations, unit, domain)
    sentence = sentence_of(course, period)
    drawable = any(mark.value is not None for mark in course.marks)
    spec = partial(draw, course) if drawable else wordless(sentence)
    table = _table(points, course, unit)
    return Chart(plain(title), sentence, spec, table, f"Process chart. {plain(title)}. {sentence}")


def course_of(
    points: Sequence[ProcessPoint],
    phases: Sequence[Phase],
    annotations: Sequence[Annotation],
    unit: Unit,
    domain: tuple[float, float] | None,
) -> Course:
    """The points by number instead of label, each with its phase."""
    place = _places(points)
    marks = [_mark(number, point) for number, point in enumerate(points)]
    stretches = tuple((_found(place, phase.first), _found(place, phase.last), phase) for phase in phases)
    changes = tuple((_found(place, change.label), change.said) for change in annotations)
    for first, last, phase in stretches:
        if first > last:
            raise MeasureError(f"A phase ends at {phase.last!r}, before it begins at {phase.first!r}.")
    return Course(tuple(marks), stretches, changes, unit, domain)


def _mark(number: int, point: ProcessPoint) -> Mark:
    if point.value is not None and not math.isfinite(point.value):
        raise MeasureError(
            "A point of a process chart is not a number.",
            where=point.label,
            why=f"It is {point.value}.",
            what_to_do="Give None, and a marker that says why there is none.",
        )
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


def _table(points: Sequence[ProcessPoint], course: Course, unit: Unit) -> Table:
    word = "" if unit.share else unit.word
    columns = (
        Column("Period"),
        Column("Value", word),
        Column("Out of"),
        Column("Signal"),
        Column("Mean", word),
        Column("Lower limit", word),
        Column("Upper limit", word),
        Column("What changed"),
    )
    rows = (_row(number, point, course, unit) for number, point in enumerate(points))
    return Table(columns, tuple(rows))


def _row(number: int, point: ProcessPoint, course: Course, unit: Unit) -> tuple[Cell, ...]:
    phase = course.phase(number)
    limits = (phase.mean, phase.lower, phase.upper) if phase else (None, None, None)
    changed = "; ".join(said for place, said in course.changes if place == number)
    shown = point.value is not None
    return (
        named(point.label),
        _valued(point.value, unit, point.marker),
        counted(point.n, point.marker),
        named(_signal(point) if shown else ""),
        *(_valued(limit, unit, "") for limit in limits),
        named(changed),
    )


def _signal(point: ProcessPoint) -> str:
    return "none" if point.kind == "common" else point.kind


def _valued(value: float | None, unit: Unit, marker: str) -> Cell:
    return Cell(marker) if value is None else Cell(unit.text(value, 1), value)
