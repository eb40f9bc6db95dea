"""How a funnel plot is drawn: limits as curves, areas as points, and a name at each that lies outside."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from kept.measures.charts import palette
from kept.measures.charts.chart import Spec
from kept.measures.charts.crowd import Crowd, Dot
from kept.measures.charts.drawing import (
    LINE,
    PADDING,
    SIZE,
    Line,
    clear_texts,
    counted_in,
    frame,
    key,
    key_of_lines,
    layer,
    narrow,
    number_axis,
    ticks,
    whole_ticks,
)
from kept.measures.charts.words import pixels, wrap
from kept.measures.units import NUMBER

LOOKS = {
    "": ("within the limits", "circle", palette.DARK_GREY),
    "95 %": ("outside 95 %", "triangle-up", palette.ORANGE),
    "99.8 %": ("outside 99.8 %", "square", palette.DARK_PINK),
}
DASHES: dict[str, list[int]] = {"all together": [1, 0], "95 % limits": [7, 4], "99.8 % limits": [2, 4]}
HEIGHT, HEIGHT_NARROW = 380, 300
_RADIUS = 7


def _looks(crowd: Crowd) -> dict[str, tuple[str, str, str]]:
    """The name, shape and colour of an area by the widest limit that it lies outside; without limits it has none."""
    return LOOKS if crowd.limits else LOOKS | {"": ("one area", *LOOKS[""][1:])}


def draw(crowd: Crowd, width: int) -> Spec:
    """The funnel plot, `width` pixels wide."""
    low, high = crowd.ends()
    plot = width - 2 * PADDING - 8 - max(pixels(crowd.unit.text(end), SIZE) for end in (low, high))
    steps = 3 if narrow(width) else 6
    unit = counted_in(crowd.unit, LINE / 2, plot)
    top = len(unit) * (LINE + 4)
    height = top + (HEIGHT_NARROW if narrow(width) else HEIGHT)
    x = _axis(crowd, steps)
    scale = {"domain": [low, high], "range": [height, top], "nice": False, "zero": False}
    y = {"type": "quantitative", "scale": scale, "axis": number_axis(crowd.unit, ticks(low, high, 5))}
    columns = 2 if narrow(width) else 3
    layers = [*_lines(crowd, x, y, crowd.most(steps), columns), _points(crowd, x, y, columns)]
    return frame(width, height, [*layers, *clear_texts([*unit, *_names(crowd, plot, (top, height), steps)])])


def _axis(crowd: Crowd, steps: int) -> Spec:
    most = crowd.most(steps)
    axis = number_axis(NUMBER, whole_ticks(most, steps), "out of how many") | {"grid": False, "domain": True}
    scale = {"domain": [0, most], "nice": False}
    return {"field": "n", "type": "quantitative", "scale": scale, "axis": axis}


def _lines(crowd: Crowd, x: Spec, y: Spec, most: float, columns: int) -> list[Spec]:
    values = [*_curves(crowd, most)]
    present = {name: dash for name, dash in DASHES.items() if any(value["line"] == name for value in values)}
    mark = {"type": "line", "color": palette.DARK_GREY, "strokeWidth": 1.5, "clip": True}
    dash = {"field": "line", "type": "nominal", "title": None, **key_of_lines(present, columns)}
    return (
        [layer(values, mark, x=x, y={**y, "field": "at"}, strokeDash=dash, detail={"field": "side"})] if values else []
    )


def _curves(crowd: Crowd, most: float) -> Iterator[Spec]:
    """Each limit at each n, held to the axis: beyond its ends no area can lie."""
    low, high = crowd.ends()
    if crowd.centre is not None:
        yield from ({"line": "all together", "side": "centre", "n": n, "at": crowd.centre} for n in (0, most))
    for limit in crowd.limits:
        for name, below, above in (
            ("95 % limits", limit.low_95, limit.high_95),
            ("99.8 % limits", limit.low_998, limit.high_998),
        ):
            yield {"line": name, "side": "below", "n": limit.n, "at": max(low, below)}
            yield {"line": name, "side": "above", "n": limit.n, "at": min(high, above)}


def _points(crowd: Crowd, x: Spec, y: Spec, columns: int) -> Spec:
    present = [look for outside, look in _looks(crowd).items() if any(dot.outside == outside for dot in crowd.dots)]
    lies = {"field": "lies", "type": "nominal", "title": None}
    return layer(
        [{**asdict(dot), "lies": _looks(crowd)[dot.outside][0]} for dot in crowd.dots],
        {"type": "point", "filled": True, "opacity": 1, "stroke": palette.DARK_GREY, "strokeWidth": 1},
        x=x,
        y={**y, "field": "value"},
        shape={**lies, **key({name: shape for name, shape, _ in present}, columns)},
        fill={**lies, **key({name: colour for name, _, colour in present}, columns)},
        size={"condition": {"test": "datum.outside === ''", "value": 40}, "value": 110},
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the plot that is taken, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def inside(self, width: float, edges: tuple[float, float]) -> bool:
        return self.left >= 0 and self.top >= edges[0] and self.right <= width and self.bottom <= edges[1]


def _names(crowd: Crowd, width: float, edges: tuple[float, float], steps: int) -> list[Line]:
    """The names of the areas outside, each beside its point where there is room; for the rest there is the table."""
    spots = [_spot(dot, crowd, width, edges, steps) for dot in crowd.dots]
    taken = [Box(x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS) for x, y in spots]
    lines: list[Line] = []
    outside = [(dot, spot) for dot, spot in zip(crowd.dots, spots, strict=True) if dot.outside]
    for dot, spot in sorted(outside, key=lambda one: (-float(one[0].outside.rstrip(" %")), -one[0].n)):
        found = next((place for place in _around(dot.name, spot) if _free(place[0], taken, width, edges)), None)
        if found:
            taken.append(found[0])
            lines.append(found[1])
    return lines


def _spot(dot: Dot, crowd: Crowd, width: float, edges: tuple[float, float], steps: int) -> tuple[float, float]:
    (low, high), (top, bottom) = crowd.ends(), edges
    return width * dot.n / crowd.most(steps), bottom - (bottom - top) * (dot.value - low) / (high - low)


def _free(box: Box, taken: Sequence[Box], width: float, edges: tuple[float, float]) -> bool:
    return box.inside(width, edges) and not any(box.meets(other) for other in taken)


def _around(name: str, spot: tuple[float, float]) -> Iterator[tuple[Box, Line]]:
    """Places for a name: right and left of its point, above and below it, then a line further away."""
    text = wrap(name, 150, SIZE, most=1)[0]
    wide, (x, y) = pixels(text, SIZE), spot
    for away in (0.0, LINE, -LINE):
        yield _box(x + 10, y + away, wide), Line(text, x + 10, y + away)
        yield _box(x - 10 - wide, y + away, wide), Line(text, x - 10, y + away, "right")
    for away in (-LINE, LINE):
        yield _box(x - wide / 2, y + away, wide), Line(text, x, y + away, "center")


def _box(left: float, middle: float, wide: float) -> Box:
    return Box(left, middle - LINE / 2, left + wide, middle + LINE / 2)
