"""How a process chart is drawn: a course, its last limits beside it, and what changed in lanes above it."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from kept.measures.charts.chart import Spec
from kept.measures.charts.course import Course
from kept.measures.charts.drawing import (
    LINE,
    PADDING,
    RULE,
    SIZE,
    Line,
    at,
    block,
    clear_texts,
    counted_in,
    frame,
    layer,
    narrow,
    texts,
)
from kept.measures.charts.process_layers import Keys, Sides, axis_width, layers_of, overhang, periods
from kept.measures.charts.words import pixels

HEIGHT, HEIGHT_NARROW = 280, 230
LONGEST = 8
"""How many lines the text of a change may take above the plot; the sentence and the table have it whole."""


def draw(course: Course, width: int) -> Spec:
    """The process chart, `width` pixels wide."""
    axis = axis_width(course)
    plot = width - 2 * PADDING - axis
    lanes = [*_lanes(course, plot)]
    top = LINE * sum(len(lines) for _, lines in lanes) + (10 if lanes else 4)
    unit = counted_in(course.unit, top + LINE / 2, plot)
    top += len(unit) * (LINE + 4)
    height = top + (HEIGHT_NARROW if narrow(width) else HEIGHT)
    margin = _margin(course)
    sides = Sides(plot, margin, top, height)
    keys = Keys.of([course], 1 if narrow(width) else 4)
    layers = [*layers_of(course, sides, keys), *_ends(course, sides), *_changes(course, lanes, sides)]
    layers += clear_texts(unit)
    return frame(width, height, layers)


def _margin(course: Course) -> float:
    """What the figures of the last phase, or its label, take beside the points, in pixels."""
    figures = [pixels(f"mean {course.unit.text(value)}", SIZE) for _, value in _last(course)]
    return 10 + max([*figures, overhang(course) - 10])


def _last(course: Course) -> list[tuple[str, float]]:
    """The figures beside the end of the last phase, if on the chart, lowest first; none if it ends before."""
    if not course.phases or course.phases[-1][1] < len(course.marks) - 1:
        return []
    low, high = course.ends()
    limits = course.phases[-1][2]
    found = (("", limits.lower), ("mean ", limits.mean), ("", limits.upper))
    return [(name, value) for name, value in found if low <= value <= high]


def _ends(course: Course, sides: Sides) -> list[Spec]:
    low, high = course.ends()
    drawn = sides.height - sides.top
    last = _last(course)
    wanted = [sides.height - drawn * (value - low) / (high - low) for _, value in last]
    x = sides.width - sides.margin + 6
    found = zip(last, apart(wanted, sides.top, sides.height), strict=True)
    return texts(Line(f"{name}{course.unit.text(value)}", x, y) for (name, value), y in found)


def apart(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Places for lines of text, lowest on the page first, moved until none covers the next or lies beyond the edges."""
    lifted = accumulate(wanted, lambda below, place: min(place, below - LINE), initial=bottom + LINE)
    upwards = [*lifted][1:]
    lowered = accumulate(reversed(upwards), lambda above, place: max(place, above + LINE), initial=top - LINE)
    return [*lowered][:0:-1]


def _lanes(course: Course, plot: float) -> Iterator[tuple[float, list[Line]]]:
    """What changed, each in lines of its own above the plot, on the side of its rule where there is more room."""
    step = (plot - _margin(course)) / max(1, len(course.marks))
    y = LINE / 2
    for place, said in course.changes:
        x = place * step
        right = x > plot / 2
        room = (x if right else plot - x) - 6
        lines = block(said, x + (-5 if right else 5), y, room, most=LONGEST, align="right" if right else "left")
        y += LINE * len(lines)
        yield x, lines


def _changes(course: Course, lanes: Sequence[tuple[float, list[Line]]], sides: Sides) -> list[Spec]:
    if not lanes:
        return []
    rules = [
        {"begins": place - 0.5, "top": lines[0].y - LINE / 2, "text": said}
        for (_, lines), (place, said) in zip(lanes, course.changes, strict=True)
    ]
    x = {**periods(course, sides), "field": "begins"}
    rule = layer(rules, RULE, x=x, y=at("top"), y2={"value": sides.height})
    return [rule, *clear_texts([line for _, lines in lanes for line in lines])]
