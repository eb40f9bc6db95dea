"""Figures by two breakdowns as charts: panels of one, in each the other; of many, those with the most cases."""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from kept.measures import charts
from kept.measures.charts import Chart
from kept.measures.charts.words import in_order, plural
from kept.measures.figures import Figure
from kept.measures.model import Measure
from kept.measures.question import UNKNOWN, Question

MOST = 12
"""How many panels are drawn where two breakdowns divide, and how many bars in each: more cannot be compared by eye."""
_Group = TypeVar("_Group", bound=Hashable)


def crossed(measure: Measure, question: Question, figures: Sequence[Figure]) -> Chart:
    """A panel for each group of the first breakdown, in it a bar for each of the second, by name."""
    first, second = (largest(figures, _value_at(place)) for place in (0, 1))
    shown = sorted((one for one in figures if one.values[0] in first and one.values[1] in second), key=_by_name)
    panels = [
        charts.BarPanel(name, tuple(rate_bar(one, one.values[1] or UNKNOWN) for one in several))
        for name, several in groupby(shown, key=lambda one: one.values[0] or UNKNOWN)
    ]
    words = [name.replace("_", " ") for name in question.by]
    drawn = charts.crossed_bars(measure.label, panels, word=words[0])
    for place, kept in enumerate((first, second)):
        drawn = saying_which(drawn, kept, {one.values[place] for one in figures}, words[place])
    return drawn


def rate_bar(one: Figure, name: str) -> charts.RateBar:
    """A figure as a bar, with its interval and its range."""
    low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
    return charts.RateBar(name, one.n, one.value, low, high, one.at_best)


def largest(figures: Iterable[Figure], group: Callable[[Figure], _Group]) -> set[_Group]:
    """The groups with the most cases, as many as are drawn."""
    sizes: dict[_Group, int] = {}
    for one in figures:
        sizes[group(one)] = sizes.get(group(one), 0) + one.n
    return {*sorted(sizes, key=lambda name: (-sizes[name], str(name)))[:MOST]}


def saying_which(drawn: Chart, kept: Collection[object], every: Collection[object], word: str) -> Chart:
    """The chart saying that it shows the largest of many groups, where it does."""
    if len(kept) == len(every):
        return drawn
    return drawn.remarking(f"Drawn are the {len(kept)} of {len(every)} {plural(word)} with the most cases.")


def _value_at(place: int) -> Callable[[Figure], str | None]:
    return lambda one: one.values[place]


def _by_name(one: Figure) -> list[tuple[bool, list[tuple[int, str]]]]:
    """The order of names, what is unknown last."""
    return [(value is None, in_order(value or "")) for value in one.values]
