"""How many, as bars: each count with its share of all of them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kept.errors import MeasureError
from kept.measures.charts import palette
from kept.measures.charts.chart import Cell, Chart, Column, Spec, Table, counted, named, shared
from kept.measures.charts.drawing import ceiling, clear_texts, frame, wordless
from kept.measures.charts.rows import bars, lay
from kept.measures.charts.words import MISSING, plain
from kept.measures.units import NUMBER, count, percent


@dataclass(frozen=True, slots=True)
class CountBar:
    """How many there are of one thing; None where that is not to be shown, for which `marker` stands.

    `look` is one of the names that the chart gives to how bars look, blank for the first; `note` is printed after the
    count.
    """

    label: str
    count: int | None
    marker: str = MISSING
    look: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.count is not None and self.count < 0:
            raise MeasureError("A bar counts fewer than none.", where=self.label, why=f"It is {self.count}.")


@dataclass(frozen=True, slots=True)
class Headings:
    """What a table of counts is headed by: what a row is, what is counted, and what the shares are of."""

    row: str
    counted: str
    whole: str


def count_bars(
    title: str,
    sentence: str,
    drawn: Sequence[CountBar],
    headings: Headings,
    *,
    listed: Sequence[CountBar] | None = None,
    looks: Mapping[str, str] | None = None,
) -> Chart:
    """A bar for each count, in the order given, with its share of their sum where every one may be shown.

    listed  what the table lists where that is more than is drawn
    looks   colours by what they mean, as the key explains them; without it all bars look alike
    """
    look = looks or {plain(headings.counted): palette.DARK_BLUE}
    spec = partial(_draw, tuple(drawn), look) if any(one.count is not None for one in drawn) else wordless(sentence)
    table = _table(drawn if listed is None else listed, headings)
    return Chart(plain(title), sentence, spec, table, f"Bar chart. {plain(title)}. {sentence}")


def total(found: Sequence[CountBar]) -> int | None:
    """The sum, where every count may be shown; else it would give away what is hidden."""
    counts = [one.count for one in found if one.count is not None]
    return sum(counts) if len(counts) == len(found) else None


def said(number: int, word: str) -> str:
    """A number of what a plural names: `1 investigation`, `312 investigations`."""
    return f"{count(number)} {word.removesuffix('s') if number == 1 else word}"


def _table(found: Sequence[CountBar], headings: Headings) -> Table:
    columns = (Column(headings.row), Column("Count", headings.counted), Column(f"Share of {headings.whole}"))
    whole = total(found)
    return Table(columns, tuple(_row(one, whole) for one in found))


def _row(one: CountBar, whole: int | None) -> tuple[Cell, ...]:
    hidden = one.marker if one.count is None else MISSING
    return named(one.label), counted(one.count, one.marker), shared(_share(one, whole), hidden)


def _draw(found: tuple[CountBar, ...], looks: Mapping[str, str], width: int) -> Spec:
    whole = total(found)
    rows = lay([(plain(one.label), _words(one, whole)) for one in found], width)
    x = rows.axis(NUMBER, ceiling(max(one.count or 0 for one in found), rows.steps))
    usual = next(iter(looks))
    values = [
        {
            "label": plain(one.label),
            "part": one.look or usual,
            "from": 0,
            "to": one.count,
            "share": _share(one, whole),
            **row.places(),
        }
        for one, row in zip(found, rows.rows, strict=True)
        if one.count is not None
    ]
    return frame(width, rows.height, [bars(values, x, looks, 1), *clear_texts(rows.lines)])


def _share(one: CountBar, whole: int | None) -> float | None:
    return one.count / whole if one.count is not None and whole else None


def _words(one: CountBar, whole: int | None) -> str:
    if one.count is None:
        return one.marker
    share = f" ({percent(one.count / whole)})" if whole else ""
    return f"{count(one.count)}{share}{one.note}"
