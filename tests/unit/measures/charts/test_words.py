"""Figures print as the field prints them, and lines of text fit."""

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.measures.charts import NUMBER, SHARE, Unit
from kept.measures.charts.words import in_order, listed, pixels, plain, several, wrap
from kept.measures.units import SPACE, count, percent

ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("share", "digits", "printed"),
    [
        (0.8, 0, "80 %"),
        (0, 0, "0 %"),
        (1, 0, "100 %"),
        (0.1039, 1, "10.4 %"),
        (0.996, 0, "99.6 %"),
        (0.004, 0, "0.4 %"),
        (0.99999, 0, "over 99.99 %"),
        (0.00001, 1, "under 0.01 %"),
    ],
)
def test_a_share(share: float, digits: int, printed: str) -> None:
    assert percent(share, digits).replace(SPACE, " ") == printed


@given(st.floats(0, 1, exclude_min=True, exclude_max=True), st.integers(0, 1))
def test_a_share_that_is_neither_none_nor_all_never_prints_so(share: float, digits: int) -> None:
    assert float(percent(share, digits).split(SPACE)[0].split()[-1]) not in (0, 100)


@pytest.mark.parametrize(
    ("number", "printed"), [(1234, "1,234"), (0, "0"), (0.85, "0.85"), (-0.001, "0"), (1234567.5, "1,234,567.5")]
)
def test_a_number(number: float, printed: str) -> None:
    assert count(number) == printed


def test_a_distance_has_the_word_of_its_unit() -> None:
    assert f"3{SHARE.after_difference}" == "3\u00a0points"
    assert f"2.5{Unit('days').after_difference}" == "2.5\u00a0days"
    assert NUMBER.text(1234) == "1,234"


def test_lists() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert several(1, "month") == "1 month"
    assert several(1200, "month") == "1,200 months"


@given(ANY_TEXT, st.floats(20, 400))
def test_lines_are_no_wider_than_their_room(text: str, width: float) -> None:
    lines = wrap(text, width, 13)
    assert [line for line in lines if pixels(line, 13) > width] == []
    assert "".join(lines).replace(" ", "") == plain(text).replace(" ", "")


@given(ANY_TEXT, st.floats(40, 400), st.integers(1, 3))
def test_what_does_not_fit_its_lines_says_that_it_goes_on(text: str, width: float, most: int) -> None:
    lines = wrap(text, width, 13, most)
    assert len(lines) <= most
    assert lines == wrap(text, width, 13) or lines[-1].endswith("…")
    assert all(pixels(line, 13) <= width for line in lines)


@given(ANY_TEXT)
def test_plain_text_can_stand_in_xml(text: str) -> None:
    said = plain(text)
    assert plain(said) == said
    assert "\n" not in said
    element = ElementTree.Element("text")
    element.text = said
    assert (ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8")).text or "") == said


def test_what_turns_the_text_around_it_is_taken_out_and_letters_stay() -> None:
    assert plain("a\u202eb\u2066c") == "abc"
    assert plain(" Heddlu\n Dyfed-Powys: ŵ ") == "Heddlu Dyfed-Powys: ŵ"
    assert plain("مرحبا") == "مرحبا"
    assert plain("x\x00y\ud800") == "x?y?"


def test_a_wide_letter_is_taken_for_wide_and_a_mark_on_a_letter_for_nothing() -> None:
    assert pixels("警", 10) > pixels("a", 10) > pixels("i", 10)
    assert pixels(unicodedata.normalize("NFD", "ŵ"), 10) == pytest.approx(pixels("w", 10))


@pytest.mark.parametrize(
    ("number", "word", "said"),
    [(1, "sex", "1 sex"), (3, "sex", "3 sexes"), (2, "category", "2 categories"), (1200, "area", "1,200 areas")],
)
def test_several_of_a_word_are_written_as_its_plural(number: int, word: str, said: str) -> None:
    assert several(number, word) == said


def test_names_with_numbers_stand_in_the_order_of_the_numbers() -> None:
    assert sorted(["10", "1A", "2", "", "rape", "1"], key=in_order) == ["", "rape", "1", "1A", "2", "10"]


def test_a_figure_and_its_sign_are_not_parted() -> None:
    assert plain("Lines are 95 % intervals, % of all") == f"Lines are 95{SPACE}% intervals, % of all"
