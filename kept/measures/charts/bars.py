"""Rates from records as bars: what is evidenced, its interval, and what it could be at best."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kept.errors import MeasureError
from kept.measures.charts import palette
from kept.measures.charts.chart import Cell, Chart, Column, Spec, Table, counted, named, shared
from kept.measures.charts.drawing import clear_texts, frame, layer, narrow, wordless
from kept.measures.charts.rows import bars as bars_of
from kept.measures.charts.rows import lay, middle
from kept.measures.charts.words import MISSING, listed, plain
from kept.measures.units import SHARE, SPACE, count, percent


@dataclass(frozen=True, slots=True)
class RateBar:
    """A rate from records: the evidenced share of `n`, its interval and its other end, all 0–1.

    `evidenced` is None where it is not to be shown, for which `marker` stands; then nothing of it is drawn or printed.
    """

    label: str
    n: int | None
    evidenced: float | None
    low: float | None = None
    high: float | None = None
    at_best: float | None = None
    marker: str = MISSING

    def __post_init__(self) -> None:
        ends = [end for end in (self.low, self.evidenced, self.high) if end is not None]
        best = self.at_best if self.at_best is not None else 1.0
        inside = all(0 <= end <= 1 for end in [*ends, best]) and (self.n is None or self.n >= 0)
        if not inside or ends != sorted(ends) or (self.evidenced or 0) > best:
            raise MeasureError(
                "A bar's figures do not lie in order between 0 and 1.",
                where=self.label,
                why=f"low {self.low}, evidenced {self.evidenced}, high {self.high}, best {self.at_best}, of {self.n}",
                what_to_do="Give low ≤ evidenced ≤ high, evidenced ≤ at best, and of no fewer than 0.",
            )


LOOKS = {"evidenced": palette.DARK_BLUE, "may have been kept: no clear record": "#FFFFFF"}


def rate_bars(title: str, bars: Sequence[RateBar], *, interval: str = "95 %") -> Chart:
    """Bars in the order given: evidenced, then hollow up to at best, with the interval of what is evidenced.

    interval  how sure the intervals are, in words
    """
    shown = [bar for bar in bars if bar.evidenced is not None]
    sentence = said_of(bars, interval)
    spec = partial(_draw, tuple(bars)) if shown else wordless(sentence)
    return Chart(plain(title), sentence, spec, table_of(bars, interval), f"Bar chart. {plain(title)}. {sentence}")


def said_of(bars: Sequence[RateBar], interval: str) -> str:
    """What is seen in some bars, and which of them are not shown."""
    shown = [bar for bar in bars if bar.evidenced is not None]
    if not shown:
        return (
            "Nothing to draw: none of the rates can be shown." if bars else "Nothing to draw: there are no rates yet."
        )
    low, high = (pick(shown, key=lambda bar: bar.evidenced or 0) for pick in (min, max))
    rates = f"{plain(low.label)}: {_words(low)}."
    if len(shown) > 1 and low.evidenced == high.evidenced:
        rates = f"All {len(shown)} evidenced rates are {_rate(low)}."
    elif len(shown) > 1:
        rates = (
            f"Evidenced rates lie between {_rate(low)} ({plain(low.label)}) and {_rate(high)} ({plain(high.label)})."
        )
    hidden = listed([plain(bar.label) for bar in bars if bar.evidenced is None])
    lines = f" Lines are {interval} intervals." if any(bar.low is not None for bar in shown) else ""
    return f"{rates}{lines}" + (f" Not shown: {hidden}." if hidden else "")


def _rate(bar: RateBar) -> str:
    return percent(bar.evidenced or 0)


def _words(bar: RateBar) -> str:
    if bar.evidenced is None:
        return bar.marker
    interval = f" ({percent(bar.low)} to {percent(bar.high)})" if bar.low is not None and bar.high is not None else ""
    best = f", at best {percent(bar.at_best)}" if bar.at_best is not None else ""
    return f"{_rate(bar)}{interval}{best}" + (f", of{SPACE}{count(bar.n)}" if bar.n is not None else "")


def table_of(bars: Sequence[RateBar], interval: str) -> Table:
    """The figures of some bars, a row each."""
    columns = ("Evidenced", f"Lower end, {interval}", f"Upper end, {interval}", "At best")
    return Table(
        (Column("Rate of"), *map(Column, columns), Column("Out of")),
        tuple(_row(bar) for bar in bars),
    )


def _row(bar: RateBar) -> tuple[Cell, ...]:
    hidden = bar.evidenced is None
    figures = (bar.evidenced, bar.low, bar.high, bar.at_best)
    cells = (shared(None if hidden else figure, bar.marker if hidden else MISSING) for figure in figures)
    return named(bar.label), *cells, counted(None if hidden else bar.n, bar.marker if hidden else MISSING)


def _draw(bars: tuple[RateBar, ...], width: int) -> Spec:
    rows = lay([(plain(bar.label), _words(bar)) for bar in bars], width)
    x = rows.axis(SHARE, 1)
    values = [
        values_of(bar, place.places()) for bar, place in zip(bars, rows.rows, strict=True) if bar.evidenced is not None
    ]
    columns = 1 if narrow(width) else 2
    layers = [bars_of(segments_of(values), x, LOOKS, columns), *interval_layers(values, x)]
    return frame(width, rows.height, [*layers, *clear_texts(rows.lines)])


def values_of(bar: RateBar, places: dict[str, float]) -> Spec:
    """The data of one bar that is drawn, with where its row lies (`rows.Row.places`)."""
    figures = {"evidenced": bar.evidenced, "low": bar.low, "high": bar.high, "at_best": bar.at_best, "n": bar.n}
    return {
        "label": plain(bar.label),
        **{name: value for name, value in figures.items() if value is not None},
        **places,
    }


def segments_of(values: Sequence[Spec]) -> list[Spec]:
    """The pieces of bars: what is evidenced, and what may have been kept besides."""
    evidenced, silent = LOOKS
    kept = [{**value, "part": evidenced, "from": 0, "to": value["evidenced"]} for value in values]
    rest = [value for value in values if value.get("at_best", 0) > value["evidenced"]]
    return [*kept, *({**value, "part": silent, "from": value["evidenced"], "to": value["at_best"]} for value in rest)]


def interval_layers(values: Sequence[Spec], x: Spec) -> list[Spec]:
    """The interval in a dark line with a light one around it, so that it shows on the bar and off it."""
    spans = [value for value in values if "low" in value]
    ends = [{**value, "end": value[name]} for value in values for name in ("low", "high") if name in value]
    span = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": middle()}
    tick = {"x": {**x, "field": "end"}, "y": middle()}
    stroke = {"type": "tick", "orient": "vertical"}
    return [
        layer(spans, {"type": "rule", "color": palette.PAGE, "strokeWidth": 6}, **span),
        layer(ends, {**stroke, "color": palette.PAGE, "thickness": 6, "height": 15}, **tick),
        layer(spans, {"type": "rule", "color": palette.DARK_GREY, "strokeWidth": 2}, **span),
        layer(ends, {**stroke, "color": palette.DARK_GREY, "thickness": 2, "height": 11}, **tick),
    ]
