"""What did not arise, and why: the largest first, and what is left over together, so that the list stays readable."""

from collections.abc import Sequence

from kept.measures.charts import palette
from kept.measures.charts.chart import Chart
from kept.measures.charts.counts import CountBar, Headings, count_bars, said
from kept.measures.charts.words import plain
from kept.measures.units import count, percent

ONE, REST = "one cause", "several causes together"
LOOKS = {ONE: palette.DARK_BLUE, REST: palette.ORANGE}
MOST = 12
"""How many bars there are at most, that of the rest among them."""


def cause_bars(title: str, found: Sequence[tuple[str, int]], *, word: str = "obligations") -> Chart:
    """Bars of how many of what `word` names did not arise for each cause, largest first; the table has them all.

    found  what each cause is called, and how many it counts
    """
    ordered = [CountBar(label, number, look=ONE) for label, number in sorted(found, key=lambda one: (-one[1], one[0]))]
    shown = ordered if len(ordered) <= MOST else ordered[: MOST - 1]
    rest = ordered[len(shown) :]
    drawn = [*shown, CountBar(f"the other {count(len(rest))}, together", _sum(rest), look=REST)] if rest else shown
    headings = Headings("What did not arise, and why", word, "all")
    looks = LOOKS if rest else {ONE: LOOKS[ONE]}
    return count_bars(title, _sentence(ordered, rest, word), drawn, headings, listed=ordered, looks=looks)


def _sum(bars: Sequence[CountBar]) -> int:
    return sum(one.count or 0 for one in bars)


def _sentence(ordered: Sequence[CountBar], rest: Sequence[CountBar], word: str) -> str:
    whole = _sum(ordered)
    if not whole:
        return f"Nothing to draw: there are no {word} that did not arise."
    first = ordered[0].count or 0
    most = f"most often {plain(ordered[0].label)}: {count(first)} ({percent(first / whole)})"
    left = f" The {len(rest)} smallest of {len(ordered)} causes are drawn together." if rest else ""
    return f"{said(whole, word)} did not arise, {most}.{left}"
