"""What a measure came to, ready for a page: its figures as a table, its chart, and the figure that matters most."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from kept.errors import MeasureError
from kept.measures.answers import Answer, answer
from kept.measures.asked import Opened
from kept.measures.changes import of_rulebook
from kept.measures.charts import Chart
from kept.measures.charts.render import PHONE, WIDE
from kept.measures.drawn import SEVERAL
from kept.measures.figures import Figure
from kept.measures.model import Measure
from kept.measures.officers import is_by_officer
from kept.measures.printed import CATEGORIES, between, named, shown
from kept.measures.question import Question
from kept.web import drawings
from kept.web.figures.asking import OF_ONE_MOMENT
from kept.web.figures.reading import reading, rulebook_of
from kept.web.figures.remembered import Remembered

WIDTHS = {"wide": WIDE, "phone": PHONE}
"""The widths in pixels in which a page holds a chart."""
MOST_ROWS = 200
"""How many rows of a table a page shows; a copy has all."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The figure that matters most, in words: of which period, how much, over how many, between what, at best."""

    period: str
    value: str
    n: str
    interval: str
    at_best: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure's answer to a question.

    groups    how many of the first columns name a row
    chart     None where none shows it well, and then `no_chart` says why
    has_no_copy  whether it stays on the page, and so is shown there whole
    """

    answer: Answer
    groups: int
    headline: Headline | None
    chart: Chart | None
    no_chart: str = ""
    has_no_copy: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is no figure in it at all."""
        return not any(one["value"] is not None for one in self.answer.data["figures"])

    @property
    def rows(self) -> Sequence[tuple[object, ...]]:
        """The rows that a page shows."""
        return self.answer.rows[: len(self.answer.rows) if self.has_no_copy else MOST_ROWS]

    @property
    def more(self) -> int:
        """How many rows there are besides."""
        return len(self.answer.rows) - len(self.rows)


_SHOWN: Remembered[Shown] = Remembered(256)
_PICTURES: Remembered[bytes] = Remembered(256)


def show(at: Opened, measure: Measure, question: Question) -> Shown:
    """What a measure comes to; MeasureError where it cannot be asked so, StoreError where a file cannot be read."""
    return _SHOWN.get(_key(at, measure, question), lambda: _show(at, measure, question))


def picture(at: Opened, measure: Measure, question: Question, width: str) -> bytes | None:
    """The chart as SVG without its words, as wide as a page or a phone (`WIDTHS`); None where there is no chart."""
    found = show(at, measure, question).chart
    if found is None:
        return None
    key = (_key(at, measure, question), width)
    return _PICTURES.get(key, lambda: drawings.svg(found, WIDTHS[width]).encode())


def _key(at: Opened, measure: Measure, question: Question) -> Hashable:
    """All that an answer depends on; the run's id says what it was made of."""
    asked = (question.by, question.period, question.since, question.until, tuple(sorted(question.only.items())))
    return (at.run.id, at.clock, measure.id, asked)


def _show(at: Opened, measure: Measure, question: Question) -> Shown:
    changes = of_rulebook(rulebook_of(at.run), measure)
    with reading(at):
        figures = at.figures(measure, question)
        all_of_them = at.figures(measure, replace(question, by=())) if question.by else figures
    found = answer(measure, question, figures, changes)
    groups = len(question.by) + len(CATEGORIES.get(measure.kind, ())) + bool(question.period)
    chart, why = _chart(measure, found, question)
    return Shown(found, groups, _headline(measure, question, all_of_them), chart, why, is_by_officer(question))


def _chart(measure: Measure, found: Answer, question: Question) -> tuple[Chart | None, str]:
    try:
        return found.chart(), ""
    except MeasureError:
        if is_by_officer(question):
            return None, _(
                "Officers stand by name, on no chart. What each holds differs and is little: read the intervals. "
                "This look is in the access log."
            )
        if len(question.by) > 1 and measure.kind in SEVERAL:
            return None, _("So many ways to divide it at once cannot be compared by eye. The table has every figure.")
        return None, _("There is no chart of this for one moment. Ask for it by month to see it over time.")


def _headline(measure: Measure, question: Question, figures: Sequence[Figure]) -> Headline | None:
    """Of the last whole period, or of all there is; of kinds with several figures none stands for the others."""
    if measure.kind in (*SEVERAL, *OF_ONE_MOMENT):
        return None
    whole = [one for one in figures if one.value is not None and not one.in_part]
    if not whole:
        return None
    last = whole[-1]
    best = "" if last.at_best is None else shown(measure, last.at_best)
    interval = between(measure, last.interval) if last.interval else ""
    period = named(last, question) if question.period else ""
    return Headline(period, _with_unit(measure, last), f"{last.n:,}", interval, best)


def _with_unit(measure: Measure, one: Figure) -> str:
    value = shown(measure, one.value)
    return f"{value} {measure.unit}" if measure.kind == "time" else value
