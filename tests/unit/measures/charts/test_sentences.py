"""The sentence of a chart says what is seen in it, and no more."""

import pytest

from kept.measures.charts import (
    BANDS,
    SUPPRESSED,
    Annotation,
    Chart,
    CountBar,
    Disparity,
    FunnelArea,
    FunnelLimit,
    JourneyStep,
    Panel,
    RateBar,
    Unknown,
    aged_bands,
    disparity_plot,
    funnel_plot,
    journey_funnel,
    process_chart,
    rate_bars,
    small_multiples,
)
from tests.support.charts import MONTHS, held, phase, points

WHITE = Disparity("White", 1, None, None, 4210, reference=True)
ASIAN, MIXED = Disparity("Asian", 0.85, 0.78, 0.93, 9), Disparity("Mixed", 1.3, 1.02, 1.7, 9)
BLACK = Disparity("Black", 0.9, 0.8, 1.1, 9)
ARREST = RateBar("arrest", 100, 0.62, 0.5, 0.7)
CONCERN = Panel("North", tuple(points(at_11="concern")), (phase(),))
LIMITS = [FunnelLimit(n, 0.5, 0.6, 0.9, 1.0) for n in (10, 500)]


def said(chart: Chart) -> str:
    """The sentence, with plain spaces."""
    return chart.sentence.replace("\u00a0", " ")


def bands(*counts: int | None) -> str:
    return said(aged_bands("t", [CountBar(*one, SUPPRESSED) for one in zip(BANDS, counts, strict=True)]))


def journey(*counts: int | None) -> str:
    return said(journey_funnel("t", [JourneyStep(*one) for one in zip(("owed", "told", "used"), counts, strict=False)]))


SENTENCES = [
    (
        bands(25, 200, 50, 30, 32),
        "312 investigations are overdue, 10 % of them (32) by 29 days and more; 25 more are due today.",
    ),
    (bands(1, 3, 0, 0, 0), "3 investigations are overdue, none by 29 days and more; 1 more is due today."),
    (bands(0, 0, 1, 0, 0), "1 investigation is overdue, none by 29 days and more; no more are due today."),
    (bands(0, 0, 0, 0, 0), "No investigations are overdue, and none are due today."),
    (bands(4, 0, 0, 0, 0), "No investigations are overdue; 4 more are due today."),
    (
        bands(4, 20, None, None, 3),
        "Not every band can be shown, so no total is given; of those that can, most are in one: 20 in “1–7 days”.",
    ),
    (
        journey(1500, 1100, 600),
        "Of 1,500 owed, 600 (40 %) came to “used”. Most are lost between “told” and “used”: 500 of 1,100 (45 %).",
    ),
    (journey(5, 5, 5), "Of 5 owed, 5 (100 %) came to “used”. None were lost on the way."),
    (
        journey(50, None, 12),
        "Of 50 owed, 12 (24 %) came to “used”. Not shown: told; so where most are lost cannot be said.",
    ),
    (
        said(rate_bars("t", [ARREST, RateBar("bail", None, None), RateBar("charge", 9, 0.8)])),
        "Evidenced rates lie between 62 % (arrest) and 80 % (charge). Lines are 95 % intervals. Not shown: bail.",
    ),
    (said(rate_bars("t", [RateBar("arrest", 1234, 0.62, at_best=0.9)])), "arrest: 62 %, at best 90 %, of 1,234."),
    (
        said(rate_bars("t", [RateBar("arrest", 12, 0.0), RateBar("bail", 9, 0.0)])),
        "All 2 evidenced rates are 0 %.",
    ),
    (
        said(funnel_plot("t", [FunnelArea("North", 0.4, 300, "99.8 %"), FunnelArea("South", 0.8, 60)], 0.75, LIMITS)),
        "Below the 99.8 % limit: North. The other 1 of 2 areas lies within the limits around 75 %.",
    ),
    (
        said(funnel_plot("t", [FunnelArea("North", 0.7, 300), FunnelArea("South", 0.8, 60)], 0.75, LIMITS)),
        "All 2 areas lie within the limits around 75 %: no more apart than chance allows.",
    ),
    (
        said(funnel_plot("t", [FunnelArea("North", 0.7, 300)], 0.75, LIMITS)),
        "Only one area, North, at 70 %: there is nothing to compare it with.",
    ),
    (
        said(funnel_plot("t", [FunnelArea("North", 0.7, 300), FunnelArea("South", 0.8, 60)], 0.75)),
        "2 areas, without limits: none can be told from chance.",
    ),
    (
        said(
            disparity_plot(
                "t",
                [WHITE, ASIAN, MIXED, BLACK],
                Unknown(812, 7012),
            )
        ),
        "Compared with White: lower for Asian (× 0.85); higher for Mixed (× 1.30); "
        "1 group cannot be told apart from it. Group not known: 812 of 7,012 (12 %).",
    ),
    (
        said(disparity_plot("t", [WHITE, BLACK], Unknown(0, 9))),
        "No group can be told apart from White: no interval leaves out 1. Group not known: 0 of 9 (0 %).",
    ),
    (
        said(disparity_plot("t", [WHITE], Unknown(0, 0))),
        "Only White: there is nothing to compare it with. Group not known: 0 of 0.",
    ),
    (
        said(disparity_plot("t", [], Unknown(9, 9))),
        "Nothing to draw: nobody's group is known. Group not known: 9 of 9 (100 %).",
    ),
    (
        said(small_multiples("t", [CONCERN, Panel("South", tuple(points())), Panel("Hub", ())])),
        "Latest point: a signal of concern in North. 2 areas on one scale. "
        "Without limits, so that no signal can be told: South. Not shown: Hub.",
    ),
]


