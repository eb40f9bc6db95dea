"""A measure over time with a series beside it: a figure that somebody else keeps, with who, and not as one of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kept.errors import MeasureError
from kept.measures import charts
from kept.measures.answers import Answer, answer, in_periods
from kept.measures.changes import Change
from kept.measures.charts import Chart
from kept.measures.drawn import SEVERAL
from kept.measures.figures import Figure
from kept.measures.model import Measure
from kept.measures.over_time import (
    annotations,
    changed_in,
    in_a_row,
    panel_of,
    process_of,
    unit_of,
    with_left_out,
)
from kept.measures.periods import called, following
from kept.measures.printed import NOTHING
from kept.measures.question import Question
from kept.measures.series.values import Point, Series
from kept.measures.statistics import process_chart as process
from kept.measures.statistics.process_words import sentence
from kept.measures.units import ANY, COUNT, SHARE, Unit


@dataclass(frozen=True, slots=True)
class Matched:
    """A series and its points by the first day of the periods that a measure was asked in."""

    series: Series
    points: Mapping[date, Point]

    @property
    def name(self) -> str:
        return f"{self.series.title} (kept elsewhere: {self.series.source})"


def beside_answer(
    measure: Measure, question: Question, found: Sequence[Figure], series: Series, changes: Sequence[Change] = ()
) -> Answer:
    """The figures with the series as a column more and a panel of its own.

    Raises MeasureError where the question is not over time, or divides the figures, or the series has no such periods.
    """
    matched = _matched(measure, question, found, series)
    plain = answer(measure, question, found, changes)
    shown = in_periods(question, found, changes)
    return replace(
        plain,
        columns=(*plain.columns, f"{series.title} ({series.unit})"),
        rows=[(*row, _text(matched, one)) for row, one in zip(plain.rows, found, strict=True)],
        data={**plain.data, "beside": _as_data(matched)},
        chart=lambda: _chart(measure, question, found, matched, shown),
        words=(*plain.words, f"{series.title} is kept elsewhere, and not counted here: {series.source}."),
    )


def _matched(measure: Measure, question: Question, found: Sequence[Figure], series: Series) -> Matched:
    if not question.period or question.by or measure.kind in SEVERAL:
        raise MeasureError(
            f"No series can stand beside {measure.id} like this.",
            why="A series has one figure for each period, and so must the measure.",
            what_to_do="Name a --period and no --by, and a measure with one figure.",
        )
    points = {(point.period.first, point.period.last): point for point in series.standing}
    spans = {one.period: _span(one.period, question.period) for one in found if one.period}
    matched = {first: points[span] for first, span in spans.items() if span in points}
    if found and not matched:
        raise MeasureError(
            f"The series {series.id} has no point for any {question.period} that was asked for.",
            why=f"Its periods: {_extent(series)}.",
            what_to_do="Ask by the periods that it has, and for days that it covers.",
        )
    return Matched(series, matched)


def _span(first: date, period: str) -> tuple[date, date]:
    return first, following(first, period) - timedelta(days=1)


def _extent(series: Series) -> str:
    labels = [point.period.label for point in series.standing]
    return f"{labels[0]} … {labels[-1]}" if len(labels) > 1 else "".join(labels) or "none"


def _text(matched: Matched, one: Figure) -> str:
    point = matched.points.get(one.period) if one.period else None
    if point is None:
        return NOTHING
    return f"{point.value:,.15g}{' %' if matched.series.holds == 'percentages' else ''}"


def _as_data(matched: Matched) -> dict[str, object]:
    one = matched.series
    points = [{"period": first, "value": point.value, "n": point.n} for first, point in matched.points.items()]
    return {"series": one.id, "title": one.title, "unit": one.unit, "source": one.source, "points": points}


def _chart(
    measure: Measure, question: Question, found: Sequence[Figure], matched: Matched, changes: Sequence[Change]
) -> Chart:
    row = in_a_row(found, question)
    changed = changed_in(row, question, changes)
    own, other = process_of(measure, question, row, changed), _process(matched, question, row)
    upper = charts.Beside(panel_of(measure.label, own, unit_of(measure).possible), unit_of(measure))
    lower = charts.Beside(panel_of(matched.name, other, _unit(matched).possible), _unit(matched))
    here = sentence(_without_notes(own), unit_of(measure), question.period)
    there = sentence(other, _unit(matched), question.period)
    drawn = charts.two_panels(
        measure.label,
        upper,
        lower,
        annotations(changed, question),
        sentence=f"{here} Below, {matched.name}: {there}",
        period=question.period,
    )
    return with_left_out(drawn, question, found)


def _without_notes(own: process.ProcessChart) -> process.ProcessChart:
    """The same process saying nothing of what changed, which two panels say by its letters."""
    return replace(own, points=tuple(replace(point, notes=()) for point in own.points))


def _process(matched: Matched, question: Question, row: Sequence[Figure]) -> process.ProcessChart:
    """The series in the periods of the figures; a percentage as a share."""
    by = 100 if matched.series.holds == "percentages" else 1
    held = [(one.period, matched.points.get(one.period)) for one in row if one.period]
    points = [
        process.Point(called(first, question.period), point.value / by if point else None, point.n if point else None)
        for first, point in held
    ]
    return process.process_chart(points, matched.series.direction)


def _unit(matched: Matched) -> Unit:
    """What a series is counted in; its counts are never below nought."""
    if matched.series.holds == "percentages":
        return SHARE
    return Unit(matched.series.unit, possible=COUNT.possible if matched.series.holds == "counts" else ANY)
