"""Process charts: limits, the four rules, what each signal means, and the words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.errors import MeasureError
from kept.measures.statistics import process_words
from kept.measures.statistics.process_chart import (
    Direction,
    Meaning,
    Point,
    ProcessChart,
    process_chart,
)
from kept.measures.statistics.process_limits import natural_limits
from kept.measures.statistics.values import Interval
from kept.measures.units import COUNT, SHARE, Unit

CALM = [0.80, 0.82, 0.79, 0.81, 0.78, 0.80, 0.82, 0.77, 0.80, 0.79, 0.83, 0.80, 0.78, 0.81]
"""Fourteen months about 80 %, with nothing to see."""

SERIES = st.lists(st.integers(0, 100).map(lambda value: value / 100), max_size=40)


def sentence(chart: ProcessChart, unit: Unit = COUNT, period: str = "month") -> str:
    """What the chart shows, with plain spaces."""
    return process_words.sentence(chart, unit, period).replace("\u00a0", " ")


def points(values: list[float | None], n: int | None = None) -> list[Point]:
    return [Point(f"month {number}", value, n) for number, value in enumerate(values, 1)]


def chart(*more: float | None, direction: Direction = "higher") -> ProcessChart:
    return process_chart(points([*CALM, *more]), direction)


def found(drawn: ProcessChart) -> list[tuple[str, int, int, Meaning]]:
    return [(signal.rule, signal.positions[0], signal.positions[-1], signal.means) for signal in drawn.signals]


def test_limits_by_hand() -> None:
    """Ranges 2, 1, 3, 2: average 2, so that limits lie 5.32 each side of the mean."""
    limits = natural_limits([10, 12, 11, 14, 12])
    assert (limits.mean, limits.lower, limits.upper) == pytest.approx((11.8, 11.8 - 5.32, 11.8 + 5.32))


def test_a_freak_month_does_not_widen_the_limits_that_show_it() -> None:
    screened, unscreened = (natural_limits([*CALM, 0.2, *CALM], screen) for screen in (True, False))
    assert screened.lower > unscreened.lower + 0.05


def test_screening_never_leaves_limits_on_the_mean() -> None:
    """Zeros with one exception: without its two ranges nothing is left, and every zero would be a signal."""
    limits = natural_limits([0.0] * 8 + [5.0] + [0.0] * 8)
    assert limits.lower < 0 < limits.mean < limits.upper


def test_nothing_to_see() -> None:
    drawn = chart()
    assert found(drawn) == []
    assert sentence(drawn, SHARE) == "No signal: the last six months vary within ±3 points around 80 %."


@pytest.mark.parametrize("value", [0.1, 1 / 3, 0.7, 1.0, 0.0])
def test_equal_values_are_no_signal(value: float) -> None:
    """The machine's mean of equal values may differ from them in the last digit."""
    for length in range(7, 40):
        assert found(process_chart(points([value] * length))) == []


def test_a_point_outside() -> None:
    drawn = chart(0.60)
    assert found(drawn) == [("outside", 14, 14, "concern")]
    assert sentence(drawn, SHARE) == "Signal: month 15 is below the lower limit of 72 %, a sign for concern."


def test_two_points_outside_are_one_signal() -> None:
    drawn = chart(0.98, 0.99)
    assert found(drawn)[-1] == ("outside", 14, 15, "improvement")
    assert sentence(drawn, SHARE).startswith("Signal: month 15 to month 16 are above the upper limit of")


def test_a_shift() -> None:
    drawn = process_chart(points([0.78, 0.80, 0.79, 0.81, 0.78, 0.80, 0.79, 0.84, 0.83, 0.85, 0.83, 0.84, 0.85, 0.83]))
    assert ("shift", 7, 13, "neither") in found(drawn)
    assert "seven months in a row, month 8 to month 14, lie above the mean of 82 %, a sign of change" in sentence(
        drawn, SHARE
    )


