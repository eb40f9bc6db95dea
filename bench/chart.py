"""The chart of the figures: a bar for each way to do the same work, in seconds."""

from collections.abc import Iterator

from bench.results import FLOOR, Results

_KINDS = {"floor": "#b1b4b6", "this engine": "#12436d", "another way": "#28a197"}
"""Three colours that differ in lightness as well, so that they differ in grey."""
_BARS = {
    "scan floor": ("scan floor", "floor"),
    "group floor": ("group floor", "floor"),
    FLOOR: ("group floor, same columns", "floor"),
    "police": ("this engine", "this engine"),
    "police, one core": ("this engine, one core", "this engine"),
    "spark": ("this engine on Spark", "this engine"),
    "uniform": ("incremental, 1 %", "this engine"),
    "one query a duty": ("one SQL query a duty", "another way"),
}
_FONT = "Arial, Helvetica, sans-serif"


def svg(results: Results) -> str:
    """The chart of a force year as SVG."""
    rows = list(_bars(results))
    cores = results.found["machine"]["cores"]
    place = {"field": "what", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 260}}
    length = {"field": "seconds", "type": "quantitative", "title": "seconds (median)"}
    colour = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [*_KINDS], "range": [*_KINDS.values()]},
        "legend": {"orient": "bottom"},
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {
            "text": "Every duty of the police for every victim of a force year",
            "subtitle": f"Seconds on {cores} cores; shorter is better",
            "anchor": "start",
        },
        "width": 520,
        "height": {"step": 30},
        "background": "white",
        "config": {"font": _FONT, "axis": {"labelFontSize": 13, "titleFontSize": 13}, "view": {"stroke": None}},
        "data": {"values": rows},
        "layer": [
            {"mark": "bar", "encoding": {"y": place, "x": length, "color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 13},
                "encoding": {"y": place, "x": length, "text": {"field": "label"}},
            },
        ],
    }
    import vl_convert  # here, since what is written down can be tested without what draws it

    return str(vl_convert.vegalite_to_svg(spec))


def _bars(results: Results) -> Iterator[dict[str, object]]:
    for name, (what, kind) in _BARS.items():
        seconds = results.seconds(name)
        if seconds is not None:
            yield {"what": what, "kind": kind, "seconds": seconds, "label": f"{seconds:.3g} s"}
