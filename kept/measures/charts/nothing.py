"""A chart of which nothing can be drawn: the sentence that says why, and the figures as far as there are any."""

from kept.measures.charts.chart import Chart, Table
from kept.measures.charts.drawing import wordless
from kept.measures.charts.words import plain


def nothing_to_draw(title: str, why: str, table: Table) -> Chart:
    """A chart that says why there is no drawing; `why` is a sentence, or several."""
    said = plain(f"Nothing to draw: {why[:1].lower()}{why[1:]}")
    return Chart(plain(title), said, wordless(said), table, f"{plain(title)}. {said}")