def test_a_sentence_worked_out_elsewhere_stands_in_its_place() -> None:
    chart = process_chart("A title", points(), [phase()]).saying("Seven months in a row\nlie above the mean.")
    assert chart.sentence == "Seven months in a row lie above the mean."
    assert chart.alt == "Process chart. A title. Seven months in a row lie above the mean."


def test_what_changed_is_lettered_in_every_panel_that_has_the_period() -> None:
    short = Panel("South", tuple(points()[:3]))
    changes = [Annotation(MONTHS[5], "code-2020", "edition"), Annotation(MONTHS[1], "moved")]
    chart = small_multiples("t", [CONCERN, short], changes)
    end = f"What changed: A: edition: code-2020, from {MONTHS[5]}; B: moved, from {MONTHS[1]}."
    assert chart.sentence.endswith(end)
    panels = chart.spec(640)["concat"]
    assert [[word for word in held(panel) if word in ("A", "B")] for panel in panels] == [["A", "B"], ["B"]]
    assert [row[-1].text for row in chart.table.rows if row[-1].text] == [
        "B: moved", "A: edition: code-2020", "B: moved",
    ]  # fmt: skip


@pytest.mark.parametrize(("found", "sentence"), SENTENCES)
def test_the_sentence(found: str, sentence: str) -> None:
    assert found == sentence


def test_no_total_or_share_gives_a_suppressed_band_away() -> None:
    chart = aged_bands("t", [CountBar(label, None if label == BANDS[2] else 10, SUPPRESSED) for label in BANDS])
    assert "40" not in chart.sentence
    assert [row[2].value for row in chart.table.rows] == [None] * 5


def test_where_a_journey_loses_most_is_not_told_around_a_suppressed_step() -> None:
    chart = journey_funnel(
        "t", [JourneyStep("owed", 100), JourneyStep("told", None, SUPPRESSED), JourneyStep("used", 80)]
    )
    assert [row[3].text for row in chart.table.rows] == ["", SUPPRESSED, SUPPRESSED]


def test_every_month_has_its_limits_and_changes_in_the_table() -> None:
    chart = process_chart("t", points(), [phase(0, 5), phase(6, 11)], [])
    assert [row[4].text for row in chart.table.rows] == ["80.0\u00a0%"] * len(MONTHS)


def test_ratios_to_all_others_say_so() -> None:
    chart = disparity_plot("t", [ASIAN, BLACK], Unknown(0, 9), against="all others")
    assert said(chart).startswith("Compared with all others: lower for Asian (× 0.85)")
    assert "ratio to all others" in [*held(chart.spec(640))]


def test_what_panels_are_of_heads_their_table_and_stands_in_its_plural() -> None:
    chart = small_multiples("t", [CONCERN, Panel("South", tuple(points()))], word="sex")
    assert "2 sexes on one scale" in chart.sentence
    assert chart.table.columns[0].heading == "Sex"
    funnel = funnel_plot("t", [FunnelArea("North", 0.7, 300), FunnelArea("South", 0.8, 60)], 0.75, LIMITS, word="team")
    assert funnel.table.columns[0].heading == "Team"


def test_the_text_of_a_change_is_whole_on_a_phone() -> None:
    text = "victims told within one working day instead of five where Enhanced Rights hold, and all of them by text"
    chart = process_chart("t", points(), [phase()], [Annotation(MONTHS[5], text, "threshold")])
    words = [word for word in held(chart.spec(300)) if isinstance(word, str)]
    assert not [word for word in words if word.endswith("…")]
    assert {"Rights", "all", "text"} <= {part for word in words for part in word.split(" ")}


def test_a_name_that_is_a_number_is_not_taken_for_one() -> None:
    panels = [Panel(name, tuple(points(at_11="concern")), (phase(),)) for name in ("2", "10", "rape")]
    assert (
        "a signal of concern in “2”, “10” and rape. 3 outcomes" in small_multiples("t", panels, word="outcome").sentence
    )
