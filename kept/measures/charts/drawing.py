"""What all charts are drawn from: the frame, lines of text at a place, axes, keys."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby

from kept.measures.charts.chart import Spec
from kept.measures.charts.palette import DARK_GREY, DARK_PINK, GRID, PAGE
from kept.measures.charts.words import wrap
from kept.measures.units import SPACE, Unit

SIZE = 13
"""Of text, in pixels; a line of it takes `LINE`."""
LINE = 17
PADDING = 6
NARROW = 500
"""Below this width, in pixels, a chart is laid out for a phone."""

_FONT = "Arial, Helvetica, sans-serif"
_AXIS = {
    "labelFontSize": SIZE,
    "titleFontSize": SIZE,
    "titleFontWeight": "normal",
    "labelColor": DARK_GREY,
    "titleColor": DARK_GREY,
    "labelAngle": 0,
    "labelPadding": 5,
    "tickColor": DARK_GREY,
    "domainColor": DARK_GREY,
    "gridColor": GRID,
}
CONFIG: Spec = {
    "font": _FONT,
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {
        "orient": "bottom",
        "title": None,
        "labelFontSize": SIZE,
        "labelColor": DARK_GREY,
        "labelLimit": 0,
        "symbolSize": 110,
        "symbolStrokeWidth": 2,
        "rowPadding": 5,
        "layout": {"bottom": {"direction": "vertical", "anchor": "start", "margin": 6}},
    },
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "color": DARK_GREY,
        "subtitleColor": DARK_GREY,
        "fontSize": 17,
        "subtitleFontSize": 14,
        "lineHeight": 22,
        "subtitleLineHeight": 19,
        "subtitlePadding": 6,
        "offset": 14,
    },
    "text": {"fontSize": SIZE, "color": DARK_GREY, "baseline": "middle"},
}


RULE: Spec = {"type": "rule", "color": DARK_PINK, "strokeWidth": 1.5}
"""The line where something changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, its middle `y` pixels down, beginning, centred or ending at `x` pixels."""

    text: str
    x: float
    y: float
    align: str = "left"
    weight: str = "normal"


def narrow(width: int) -> bool:
    """Whether a width in pixels is a phone's."""
    return width < NARROW


def frame(width: int, height: float, layers: Sequence[Spec]) -> Spec:
    """A whole specification of layers over each other, as wide as asked for, axes included."""
    return {
        **around(width),
        "width": width,
        "height": round(height),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": [*layers],
    }


def around(width: int) -> Spec:
    """What every specification says before it says what is drawn; `width` in pixels, padding included."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": PAGE,
        "padding": PADDING,
        "config": CONFIG,
        "usermeta": {"width": width},
    }


def layer(values: Iterable[Spec], mark: Spec, **encoding: Spec) -> Spec:
    """A layer of its own data."""
    return {"data": {"values": [*values]}, "mark": mark, "encoding": encoding}


def at(field: str) -> Spec:
    """A place in pixels, as the data gives it."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None, "title": None}


def texts(lines: Iterable[Line]) -> list[Spec]:
    """Layers of lines of text, one for each way in which they stand."""
    return _texts(lines, {})


def clear_texts(lines: Sequence[Line]) -> list[Spec]:
    """The same, with the page's colour around each letter, so that a line drawn below does not cross it out."""
    return [*_texts(lines, {"stroke": PAGE, "strokeWidth": 5, "strokeJoin": "round"}), *_texts(lines, {})]


def _texts(lines: Iterable[Line], look: Spec) -> list[Spec]:
    kinds = groupby(sorted(lines, key=_stands), key=_stands)
    return [
        layer(
            map(asdict, some),
            {"type": "text", "align": align, "fontWeight": weight, **look},
            x=at("x"),
            y=at("y"),
            text={"field": "text", "type": "nominal"},
        )
        for (align, weight), some in kinds
    ]


def _stands(line: Line) -> tuple[str, str]:
    return line.align, line.weight


def block(text: str, x: float, y: float, width: float, most: int = 4, **how: str) -> list[Line]:
    """A text wrapped to a width in pixels, its first line's middle at `y`."""
    return [Line(line, x, y + LINE * number, **how) for number, line in enumerate(wrap(text, width, SIZE, most))]


def key(shown: Mapping[str, str], columns: int) -> Spec:
    """A scale and its key, of names and what each looks like: a colour or a shape."""
    return {"scale": {"domain": [*shown], "range": [*shown.values()]}, "legend": {"columns": columns}}


def key_of_lines(shown: Mapping[str, Sequence[int]], columns: int) -> Spec:
    """A scale and its key, of names and their dashes, long enough to see the dashes."""
    legend = {"columns": columns, "symbolType": "stroke", "symbolSize": 1000}
    return {"scale": {"domain": [*shown], "range": [*shown.values()]}, "legend": legend}


def number_axis(unit: Unit, ticks: Sequence[float], title: str | None = None) -> Spec:
    """An axis that prints numbers as tables do."""
    said = f"format(datum.value * 100, ',.2~f') + '{SPACE}%'" if unit.share else "format(datum.value, ',.2~f')"
    return {"values": [*ticks], "labelExpr": said, "title": title, "grid": True, "ticks": False, "domain": False}


def counted_in(unit: Unit, y: float, width: float) -> list[Line]:
    """What the value axis counts, above it at `y` pixels down; a share says so at every tick."""
    return [] if unit.share else [Line(wrap(unit.word, width, SIZE, most=1)[0], 0, y)]


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` + 1 round numbers from `low` to `high`, in steps of 1, 2 or 5 times a power of ten."""
    if high <= low:
        return [low]
    each = step(high - low, most)
    first, last = math.ceil(low / each - 1e-9), math.floor(high / each + 1e-9)
    return [round(number * each, 10) for number in range(first, last + 1)]


def whole_ticks(high: float, most: int) -> list[float]:
    """As `ticks` from 0, without those at which no number of people or things can stand."""
    return [tick for tick in ticks(0, high, most) if tick == int(tick)]


def step(span: float, most: int) -> float:
    """The smallest 1, 2 or 5 times a power of ten of which `most` span so much."""
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough * (1 - 1e-9))


def steps(room: float) -> int:
    """How many steps the ticks of an axis may have in a room of pixels, so that their figures stand apart."""
    return max(2, min(5, int(room // 60)))


def ceiling(high: float, most: int = 5) -> float:
    """The first round number of an axis from 0 that holds `high`; 1 where there is nothing to hold."""
    if high <= 0:
        return 1.0
    each = step(high, most)
    return round(math.ceil(high / each - 1e-9) * each, 10)


def in_words(sentence: str, width: int) -> Spec:
    """Instead of an empty chart: the sentence that says why nothing is drawn."""
    inner = width - 2 * PADDING
    lines = block(sentence, 12, LINE + 4, inner - 24, most=12)
    height = LINE * (len(lines) + 1)
    box = layer([{}], {"type": "rect", "filled": False, "stroke": DARK_GREY}, **_whole(inner, height))
    return frame(width, height, [box, *texts(lines)])


def _whole(width: float, height: float) -> dict[str, Spec]:
    return {"x": {"value": 1}, "x2": {"value": width - 1}, "y": {"value": 1}, "y2": {"value": height - 1}}


def wordless(sentence: str) -> partial[Spec]:
    """The drawing of a chart without data."""
    return partial(in_words, sentence)
