"""Disparity plots: how often something happens to each group, as a ratio to a reference group, with those not known.

The axis is logarithmic, so that half as often and twice as often lie equally far from 1. The ratios are worked out
elsewhere; here they are drawn and said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kept.errors import MeasureError
from kept.measures.charts import palette
from kept.measures.charts.chart import Cell, Chart, Column, Spec, Table, counted, named
from kept.measures.charts.drawing import clear_texts, frame, key, layer, wordless
from kept.measures.charts.rows import Rows, band, lay
from kept.measures.charts.words import MISSING, count, listed, percent, plain


@dataclass(frozen=True, slots=True)
class Disparity:
    """A group's rate over the reference group's, with its interval, and how many the group has.

    ratio is None where it is not to be shown, for which `marker` stands. A ratio may be 0; `high` is None where it has
    no end. The reference group itself has `reference`, and the ratio 1.
    """

    group: str
    ratio: float | None
    low: float | None
    high: float | None
    n: int | None
    reference: bool = False
    marker: str = MISSING

    @property
    def apart(self) -> str:
        """`above` or `below` where the interval excludes 1, else nothing."""
        if self.ratio is None or self.reference:
            return ""
        if self.low is not None and self.low > 1:
            return "above"
        return "below" if self.high is not None and self.high < 1 else ""

    def __post_init__(self) -> None:
        ends = [end for end in (self.low, self.ratio, self.high) if end is not None]
        if ends != sorted(ends) or any(not 0 <= end < math.inf for end in ends):
            raise MeasureError(
                "A ratio and its interval do not lie in order, from 0 up.",
                where=self.group,
                why=f"low {self.low}, ratio {self.ratio}, high {self.high}",
                what_to_do="Give 0 ≤ low ≤ ratio ≤ high, and None for an end that there is not.",
            )


@dataclass(frozen=True, slots=True)
class Unknown:
    """Of how many people in all the group is not known; both None where that is not to be shown, only `marker`."""

    count: int | None
    total: int | None
    marker: str = MISSING

    def __post_init__(self) -> None:
        if self.count is not None and self.total is not None and not 0 <= self.count <= self.total:
            raise MeasureError(f"{self.count} of {self.total} cannot be the number not known.")

    def said(self) -> str:
        if self.count is None or self.total is None:
            return self.marker
        share = f" ({percent(self.count / self.total)})" if self.total else ""
        return f"{count(self.count)} of {count(self.total)}{share}"


NO_GROUP = "not known"
LOOKS = {
    "interval leaves out 1": ("diamond", palette.DARK_BLUE),
    "interval holds 1": ("circle", palette.PAGE),
    "reference": ("square", palette.DARK_GREY),
    "beyond the axis": ("triangle-right", palette.DARK_PINK),
}
_REACHES = (1.25, 1.5, 2.0, 4.0, 8.0)
"""How far the axis may go, both ways; what lies beyond is drawn at its end."""
_TICKS = {
    1.25: (0.8, 0.9, 1, 1.1, 1.25),
    1.5: (0.67, 0.8, 1, 1.25, 1.5),
    2.0: (0.5, 0.67, 1, 1.5, 2),
    4.0: (0.25, 0.5, 1, 2, 4),
    8.0: (0.125, 0.25, 0.5, 1, 2, 4, 8),
}


def disparity_plot(title: str, groups: Sequence[Disparity], unknown: Unknown) -> Chart:
    """Ratios in the order given, each with its interval, a line at 1, and a row for those whose group is not known.

    Raises MeasureError where more than one group is the reference.
    """
    if sum(group.reference for group in groups) > 1:
        raise MeasureError("A disparity plot has one reference group.", where=", ".join(g.group for g in groups if g.reference))
    shown = [group for group in groups if group.ratio is not None]
    sentence = _sentence(groups, shown, unknown)
    spec = partial(_draw, tuple(groups), unknown) if shown else wordless(sentence)
    return Chart(plain(title), sentence, spec, _table(groups, unknown), f"Disparity plot. {plain(title)}. {sentence}")


def _sentence(groups: Sequence[Disparity], shown: Sequence[Disparity], unknown: Unknown) -> str:
    if not shown:
        everybody = bool(unknown.total) and unknown.count == unknown.total
        why = "nobody's group is known" if everybody else "none of the ratios can be shown" if groups else "there are no groups"
        return f"Nothing to draw: {why}. {_unknown(unknown)}"
    hidden = listed([plain(group.group) for group in groups if group.ratio is None])
    return f"{_apart(groups, shown)} {_unknown(unknown)}" + (f" Not shown: {hidden}." if hidden else "")


def _apart(groups: Sequence[Disparity], shown: Sequence[Disparity]) -> str:
    reference = next((plain(group.group) for group in groups if group.reference), "the reference")
    compared = [group for group in shown if not group.reference]
    if not compared:
        return f"Only {reference}: there is nothing to compare it with."
    sides = ((words, _ratios(compared, side)) for words, side in (("lower for", "below"), ("higher for", "above")))
    found = [f"{words} {listed(ratios)}" for words, ratios in sides if ratios]
    if not found:
        return f"No group can be told apart from {reference}: every interval holds 1."
    rest = sum(not group.apart for group in compared)
    others = f"; {count(rest)} {'group' if rest == 1 else 'groups'} cannot be told apart from it" if rest else ""
    return f"Compared with {reference}: {'; '.join(found)}{others}."


def _ratios(groups: Sequence[Disparity], side: str) -> list[str]:
    return [f"{plain(group.group)} (× {_number(group.ratio)})" for group in groups if group.apart == side]


def _unknown(unknown: Unknown) -> str:
    return f"Group {NO_GROUP}: {plain(unknown.said())}."


def _number(ratio: float | None, none: str = "no end") -> str:
    return none if ratio is None else f"{ratio:.2f}"


def _words(group: Disparity) -> str:
    if group.ratio is None:
        return group.marker
    of = f", of {count(group.n)}" if group.n is not None else ""
    if group.reference:
        return f"1, the reference{of}"
    return f"{_number(group.ratio)} ({_number(group.low, '0')} to {_number(group.high)}){of}"


def _table(groups: Sequence[Disparity], unknown: Unknown) -> Table:
    columns = ("Group", "Ratio", "Lower end", "Upper end", "Out of", "Reading")
    share = Cell(plain(unknown.said()))
    last = (named(NO_GROUP), Cell(""), Cell(""), Cell(""), counted(unknown.count, unknown.marker), share)
    return Table(tuple(map(Column, columns)), (*(_row(group) for group in groups), last))


def _row(group: Disparity) -> tuple[Cell, ...]:
    if group.ratio is None:
        return named(group.group), *(Cell(plain(group.marker)) for _ in range(5))
    ends = [Cell("", None) if group.reference else _cell(end) for end in (group.low, group.high)]
    return named(group.group), _cell(group.ratio), *ends, counted(group.n), named(_look(group))


def _cell(value: float | None) -> Cell:
    return Cell(_number(value), value)


def _look(group: Disparity) -> str:
    return "reference" if group.reference else "interval leaves out 1" if group.apart else "interval holds 1"


def _draw(groups: tuple[Disparity, ...], unknown: Unknown, width: int) -> Spec:
    rows = lay([*((plain(one.group), _words(one)) for one in groups), (NO_GROUP, unknown.said())], width)
    reach = _reach(groups)
    x = _axis(reach, rows)
    values = [_values(one, reach, row.places()) for one, row in zip(groups, rows.rows, strict=False) if one.ratio is not None]
    one = layer([{"at": 1}], {"type": "rule", "color": palette.DARK_GREY, "strokeWidth": 2}, x={**x, "field": "at"})
    layers = [one, *_intervals(values, x), _points(values, x)]
    return frame(width, rows.height, [*layers, *clear_texts(rows.lines)])


def _reach(groups: Sequence[Disparity]) -> float:
    ends = [end for group in groups for end in (group.low, group.ratio, group.high) if end]
    furthest = max((max(end, 1 / end) for end in ends), default=1)
    return next((reach for reach in _REACHES if reach >= furthest), _REACHES[-1])


def _axis(reach: float, rows: Rows) -> Spec:
    scale = {"type": "log", "domain": [1 / reach, reach], "range": rows.range, "nice": False}
    axis = {
        "values": [*_TICKS[reach]],
        "labelExpr": "format(datum.value, ',.2~f')",
        "title": "ratio to the reference",
        "ticks": False,
        "domain": False,
        "labelOverlap": True,
    }
    return {"type": "quantitative", "scale": scale, "axis": axis}


def _values(group: Disparity, reach: float, places: dict[str, float]) -> Spec:
    """A group as drawn: `low_at`, `at` and `high_at` held to the axis, beside what they are."""

    def held(value: float | None, none: float) -> float:
        return min(reach, max(1 / reach, none if value is None else value))

    ratio = group.ratio or 0.0
    beyond = held(ratio, 0) != ratio
    drawn = {"at": held(ratio, 0), "low_at": held(group.low, 0), "high_at": held(group.high, reach)}
    return {
        "group": plain(group.group),
        "ratio": group.ratio,
        "low": group.low,
        "high": group.high,
        "n": group.n,
        "look": "beyond the axis" if beyond else _look(group),
        "turned": 180 if ratio < 1 and beyond else 0,
        "reference": group.reference,
        **drawn,
        **places,
    }


def _intervals(values: Sequence[Spec], x: Spec) -> list[Spec]:
    spans = [value for value in values if not value["reference"]]
    middle = {**band()["y"], "field": "middle"}
    rule = {"type": "rule", "color": palette.DARK_GREY, "strokeWidth": 2}
    return [layer(spans, rule, x={**x, "field": "low_at"}, x2={"field": "high_at"}, y=middle)]


def _points(values: Sequence[Spec], x: Spec) -> Spec:
    present = {name: look for name, look in LOOKS.items() if any(value["look"] == name for value in values)}
    look = {"field": "look", "type": "nominal", "title": None}
    return layer(
        values,
        {"type": "point", "filled": True, "opacity": 1, "size": 120, "stroke": palette.DARK_GREY, "strokeWidth": 1.5},
        x={**x, "field": "at"},
        y={**band()["y"], "field": "middle"},
        shape={**look, **key({name: shape for name, (shape, _) in present.items()}, 2)},
        fill={**look, **key({name: colour for name, (_, colour) in present.items()}, 2)},
        angle={"field": "turned", "type": "quantitative", "scale": None},
    )
