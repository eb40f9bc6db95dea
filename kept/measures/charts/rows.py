"""Rows: a name, something drawn along an axis, and its figures in words; beside each other, on a phone stacked.

Everything lies at a place in pixels that is worked out here, so that long names wrap and nothing covers anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kept.measures.charts import palette
from kept.measures.charts.chart import Spec
from kept.measures.charts.drawing import (
    LINE,
    PADDING,
    SIZE,
    Line,
    at,
    block,
    key,
    layer,
    narrow,
    number_axis,
    steps,
    ticks,
    whole_ticks,
)
from kept.measures.charts.words import pixels, wrap
from kept.measures.units import Unit

BAR = 22
"""The height of what is drawn, in pixels; a row is as high as its words or this, whichever is more, and a gap."""
GAP = 12
BOLD = 0.94
"""How much of a line bold letters may take as counted, since they are wider."""


@dataclass(frozen=True, slots=True)
class Row:
    """Where one row's drawing lies, in pixels down, and its words."""

    top: float
    bottom: float
    lines: tuple[Line, ...]

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def places(self) -> dict[str, float]:
        """For the data of a layer: the fields `top`, `middle` and `bottom`."""
        return {"top": self.top, "middle": self.middle, "bottom": self.bottom}


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows; between `left` and `width - right` is the axis, in pixels."""

    width: float
    left: float
    right: float
    height: float
    rows: tuple[Row, ...]

    @property
    def lines(self) -> list[Line]:
        return [line for row in self.rows for line in row.lines]

    @property
    def steps(self) -> int:
        """How many steps the ticks of the axis may have."""
        return steps(self.width - self.left - self.right)

    @property
    def range(self) -> list[object]:
        """The pixels of the axis, for a scale."""
        return [self.left, {"expr": f"width - {self.right}"}]

    def axis(self, unit: Unit, top: float) -> Spec:
        """The encoding of a share, or of how many there are, from 0 to a top."""
        scale = {"domain": [0, top], "range": self.range, "nice": False}
        found = ticks(0, top, self.steps) if unit.share else whole_ticks(top, self.steps)
        return {"type": "quantitative", "scale": scale, "axis": number_axis(unit, found)}


def lay(words: Sequence[tuple[str, str]], width: int) -> Rows:
    """Places for rows of a name and its figures, in a chart `width` pixels wide."""
    inner = width - 2 * PADDING
    return _stacked(words, inner) if narrow(width) else _beside(words, inner)


def _beside(words: Sequence[tuple[str, str]], width: float) -> Rows:
    left = min(0.32 * width, 2 + max(pixels(name, SIZE) for name, _ in words)) + 14
    right = min(0.34 * width, 2 + max(pixels(figures, SIZE) for _, figures in words)) + 14

    def row(top: float, name: str, figures: str) -> tuple[Row, float]:
        names, said = wrap(name, left - 14, SIZE, 4), wrap(figures, right - 14, SIZE, 4)
        height = max(BAR, LINE * len(names), LINE * len(said))
        middle = top + height / 2
        lines = [*_middled(names, 0, middle), *_middled(said, width - right + 14, middle)]
        return Row(middle - BAR / 2, middle + BAR / 2, tuple(lines)), top + height + GAP

    return _rows(words, row, width, left, right)


def _middled(lines: Sequence[str], x: float, middle: float) -> list[Line]:
    first = middle - LINE * (len(lines) - 1) / 2
    return [Line(line, x, first + LINE * number) for number, line in enumerate(lines)]


def _stacked(words: Sequence[tuple[str, str]], width: float) -> Rows:
    def row(top: float, name: str, figures: str) -> tuple[Row, float]:
        names = block(name, 0, top + LINE / 2, BOLD * width, weight="bold")
        said = block(figures, 0, top + LINE * (len(names) + 0.5), width - 4)
        bar = top + LINE * (len(names) + len(said)) + 2
        return Row(bar, bar + BAR, (*names, *said)), bar + BAR + GAP + 4

    return _rows(words, row, width, 2, 22)


def _rows(
    words: Sequence[tuple[str, str]],
    row: Callable[[float, str, str], tuple[Row, float]],
    width: float,
    left: float,
    right: float,
) -> Rows:
    """Rows below each other: each is placed from where the one before ends."""
    first: tuple[Row | None, float] = (None, 4.0)
    placed = [*accumulate(words, lambda before, said: row(before[1], *said), initial=first)]
    rows = tuple(found for found, _ in placed if found is not None)
    return Rows(width, left, right, placed[-1][1], rows)


def middle() -> Spec:
    """The encoding of the middle of a row, of values that hold its places."""
    return at("middle")


def bars(segments: Sequence[Spec], x: Spec, looks: Mapping[str, str], columns: int) -> Spec:
    """Pieces of bars, each from `from` to `to` in its row's places, filled as its `part` looks.

    The key has the parts that there are in `segments`.
    """
    present = {name: colour for name, colour in looks.items() if any(one["part"] == name for one in segments)}
    return bars_like(segments, x, present, columns)


def bars_like(segments: Sequence[Spec], x: Spec, present: Mapping[str, str], columns: int) -> Spec:
    """As `bars`, with a key of the parts that are `present` in all panels that share it."""
    return layer(
        segments,
        {"type": "rect", "stroke": palette.DARK_BLUE, "strokeWidth": 1.5},
        x={**x, "field": "from"},
        x2={"field": "to"},
        y=at("top"),
        y2={"field": "bottom"},
        fill={"field": "part", "type": "nominal", "title": None, **key(present, columns)},
    )
