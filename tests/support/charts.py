"""Charts to test with: each kind with data, and without."""

from collections.abc import Iterator
from typing import Any

from kept.measures.charts import (
    BANDS,
    SHARE,
    SOON,
    SUPPRESSED,
    Annotation,
    BarPanel,
    Beside,
    Chart,
    CountBar,
    Disparity,
    FunnelArea,
    FunnelLimit,
    JourneyStep,
    Panel,
    ProcessPoint,
    RateBar,
    Unit,
    Unknown,
    aged_bands,
    cause_bars,
    crossed_bars,
    disparity_plot,
    funnel_plot,
    journey_funnel,
    load_bars,
    process_chart,
    rate_bars,
    small_multiples,
    soon_bands,
    two_panels,
)
from kept.measures.statistics.process_chart import Phase
from kept.measures.statistics.process_limits import Limits
from kept.measures.statistics.quantiles import histogram

MONTHS = tuple(f"{month} {year}" for year in (2023, 2024) for month in ("Jan", "Mar", "May", "Jul", "Sep", "Nov"))
VALUES = (0.79, 0.81, 0.8, 0.78, 0.82, 0.8, 0.83, 0.77, 0.8, 0.81, 0.79, 0.8)


def points(values: tuple[float | None, ...] = VALUES, **kinds: Any) -> list[ProcessPoint]:
    """Points of two-month periods; `kinds` by the place of the point, as `at_3="concern"`."""
    return [
        ProcessPoint(
            label, value, None if value is None else 100 + place, kinds.get(f"at_{place}", "common"), SUPPRESSED
        )
        for place, (label, value) in enumerate(zip(MONTHS, values, strict=False))
    ]


def counts() -> list[ProcessPoint]:
    """Whole numbers in the periods of `points`, the third of which nobody gave."""
    values = [None if place == 2 else 400.0 + place for place in range(len(MONTHS))]
    return [ProcessPoint(label, value, None) for label, value in zip(MONTHS, values, strict=True)]


def phase(first: int = 0, last: int = len(MONTHS) - 1, trial: bool = False) -> Phase:
    return Phase(first, last, Limits(0.8, 0.7, 0.9, 6 if trial else 12))


def named_charts(name: str = "North") -> dict[str, Chart]:
    """A chart of each kind in which a title and a name are as given."""
    limits = [FunnelLimit(n, 0.8 - 3 / n, 0.8 - 2 / n, 0.8 + 2 / n, 0.8 + 3 / n) for n in (15, 50, 100, 400)]
    late = [ProcessPoint(name, 0.6, 90, "concern"), *points()]
    return {
        "process": process_chart(
            name,
            late,
            [phase(0, len(MONTHS))],
            [Annotation(MONTHS[3], name)],
            sentence=f"{name} is a signal.",
        ),
        "funnel": funnel_plot(
            name,
            [
                FunnelArea(name, 0.4, 300, "99.8 %"),
                FunnelArea("South", 0.81, 60),
                FunnelArea("Hub", None, None, marker="[c]"),
            ],
            0.8,
            limits,
        ),
        "bars": rate_bars(
            name, [RateBar(name, 1234, 0.62, 0.59, 0.65, 0.9), RateBar("charge", None, None, marker=SUPPRESSED)]
        ),
        "crossed": crossed_bars(
            name,
            [
                BarPanel(name, (RateBar(name, 1234, 0.62, 0.59, 0.65, 0.9), RateBar("theft", 40, 1.0, 0.9, 1.0))),
                BarPanel("South", (RateBar("theft", None, None, marker=SUPPRESSED),)),
                BarPanel("East", (RateBar("theft", 12, 0.5, 0.2, 0.7, 0.6),)),
            ],
        ),
        "journey": journey_funnel(name, [JourneyStep("owed", 1300), JourneyStep(name, 800), JourneyStep("used", 12)]),
        "aged": aged_bands(name, [CountBar(*one) for one in zip(BANDS, (5, 20, 0, 7, 1310), strict=True)], word=name),
        "soon": soon_bands(name, [CountBar(*one) for one in zip(SOON, (5, 0, 1310), strict=True)], word=name),
        "loads": load_bars(name, histogram({1: 12, 2: 31, 3: 20, 7: 1}), word=name),
        "causes": cause_bars(name, [("loss or injury", 1200), (name, 31)], word=name),
        "disparity": disparity_plot(
            name,
            [Disparity("White", 1, None, None, 4210, reference=True), Disparity(name, 0.85, 0.78, 0.93, 1210)],
            Unknown(812, 7012),
        ),
        "multiples": small_multiples(
            name,
            [Panel(name, tuple(points(at_11="concern")), (phase(),)), Panel("South", tuple(points()), (phase(),))],
        ),
        "beside": two_panels(
            name,
            Beside(Panel(name, tuple(points(at_11="concern")), (phase(),)), SHARE),
            Beside(Panel(f"{name}, elsewhere", tuple(counts()), ()), Unit("calls")),
            [Annotation(MONTHS[3], name)],
            sentence=f"{name} varies as it did.",
        ),
    }


