"""Nothing covers anything: rows, labels of an axis, figures beside a line, names in a funnel."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.measures.charts import SHARE, FunnelArea, FunnelLimit, Unit, funnel_plot, process_chart
from kept.measures.charts.drawing import LINE, ceiling, ticks, whole_ticks
from kept.measures.charts.funnel_drawing import Box
from kept.measures.charts.process_drawing import apart
from kept.measures.charts.process_layers import spaced
from kept.measures.charts.rows import lay
from kept.measures.charts.words import pixels
from tests.support.charts import held, phase, points

WORDS = st.text("abc defgh ŵ", min_size=1, max_size=80)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8), st.integers(320, 960))
def test_rows_lie_below_each_other_and_inside_the_chart(words: list[tuple[str, str]], width: int) -> None:
    rows = lay(words, width)
    edges = [edge for row in rows.rows for edge in (row.top, row.bottom)]
    assert edges == sorted(edges)
    assert edges[-1] <= rows.height
    assert rows.left < rows.width - rows.right
    assert all(0 <= line.y <= rows.height and line.x + pixels(line.text, 13) <= width for line in rows.lines)
    lows = [max((line.y for line in row.lines), default=0) for row in rows.rows]
    tops = [min((line.y for line in row.lines), default=1e9) for row in rows.rows]
    assert all(low + LINE <= top for low, top in zip(lows, tops[1:], strict=False))


@given(st.lists(st.floats(5, 90), min_size=1, max_size=60), st.floats(2, 100))
def test_labels_of_periods_stand_apart_and_the_last_is_there(widths: list[float], step: float) -> None:
    shown = spaced(widths, step)
    assert shown[-1] == len(widths) - 1
    gaps = [(after - before) * step - (widths[before] + widths[after]) / 2 for before, after in pairwise(shown)]
    assert all(gap > 0 for gap in gaps)


@given(st.lists(st.floats(20, 280), max_size=5))
def test_figures_beside_the_last_limits_stand_apart(wanted: list[float]) -> None:
    places = apart(sorted(wanted, reverse=True), 20, 280)
    assert len(places) == len(wanted)
    assert all(below - above >= LINE - 1e-9 for below, above in pairwise(places))
    assert all(20 - 1e-9 <= place <= 280 + 1e-9 for place in places)


@given(st.floats(1e-6, 1e9), st.integers(2, 6))
def test_ticks_are_few_and_hold_what_is_drawn(high: float, most: int) -> None:
    top = ceiling(high, most)
    found = ticks(0, top, most)
    assert found[0] == 0
    assert 2 <= len(found) <= most + 1
    assert top >= high * (1 - 1e-9)


@given(st.integers(1, 10**6), st.integers(2, 6))
def test_nobody_is_counted_in_halves(high: int, most: int) -> None:
    found = whole_ticks(ceiling(high, most), most)
    assert len(found) >= 2
    assert all(tick == int(tick) for tick in found)


def test_an_axis_of_shares_goes_from_none_to_all_unless_asked_otherwise() -> None:
    def domain(asked: tuple[float, float] | None) -> object:
        spec = process_chart("t", points(), [phase()], domain=asked).spec(640)
        return spec["layer"][1]["encoding"]["y"]["scale"]["domain"]

    assert domain(None) == [0, 1]
    assert domain((0.5, 1)) == [0.5, 1]
    assert domain((0.79, 1)) == [0.77, 1]  # never so that a point is cut off


def test_an_axis_of_numbers_begins_at_none() -> None:
    chart = process_chart("t", points((3.5, 7.2)), unit=Unit("days"))
    assert chart.spec(640)["layer"][1]["encoding"]["y"]["scale"]["domain"] == [0, 8]


def box_of(text: str, x: float, y: float, align: str, weight: str) -> Box:
    wide = pixels(text, 13)
    left = {"left": x, "right": x - wide, "center": x - wide / 2}[align]
    return Box(left, y - LINE / 2, left + wide, y + LINE / 2)


@pytest.mark.parametrize("unit", [Unit("days"), SHARE])
def test_an_axis_says_what_it_counts(unit: Unit) -> None:
    process = process_chart("t", points((0.5, 0.6)), unit=unit)
    funnel = funnel_plot("t", [FunnelArea("North", 0.5, 10), FunnelArea("South", 0.5, 10)], 0.5, unit=unit)
    assert ["days" in [*held(chart.spec(640))] for chart in (process, funnel)] == [not unit.share] * 2


def test_only_areas_outside_are_named_and_no_name_lies_on_another() -> None:
    limits = [FunnelLimit(n, 0.6, 0.7, 0.9, 1) for n in (10, 500)]
    crowd = [FunnelArea(f"Outside {at}", 0.5 + at / 1000, 200 + at, "99.8 %") for at in range(30)]
    chart = funnel_plot("t", [*crowd, FunnelArea("Within", 0.8, 100)], 0.8, limits, unit=SHARE)
    for width in (340, 900):
        lines = [one for one in chart.spec(width)["layer"] if one["mark"]["type"] == "text"]
        boxes = {value["text"]: box_of(**value) for layer in lines for value in layer["data"]["values"]}
        assert boxes
        assert "Within" not in boxes
        assert not any(one.meets(other) for one, other in combinations(boxes.values(), 2))
        assert "Within" in [*held(chart.spec(width))]