def test_a_trend_means_what_its_direction_means() -> None:
    """Seven that rise are an improvement, though most of them lie below the mean."""
    drawn = chart(0.771, 0.775, 0.78, 0.785, 0.79, 0.795, 0.80, direction="higher")
    assert ("trend", 14, 20, "improvement") in found(drawn)
    assert "seven months in a row, month 15 to month 21, rise from each to the next, a sign of improvement" in sentence(
        drawn, SHARE
    )


def test_two_of_three_close_to_a_limit() -> None:
    drawn = chart(0.87, 0.82, 0.87, direction="lower")
    assert found(drawn) == [("near", 14, 16, "concern")]
    assert drawn.signals[0].positions == (14, 16)
    assert "two months of month 15 to month 17 lie close to the upper limit" in sentence(drawn, SHARE)


def test_close_is_two_thirds_of_the_way_and_not_outside() -> None:
    assert found(chart(0.86, 0.81, 0.87)) == []
    assert [signal.rule for signal in chart(0.95, 0.82, 0.87).signals] == ["outside"]


def test_a_point_is_drawn_by_the_first_rule_that_it_meets() -> None:
    """It rises still, which is an improvement, and it lies below the lower limit, which is a concern."""
    drawn = chart(0.5, 0.51, 0.52, 0.53, 0.54, 0.55, 0.56)
    assert {signal.means for signal in drawn.at(14)} == {"improvement", "concern"}
    assert drawn.kind(14) == "concern"
    assert chart().kind(0) == "common"


def test_an_earlier_signal_is_said_and_its_points_are_not_in_the_spread() -> None:
    drawn = chart(0.6, 0.80, 0.81)
    assert sentence(drawn, SHARE) == (
        "No signal now: the last two months vary within ±2 points around 79 %. "
        "Earlier: month 15 is below the lower limit of 72 %, a sign for concern."
    )


def test_few_points_have_trial_limits_and_fewer_have_none() -> None:
    assert "trial ones, from eleven months; twelve make them firm" in sentence(process_chart(points([*CALM[:11]])))
    assert "trial" not in sentence(process_chart(points([*CALM[:12]])))
    assert sentence(process_chart(points([*CALM[:5]]))) == (
        "No limits: five months are too few to tell a signal from chance, which takes six."
    )
    assert sentence(process_chart(points([*CALM[:1]]))).startswith("No limits: one month is too few to tell")
    assert process_chart(points([*CALM[:5]])).phases[0].limits is None
    assert sentence(process_chart([])) == "Nothing to draw: there is no month with a value."
    assert sentence(process_chart(points([None])), period="week") == "Nothing to draw: there is no week with a value."


def test_a_phase_has_limits_of_its_own() -> None:
    before, after = points([*CALM]), points([0.6, 0.62, 0.61, 0.59, 0.6, 0.62, 0.6])
    after[0] = Point("June", 0.6, notes=("new edition",))
    drawn = process_chart([*before, *after], "higher", rebase=[len(before)])
    assert found(drawn) == []
    first, second = drawn.phases
    assert (first.first, first.last, second.first, second.last) == (0, 13, 14, 20)
    assert second.limits is not None
    assert second.limits.upper < 0.7
    assert "Limits begin anew at June (new edition)." in sentence(drawn, SHARE)
    assert found(process_chart([*before, *after], "higher"))


def test_what_a_reader_must_know() -> None:
    drawn = process_chart([*points([*CALM], n=400), Point("July", None, 0), Point("August", 0.81, 20)])
    said = sentence(drawn, SHARE)
    assert "One month had nothing to measure." in said
    assert "A month rests on 20 to 400 cases, and those on few swing more." in said


def test_limits_are_drawn_no_further_than_values_can_be() -> None:
    limits = natural_limits([0.9, 1.0, 0.9, 1.0, 0.9, 1.0])
    assert limits.upper > 1
    assert limits.within(SHARE.possible).upper == 1
    assert limits.within(SHARE.possible).lower == limits.lower


