"""How a course is drawn: its limits, under a line, under points that differ by what they are a signal of."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from kept.measures.charts import palette
from kept.measures.charts.chart import Spec
from kept.measures.charts.course import Course
from kept.measures.charts.drawing import SIZE, key, key_of_lines, layer, number_axis, ticks
from kept.measures.charts.words import pixels, wrap

KINDS = {
    "common": ("no signal", "circle", palette.DARK_GREY),
    "improvement": ("signal: improvement", "diamond", palette.DARK_BLUE),
    "concern": ("signal: concern", "square", palette.ORANGE),
    "neither": ("signal: neither better nor worse", "triangle-up", palette.LIGHT_PURPLE),
}
"""Each kind's name, shape and colour."""
DASHES: dict[str, list[int]] = {"mean": [1, 0], "limits": [7, 4], "trial limits": [2, 4]}

LABEL, LABEL_SMALL = 88, 60
"""How wide a line of a period's label may be, in pixels."""
NARROW_PLOT = 400
"""Up to this many pixels, points are drawn smaller."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Where the points lie in the plot, in pixels: to `width - margin`, and between `top` and `height`.

    small  one of many beside each other: fewer words, and exactly as wide as said
    """

    width: float
    margin: float
    top: float
    height: float
    small: bool = False

    @property
    def range(self) -> list[object]:
        """The pixels of the periods, for a scale; a chart by itself is only known to be about as wide as said."""
        return [0, self.width - self.margin if self.small else {"expr": f"width - {self.margin}"}]


@dataclass(frozen=True, slots=True)
class Keys:
    """Which kinds of point and of line the key explains; those of all charts that share it."""

    kinds: tuple[str, ...]
    lines: tuple[str, ...]
    columns: int

    @classmethod
    def of(cls, courses: Sequence[Course], columns: int) -> Self:
        kinds = {mark.kind for course in courses for mark in course.marks if mark.value is not None}
        lines = {line["line"] for course in courses for line in _stretches(course)}
        return cls(tuple(k for k in KINDS if k in kinds), tuple(d for d in DASHES if d in lines), columns)


def axis_width(course: Course) -> float:
    """About how many pixels the value axis takes."""
    return 8 + max(pixels(course.unit.text(end), SIZE) for end in course.ends())


def layers_of(course: Course, sides: Sides, keys: Keys, labelled: bool = True) -> list[Spec]:
    """Limits, line and points, with their axes and keys; the value axis `labelled` or not."""
    x = periods(course, sides)
    y = _values(course, sides, labelled)
    line = {"type": "line", "color": palette.DARK_GREY, "strokeWidth": 1.25}
    marks = [asdict(mark) for mark in course.marks]
    return [*_limits(course, x, y, keys), layer(marks, line, x=x, y=y), _points(course, x, y, keys, sides)]


def _points(course: Course, x: Spec, y: Spec, keys: Keys, sides: Sides) -> Spec:
    looks = [KINDS[kind] for kind in keys.kinds]
    values = [{**asdict(mark), "signal": KINDS[mark.kind][0]} for mark in course.marks if mark.value is not None]
    signal = {"field": "signal", "type": "nominal", "title": None}
    size = 45 if sides.width > NARROW_PLOT else 26
    return layer(
        values,
        {"type": "point", "filled": True, "opacity": 1, "stroke": palette.DARK_GREY, "strokeWidth": 1},
        x=x,
        y=y,
        shape={**signal, **key({name: shape for name, shape, _ in looks}, keys.columns)},
        fill={**signal, **key({name: colour for name, _, colour in looks}, keys.columns)},
        size={"condition": {"test": "datum.kind === 'common'", "value": size}, "value": 2.5 * size},
    )


def _limits(course: Course, x: Spec, y: Spec, keys: Keys) -> list[Spec]:
    """The lines of the phases; no layer where there are none, since a key of nothing has no size."""
    dashes = {name: DASHES[name] for name in keys.lines}
    rules = layer(
        _stretches(course),
        {"type": "rule", "color": palette.DARK_GREY, "strokeWidth": 1.75},
        x={**x, "field": "from"},
        x2={"field": "to"},
        y={**y, "field": "at"},
        strokeDash={"field": "line", "type": "nominal", "title": None, **key_of_lines(dashes, 3)},
    )
    return [rules] if dashes else []


def _stretches(course: Course) -> Iterator[Spec]:
    """Each line of each phase; a limit beyond the axis cannot be crossed and is not drawn."""
    low, high = course.ends()
    for first, last, limits in course.phases:
        called = "trial limits" if limits.trial else "limits"
        for name, value in (("mean", limits.mean), (called, limits.lower), (called, limits.upper)):
            if low <= value <= high:
                yield {"line": name, "from": first - 0.5, "to": last + 0.5, "at": value}


def _values(course: Course, sides: Sides, labelled: bool) -> Spec:
    low, high = course.ends()
    axis = number_axis(course.unit, ticks(low, high, 2 if sides.small else 5)) | {"labels": labelled}
    scale = {"domain": [low, high], "range": [sides.height, sides.top], "nice": False, "zero": False}
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis}


def periods(course: Course, sides: Sides) -> Spec:
    """The axis of time: points stand at whole numbers, from 0, and a period begins half a step before its point."""
    count = len(course.marks)
    step = (sides.width - sides.margin) / count
    names = [wrap(mark.label, LABEL_SMALL if sides.small else LABEL, SIZE, most=2) for mark in course.marks]
    shown = spaced([max(pixels(line, SIZE) for line in lines or [""]) for lines in names], step)
    axis = {"values": shown, "title": None, "grid": False, "labelExpr": _chosen(names), "labelFlush": False}
    scale = {"domain": [-0.5, count - 0.5], "range": sides.range, "nice": False, "zero": False}
    return {"field": "place", "type": "quantitative", "scale": scale, "axis": axis}


def overhang(course: Course) -> float:
    """How many pixels the last label takes to the right of its point."""
    return max(pixels(line, SIZE) for line in wrap(course.marks[-1].label, LABEL, SIZE, most=2)) / 2


def _chosen(names: Sequence[Sequence[str]]) -> str:
    """A Vega expression that gives the lines of the label at a place; its texts are JSON, so that none can be code."""
    return f"{json.dumps(names)}[datum.value]"


def spaced(widths: Sequence[float], step: float) -> list[int]:
    """Which labels can stand, `step` pixels apart: the last, and from it every so many that has room on its left."""
    every = max(1, -int(-(max(widths, default=0) + 10) // step))
    last = len(widths) - 1
    shown = [place for place in range(last, -1, -every) if place == last or (place + 0.5) * step >= widths[place] / 2]
    return shown[::-1]
