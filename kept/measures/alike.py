"""Like for like: the rate of each area, or of each month, as it would be if all had the same mix of cases.

One team has the burglaries and another the rapes; one year has more of either. `standardised_answer` holds that alike:
each rate is made of the rates within each stratum, weighted as the strata are in all that was asked for.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kept.errors import MeasureError
from kept.measures import counts, drawn
from kept.measures.answers import Answer, as_data
from kept.measures.asked import Opened
from kept.measures.catalogue import breakdowns
from kept.measures.changes import Change
from kept.measures.charts import Chart
from kept.measures.figures import RATES, Figure
from kept.measures.model import OFFENCE, Measure
from kept.measures.printed import between, named, shown
from kept.measures.question import UNKNOWN, Question
from kept.measures.statistics.clusters import Clusters, clustered_share, together
from kept.measures.statistics.standardise import Standardised, Strata, standardised
from kept.measures.statistics.values import Estimate

Key = tuple[str | None, date | None]
"""A group and a period; one of them is None."""


@dataclass(frozen=True, slots=True)
class Alike:
    """One group or period: its figure with the mix of all, and the rate as it is; None where nothing was judged.

    `left_out` is the share of the mix (0 to 1) of which it has no cases, for which the rest stands.
    """

    figure: Figure
    as_it_is: Estimate | None
    left_out: float


def standardised_answer(
    at: Opened, measure: Measure, question: Question, stratum: str, changes: Sequence[Change] = ()
) -> Answer:
    """The like-for-like rates as an answer, with what changed meanwhile; MeasureError as `alike`."""
    found = alike(at, measure, question, stratum)
    said = replace(measure, stage=f"{measure.stage}, with the {stratum} mix of all")
    by = (*question.by, *filter(None, [question.period]))
    return Answer(
        f"Each rate as it is, and as it would be with the {stratum} mix of all of them together.",
        (*by, "n", "as it is", "95 % interval", "like for like", "95 % interval", "mix without cases"),
        [_row(measure, question, one) for one in found],
        {"stratum": stratum, "figures": [_as_data(one) for one in found]},
        _chart(said, question, [one.figure for one in found], changes),
        _words(found, stratum),
    )


def alike(at: Opened, measure: Measure, question: Question, stratum: str = OFFENCE) -> list[Alike]:
    """Each group of one breakdown, or each period, with the mix of all that was asked for.

    Raises MeasureError where the measure is no rate or has no such breakdown, and where the question is by both or by
    neither.
    """
    _check(measure, question, stratum)
    cells: dict[Key, dict[str, Clusters]] = {}
    for one in counts.count(at.members, measure, replace(question, by=(*question.by, stratum))):
        *group, value = one.values
        strata = cells.setdefault((group[0] if group else None, one.period), {})
        strata[value or UNKNOWN] = RATES[measure.kind](one.counts)
    mix = _mix(cells.values())
    if not sum(mix.values()):
        return []
    ordered = sorted(cells.items(), key=lambda cell: (cell[0][1] or date.min, str(cell[0][0])))
    return [_alike(at, question, key, strata, standardised(strata, mix)) for key, strata in ordered]


def _mix(cells: Iterable[Strata]) -> dict[str, int]:
    """How many cases each stratum has in all groups together."""
    mix: dict[str, int] = {}
    for strata in cells:
        for name, sums in strata.items():
            mix[name] = mix.get(name, 0) + sums.judged
    return mix


def _alike(at: Opened, question: Question, key: Key, strata: Strata, found: Standardised) -> Alike:
    group, period = key
    everybody, estimate = together(strata.values()), found.estimate
    figure = Figure(
        (group,) if question.by else (),
        period,
        everybody.judged,
        estimate.value if estimate else None,
        estimate.interval if estimate else None,
        words="" if estimate else "There is nothing to take a rate of.",
    )
    return Alike(at.dated(figure, question), clustered_share(everybody), found.weight_left_out)


def _check(measure: Measure, question: Question, stratum: str) -> None:
    if measure.kind not in RATES or stratum not in breakdowns(measure):
        raise MeasureError(
            f"{measure.id} cannot be held alike by {stratum}.",
            why=f"It is of the kind {measure.kind}, and may be broken down by {', '.join(breakdowns(measure)) or '–'}.",
            what_to_do=f"Choose a measure of the kind {', '.join(RATES)}, and one of its breakdowns.",
        )
    if len(question.by) + bool(question.period) != 1 or stratum in question.by:
        raise MeasureError(
            f"{measure.id} cannot be standardised like this.",
            why="Groups are held against each other, or periods are, and neither is what is held alike.",
            what_to_do=f"Name one --by other than {stratum}, or a --period.",
        )


def _row(measure: Measure, question: Question, one: Alike) -> tuple[object, ...]:
    figure, raw = one.figure, one.as_it_is
    first = named(figure, question) if question.period else figure.values[0] or UNKNOWN
    rate = figure.words or shown(measure, figure.value)
    as_it_is = (shown(measure, raw.value if raw else None), between(measure, raw.interval if raw else None))
    return (first, figure.n, *as_it_is, rate, between(measure, figure.interval), f"{100 * one.left_out:.1f} %")


def _as_data(one: Alike) -> dict[str, Any]:
    raw = one.as_it_is
    return {
        **as_data(one.figure),
        "as_it_is": raw.value if raw else None,
        "as_it_is_interval": [raw.interval.low, raw.interval.high] if raw else None,
        "mix_without_cases": one.left_out,
    }


def _chart(
    measure: Measure, question: Question, found: Sequence[Figure], changes: Sequence[Change]
) -> Callable[[], Chart]:
    """Over time a process chart; else bars, since no funnel is for rates that were weighted."""
    if question.period:
        return lambda: drawn.chart_of(measure, question, found, changes)
    return lambda: drawn.bars(measure, question, found)


def _words(found: Sequence[Alike], stratum: str) -> tuple[str, ...]:
    lacking = sum(one.left_out > 0 for one in found)
    said = f"The mix is that of all {sum(one.figure.n for one in found):,} together, by {stratum}."
    if not lacking:
        return (said,)
    whose = "One line has" if lacking == 1 else f"{lacking} lines have"
    return (f"{said} {whose} no cases of some of it; there the rest stands for all, so that they compare less well.",)
