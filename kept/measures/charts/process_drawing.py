"""How a process chart is drawn: limits under a line under points, and what changed in lanes above them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol, Self

from kept.measures.charts import palette
from kept.measures.charts.chart import Spec
from kept.measures.charts.drawing import (
    LINE,
    PADDING,
    SIZE,
    Line,
    block,
    ceiling,
    clear_texts,
    frame,
    key,
    key_of_lines,
    layer,
    narrow,
    number_axis,
    texts,
    ticks,
)
from kept.measures.charts.words import Unit, pixels, wrap


class Limits(Protocol):
    """What is drawn of a phase."""

    @property
    def mean(self) -> float: ...
    @property
    def lower(self) -> float | None: ...
    @property
    def upper(self) -> float | None: ...
    @property
    def trial(self) -> bool: ...


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
    phases: tuple[tuple[int, int, Limits], ...]
    changes: tuple[tuple[int, str], ...]
    unit: Unit
    domain: tuple[float, float] | None

    def phase(self, place: int) -> Limits | None:
        """The phase of a point; of two, the later."""
        found = [phase for first, last, phase in self.phases if first <= place <= last]
        return found[-1] if found else None

    def ends(self) -> tuple[float, float]:
        """The ends of the value axis."""
        if self.domain:
            return self.domain
        return (0.0, 1.0) if self.unit.share else (min(0.0, *self._drawn()), ceiling(max(self._drawn())))

    def _drawn(self) -> list[float]:
        values = [mark.value for mark in self.marks if mark.value is not None]
        limits = [limit for _, _, phase in self.phases for limit in (phase.mean, phase.upper) if limit is not None]
        return [*values, *limits, 0.0]


KINDS = {
    "common": ("no signal", "circle", palette.DARK_GREY),
    "improvement": ("signal: improvement", "diamond", palette.DARK_BLUE),
    "concern": ("signal: concern", "square", palette.ORANGE),
    "neither": ("signal: neither better nor worse", "triangle-up", palette.LIGHT_PURPLE),
}
"""Each kind's name, shape and colour."""
DASHES: dict[str, list[int]] = {"mean": [1, 0], "limits": [7, 4], "trial limits": [2, 4]}

HEIGHT, HEIGHT_NARROW = 280, 230


def draw(course: Course, width: int) -> Spec:
    """The process chart, `width` pixels wide."""
    axis = axis_width(course)
    plot = width - 2 * PADDING - axis
    lanes = [*_lanes(course, plot)]
    top = LINE * sum(len(lines) for _, lines in lanes) + (10 if lanes else 4)
    height = top + (HEIGHT_NARROW if narrow(width) else HEIGHT)
    margin = _margin(course)
    sides = Sides(plot, margin, top, height)
    keys = Keys.of([course], 1 if narrow(width) else 4)
    layers = [*layers_of(course, sides, keys), *_ends(course, sides), *_changes(course, lanes, sides)]
    return frame(width, height, layers)


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
    x = _periods(course, sides)
    y = _values(course, sides, labelled)
    line = {"type": "line", "color": palette.DARK_GREY, "strokeWidth": 1.25}
    marks = [asdict(mark) for mark in course.marks]
    return [_limits(course, x, y, keys), layer(marks, line, x=x, y=y), _points(course, x, y, keys)]


def _points(course: Course, x: Spec, y: Spec, keys: Keys) -> Spec:
    looks = [KINDS[kind] for kind in keys.kinds]
    values = [{**asdict(mark), "signal": KINDS[mark.kind][0]} for mark in course.marks if mark.value is not None]
    signal = {"field": "signal", "type": "nominal", "title": None}
    small = 45 if keys.columns > 2 else 26
    return layer(
        values,
        {"type": "point", "filled": True, "opacity": 1, "stroke": palette.DARK_GREY, "strokeWidth": 1},
        x=x,
        y=y,
        shape={**signal, **key({name: shape for name, shape, _ in looks}, keys.columns)},
        fill={**signal, **key({name: colour for name, _, colour in looks}, keys.columns)},
        size={"condition": {"test": "datum.kind === 'common'", "value": small}, "value": 2.5 * small},
    )


def _limits(course: Course, x: Spec, y: Spec, keys: Keys) -> Spec:
    dashes = {name: DASHES[name] for name in keys.lines}
    return layer(
        _stretches(course),
        {"type": "rule", "color": palette.DARK_GREY, "strokeWidth": 1.75},
        x={**x, "field": "from"},
        x2={"field": "to"},
        y={**y, "field": "at"},
        strokeDash={"field": "line", "type": "nominal", "title": None, **key_of_lines(dashes, 3)},
    )


