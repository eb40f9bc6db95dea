"""Counts as bars: loads in bands with their median, causes with the rest together, what is to come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.measures.charts import SOON, SUPPRESSED, Chart, CountBar, cause_bars, load_bars, soon_bands
from kept.measures.charts.causes import MOST
from kept.measures.charts.loads import MEDIAN
from kept.measures.statistics.quantiles import histogram, median
from tests.support.charts import held

HELD = st.dictionaries(st.integers(1, 400), st.integers(1, 50), min_size=2, max_size=40)


def bars_of(chart: Chart) -> list[dict[str, object]]:
    """What is drawn of each bar."""
    found: list[dict[str, object]] = chart.spec(640)["layer"][0]["data"]["values"]
    return found


def said(chart: Chart) -> str:
    return chart.sentence.replace("\u00a0", " ")


@given(HELD)
def test_every_holder_stands_in_one_band_and_the_median_is_marked(counts: dict[int, int]) -> None:
    chart = load_bars("t", histogram(counts))
    drawn = bars_of(chart)
    assert len(drawn) <= 12
    assert sum(int(str(one["to"])) for one in drawn) == sum(counts.values())
    assert 1 <= sum(one["part"] == MEDIAN for one in drawn) <= 2
    assert [word for word in held(chart.spec(640)) if isinstance(word, str) and "the median here" in word]


def test_bands_of_a_load_are_as_wide_as_most_of_it_needs() -> None:
    def labels(counts: dict[int, int]) -> list[str]:
        return [cells[0].text for cells in load_bars("t", histogram(counts)).table.rows]

    assert labels({1: 9, 3: 4}) == ["1 case", "2 cases", "3 cases"]
    assert labels({1: 9, 20: 40, 29: 1}) == [f"{first}–{first + 4} cases" for first in range(1, 30, 5)]
    assert labels({1: 99, 700: 1})[-2:] == ["11 cases", "12 or more cases"]


def test_a_median_between_two_bands_marks_both() -> None:
    cases = histogram({2: 5, 3: 5})
    found = median(cases)
    assert found is not None
    assert found.value == 2.5
    assert [one["part"] == MEDIAN for one in bars_of(load_bars("t", cases))] == [False, True, True]


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (
            {1: 12, 2: 31, 3: 20, 7: 2},
            "65 holders have 148 cases between them. The median is 2 (95 % interval 2 to 2); the most that one has is "
            "7, which 2 have.",
        ),
        ({4: 1}, "Only one holder, with 4 cases."),
        ({}, "Nothing to draw: nobody holds any cases."),
    ],
)
def test_a_load_in_words(counts: dict[int, int], sentence: str) -> None:
    assert said(load_bars("t", histogram(counts))) == sentence


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=40))
def test_causes_stand_largest_first_and_none_is_lost(numbers: list[int]) -> None:
    chart = cause_bars("t", [(f"cause {place}", number) for place, number in enumerate(numbers)])
    drawn = [int(str(one["to"])) for one in bars_of(chart)]
    shown = drawn if len(numbers) <= MOST else drawn[:-1]
    assert len(drawn) <= MOST
    assert sum(drawn) == sum(numbers)
    assert shown == sorted(numbers, reverse=True)[: len(shown)]
    assert [cells[1].value for cells in chart.table.rows] == sorted(numbers, reverse=True)


def test_causes_in_words() -> None:
    many = [("no loss", 30), *((f"cause {place}", 1) for place in range(20))]
    assert said(cause_bars("t", many)) == (
        "50 obligations did not arise, most often no loss: 30 (60 %). The 10 smallest of 21 causes are drawn together."
    )
    assert said(cause_bars("t", [("no loss", 1)])) == "1 obligation did not arise, most often no loss: 1 (100 %)."


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((3, 12, 45), "60 investigations fall due in the next seven days, 5 % of them (3) tomorrow."),
        ((0, 1, 0), "1 investigation falls due in the next seven days, none of them tomorrow."),
        ((0, 0, 0), "No investigations fall due in the next seven days."),
        (
            (3, None, 45),
            "Not every band can be shown, so no total is given; of those that can, most are in one: "
            "45 in “in 4–7 days”.",
        ),
    ],
)
def test_what_is_to_come_in_words(counts: tuple[int | None, ...], sentence: str) -> None:
    bars = [CountBar(label, number, SUPPRESSED) for label, number in zip(SOON, counts, strict=True)]
    assert said(soon_bands("t", bars)) == sentence
    assert [cells[0].text for cells in soon_bands("t", bars[::-1]).table.rows] == [*SOON]
