"""Figures over time as process charts: of all together, or of each group on one scale, with what changed when."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from kept.measures import charts
from kept.measures.catalogue import HOLDERS
from kept.measures.changes import Change, by_period
from kept.measures.charts import Chart
from kept.measures.charts.words import in_order
from kept.measures.crossed import largest, saying_which
from kept.measures.figures import Figure
from kept.measures.model import Measure
from kept.measures.periods import all_between, called
from kept.measures.printed import CATEGORIES, group_of, is_share, named
from kept.measures.question import Question
from kept.measures.statistics.process_chart import Point, ProcessChart, process_chart
from kept.measures.statistics.process_words import sentence
from kept.measures.statistics.values import Interval
from kept.measures.units import COUNT, SHARE, Unit

_NOTHING = "There was nothing to measure."


def course(measure: Measure, question: Question, figures: Sequence[Figure], changes: Sequence[Change]) -> Chart:
    """One process chart; a change that says so begins a new phase."""
    found = in_a_row(figures, question)
    changed = changed_in(found, question, changes)
    process = process_of(measure, question, found, changed)
    panel = panel_of("", process, unit_of(measure).possible)
    drawn = charts.process_chart(
        measure.label,
        panel.points,
        panel.phases,
        annotations(changed, question),
        sentence=sentence(process, unit_of(measure), question.period),
        unit=unit_of(measure),
        period=question.period,
    )
    return with_left_out(drawn, question, figures)


def multiples(measure: Measure, question: Question, figures: Sequence[Figure], changes: Sequence[Change]) -> Chart:
    """A process chart for each group, on one scale; of two breakdowns for those with the most cases."""
    known = _of_known_holders(figures, question)
    every = {group_of(one) for one in known}
    shown = largest(known, group_of) if len(question.by) > 1 else every
    ordered = sorted((one for one in known if group_of(one) in shown), key=lambda one: in_order(group_of(one)))
    rows = {name: in_a_row(list(found), question) for name, found in groupby(ordered, key=group_of)}
    changed = changed_in([one for row in rows.values() for one in row], question, changes)
    possible = unit_of(measure).possible
    panels = [
        panel_of(name, process_of(measure, question, row, changed), possible) for name, row in rows.items() if row
    ]
    word = _word(measure, question)
    drawn = charts.small_multiples(
        measure.label,
        panels,
        annotations(changed, question),
        unit=unit_of(measure),
        period=question.period,
        word=word,
    )
    if len(known) < len(figures):
        drawn = drawn.remarking(f"Not drawn: those of whom the {' or the '.join(_holders(question))} is not known.")
    return with_left_out(saying_which(drawn, shown, every, word), question, figures)


def _word(measure: Measure, question: Question) -> str:
    """What each panel is."""
    words = [name.replace("_", " ") for name in question.by] or [CATEGORIES[measure.kind][0]]
    return words[0] if len(words) == 1 else "group"


def _holders(question: Question) -> list[str]:
    return [name for name in question.by if name in HOLDERS]


def _of_known_holders(figures: Sequence[Figure], question: Question) -> list[Figure]:
    """The figures without those of no known area, department or team: no such one, and often few cases to swing."""
    held = [place for place, name in enumerate(question.by) if name in HOLDERS]
    return [one for one in figures if all(one.values[place] is not None for place in held)]


def in_a_row(figures: Sequence[Figure], question: Question) -> list[Figure]:
    """One group's figures of whole periods from the first with a value to the last, with a gap for each that has none.

    A month that is not over would look like a fall, or like a month like others.
    """
    held = {one.period: one for one in figures if one.period and not one.in_part}
    valued = sorted(period for period, one in held.items() if one.value is not None)
    if not valued:
        return []
    between = all_between(valued[0], valued[-1], question.period)
    return [held.get(at, Figure(figures[0].values, at, 0, None, words=_NOTHING)) for at in between]


def with_left_out(drawn: Chart, question: Question, figures: Sequence[Figure]) -> Chart:
    """The chart saying which periods are not in it, since they are not whole."""
    cut = sorted({(one.period, named(one, question)) for one in figures if one.in_part and one.period})
    if not cut:
        return drawn
    return drawn.remarking(f"Not drawn, being not whole: {' and '.join(name for _, name in cut)}.")


def changed_in(
    figures: Sequence[Figure], question: Question, changes: Sequence[Change]
) -> Mapping[date, Sequence[Change]]:
    """What changed in the periods of some figures, by the first day of each."""
    return by_period(changes, [one.period for one in figures if one.period], question.period)


def annotations(changed: Mapping[date, Sequence[Change]], question: Question) -> list[charts.Annotation]:
    """The changes as a chart shows them, in order of time."""
    return [
        charts.Annotation(called(first, question.period), one.said)
        for first in sorted(changed)
        for one in changed[first]
    ]


def process_of(
    measure: Measure, question: Question, figures: Sequence[Figure], changed: Mapping[date, Sequence[Change]]
) -> ProcessChart:
    """The figures as a process, with its limits and signals; a phase begins with a change that asks for one."""
    points = [
        Point(
            called(one.period, question.period),
            None if one.value is None else float(one.value),
            one.n,
            tuple(change.said for change in changed.get(one.period, ())),
        )
        for one in figures
        if one.period
    ]
    begins = [
        place
        for place, one in enumerate(figures)
        if place and one.period and any(change.rebase for change in changed.get(one.period, ()))
    ]
    return process_chart(points, measure.direction, begins)


def panel_of(name: str, process: ProcessChart, possible: Interval) -> charts.Panel:
    """A process as a panel: its points, what each is a signal of, and its limits no further than values can be."""
    points = tuple(
        charts.ProcessPoint(point.name, point.value, point.n, process.kind(place))
        for place, point in enumerate(process.points)
    )
    phases = tuple(replace(one, limits=one.limits.within(possible)) for one in process.phases if one.limits)
    return charts.Panel(name, points, phases)


def unit_of(measure: Measure) -> Unit:
    """What a measure is counted in: never below nought."""
    return SHARE if is_share(measure) else Unit(measure.unit, possible=COUNT.possible)
