"""The charts of the rights by name: each has an address of its own, and is worked out once for what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from kept.code.rights import RIGHTS
from kept.measures import charts
from kept.measures.answers import Answer
from kept.measures.asked import Opened
from kept.measures.changes import of_rulebook
from kept.measures.charts import Chart
from kept.measures.drawn import chart_of, on_a_funnel
from kept.measures.figures import Figure
from kept.measures.ledger.first_lost import kept_up_to
from kept.measures.lost import Ways, together, ways_by
from kept.measures.model import Measure
from kept.measures.names import of_right
from kept.measures.question import UNKNOWN, Question
from kept.measures.rolled import FORCE, LEAST, rolled_answer
from kept.measures.statistics.rollup import Group, roll_up
from kept.web import drawings
from kept.web.figures.reading import measures_of, rulebook_of
from kept.web.figures.remembered import Remembered
from kept.web.rights.alike import COMPARED, compared_by
from kept.web.rights.asked import Ask
from kept.web.rights.seen import RightSeen, rights_seen

_CHARTS: Remembered[Chart] = Remembered(300)
_DRAWN: Remembered[str] = Remembered(300)
_COMPARED: Remembered[Answer] = Remembered(300)
COHORTS: Mapping[str, Mapping[str, str]] = {
    "Opted out of contact": {"opted_out": "true"},
    "Evidence-led prosecution considered": {"evidence_led": "considered"},
    "Evidence-led prosecution under way": {"evidence_led": "active"},
    "Marked for Enhanced Rights": {"enhanced": "true"},
    "Enhanced Rights by the facts": {"enhanced_gate": "true"},
}
"""Groups of victims of whom it is asked whether a right is kept as for everybody: each the `only` of a question."""


def chart(at: Opened, ask: Ask, name: str, right: int = 0) -> Chart:
    """A chart by its name: one of `OF_ALL`, or of a right one of `OF_A_RIGHT`; KeyError where there is no such one."""
    if right:
        draw = OF_A_RIGHT[name]
        return _CHARTS.get((ask, right, name), lambda: draw(at, ask, _right(at, ask, right)))
    return _CHARTS.get((ask, name), lambda: OF_ALL[name](at, ask))


def svg(at: Opened, ask: Ask, name: str, right: int, width: int) -> str:
    """The same as SVG of a width in pixels, without the words that a page shows beside it."""
    found = chart(at, ask, name, right)
    return _DRAWN.get((ask, right, name, width), lambda: drawings.svg(found, width))


def _right(at: Opened, ask: Ask, number: int) -> RightSeen:
    return next(one for one in rights_seen(at, ask) if one.number == number)


# -- all rights ------------------------------------------------------------------------------------------------------


def _all_rights(at: Opened, ask: Ask) -> Chart:
    bars = [
        _bar(f"{one.number} {RIGHTS[one.number].removeprefix('To ').capitalize()}", one.figure)
        for one in rights_seen(at, ask)
        if one.figure is not None and one.has_figure
    ]
    return charts.rate_bars("For how many victims each right was kept", bars)


def _bar(label: str, one: Figure) -> charts.RateBar:
    low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
    return charts.RateBar(label, one.n, one.value, low, high, one.at_best)


def _journey(at: Opened, ask: Ask) -> Chart:
    numbers = [one.number for one in rights_seen(at, ask) if one.has_figure]
    counts = kept_up_to(at.members.owed, [of_right(number) for number in numbers], ask.question())
    labels = ["victims to whom anything was owed", *(_up_to(place, numbers) for place in range(len(numbers)))]
    steps = [charts.JourneyStep(label, count) for label, count in zip(labels, counts, strict=True)]
    return charts.journey_funnel("How far everything was kept, right after right", steps)


def _up_to(place: int, numbers: list[int]) -> str:
    return f"Right {numbers[place]} kept" if place == 0 else f"Right {numbers[place]} kept too"


# -- one right -------------------------------------------------------------------------------------------------------


def _obligations(at: Opened, ask: Ask, right: RightSeen) -> Chart:
    found = right.ways
    steps = {
        "times that the police owed it": found.owed,
        "judged": found.judged,
        "done, by the record": found.answered,
        "done in time": found.of("kept"),
        "and written down in time": found.went["kept"],
    }
    return charts.journey_funnel(
        f"What became of what was owed of Right {right.number}",
        [charts.JourneyStep(label, count) for label, count in steps.items()],
    )


def _months(at: Opened, ask: Ask, right: RightSeen) -> Chart:
    measure, question = _measure(at, right), ask.over_time()
    changes = of_rulebook(rulebook_of(at.run), measure)
    return chart_of(measure, question, at.figures(measure, question), changes)


def _places(at: Opened, ask: Ask, right: RightSeen) -> Chart:
    found = rolled_answer(at, _measure(at, right), ask.question(ask.below), LEAST)
    return _remarking(found.chart(), found.words)


def _cohorts(at: Opened, ask: Ask, right: RightSeen) -> Chart:
    measure, plain = _measure(at, right), ask.question()
    everybody = at.figures(measure, plain)[0]
    found = {name: at.figures(measure, _narrower(plain, only))[0] for name, only in COHORTS.items()}
    small = [name for name, one in found.items() if one.n < LEAST]
    bars = [_bar("Everybody", everybody), *(_bar(name, one) for name, one in found.items() if one.n >= LEAST)]
    drawn = charts.rate_bars(measure.label, bars)
    return drawn.remarking(f"Not shown, being of fewer than {LEAST}: {', '.join(small)}.") if small else drawn


def _narrower(question: Question, only: Mapping[str, str]) -> Question:
    return replace(question, only={**question.only, **only})


def comparison(at: Opened, ask: Ask, right: RightSeen, by: str) -> Answer:
    """The groups of a breakdown against all others, as they are and among the same offences."""
    question = ask.question(by)
    return _COMPARED.get((ask, right.number, by), lambda: compared_by(at, _measure(at, right), question))


def _compared(by: str) -> Callable[[Opened, Ask, RightSeen], Chart]:
    def draw(at: Opened, ask: Ask, right: RightSeen) -> Chart:
        found = comparison(at, ask, right, by)
        return _remarking(found.chart(), found.words[1:])  # the first is in the chart's own sentence

    return draw


def _silent(at: Opened, ask: Ask, right: RightSeen) -> Chart:
    """By area the share of obligations of which the record cannot tell whether they were kept."""
    found = ways_by([one.duty for one in right.of_police], at, ask.question(ask.below))
    named = {name or UNKNOWN: ways for name, ways in found.items() if ways.judged}
    shown = roll_up([Group((name, FORCE), ways.judged) for name, ways in named.items()], LEAST)
    figures, words = [], []
    for one in shown:
        members = [path[0] for path in {*one.rolled_up, one.path} if path[0] in named]
        figures.append(_share(None if members == [UNKNOWN] else one.words, [named[name] for name in members]))
        words += [f"{one.words}: {', '.join(sorted(members))}."] if one.rolled_up else []
    title = f"Of what was owed of Right {right.number}, how much the record cannot tell"
    return _remarking(on_a_funnel(title, ask.below, figures), words)


def _share(name: str | None, several: Iterable[Ways]) -> Figure:
    ways = together(several)
    return Figure((name,), None, ways.judged, ways.share("recording"))


def _remarking(drawn: Chart, words: list[str] | tuple[str, ...]) -> Chart:
    for said in words:
        drawn = drawn.remarking(said)
    return drawn


def _measure(at: Opened, right: RightSeen) -> Measure:
    return measures_of(at.run)[of_right(right.number)]


OF_ALL: Mapping[str, Callable[[Opened, Ask], Chart]] = {"rights": _all_rights, "journey": _journey}
OF_A_RIGHT: Mapping[str, Callable[[Opened, Ask, RightSeen], Chart]] = {
    "obligations": _obligations,
    "months": _months,
    "places": _places,
    "silent": _silent,
    "cohorts": _cohorts,
    **{f"by-{by}": _compared(by) for by in COMPARED},
}
