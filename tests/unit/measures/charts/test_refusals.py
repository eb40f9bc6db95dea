"""Figures that cannot be what they claim are refused, with the place and what to do."""

from collections.abc import Callable
from math import inf, nan

import pytest

from kept.errors import KeptError, MeasureError
from kept.measures.charts import (
    BANDS,
    NUMBER,
    Annotation,
    Cell,
    Column,
    CountBar,
    Disparity,
    FunnelArea,
    JourneyStep,
    Panel,
    ProcessPoint,
    RateBar,
    Table,
    Unknown,
    aged_bands,
    disparity_plot,
    funnel_plot,
    journey_funnel,
    process_chart,
    small_multiples,
)
from kept.measures.statistics.process_chart import Phase
from kept.measures.statistics.process_limits import Limits
from tests.support.charts import phase, points

ALL = [CountBar(label, 1) for label in BANDS]
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a band left out": (lambda: aged_bands("t", ALL[:-1]), "29 days and more"),
    "no band": (lambda: aged_bands("t", []), "due today"),
    "a band twice": (lambda: aged_bands("t", [*ALL, ALL[2]]), "8–14 days"),
    "a band of another name": (lambda: aged_bands("t", [*ALL, CountBar("30 days", 1)]), "30 days"),
    "a band below 0": (lambda: aged_bands("t", [*ALL[1:], CountBar("due today", -1)]), "due today"),
    "a journey that grows": (lambda: journey_funnel("t", [JourneyStep("owed", 5), JourneyStep("told", 6)]), "told"),
    "a journey that grows behind a hidden step": (
        lambda: journey_funnel("t", [JourneyStep("owed", 5), JourneyStep("told", None), JourneyStep("used", 6)]),
        "used",
    ),
    "a step below 0": (lambda: journey_funnel("t", [JourneyStep("owed", -1)]), "owed"),
    "a rate beyond 1": (lambda: RateBar("arrest", 10, 1.2), "arrest"),
    "an interval beside its rate": (lambda: RateBar("arrest", 10, 0.5, 0.6, 0.7), "arrest"),
    "a best below evidenced": (lambda: RateBar("arrest", 10, 0.5, at_best=0.4), "arrest"),
    "a rate of fewer than none": (lambda: RateBar("arrest", -1, 0.5), "arrest"),
    "a rate that is no number": (lambda: RateBar("arrest", 10, nan), "arrest"),
    "a label twice": (lambda: process_chart("t", [ProcessPoint("Jan", 0.5, 2)] * 2), "Jan"),
    "a percentage as a share": (lambda: process_chart("t", [ProcessPoint("Jan", 80, 2)]), "Jan"),
    "a point that is no number": (lambda: process_chart("t", [ProcessPoint("Jan", nan, 2)], unit=NUMBER), "Jan"),
    "a point of fewer than none": (lambda: process_chart("t", [ProcessPoint("Jan", 0.5, -2)]), "Jan"),
    "a phase of no point": (lambda: process_chart("t", points(), [phase(3, 99)]), "from the point 3 to 99"),
    "a phase from its end": (lambda: process_chart("t", points(), [phase(5, 2)]), "from the point 5 to 2"),
    "limits in disorder": (
        lambda: process_chart("t", points(), [Phase(0, 1, Limits(0.5, 0.6, 0.7, 12))]),
        "mean 0.5",
    ),
    "a change at no point": (lambda: process_chart("t", points(), (), [Annotation("June", "moved")]), "June"),
    "an area twice": (lambda: funnel_plot("t", [FunnelArea("North", 0.5, 9)] * 2, 0.5), "North"),
    "an area out of nothing": (lambda: funnel_plot("t", [FunnelArea("North", 0.5, 0)], 0.5), "North"),
    "an area beyond 1": (lambda: funnel_plot("t", [FunnelArea("North", 50, 9)], 0.5), "North"),
    "a ratio below 0": (lambda: Disparity("Asian", -1, None, None, 9), "Asian"),
    "a ratio without end": (lambda: Disparity("Asian", inf, None, None, 9), "Asian"),
    "a ratio beside its interval": (lambda: Disparity("Asian", 1, 1.2, 1.5, 9), "Asian"),
    "two references": (
        lambda: disparity_plot("t", [Disparity(name, 1, None, None, 9, True) for name in "AB"], Unknown(0, 9)),
        "A, B",
    ),
    "more unknown than there are": (lambda: Unknown(10, 9), "10 of 9"),
    "a panel twice": (lambda: small_multiples("t", [Panel("North", ()), Panel("North", ())]), "North"),
    "a change in no panel": (
        lambda: small_multiples("t", [Panel("North", tuple(points()))], [Annotation("June", "moved")]),
        "June",
    ),
    "an axis without length": (lambda: process_chart("t", points(), domain=(0.8, 0.8)), "from 0.8 to 0.8"),
    "an axis of percentages": (lambda: funnel_plot("t", [], None, domain=(0, 100)), "from 0 to 100"),
    "a row too short": (lambda: Table((Column("a"), Column("b")), ((Cell("x"),),)), "1 cells for 2 columns"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_and_the_place_is_named(what: str) -> None:
    wrong, place = REFUSED[what]
    with pytest.raises(MeasureError) as caught:
        wrong()
    assert place in str(caught.value)
    assert isinstance(caught.value, KeptError)


def test_the_bands_are_shown_in_their_order_however_they_are_given() -> None:
    assert [row[0].text for row in aged_bands("t", ALL[::-1]).table.rows] == [*BANDS]
