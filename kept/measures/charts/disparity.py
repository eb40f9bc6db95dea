"""Disparity plots: how often something happens to each group, as a ratio to a reference group, with those not known.

The ratios are worked out elsewhere; here they are drawn and said.
"""

from collections.abc import Sequence
from functools import partial

from kept.errors import MeasureError
from kept.measures.charts.chart import Cell, Chart, Column, Table, counted, named
from kept.measures.charts.disparity_drawing import NO_GROUP, draw
from kept.measures.charts.drawing import wordless
from kept.measures.charts.groups import Disparity, Unknown, look_of, number
from kept.measures.charts.words import listed, plain
from kept.measures.units import SPACE, count


def disparity_plot(
    title: str, groups: Sequence[Disparity], unknown: Unknown, *, against: str = "the reference"
) -> Chart:
    """Ratios in the order given, each with its interval, a line at 1, and a row for those whose group is not known.

    against  what each ratio is to, where none of the groups is the reference

    Raises MeasureError where more than one group is the reference.
    """
    if sum(group.reference for group in groups) > 1:
        raise MeasureError(
            "A disparity plot has one reference group.", where=", ".join(g.group for g in groups if g.reference)
        )
    shown = [group for group in groups if group.ratio is not None]
    held_against = next((plain(group.group) for group in groups if group.reference), plain(against))
    sentence = _sentence(groups, shown, unknown, held_against)
    spec = partial(draw, tuple(groups), unknown, held_against) if shown else wordless(sentence)
    return Chart(plain(title), sentence, spec, _table(groups, unknown), f"Disparity plot. {plain(title)}. {sentence}")


def _sentence(groups: Sequence[Disparity], shown: Sequence[Disparity], unknown: Unknown, against: str) -> str:
    if not shown:
        everybody = bool(unknown.total) and unknown.count == unknown.total
        why = (
            "nobody's group is known"
            if everybody
            else "none of the ratios can be shown"
            if groups
            else "there are no groups"
        )
        return f"Nothing to draw: {why}. {_unknown(unknown)}"
    hidden = listed([plain(group.group) for group in groups if group.ratio is None])
    return f"{_apart(shown, against)} {_unknown(unknown)}" + (f" Not shown: {hidden}." if hidden else "")


def _apart(shown: Sequence[Disparity], reference: str) -> str:
    compared = [group for group in shown if not group.reference]
    if not compared:
        return f"Only {reference}: there is nothing to compare it with."
    sides = ((words, _ratios(compared, side)) for words, side in (("lower for", "below"), ("higher for", "above")))
    found = [f"{words} {listed(ratios)}" for words, ratios in sides if ratios]
    if not found:
        return f"No group can be told apart from {reference}: no interval leaves out 1."
    rest = sum(not group.apart for group in compared)
    others = f"; {count(rest)} {'group' if rest == 1 else 'groups'} cannot be told apart from it" if rest else ""
    return f"Compared with {reference}: {'; '.join(found)}{others}."


def _ratios(groups: Sequence[Disparity], side: str) -> list[str]:
    return [f"{plain(group.group)} (×{SPACE}{number(group.ratio)})" for group in groups if group.apart == side]


def _unknown(unknown: Unknown) -> str:
    return f"Group {NO_GROUP}: {plain(unknown.said())}."


def _table(groups: Sequence[Disparity], unknown: Unknown) -> Table:
    columns = ("Group", "Ratio", "Lower end", "Upper end", "Out of", "Reading")
    share = Cell(plain(unknown.said()))
    last = (named(NO_GROUP), Cell(""), Cell(""), Cell(""), counted(unknown.count, unknown.marker), share)
    return Table(tuple(map(Column, columns)), (*(_row(group) for group in groups), last))


def _row(group: Disparity) -> tuple[Cell, ...]:
    if group.ratio is None:
        return named(group.group), *(Cell(plain(group.marker)) for _ in range(5))
    ends = [_cell(end) if group.bounded and not group.reference else Cell("") for end in (group.low, group.high)]
    return named(group.group), _cell(group.ratio), *ends, counted(group.n), named(look_of(group))


def _cell(value: float | None) -> Cell:
    return Cell(number(value), value)