def empty_charts() -> Iterator[tuple[str, Chart]]:
    """Charts of which nothing can be drawn, each for its own reason."""
    yield "process, none", process_chart("t", [])
    yield "process, hidden", process_chart("t", points((None,) * 3))
    yield "funnel, none", funnel_plot("t", [], None)
    yield "funnel, hidden", funnel_plot("t", [FunnelArea("North", None, None)], 0.8)
    yield "bars, none", rate_bars("t", [])
    yield "bars, hidden", rate_bars("t", [RateBar("arrest", None, None)])
    yield "crossed, none", crossed_bars("t", [])
    yield "crossed, hidden", crossed_bars("t", [BarPanel("North", (RateBar("arrest", None, None),))])
    yield "journey, none", journey_funnel("t", [])
    yield "journey, nothing owed", journey_funnel("t", [JourneyStep("owed", 0), JourneyStep("told", 0)])
    yield "journey, hidden", journey_funnel("t", [JourneyStep("owed", None)])
    yield "aged, hidden", aged_bands("t", [CountBar(label, None) for label in BANDS])
    yield "soon, hidden", soon_bands("t", [CountBar(label, None) for label in SOON])
    yield "loads, none", load_bars("t", histogram({}))
    yield "causes, none", cause_bars("t", [])
    yield "disparity, none", disparity_plot("t", [], Unknown(0, 0))
    yield "disparity, nobody known", disparity_plot("t", [], Unknown(9, 9))
    yield "disparity, hidden", disparity_plot("t", [Disparity("White", None, None, None, None)], Unknown(None, None))
    yield "multiples, none", small_multiples("t", [])
    yield "multiples, hidden", small_multiples("t", [Panel("North", ())])
    none = Beside(Panel("North", ()), SHARE)
    yield "beside, none", two_panels("t", none, none, sentence="Nothing to draw: there is no month with a value.")


def bare_charts() -> Iterator[tuple[str, Chart]]:
    """Charts of which little can be drawn: a part that most have is missing, or everything is none."""
    some = tuple(points())
    yield "process, no limits", process_chart("t", some)
    yield "process, one point", process_chart("t", some[:1], [phase(0, 0)])
    yield "process, trial limits", process_chart("t", some, [phase(trial=True)])
    yield "process, all at 0", process_chart("t", points((0.0, 0.0)), unit=Unit("days"))
    yield "funnel, no limits", funnel_plot("t", [FunnelArea("North", 0.5, 9), FunnelArea("South", 0.6, 9)], 0.5)
    yield "funnel, no centre", funnel_plot("t", [FunnelArea("North", 0, 1)], None, unit=Unit("days"))
    yield "bars, all at 0", rate_bars("t", [RateBar("arrest", 0, 0, 0, 0, 0)])
    yield "crossed, one panel", crossed_bars("t", [BarPanel("North", (RateBar("arrest", 3, 0, 0, 0.1),))])
    yield "journey, one step", journey_funnel("t", [JourneyStep("owed", 1)])
    yield (
        "journey, hidden in the middle",
        journey_funnel("t", [JourneyStep(*one) for one in zip("abc", (9, None, 2), strict=True)]),
    )
    yield "aged, all at 0", aged_bands("t", [CountBar(label, 0) for label in BANDS])
    yield "soon, all at 0", soon_bands("t", [CountBar(label, 0) for label in SOON])
    yield "loads, one holder", load_bars("t", histogram({3: 1}))
    yield "causes, one", cause_bars("t", [("no loss", 1)])
    yield "disparity, no interval", disparity_plot("t", [Disparity("Asian", 0.5, None, None, None)], Unknown(0, 1))
    yield "disparity, never", disparity_plot("t", [Disparity("Asian", 0, None, 0.5, 9)], Unknown(None, None))
    silent = tuple(ProcessPoint(one.label, None, None) for one in some)
    above, below = (Beside(Panel("North", of), SHARE) for of in (some, silent))
    yield "beside, nothing below", two_panels("t", above, below, sentence="It varies as it did.")
    yield "multiples, no limits", small_multiples("t", [Panel("North", some), Panel("South", some[:1])])


KINDS = tuple(named_charts())
EMPTY = dict(empty_charts())
BARE = dict(bare_charts())


def held(found: Any) -> Iterator[Any]:
    """Every text and number inside a specification."""
    if isinstance(found, dict):
        found = [*found.values()]
    if isinstance(found, list | tuple):
        for one in found:
            yield from held(one)
    else:
        yield found
