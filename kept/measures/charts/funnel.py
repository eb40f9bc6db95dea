"""Funnel plots: areas compared by a rate, against limits that are wider where cases are fewer. Never a league table.

Form: Spiegelhalter (2005), "Funnel plots for comparing institutional performance", Statistics in Medicine 24:
1185–1202, with limits of 95 % and 99.8 %. The limits are worked out elsewhere; here they are drawn and said.
"""

from collections.abc import Sequence
from functools import partial

from kept.measures.charts.chart import Cell, Chart, Column, Table, counted, named
from kept.measures.charts.crowd import Crowd, Dot, FunnelArea, FunnelLimit, check, dots_of
from kept.measures.charts.drawing import wordless
from kept.measures.charts.funnel_drawing import draw
from kept.measures.charts.words import listed, plain, several
from kept.measures.units import SHARE, Unit


def funnel_plot(
    title: str,
    areas: Sequence[FunnelArea],
    centre: float | None,
    limits: Sequence[FunnelLimit] = (),
    *,
    unit: Unit = SHARE,
    domain: tuple[float, float] | None = None,
    word: str = "area",
) -> Chart:
    """The funnel plot of areas around `centre`, the figure of all of them together.

    limits  points of the limit curves, in order of n
    domain  the ends of the value axis; without it 0–100 % of a share, else from 0
    word    what an area is, in the sentence

    Raises MeasureError where two areas share a name, a figure is not of the unit, or it has no n or one below 1.
    """
    unit.require(domain)
    check(areas, unit)
    dots = tuple(dots_of(areas, centre))
    crowd = Crowd(dots, centre, tuple(limits), unit, domain)
    sentence = _sentence(areas, dots, crowd, word)
    spec = partial(draw, crowd) if dots else wordless(sentence)
    return Chart(plain(title), sentence, spec, _table(areas, crowd, word), f"Funnel plot. {plain(title)}. {sentence}")


def _sentence(areas: Sequence[FunnelArea], dots: Sequence[Dot], crowd: Crowd, word: str) -> str:
    hidden = listed([plain(area.name) for area in areas if area.value is None])
    not_shown = f" Not shown: {hidden}." if hidden else ""
    if not dots:
        return f"Nothing to draw: there is no {word} with a figure that can be shown.{not_shown}"
    if len(areas) == 1:
        only = dots[0]
        figure = crowd.unit.text(only.value)
        return f"Only one {word}, {only.name}, at {figure}: there is nothing to compare it with."
    if crowd.centre is None or not crowd.limits:
        return f"{several(len(dots), word).capitalize()}, without limits: none can be told from chance.{not_shown}"
    return _compared(dots, crowd, word) + not_shown


def _compared(dots: Sequence[Dot], crowd: Crowd, word: str) -> str:
    centre = crowd.unit.text(crowd.centre or 0)
    outside = [dot for dot in dots if dot.outside]
    if not outside:
        return (
            f"All {several(len(dots), word)} lie within the limits around {centre}: no more apart than chance allows."
        )
    within = len(dots) - len(outside)
    said = "; ".join(
        part for part in (_those(dots, name, above) for name in ("99.8 %", "95 %") for above in (False, True)) if part
    )
    lie = "lies" if within == 1 else "lie"
    others = f"The other {within} of {several(len(dots), word)} {lie} within the limits around {centre}."
    return f"{said[0].upper()}{said[1:]}. {others}"


def _those(dots: Sequence[Dot], outside: str, above: bool) -> str:
    names = [dot.name for dot in dots if dot.outside == outside and dot.above == above]
    return f"{'above' if above else 'below'} the {outside} limit: {listed(names)}" if names else ""


def _table(areas: Sequence[FunnelArea], crowd: Crowd, word: str) -> Table:
    columns = (
        Column(word.capitalize()),
        Column("Value", "" if crowd.unit.share else crowd.unit.word),
        Column("Out of"),
        Column("Limits"),
    )
    return Table(columns, tuple(_row(area, crowd) for area in areas))


def _row(area: FunnelArea, crowd: Crowd) -> tuple[Cell, ...]:
    if area.value is None:
        return named(area.name), Cell(plain(area.marker)), Cell(plain(area.marker)), Cell(plain(area.marker))
    side = "above" if crowd.centre is None or area.value >= crowd.centre else "below"
    lies = f"{side} the {area.outside} limit" if area.outside else "within" if crowd.limits else ""
    return named(area.name), Cell(crowd.unit.text(area.value, 1), area.value), counted(area.n), named(lies)
