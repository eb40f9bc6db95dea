"""Rates by two things at once: a panel of bars for each of the first, in it a bar for each of the second, on one scale.

Every panel has the same bars in the same order, so that the eye can go across. A phone has the panels below each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

from kept.errors import MeasureError
from kept.measures.charts.bars import LOOKS, RateBar, interval_layers, said_of, segments_of, table_of, values_of
from kept.measures.charts.chart import Chart, Spec
from kept.measures.charts.drawing import (
    LINE,
    PADDING,
    SIZE,
    Line,
    clear_texts,
    narrow,
    number_axis,
    steps,
    ticks,
    wordless,
)
from kept.measures.charts.multiples import GAP, panels_of, titles_of
from kept.measures.charts.rows import BAR, bars_like
from kept.measures.charts.words import listed, pixels, plain, several, wrap
from kept.measures.units import SHARE, percent

BETWEEN, FIGURE = 8, 50
"""Between the bars of a panel, and the room for a figure beside each, in pixels."""
COLUMNS = 3


@dataclass(frozen=True, slots=True)
class BarPanel:
    """One of the first things, and a bar for each of the second of which there is one, by its label."""

    name: str
    bars: tuple[RateBar, ...]


def crossed_bars(title: str, panels: Sequence[BarPanel], *, word: str = "area", interval: str = "95 %") -> Chart:
    """A panel of bars for each of some things, in the order given; bars stand in the order in which they first come.

    word      what a panel is, in the sentence
    interval  how sure the intervals are, in words

    Raises MeasureError where two panels, or two bars of one, have one name.
    """
    _require_apart([panel.name for panel in panels])
    for panel in panels:
        _require_apart([bar.label for bar in panel.bars])
    flat = [replace(bar, label=f"{panel.name}, {bar.label}") for panel in panels for bar in panel.bars]
    drawable = [panel for panel in panels if any(bar.evidenced is not None for bar in panel.bars)]
    sentence = said_of(flat, interval)
    if len(drawable) > 1:
        sentence = f"{sentence} {several(len(drawable), word).capitalize()} on one scale."
    spec = partial(_draw, tuple(drawable)) if drawable else wordless(sentence)
    alt = f"Bar charts, one for each {word}. {plain(title)}. {sentence}"
    return Chart(plain(title), sentence, spec, table_of(flat, interval), alt)


def _require_apart(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MeasureError("Two panels, or two bars of one, have one name.", where=listed(twice))


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the bars of a panel lie, in pixels: their names and tops, and the width of names, bars and figures.

    `left` is the room for names, which only the first panel of a row has.
    """

    labels: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    tops: tuple[float, ...]
    left: float
    plot: float

    @property
    def height(self) -> float:
        return self.tops[-1]

    def middle(self, place: int) -> float:
        return (self.tops[place] + self.tops[place + 1] - BETWEEN) / 2


def _grid(panels: Sequence[BarPanel], columns: int, width: int) -> _Grid:
    labels = tuple(dict.fromkeys(bar.label for panel in panels for bar in panel.bars))
    inner = width - 2 * PADDING
    left = min((0.45 if columns == 1 else 0.22) * inner, 2 + max(pixels(plain(one), SIZE) for one in labels)) + 10
    names = tuple(tuple(wrap(one, left - 10, SIZE, 3)) for one in labels)
    heights = [max(BAR, LINE * len(lines)) + BETWEEN for lines in names]
    plot = (inner - left - GAP * (columns - 1)) / columns
    return _Grid(labels, names, tuple(accumulate(heights, initial=4.0)), left, plot)


def _draw(panels: tuple[BarPanel, ...], width: int) -> Spec:
    columns = 1 if narrow(width) else min(len(panels), COLUMNS)
    grid = _grid(panels, columns, width)
    drawn = [_drawn(panel, grid) for panel in panels]
    parts = {one["part"] for values in drawn for one in segments_of(values)}
    key = {part: look for part, look in LOOKS.items() if part in parts}
    cells: list[Spec] = []
    for start in range(0, len(panels), columns):
        row = range(start, min(start + columns, len(panels)))
        titles = titles_of([plain(panels[place].name) for place in row], grid.plot)
        for place, title in zip(row, titles, strict=True):
            x = _axis(grid, labelled=place == start)
            pieces = bars_like(segments_of(drawn[place]), x, key, columns)
            lines = [
                *_figures(panels[place], grid, x["scale"]["range"][1] + 8),
                *(_names(grid) if place == start else ()),
            ]
            cells.append(_cell(title, [pieces, *interval_layers(drawn[place], x), *clear_texts(lines)], grid, x))
    return panels_of(cells, columns, width)


def _drawn(panel: BarPanel, grid: _Grid) -> list[Spec]:
    """The bars of a panel that are drawn, each at its place."""
    found = []
    for bar in panel.bars:
        if bar.evidenced is not None:
            middle = grid.middle(grid.labels.index(bar.label))
            found.append(values_of(bar, {"top": middle - BAR / 2, "middle": middle, "bottom": middle + BAR / 2}))
    return found


def _axis(grid: _Grid, labelled: bool) -> Spec:
    """From none to all, right of the names where the panel is the first of its row."""
    left = grid.left if labelled else 0.0
    end = left + grid.plot - FIGURE
    scale = {"domain": [0, 1], "range": [left, end], "nice": False}
    return {"type": "quantitative", "scale": scale, "axis": number_axis(SHARE, ticks(0, 1, min(2, steps(end - left))))}


def _cell(title: Sequence[str], layers: Sequence[Spec], grid: _Grid, x: Spec) -> Spec:
    left = x["scale"]["range"][0]
    return {
        "title": {"text": [*title], "fontSize": SIZE, "lineHeight": LINE, "frame": "group", "offset": 6, "dx": left},
        "width": left + grid.plot,
        "height": grid.height,
        "layer": [*layers],
    }


def _figures(panel: BarPanel, grid: _Grid, x: float) -> Iterator[Line]:
    """The figure beside each bar, or what stands for it."""
    of = {bar.label: bar for bar in panel.bars}
    for place, label in enumerate(grid.labels):
        bar = of.get(label)
        if bar is not None:
            said = bar.marker if bar.evidenced is None else percent(bar.evidenced)
            yield Line(said, x, grid.middle(place))


def _names(grid: _Grid) -> Iterator[Line]:
    for place, lines in enumerate(grid.names):
        first = grid.middle(place) - LINE * (len(lines) - 1) / 2
        yield from (Line(line, 0, first + LINE * number) for number, line in enumerate(lines))
