"""How much each of those who hold something holds: how many of them hold how many. Nobody is named."""

import math
from collections.abc import Iterator

from kept.measures.charts import palette
from kept.measures.charts.chart import Chart
from kept.measures.charts.counts import CountBar, Headings, count_bars, said
from kept.measures.charts.drawing import step
from kept.measures.statistics.quantiles import Histogram, quantile
from kept.measures.units import count

USUAL, MEDIAN = "those who hold so many", "where the median lies"
LOOKS = {USUAL: palette.DARK_BLUE, MEDIAN: palette.ORANGE}
_BANDS, _MOST = 8, 12
"""In how many bands nine tenths of the holders stand, and how many there are at most: the last may have no end."""
_NEARLY_ALL = 0.9


def load_bars(title: str, held: Histogram, *, word: str = "cases") -> Chart:
    """Bars of how many hold 1, 2 … of what `word` names, or 1–5, 6–10 …; the bar with the median marked.

    held  how many hold each number, from 1
    """
    bars = [*_bars(held, word)]
    headings = Headings("Each of them holds", "holders", "all holders")
    return count_bars(title, _sentence(held, word), bars, headings, looks=LOOKS)


def _sentence(held: Histogram, word: str) -> str:
    middle = quantile(held, 0.5)
    if middle is None:
        return f"Nothing to draw: nobody holds any {word}."
    most = held.values[-1]
    if held.n == 1:
        return f"Only one holder, with {said(int(most), word)}."
    all_of_them = sum(value * number for value, number in held.counts.items())
    ends = middle.interval
    sure = f" (95 % interval {count(ends.low)} to {count(ends.high)})" if ends else ""
    top = held.counts[most]
    return (
        f"{count(held.n)} holders have {said(int(all_of_them), word)} between them. "
        f"The median is {count(middle.value)}{sure}; the most that one has is {count(most)}"
        f"{f', which {count(top)} have' if top > 1 else ''}."
    )


def _bars(held: Histogram, word: str) -> Iterator[CountBar]:
    """A bar for each band from 1 to the most, those that nobody is in too."""
    middle = quantile(held, 0.5)
    if middle is None:
        return
    around = (math.floor(middle.value), math.ceil(middle.value))
    for first, last in _edges(held):
        here = any(first <= value <= last for value in around)
        yield CountBar(
            _called(first, last, word),
            sum(number for value, number in held.counts.items() if first <= value <= last),
            look=MEDIAN if here else USUAL,
            note=", the median here" if here else "",
        )


def _edges(held: Histogram) -> list[tuple[int, float]]:
    """The first and last number of each band; of the last band infinity, where the most is far beyond what is usual."""
    nearly, most = quantile(held, _NEARLY_ALL), held.values[-1]
    width = round(max(1.0, step(nearly.value if nearly else most, _BANDS)))
    firsts = [*range(1, int(most) + 1, width)][:_MOST]
    lasts = [first + width - 1 for first in firsts]
    return [*zip(firsts, [*lasts[:-1], math.inf if most > lasts[-1] else lasts[-1]], strict=True)]


def _called(first: int, last: float, word: str) -> str:
    if last == first:
        return said(first, word)
    return f"{count(first)} or more {word}" if last == math.inf else f"{count(first)}–{count(last)} {word}"
