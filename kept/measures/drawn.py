"""The chart of a figure: over time a process chart, over areas a funnel plot, else bars; by what was asked."""

from collections.abc import Callable, Sequence
from itertools import groupby

from kept.errors import MeasureError
from kept.measures import charts
from kept.measures.catalogue import HOLDERS
from kept.measures.charts import Chart
from kept.measures.charts.words import listed
from kept.measures.counts import Question
from kept.measures.figures import Figure
from kept.measures.kinds import BANDS, at_all
from kept.measures.model import Measure
from kept.measures.periods import called
from kept.measures.printed import is_share
from kept.measures.statistics.funnel import Area, Funnel, Place, funnel
from kept.measures.statistics.process_chart import Point, process_chart

UNKNOWN = "unknown"
_CURVE = 80
"""At how many sizes the limits of a funnel are drawn."""


def chart_of(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    """The chart that shows what was asked; MeasureError where two breakdowns were, which no chart shows well."""
    if len(question.by) > 1:
        raise MeasureError(
            f"There is no chart of {measure.id} by {' and '.join(question.by)}.",
            why="Bars of two breakdowns cannot be compared by eye.",
            what_to_do="Draw it by one of them, or read the table.",
        )
    return _drawing(measure, question)(measure, question, figures)


def _drawing(measure: Measure, question: Question) -> Callable[[Measure, Question, Sequence[Figure]], Chart]:
    if measure.kind == "bands":
        return _aged
    if measure.kind == "steps":
        return _journey
    if question.period:
        return _multiples if question.by or measure.kind in ("split", "parts", "themes") else _course
    if is_share(measure) and question.by and question.by[0] in HOLDERS:
        return _funnel
    if not is_share(measure):
        raise MeasureError(
            f"There is no chart of {measure.id} for one moment.",
            why=f"It is a number of {measure.unit}, of which bars would show no interval.",
            what_to_do="Draw it over time: --period month.",
        )
    return _bars


def _bars(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    return charts.rate_bars(measure.label, [_bar(figure) for figure in figures])


def _bar(one: Figure) -> charts.RateBar:
    low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
    return charts.RateBar(_named(one) or "all", one.n, one.value, low, high, one.at_best)


def _named(one: Figure) -> str:
    return ", ".join(value if value is not None else UNKNOWN for value in one.values)


def _course(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    panel = _panel("", measure, question, figures)
    unit = charts.SHARE if is_share(measure) else charts.Unit(measure.unit)
    return charts.process_chart(measure.label, panel.points, panel.phases, unit=unit, period=question.period)


def _multiples(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    ordered = sorted(figures, key=lambda one: (_named(one), one.period))
    panels = [_panel(name, measure, question, list(found)) for name, found in groupby(ordered, key=_named)]
    unit = charts.SHARE if is_share(measure) else charts.Unit(measure.unit)
    word = question.by[0].replace("_", " ") if question.by else "part"
    return charts.small_multiples(measure.label, panels, unit=unit, period=question.period, word=word)


def _panel(name: str, measure: Measure, question: Question, figures: Sequence[Figure]) -> charts.Panel:
    """One series as a process chart: its points, what each is a signal of, and its limits."""
    labels = [called(one.period, question.period) for one in figures if one.period]
    drawn = process_chart(
        [Point(label, _number(one), one.n) for label, one in zip(labels, figures, strict=True)], measure.direction
    )
    points = [
        charts.ProcessPoint(point.name, point.value, point.n, drawn.kind(place))
        for place, point in enumerate(drawn.points)
    ]
    ends = (0.0, 1.0) if is_share(measure) else (0.0, float("inf"))
    phases = [
        charts.Phase(
            labels[one.first],
            labels[one.last],
            one.limits.mean,
            max(one.limits.lower, ends[0]),
            min(one.limits.upper, ends[1]),
            one.limits.trial,
        )
        for one in drawn.phases
        if one.limits
    ]
    return charts.Panel(name, tuple(points), tuple(phases))


def _number(one: Figure) -> float | None:
    return None if one.value is None else float(one.value)


def _funnel(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    areas = [Area(_named(one), round((one.value or 0) * one.n), one.n) for one in figures]
    found = funnel(areas)
    most = max((one.size for one in areas), default=0)
    limits = [_limit(found, size) for size in _sizes(most)] if found.centre is not None else []
    places = [_area(place) for place in found.places]
    return charts.funnel_plot(measure.label, places, found.centre, limits, word=question.by[0])


def _sizes(most: float) -> list[int]:
    """Whole sizes from few to the most, denser where limits bend."""
    grown = (1 + (most - 1) * (place / _CURVE) ** 2 for place in range(1, _CURVE + 1))
    return sorted({round(size) for size in grown})


def _limit(found: Funnel, size: float) -> charts.FunnelLimit:
    lines = found.limits_at(size)
    assert lines is not None
    return charts.FunnelLimit(size, lines.alarm.low, lines.alert.low, lines.alert.high, lines.alarm.high)


def _area(place: Place) -> charts.FunnelArea:
    outside = {"alert": "95 %", "alarm": "99.8 %"}.get(place.standing, "")
    return charts.FunnelArea(place.area.name, place.value, int(place.area.size), outside)  # type: ignore[arg-type]


def _aged(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    totals = {band: sum(int(one.more[band] or 0) for one in figures) for band in BANDS}
    bands = [charts.AgedBand(drawn, totals[band]) for drawn, band in zip(charts.BANDS, BANDS, strict=True)]
    return charts.aged_bands(measure.label, bands, word=measure.unit)


def _journey(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    names = ("all", *measure.parts)
    counts = [sum(one.n for one in figures)]
    counts += [sum(int(one.more[name] or 0) for one in figures) for name in measure.parts]
    steps = [charts.JourneyStep(name, count) for name, count in zip(names, counts, strict=True)]
    chart, skipped = charts.journey_funnel(measure.label, steps), _skipped(measure, figures, counts[1:])
    return chart.saying(f"{chart.sentence} {skipped}") if skipped else chart


def _skipped(measure: Measure, figures: Sequence[Figure], drawn: Sequence[int]) -> str:
    """What the drawing leaves out: those who took a step without all before it; empty where there are none."""
    took = {step: sum(int(one.more[at_all(step)] or 0) for one in figures) for step in measure.parts}
    more = [f"{count:,} to “{step}”" for (step, count), shown in zip(took.items(), drawn, strict=True) if count > shown]
    return f"Drawn are those who took every step before; at all there came {listed(more)}." if more else ""
