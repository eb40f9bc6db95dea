"""A small report of a run: the headline measures with their charts, as one HTML page that needs nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from kept.engine.wording import short_moment
from kept.measures import charts
from kept.measures.asked import Opened
from kept.measures.charts import Chart
from kept.measures.counts import query_of
from kept.measures.drawn import SEVERAL, chart_of
from kept.measures.figures import Figure
from kept.measures.limits import limits_of
from kept.measures.model import Measure
from kept.measures.printed import RANGED, between, is_share, shown
from kept.measures.question import Question
from kept.measures.reasons import why_none

MONTHS = 17
"""How many months before the present one the process charts go back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure of the report, how it is asked, and the row of the board papers that it answers to."""

    measure: str
    by: tuple[str, ...] = ()
    period: str = ""
    paper: str = ""


HEADLINES = (
    Asked("needs-assessed", paper="91.1 % in the papers (row 49)"),
    Asked("force-standards/FS-CONTACT-PLAN:investigations", paper="81 % in the papers (row 49)"),
    Asked("statement-offered-at-recording", paper="5 % in the papers (row 49)"),
    Asked("force-standards/FS-INFORMATION", paper="45.1 % in the papers (row 49)"),
    Asked("whole-code"),
)
"""What `kept demo` prints: each beside the figure that the invented force is made to."""
CHARTS = (
    Asked("whole-code", period="month"),
    Asked("force-standards/FS-CONTACT-PLAN:investigations", period="month"),
    Asked("needs-assessed", by=("area",)),
    Asked("statement-offered-at-recording", period="quarter"),
    Asked("written-information-by-channel"),
    Asked("contact-overdue"),
    Asked("outcome-16-by-theme"),
    Asked("special-measures"),
    Asked("restorative-justice"),
    Asked("report-to-record", period="month"),
)
"""What the report draws."""


TOGETHER = "All together"
"""The heading of the chart that divides nothing."""


Headline = tuple[str, str, str, str]
"""A headline measure as printed: its label, its figure, interval with n and range, and what the papers print."""


def headlines(at: Opened, measures: Mapping[str, Measure]) -> list[Headline]:
    """The headline measures that the rulebook has."""
    return [_headline(at, measures[one.measure], one) for one in HEADLINES if one.measure in measures]


def _headline(at: Opened, measure: Measure, asked: Asked) -> Headline:
    (figure,) = at.figures(measure, Question())
    return (measure.label, shown(measure, figure.value), _interval(measure, figure), asked.paper)


def _interval(measure: Measure, figure: Figure) -> str:
    if figure.interval is None:
        return figure.words
    said = f"{between(measure, figure.interval)}, n {figure.n:,}"
    return said if figure.at_best is None else f"{said}; at best {shown(measure, figure.at_best)}"


def page(at: Opened, measures: Mapping[str, Measure], title: str, found: Sequence[Headline]) -> str:
    """The report as one HTML document, with the headlines that were found."""
    drawn = [_section(at, measures[one.measure], one) for one in CHARTS if one.measure in measures]
    return _document(at, title, [_table(found), *drawn], _READING)


def measure_page(at: Opened, measure: Measure) -> str:
    """One measure of a store as an HTML document: what it counts, its charts, its limits, its SQL."""
    drawn = [f"<h2>{heading}</h2>{charts.html(chart)}" for heading, chart in measure_charts(at, measure).items()]
    limits = f"<h2>What it cannot say</h2><p>{escape(limits_of(measure))}</p>"
    query = f"<h2>As SQL</h2><pre>{escape(query_of(measure))}</pre>"
    means = f"<p>{escape(measure.means)}</p>"
    return _document(at, measure.label, [means, *drawn, limits, query], _READING if measure.kind in RANGED else "")


def measure_charts(at: Opened, measure: Measure) -> dict[str, Chart]:
    """The charts of a measure's page by their headings: over time, by area, of all together, as far as its kind has
    them.

    Where there is no figure even of all together, one that says why.
    """
    found = [] if measure.kind == "not_arisen" else at.figures(measure, Question())
    if found and all(one.value is None for one in found):
        none = chart_of(measure, Question(), found)
        return {TOGETHER: none.saying(f"{none.sentence} {why_none(measure, found, at.run.manifest)}")}
    asked = {
        "Month by month": Asked(measure.id, period="month"),
        "By area": Asked(measure.id, by=("area",)),
        TOGETHER: Asked(measure.id),
    }
    return {heading: _chart(at, measure, one) for heading, one in asked.items() if _fits(measure, one)}


def _fits(measure: Measure, asked: Asked) -> bool:
    """Whether a chart can be made of a measure in this way."""
    over_time = measure.kind not in ("bands", "soon", "steps", "load", "matrix", "not_arisen")
    if asked.period:
        return over_time
    if asked.by:
        return over_time and is_share(measure) and measure.kind not in SEVERAL
    return is_share(measure) or not over_time


def _document(at: Opened, title: str, blocks: Sequence[str], reading: str) -> str:
    run = f"Run {at.run.id}, as of {short_moment(at.run.as_of)}, read at {short_moment(at.clock)}."
    heading = f"<h1>{escape(title)}</h1><p>{escape(run)} {reading}</p>"
    return charts.document(title, "\n".join([heading, *blocks]), _STYLE)


def _section(at: Opened, measure: Measure, asked: Asked) -> str:
    return f"<section><p>{escape(measure.means)}</p>{charts.html(_chart(at, measure, asked))}</section>"


def _chart(at: Opened, measure: Measure, asked: Asked) -> Chart:
    """The chart of what is asked: over time of the last months, or where those have no figure, of all there are."""
    question = Question(asked.by, asked.period, since=_first_day(at) if asked.period else None)
    found = at.figures(measure, question)
    if asked.period and all(one.value is None for one in found):
        question = Question(asked.by, asked.period)
        found = at.figures(measure, question)
    return chart_of(measure, question, found)


def _first_day(at: Opened) -> date:
    """The first day of the month so many months back, so that no period is cut."""
    month = at.clock.date().replace(day=1)
    for _ in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def _table(rows: Sequence[Headline]) -> str:
    heads = "".join(
        f'<th scope="col">{one}</th>' for one in ("measure", "figure", "95 % interval, n, range", "made to")
    )
    lines = (
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(one)}</td>" for one in rest)}</tr>'
        for first, *rest in rows
    )
    caption = "<caption>Headline measures</caption>"
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


_READING = (
    "A rate is what the records show to have been kept; “at best” counts their silence as kept too. "
    "The truth lies between the two."
)
_STYLE = """
body { font-family: Arial, sans-serif; color: #0b0c0c; line-height: 1.4; margin: 0; }
main { max-width: 960px; margin: 0 auto; padding: 1rem; }
section { margin: 3rem 0; }
table { border-collapse: collapse; width: 100%; }
pre { white-space: pre-wrap; }
td:nth-child(2) { white-space: nowrap; }
caption { text-align: left; font-weight: bold; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid #b1b4b6; }
@media (max-width: 700px) {
  main { padding: 0.75rem; }
  h1 { font-size: 1.6rem; }
  main > table thead { display: none; }
  main > table th, main > table td { display: block; }
}
"""