def _stretches(course: Course) -> Iterator[Spec]:
    """Each line of each phase; a limit beyond the axis cannot be crossed and is not drawn."""
    low, high = course.ends()
    for first, last, phase in course.phases:
        limits = "trial limits" if phase.trial else "limits"
        for name, value in (("mean", phase.mean), (limits, phase.lower), (limits, phase.upper)):
            if value is not None and low <= value <= high:
                yield {"line": name, "from": first - 0.5, "to": last + 0.5, "at": value}


def _values(course: Course, sides: Sides, labelled: bool) -> Spec:
    low, high = course.ends()
    axis = number_axis(course.unit, ticks(low, high, 2 if sides.small else 5)) | {"labels": labelled}
    scale = {"domain": [low, high], "range": [sides.height, sides.top], "nice": False, "zero": False}
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis}


def _periods(course: Course, sides: Sides) -> Spec:
    count = len(course.marks)
    step = (sides.width - sides.margin) / count
    names = [wrap(mark.label, 60 if sides.small else 88, SIZE, most=2) for mark in course.marks]
    shown = spaced([max(pixels(line, SIZE) for line in lines or [""]) for lines in names], step)
    axis = {"values": shown, "title": None, "grid": False, "labelExpr": _chosen(names), "labelFlush": False}
    scale = {"domain": [-0.5, count - 0.5], "range": sides.range, "nice": False, "zero": False}
    return {"field": "place", "type": "quantitative", "scale": scale, "axis": axis}


def _chosen(names: Sequence[Sequence[str]]) -> str:
    """A Vega expression that gives the lines of the label at a place; its texts are JSON, so that none can be code."""
    return f"{json.dumps(names)}[datum.value]"


def spaced(widths: Sequence[float], step: float) -> list[int]:
    """Which labels can stand side by side, `step` pixels apart: always the last, and from it every so many."""
    every = max(1, -int(-(max(widths, default=0) + 10) // step))
    return sorted(range(len(widths) - 1, -1, -every))


def _margin(course: Course) -> float:
    """What the figures of the last phase take beside the points."""
    figures = [course.unit.text(value) for _, value in _last(course)]
    return 10 + max((pixels(f"mean {figure}", SIZE) for figure in figures), default=0)


def _last(course: Course) -> list[tuple[str, float]]:
    """The figures beside the end of the last phase, where the chart holds them, lowest first."""
    if not course.phases:
        return []
    low, high = course.ends()
    phase = course.phases[-1][2]
    found = (("", phase.lower), ("mean ", phase.mean), ("", phase.upper))
    return [(name, value) for name, value in found if value is not None and low <= value <= high]


def _ends(course: Course, sides: Sides) -> list[Spec]:
    low, high = course.ends()
    drawn = sides.height - sides.top
    last = _last(course)
    wanted = [sides.height - drawn * (value - low) / (high - low) for _, value in last]
    x = sides.width - sides.margin + 6
    found = zip(last, apart(wanted, sides.top, sides.height), strict=True)
    return texts(Line(f"{name}{course.unit.text(value)}", x, y) for (name, value), y in found)


def apart(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Places for lines of text, lowest on the page first, moved until none covers the next."""
    places: list[float] = []
    for place in wanted:
        places.append(min(place, places[-1] - LINE) if places else min(place, bottom))
    lifted = max(0.0, top - places[-1]) if places else 0.0
    return [place + lifted for place in places] if lifted else places


def _lanes(course: Course, plot: float) -> Iterator[tuple[float, list[Line]]]:
    """What changed, each in lines of its own above the plot, on the side of its rule where there is more room."""
    step = (plot - _margin(course)) / max(1, len(course.marks))
    y = LINE / 2
    for place, said in course.changes:
        x = place * step
        right = x > plot / 2
        room = (x if right else plot - x) - 6
        lines = block(said, x + (-5 if right else 5), y, room, align="right" if right else "left")
        y += LINE * len(lines)
        yield x, lines


def _changes(course: Course, lanes: Sequence[tuple[float, list[Line]]], sides: Sides) -> list[Spec]:
    if not lanes:
        return []
    rules = [{"x": x, "top": lines[0].y - LINE / 2, "text": said[1]} for (x, lines), said in zip(lanes, course.changes, strict=True)]
    place = {"type": "quantitative", "scale": None, "axis": None}
    rule = layer(
        rules,
        {"type": "rule", "color": palette.DARK_PINK, "strokeWidth": 1.5},
        x={"field": "x", **place},
        y={"field": "top", **place},
        y2={"value": sides.height},
    )
    return [rule, *clear_texts([line for _, lines in lanes for line in lines])]
