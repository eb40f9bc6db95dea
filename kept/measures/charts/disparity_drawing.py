"""How a disparity plot is drawn: on a log axis, where half as often and twice as often lie equally far from 1."""

from collections.abc import Sequence

from kept.measures.charts import palette
from kept.measures.charts.chart import Spec
from kept.measures.charts.drawing import SIZE, clear_texts, frame, key, layer
from kept.measures.charts.groups import Disparity, Unknown, look_of, words_of
from kept.measures.charts.rows import Rows, lay, middle
from kept.measures.charts.words import plain, wrap

NO_GROUP = "not known"
LOOKS = {
    "interval leaves out 1": ("diamond", palette.DARK_BLUE),
    "interval holds 1": ("circle", palette.PAGE),
    "no interval": ("triangle-up", palette.LIGHT_PURPLE),
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


def draw(groups: tuple[Disparity, ...], unknown: Unknown, against: str, width: int) -> Spec:
    """The disparity plot of ratios to what `against` names, `width` pixels wide."""
    rows = lay([*((plain(one.group), words_of(one)) for one in groups), (NO_GROUP, unknown.said())], width)
    reach = _reach(groups)
    x = _axis(reach, rows, against)
    values = [
        _values(one, reach, row.places()) for one, row in zip(groups, rows.rows, strict=False) if one.ratio is not None
    ]
    one = layer([{"at": 1}], {"type": "rule", "color": palette.DARK_GREY, "strokeWidth": 2}, x={**x, "field": "at"})
    layers = [one, *_intervals(values, x), _points(values, x)]
    return frame(width, rows.height, [*layers, *clear_texts(rows.lines)])


def _reach(groups: Sequence[Disparity]) -> float:
    ends = [end for group in groups for end in (group.low, group.ratio, group.high) if end]
    furthest = max((max(end, 1 / end) for end in ends), default=1)
    return next((reach for reach in _REACHES if reach >= furthest), _REACHES[-1])


def _axis(reach: float, rows: Rows, against: str) -> Spec:
    scale = {"type": "log", "domain": [1 / reach, reach], "range": rows.range, "nice": False}
    axis = {
        "values": [*_TICKS[reach]],
        "labelExpr": "format(datum.value, ',.2~f')",
        "title": wrap(f"ratio to {against}", rows.width - rows.left - rows.right, SIZE, most=2),
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
        "look": "beyond the axis" if beyond else look_of(group),
        "turned": 180 if ratio < 1 and beyond else 0,
        "bounded": group.bounded and not group.reference,
        **drawn,
        **places,
    }


def _intervals(values: Sequence[Spec], x: Spec) -> list[Spec]:
    spans = [value for value in values if value["bounded"]]
    rule = {"type": "rule", "color": palette.DARK_GREY, "strokeWidth": 2}
    return [layer(spans, rule, x={**x, "field": "low_at"}, x2={"field": "high_at"}, y=middle())]


def _points(values: Sequence[Spec], x: Spec) -> Spec:
    present = {name: look for name, look in LOOKS.items() if any(value["look"] == name for value in values)}
    look = {"field": "look", "type": "nominal", "title": None}
    return layer(
        values,
        {"type": "point", "filled": True, "opacity": 1, "size": 120, "stroke": palette.DARK_GREY, "strokeWidth": 1.5},
        x={**x, "field": "at"},
        y=middle(),
        shape={**look, **key({name: shape for name, (shape, _) in present.items()}, 2)},
        fill={**look, **key({name: colour for name, (_, colour) in present.items()}, 2)},
        angle={"field": "turned", "type": "quantitative", "scale": None},
    )
