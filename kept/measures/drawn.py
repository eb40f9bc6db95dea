"""The chart of a figure: over time a process chart, over areas a funnel plot, else bars; by what was asked."""

from collections.abc import Callable, Mapping, Sequence

from kept.errors import MeasureError
from kept.measures import charts
from kept.measures.catalogue import HOLDERS
from kept.measures.changes import Change
from kept.measures.charts import Chart
from kept.measures.charts.words import in_order, listed, plural
from kept.measures.crossed import crossed, rate_bar
from kept.measures.figures import Figure
from kept.measures.kinds import BANDS, SOON, at_all
from kept.measures.model import Kind, Measure
from kept.measures.officers import is_by_officer
from kept.measures.over_time import course, multiples
from kept.measures.printed import group_of, is_share, named
from kept.measures.question import Question
from kept.measures.statistics.funnel import Area, Funnel, Place, basis, funnel
from kept.measures.statistics.quantiles import histogram_of

SEVERAL: tuple[Kind, ...] = ("split", "parts", "themes", "composite")
"""Kinds that have several figures for one group."""
_CURVE = 80
"""At how many sizes the limits of a funnel are drawn."""


def chart_of(measure: Measure, question: Question, figures: Sequence[Figure], changes: Sequence[Change] = ()) -> Chart:
    """The chart that shows what was asked, over time with what changed.

    Raises MeasureError for what no chart shows well: of officers, and of three things at once.
    """
    _refuse_officers(measure, question)
    if len(question.by) > 1 and measure.kind in SEVERAL:
        raise MeasureError(
            f"There is no chart of {measure.id} by {' and '.join(question.by)}.",
            why="It has several figures for each group, and three things at once cannot be compared by eye.",
            what_to_do="Draw it by one of them, or read the table.",
        )
    whole = _OF_ONE_MOMENT.get(measure.kind)
    if whole:
        _require_whole(measure, question)
    if measure.kind != "not_arisen" and all(one.value is None for one in figures):
        return _nothing(measure, question, figures)
    if whole:
        return whole(measure, figures)
    if question.period:
        several = question.by or measure.kind in SEVERAL
        return (multiples if several else course)(measure, question, figures, changes)
    return _drawing(measure, question)(measure, question, figures)


def _refuse_officers(measure: Measure, question: Question) -> None:
    if is_by_officer(question):
        raise MeasureError(
            f"There is no chart of {measure.id} by officer.",
            why="Side by side, officers would be ranked by few cases that differ.",
            what_to_do="Read the table: each has the interval that so few cases leave.",
        )


def _nothing(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    """Words instead of a drawing: why there is no figure, of each group and period in the table."""
    why = [*dict.fromkeys(one.words for one in figures)] or ["There is nobody to count."]
    said = why[0] if len(why) == 1 else f"There is no figure of any, for one reason or another. The first: {why[0]}"
    columns = tuple(map(charts.Column, ("Of", "Out of", "Why there is no figure")))
    rows = tuple(_without_value(one, question) for one in figures)
    return charts.nothing_to_draw(measure.label, said, charts.Table(columns, rows))


def _without_value(one: Figure, question: Question) -> tuple[charts.Cell, ...]:
    of = ", ".join(filter(None, (group_of(one), named(one, question) if question.period else ""))) or "all"
    return charts.Cell(of, of), charts.Cell(f"{one.n:,}", one.n), charts.Cell(one.words, one.words)


def _require_whole(measure: Measure, question: Question) -> None:
    """Refuse to draw as one what was asked for in several groups or periods."""
    for divided in filter(None, (*question.by, question.period)):
        one = f"Draw it of one of them: --only {divided}=…" if divided in question.by else "Leave out --period"
        raise MeasureError(
            f"There is no chart of {measure.id} by {divided}.",
            why="Its chart is of one group at one moment.",
            what_to_do=f"{one}, or read the table.",
        )


def _drawing(measure: Measure, question: Question) -> Callable[[Measure, Question, Sequence[Figure]], Chart]:
    if is_share(measure) and len(question.by) == 1 and question.by[0] in HOLDERS and measure.kind not in SEVERAL:
        return _funnel
    if not is_share(measure):
        raise MeasureError(
            f"There is no chart of {measure.id} for one moment.",
            why=f"It is a number of {measure.unit}, of which bars would show no interval.",
            what_to_do="Draw it over time: --period month.",
        )
    return crossed if len(question.by) > 1 else bars


def bars(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    """A bar for each figure, with its interval and its range."""
    in_order_of_codes = sorted(figures, key=lambda one: in_order(group_of(one))) if measure.kind == "split" else figures
    return charts.rate_bars(
        measure.label, [rate_bar(one, group_of(one) or "All together") for one in in_order_of_codes]
    )


def _funnel(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    return on_a_funnel(measure.label, question.by[0], figures)


def on_a_funnel(title: str, word: str, figures: Sequence[Figure]) -> Chart:
    """The funnel plot of shares, each of the area or team that `word` says, and what of it is not known."""
    known, unknown = [one for one in figures if one.values[0]], sum(one.n for one in figures if not one.values[0])
    areas = [Area(group_of(one), round((one.value or 0) * one.n), one.n, one.effect) for one in known]
    found = funnel(areas)
    most = max((one.size for one in areas), default=0)
    limits = [_limit(found, size) for size in _sizes(most)] if found.centre is not None else []
    places = [_area(place) for place in found.places]
    drawn = charts.funnel_plot(title, places, found.centre, limits, word=word)
    said = f"{drawn.sentence} {basis(found, plural(word))}"
    return drawn.saying(f"{said} Of {unknown:,} more the {word} is not known." if unknown else said)


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


def _aged(measure: Measure, figures: Sequence[Figure]) -> Chart:
    return charts.aged_bands(measure.label, _banded(figures, BANDS, charts.BANDS), word=measure.unit)


def _soon(measure: Measure, figures: Sequence[Figure]) -> Chart:
    return charts.soon_bands(measure.label, _banded(figures, SOON, charts.SOON), word=measure.unit)


def _banded(figures: Sequence[Figure], names: Sequence[str], drawn: Sequence[str]) -> list[charts.CountBar]:
    """The bands as drawn: what is not there counts none."""
    totals = [sum(int(one.more[name] or 0) for one in figures) for name in names]
    return [charts.CountBar(name, found) for name, found in zip(drawn, totals, strict=True)]


def _loads(measure: Measure, figures: Sequence[Figure]) -> Chart:
    held = next((one.spread for one in figures if one.spread), histogram_of(()))
    return charts.load_bars(measure.label, held, word=measure.unit)


def _causes(measure: Measure, figures: Sequence[Figure]) -> Chart:
    return charts.cause_bars(measure.label, [(", ".join(map(str, one.values)), one.n) for one in figures])


def _journey(measure: Measure, figures: Sequence[Figure]) -> Chart:
    names = (measure.unit, *measure.parts)
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


_OF_ONE_MOMENT: Mapping[Kind, Callable[[Measure, Sequence[Figure]], Chart]] = {
    "bands": _aged,
    "soon": _soon,
    "load": _loads,
    "steps": _journey,
    "not_arisen": _causes,
}
"""The charts of kinds that are drawn whole, of one group, at one moment."""
