"""An answer: what is printed, drawn and given as data of a measure, in whichever way it was asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from kept.measures.changes import Change, by_period
from kept.measures.charts import Chart
from kept.measures.drawn import chart_of
from kept.measures.figures import Figure
from kept.measures.model import Measure
from kept.measures.printed import columns, meanings, row
from kept.measures.question import Question
from kept.measures.statistics.values import Interval


@dataclass(frozen=True, slots=True)
class Answer:
    """What a measure came to, ready to be shown.

    means     what the figures are, in a sentence
    columns   the headings, and `rows` what stands beneath them
    data      the same for JSON
    chart     draws it; MeasureError where no chart shows it well
    words     sentences to stand beneath the table
    nothing   what to print instead of a table without rows
    """

    means: str
    columns: Sequence[str]
    rows: Sequence[tuple[object, ...]]
    data: Mapping[str, Any]
    chart: Callable[[], Chart]
    words: tuple[str, ...] = ()
    nothing: str = "There is nobody to count: no member falls into what was asked for."


def answer(measure: Measure, question: Question, found: Sequence[Figure], changes: Sequence[Change] = ()) -> Answer:
    """The answer that figures are by themselves, with what changed in the periods that they are of."""
    shown = in_periods(question, found, changes)
    return Answer(
        measure.means,
        columns(measure, question),
        [row(measure, figure, question) for figure in found],
        {"figures": [as_data(figure) for figure in found], "changes": [asdict(one) for one in shown]},
        lambda: chart_of(measure, question, found, shown),
        (*meanings(measure), *(f"Changed on {one.day.day} {one.day:%b %Y}: {one.said}." for one in shown)),
    )


def in_periods(question: Question, found: Sequence[Figure], changes: Sequence[Change]) -> list[Change]:
    """The changes that fall into the periods of some figures."""
    periods = [one.period for one in found if one.period]
    return [one for several in by_period(changes, periods, question.period).values() for one in several]


def as_data(figure: Figure) -> dict[str, Any]:
    """A figure for JSON."""
    return {
        "values": figure.values,
        "period": figure.period,
        "in_part": figure.in_part,
        "n": figure.n,
        "value": figure.value,
        "interval": _ends(figure.interval),
        "at_best": figure.at_best,
        **figure.more,
        **({"spread": figure.spread.counts} if figure.spread else {}),
        "words": figure.words,
    }


def _ends(interval: Interval | None) -> list[float | None] | None:
    """Low and high; null for a high that there is not."""
    return [end if isfinite(end) else None for end in (interval.low, interval.high)] if interval else None
