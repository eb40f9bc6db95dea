"""A figure over time with one kept elsewhere under it: each in a panel and on a scale of its own, never in one line.

Two lines on one plot invite the eye to see one cause another, and a scale for each can be chosen to make them cross.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kept.errors import MeasureError
from kept.measures.charts.chart import Cell, Chart, Column, Spec, Table
from kept.measures.charts.course import Annotation, Course, course_of
from kept.measures.charts.drawing import LINE, PADDING, SIZE, narrow, wordless
from kept.measures.charts.multiples import MARGIN, TOP, Panel, cell, key_of, lettered, panels_of
from kept.measures.charts.process import process_chart
from kept.measures.charts.process_layers import Keys, Sides, axis_width
from kept.measures.charts.words import plain, wrap
from kept.measures.units import Unit

HEIGHT, HEIGHT_NARROW = 190, 150
"""Of each panel, in pixels."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the two figures: its panel, whose name is its label with who keeps it, and what it is counted in."""

    panel: Panel
    unit: Unit


def two_panels(
    title: str,
    upper: Beside,
    lower: Beside,
    annotations: Sequence[Annotation] = (),
    *,
    sentence: str,
    period: str = "month",
) -> Chart:
    """The process charts of two figures over the same periods, one above the other.

    sentence  what both show, worked out where their signals are; what the letters stand for is added

    Raises MeasureError where their periods differ, or a panel would be refused as a process chart.
    """
    labels = [point.label for point in upper.panel.points]
    if labels != [point.label for point in lower.panel.points]:
        raise MeasureError("Two panels are of different periods.", where=lower.panel.name)
    changes = lettered([upper.panel], annotations)
    parts = [(one, course_of(one.panel.points, one.panel.phases, changes, one.unit, None)) for one in (upper, lower)]
    said = plain(sentence) + key_of(changes)
    drawable = any(mark.value is not None for _, course in parts for mark in course.marks)
    spec = partial(_draw, tuple(parts)) if drawable else wordless(said)
    above = process_chart(title, upper.panel.points, upper.panel.phases, changes, unit=upper.unit, period=period)
    return Chart(plain(title), said, spec, _table(above.table, lower), f"Two process charts. {plain(title)}. {said}")


def _table(above: Table, lower: Beside) -> Table:
    values = [
        Cell(plain(point.marker)) if point.value is None else Cell(lower.unit.text(point.value, 1), point.value)
        for point in lower.panel.points
    ]
    column = Column(lower.panel.name, "" if lower.unit.share else lower.unit.word)
    rows = tuple((*row, value) for row, value in zip(above.rows, values, strict=True))
    return Table((*above.columns, column), rows)


def _draw(parts: tuple[tuple[Beside, Course], ...], width: int) -> Spec:
    courses = [course for _, course in parts]
    plot = width - 2 * PADDING - max(map(axis_width, courses))
    top = TOP + LINE * any(course.changes for course in courses)
    height = top + (HEIGHT_NARROW if narrow(width) else HEIGHT)
    sides = Sides(plot, MARGIN, top, height, small=True)
    keys = Keys.of(courses, 1 if narrow(width) else 4)
    return panels_of([cell(_title(one, plot), course, sides, keys, labelled=True) for one, course in parts], 1, width)


def _title(one: Beside, width: float) -> list[str]:
    unit = "" if one.unit.share else f", in {one.unit.word}"
    return wrap(f"{one.panel.name}{unit}", width, SIZE + 1, most=3)
