"""What is overdue by how long, and what falls due how soon, in bands that are always shown together.

The bands of what is overdue are those of the force's own board papers. A chart of some of them could hide the oldest
behind the newest, or the other way about; so there is none. Nor is there one of some that are to come.
"""

from collections.abc import Sequence

from kept.errors import MeasureError
from kept.measures.charts.chart import Chart
from kept.measures.charts.counts import CountBar, Headings, count_bars, said, total
from kept.measures.units import count, percent

BANDS = ("due today", "1–7 days", "8–14 days", "15–28 days", "29 days and more")
"""How long overdue, from none."""
SOON = ("tomorrow", "in 2–3 days", "in 4–7 days")
"""How soon due, the soonest first."""


def aged_bands(title: str, bands: Sequence[CountBar], *, word: str = "investigations") -> Chart:
    """Bars of the five bands of what is overdue, of what `word` names.

    Raises MeasureError where a band is left out, stands twice, or is not one of the five.
    """
    found = _checked(bands, BANDS)
    return count_bars(title, _overdue(found, word), found, Headings("Overdue by", word, "all five"))


def soon_bands(title: str, bands: Sequence[CountBar], *, word: str = "investigations") -> Chart:
    """Bars of the three bands of what falls due in the next seven days, of what `word` names.

    Raises MeasureError as `aged_bands`.
    """
    found = _checked(bands, SOON)
    return count_bars(title, _coming(found, word), found, Headings("Falls due", word, "all three"))


def _checked(bands: Sequence[CountBar], names: Sequence[str]) -> tuple[CountBar, ...]:
    """The bands in their order, all of them."""
    given = [one.label for one in bands]
    if sorted(given) != sorted(names):
        missing = [label for label in names if label not in given]
        raise MeasureError(
            f"Bands are shown all {len(names)}, or not at all.",
            where=", ".join(missing)
            or ", ".join(label for label in given if label not in names or given.count(label) > 1),
            why="A band left out hides how old the rest is, or how soon."
            if missing
            else f"A band stands twice, or is not one of the {len(names)}.",
            what_to_do="Give each of these once, with 0 where there is none: " + ", ".join(names),
        )
    return tuple(sorted(bands, key=lambda one: names.index(one.label)))


def _overdue(bands: Sequence[CountBar], word: str) -> str:
    today, *late = bands
    overdue = total(late)
    if overdue is None or today.count is None:
        return _hidden(bands)
    due = f"{count(today.count) if today.count else 'no'} more {'is' if today.count == 1 else 'are'} due today."
    if not overdue:
        return f"No {word} are overdue, and none are due today." if not today.count else f"No {word} are overdue; {due}"
    oldest = bands[-1].count or 0
    share = (
        f"{percent(oldest / overdue)} of them ({count(oldest)}) by {BANDS[-1]}" if oldest else f"none by {BANDS[-1]}"
    )
    return f"{said(overdue, word)} {'is' if overdue == 1 else 'are'} overdue, {share}; {due}"


def _coming(bands: Sequence[CountBar], word: str) -> str:
    coming, first = total(bands), bands[0].count
    if coming is None:
        return _hidden(bands)
    if not coming:
        return f"No {word} fall due in the next seven days."
    share = f"{percent(first / coming)} of them ({count(first)}) {SOON[0]}" if first else f"none of them {SOON[0]}"
    return f"{said(coming, word)} {'falls' if coming == 1 else 'fall'} due in the next seven days, {share}."


def _hidden(bands: Sequence[CountBar]) -> str:
    shown = [one for one in bands if one.count is not None]
    if not shown:
        return f"Nothing to draw: none of the {len(bands)} bands can be shown."
    most = max(shown, key=lambda one: one.count or 0)
    number = f"{count(most.count or 0)} in “{most.label}”"
    return f"Not every band can be shown, so no total is given; of those that can, most are in one: {number}."