@given(SERIES)
def test_the_mirror_image_has_the_mirrored_signals(values: list[float]) -> None:
    there = process_chart(points([*values]), "higher")
    back = process_chart(points([-value for value in values]), "lower")
    assert [(one.rule, one.positions, one.means) for one in there.signals] == [
        (one.rule, one.positions, one.means) for one in back.signals
    ]
    assert [signal.side for signal in there.signals] == [-signal.side for signal in back.signals]


@given(SERIES.filter(lambda values: len(values) >= 6))
def test_the_spread_that_is_said_holds_the_last_points(values: list[float]) -> None:
    drawn = process_chart(points([*values]))
    said = sentence(drawn, SHARE)
    if said.startswith("No signal: "):
        spread, middle = (float(said.split(word)[1].split()[0]) for word in ("±", "around"))
        assert all(abs(value * 100 - middle) <= spread + 1e-9 for value in values[-6:])


@given(
    st.lists(st.none() | st.floats(-1e9, 1e9), max_size=40),
    st.sets(st.integers(1, 39), max_size=3),
    st.sampled_from([SHARE, COUNT]),
)
def test_every_series_has_words(values: list[float | None], rebase: set[int], unit: Unit) -> None:
    drawn = process_chart(points(values), "lower", {at for at in rebase if at < len(values)})
    said = sentence(drawn, unit)
    assert said.endswith(".")
    assert not {"nan", "inf", "None"} & set(said.replace(".", " ").split())
    assert [phase.first for phase in drawn.phases] == sorted({0, *rebase} & set(range(len(values))))


@given(SERIES, st.lists(st.integers(0, 40), max_size=5))
def test_a_month_without_a_value_changes_no_limit(values: list[float], gaps: list[int]) -> None:
    with_gaps: list[float | None] = [*values]
    for gap in gaps:
        with_gaps.insert(min(gap, len(with_gaps)), None)
    plain, gapped = process_chart(points([*values])), process_chart(points(with_gaps))
    assert [phase.limits for phase in plain.phases] == [phase.limits for phase in gapped.phases if values]
    assert len(plain.signals) == len(gapped.signals)


def test_units_say_what_they_count() -> None:
    days = Unit("days", possible=Interval(0, math.inf))
    waits = process_chart(points([30, 32, 31, 29, 30, 33, 28, 31, 30, 29, 31, 30]))
    assert sentence(waits, days) == "No signal: the last six months vary within ±2 days around 30 days."
    many = process_chart(points([1234, 1300, 1250, 1190, 1280, 1240, 1222, 1260, 1275, 1230, 1244, 1251, 1400]))
    assert sentence(many).startswith("Signal: month 13 is above the upper limit of 1,391, a sign of change")
    few = process_chart(points([0.003, 0.004, 0.003, 0.002, 0.003, 0.004, 0.003, 0.002, 0.003, 0.004, 0.003, 0.002]))
    assert sentence(few, SHARE) == "No signal: the last six months vary within ±0.1 points around 0.3 %."
    assert sentence(process_chart(points([4.0] * 12)), COUNT).startswith(
        "No signal: the last six months vary within ±0"
    )


@pytest.mark.parametrize("rebase", [[0], [-1], [14], [3, 99]])
def test_a_phase_begins_within_the_series(rebase: list[int]) -> None:
    with pytest.raises(MeasureError, match="No phase can begin"):
        process_chart(points([*CALM]), rebase=rebase)


def test_every_value_that_is_no_number_is_named() -> None:
    with pytest.raises(MeasureError) as raised:
        process_chart(points([0.8, math.nan, math.inf]))
    assert [fault.where for fault in raised.value.faults] == ["month 2", "month 3"]


def test_no_value_has_no_limits() -> None:
    with pytest.raises(MeasureError, match="No limits"):
        natural_limits([])
