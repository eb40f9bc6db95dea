"""What is overdue by how long, in five bands that are always shown together.

The bands are those of the force's own board papers. A chart of some of them could hide the oldest behind the newest, or
the other way about; so there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kept.errors import MeasureError
from kept.measures.charts import palette
from kept.measures.charts.chart import Cell, Chart, Column, Spec, Table, counted, named, shared
from kept.measures.charts.drawing import ceiling, clear_texts, frame, wordless
from kept.measures.charts.rows import bars, lay
from kept.measures.charts.words import MISSING, plain
from kept.measures.units import NUMBER, count, percent

BANDS = ("due today", "1–7 days", "8–14 days", "15–28 days", "29 days and more")


@dataclass(frozen=True, slots=True)
class AgedBand:
    """One of `BANDS` and how many are in it; None where that is not to be shown, for which `marker` stands."""

    label: str
    count: int | None
    marker: str = MISSING


def aged_bands(title: str, bands: Sequence[AgedBand], *, word: str = "investigations") -> Chart:
    """Bars of the five bands, of what `word` names.

    Raises MeasureError where a band is left out, stands twice, is not one of the five, or counts fewer than none.
    """
    found = _checked(bands)
    sentence = _sentence(found, word)
    drawable = any(one.count is not None for one in found)
    spec = partial(_draw, found, plain(word)) if drawable else wordless(sentence)
    return Chart(plain(title), sentence, spec, _table(found, word), f"Bar chart. {plain(title)}. {sentence}")


def _checked(bands: Sequence[AgedBand]) -> tuple[AgedBand, ...]:
    """The bands in their order, all five."""
    given = [one.label for one in bands]
    if sorted(given) != sorted(BANDS):
        missing = [label for label in BANDS if label not in given]
        raise MeasureError(
            "Aged bands are shown all five, or not at all.",
            where=", ".join(missing)
            or ", ".join(label for label in given if label not in BANDS or given.count(label) > 1),
            why="A band left out hides how old the rest is."
            if missing
            else "A band stands twice, or is not one of the five.",
            what_to_do="Give each of these once, with 0 where there is none: " + ", ".join(BANDS),
        )
    below = [one.label for one in bands if one.count is not None and one.count < 0]
    if below:
        raise MeasureError("An aged band counts fewer than none.", where=", ".join(below))
    return tuple(sorted(bands, key=lambda one: BANDS.index(one.label)))


def _total(bands: Sequence[AgedBand]) -> int | None:
    """The sum, where every band may be shown; else it would give away what is hidden."""
    counts = [one.count for one in bands if one.count is not None]
    return sum(counts) if len(counts) == len(bands) else None


def _sentence(bands: Sequence[AgedBand], word: str) -> str:
    today, *late = bands
    overdue = _total(late)
    if overdue is None or today.count is None:
        return _hidden(bands)
    due = f"{count(today.count)} more {'is' if today.count == 1 else 'are'} due today."
    if not overdue:
        return f"No {word} are overdue, and none are due today." if not today.count else f"No {word} are overdue; {due}"
    oldest = bands[-1].count or 0
    said = f"{percent(oldest / overdue)} of them ({count(oldest)}) by {BANDS[-1]}" if oldest else f"none by {BANDS[-1]}"
    return f"{count(overdue)} {word} are overdue, {said}; {due}"


def _hidden(bands: Sequence[AgedBand]) -> str:
    shown = [one for one in bands if one.count is not None]
    if not shown:
        return "Nothing to draw: none of the five bands can be shown."
    most = max(shown, key=lambda one: one.count or 0)
    number = f"{count(most.count or 0)} in “{most.label}”"
    return f"Not every band can be shown, so no total is given; of those that can, most are in one: {number}."


def _table(bands: Sequence[AgedBand], word: str) -> Table:
    total = _total(bands)
    return Table(
        (Column("Overdue by"), Column("Count", word), Column("Share of all five")),
        tuple(_row(one, total) for one in bands),
    )


def _row(one: AgedBand, total: int | None) -> tuple[Cell, ...]:
    hidden = one.marker if one.count is None else MISSING
    return named(one.label), counted(one.count, one.marker), shared(_share(one, total), hidden)


def _draw(bands: tuple[AgedBand, ...], word: str, width: int) -> Spec:
    total = _total(bands)
    rows = lay([(one.label, _words(one, total)) for one in bands], width)
    x = rows.axis(NUMBER, ceiling(max(one.count or 0 for one in bands), rows.steps))
    values = [
        {"label": one.label, "part": word, "from": 0, "to": one.count, "share": _share(one, total), **row.places()}
        for one, row in zip(bands, rows.rows, strict=True)
        if one.count is not None
    ]
    drawn = bars(values, x, {word: palette.DARK_BLUE}, 1)
    return frame(width, rows.height, [drawn, *clear_texts(rows.lines)])


def _share(one: AgedBand, total: int | None) -> float | None:
    return one.count / total if one.count is not None and total else None


def _words(one: AgedBand, total: int | None) -> str:
    if one.count is None:
        return one.marker
    return f"{count(one.count)} ({percent(one.count / total)})" if total else count(one.count)
