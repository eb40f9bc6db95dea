"""Process charts: a figure over time, its mean, its limits, its signals, and what changed when.

Form: NHS England, "Making Data Count", and its rules on marking signals: each point is drawn by what it is a signal of.
Which points are signals, and where the limits lie, is worked out elsewhere; here it is drawn and said.
"""

from collections.abc import Sequence
from functools import partial

from kept.measures.charts.chart import Cell, Chart, Column, Table, counted, named
from kept.measures.charts.course import Annotation, Course, ProcessPoint, course_of
from kept.measures.charts.drawing import wordless
from kept.measures.charts.process_drawing import draw
from kept.measures.charts.words import plain
from kept.measures.statistics.process_chart import Phase
from kept.measures.units import SHARE, Unit


def process_chart(
    title: str,
    points: Sequence[ProcessPoint],
    phases: Sequence[Phase] = (),
    annotations: Sequence[Annotation] = (),
    *,
    sentence: str = "",
    unit: Unit = SHARE,
    domain: tuple[float, float] | None = None,
    period: str = "month",
) -> Chart:
    """The process chart of points in time order.

    sentence  what is seen, said where the signals are worked out (`statistics.process_words`)
    domain    the ends of the value axis, in the points' unit; without it 0–100 % of a share, else from 0
    period    what one point stands for, where there is nothing to draw

    Raises MeasureError where a label stands twice, or a phase or an annotation names none of them, or a figure is not
    of the unit.
    """
    course = course_of(points, phases, annotations, unit, domain)
    drawable = any(mark.value is not None for mark in course.marks)
    said = plain(sentence) if drawable else f"Nothing to draw: there is no {period} with a figure that can be shown."
    spec = partial(draw, course) if drawable else wordless(said)
    table = _table(points, course, unit)
    return Chart(plain(title), said, spec, table, f"Process chart. {plain(title)}. {said}")


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
    held = course.limits(number)
    limits = (held.mean, held.lower, held.upper) if held else (None, None, None)
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
