"""Groups compared: the rate of each over that of a reference, as it is and as it is among cases of the same offence."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kept.errors import MeasureError
from kept.measures import charts, counts
from kept.measures.answers import Answer
from kept.measures.asked import Opened
from kept.measures.catalogue import breakdowns
from kept.measures.figures import RATES
from kept.measures.model import Measure
from kept.measures.question import UNKNOWN, Question
from kept.measures.statistics.clusters import Clusters
from kept.measures.statistics.disparity import Disparity, GroupRatio, disparity
from kept.measures.statistics.ratios import RateRatio

_NOT_SAID = (None, "refused", "not_asked")
_KIND, _OF_PERSONS = "victim_kind", ("sex", "age_band", "ethnicity", "disability", "language")
"""What only a person has: there businesses are left out, who would else be taken for unknown."""
STRATUM = "offence"
"""What is held alike in the adjusted ratios: the mix of offences."""
COLUMNS = ("group", "n", "rate", "ratio", "95 % interval", "same offences", "95 % interval")


def compared_answer(at: Opened, measure: Measure, question: Question, reference: str) -> Answer:
    """The comparison of groups as an answer; MeasureError as `compared`."""
    found = compared(at, measure, question, reference)
    return Answer(
        f"Each group's rate over that of {found.reference}, as it is and among the same offences.",
        COLUMNS,
        [_row(one) for one in found.groups],
        _as_data(found),
        lambda: _chart(measure, found),
        (found.words,),
    )


def compared(at: Opened, measure: Measure, question: Question, reference: str) -> Disparity:
    """The groups of one breakdown against one of them; blank means against all others.

    Raises MeasureError where the measure is no rate or cannot be divided by offence, and for a group that is not there.
    """
    _check(measure, question)
    of_persons = question.by[0] in _OF_PERSONS and _KIND in breakdowns(measure)
    only = {**question.only, _KIND: "person"} if of_persons else question.only
    found = counts.count(at.members, measure, replace(question, by=(*question.by, STRATUM), only=only))
    strata: dict[str, dict[str, Clusters]] = {}
    for one in found:
        group, stratum = (UNKNOWN if value in _NOT_SAID else str(value) for value in one.values)
        groups = strata.setdefault(stratum, {})
        groups[group] = groups.get(group, Clusters()) + RATES[measure.kind](one.counts)
    return disparity(strata, reference or None, UNKNOWN)


def _chart(measure: Measure, found: Disparity) -> charts.Chart:
    """The adjusted ratios, or where there is none the raw ones, on one scale."""
    groups = [_drawn(one) for one in found.groups]
    unknown = int(found.unknown.whole)
    known = sum(one.n or 0 for one in groups)
    if found.reference_rate is not None:
        everybody = round(unknown / found.unknown_share) if found.unknown_share else None
        n = None if everybody is None else everybody - unknown - known
        groups.insert(0, charts.Disparity(found.reference, 1.0, None, None, n, reference=True))
        known = known + (n or 0)
    return charts.disparity_plot(
        measure.label, groups, charts.Unknown(unknown, known + unknown), against=found.reference
    )


def _check(measure: Measure, question: Question) -> None:
    if measure.kind not in RATES:
        raise MeasureError(
            f"The groups of {measure.id} cannot be compared.",
            why=f"It is of the kind {measure.kind}, which is no rate.",
            what_to_do=f"Choose a measure of the kind {', '.join(RATES)}.",
        )
    if len(question.by) != 1 or question.by[0] == STRATUM or question.period or STRATUM not in breakdowns(measure):
        raise MeasureError(
            f"{measure.id} cannot be compared like this.",
            why=f"Groups are compared by one breakdown, over one period, among cases of the same {STRATUM}.",
            what_to_do="Name one --by, and no --period.",
        )


def _row(one: GroupRatio) -> tuple[object, ...]:
    rate = f"{100 * one.rate.value:.1f} %" if one.rate else "–"
    return (one.group, int(one.counts.whole), rate, *_ratio(one.raw), *_ratio(one.adjusted))


def _ratio(one: RateRatio | None) -> Sequence[str]:
    if one is None:
        return ("–", "–")
    interval = one.estimate.interval
    return (f"{one.estimate.value:.2f}", f"{interval.low:.2f} to {interval.high:.2f}")


def _drawn(one: GroupRatio) -> charts.Disparity:
    ratio = one.adjusted or one.raw
    if ratio is None:
        return charts.Disparity(one.group, None, None, None, int(one.counts.whole))
    interval = ratio.estimate.interval
    return charts.Disparity(one.group, ratio.estimate.value, interval.low, interval.high, int(one.counts.whole))


def _as_data(found: Disparity) -> dict[str, Any]:
    """For JSON: each group with its ratios as printed, and of how many the group is not known."""
    names = ("group", "n", "rate", "raw", "raw_interval", "adjusted", "adjusted_interval")
    groups = [dict(zip(names, one, strict=True)) for one in map(_row, found.groups)]
    return {"reference": found.reference, "groups": groups, "unknown": int(found.unknown.whole), "words": found.words}
