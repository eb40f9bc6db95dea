"""A cell is a figure, or a sentence says why not; nothing in between."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.measures.series.cells import READERS, Holds, RefusedError, count, number, percentage, sample


def test_numbers_as_people_write_them() -> None:
    assert number("24,256", "c") == 24256
    assert number(" −3.5 ", "c") == -3.5  # noqa: RUF001 - the minus of a typeset table
    assert count("12.0", "c") == 12
    assert count("-4", "c") == -4
    assert percentage("79.8%", "c") == 79.8
    assert percentage("0", "c") == 0
    assert percentage("100", "c") == 100


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "..", ":", "[c]", "-", "NaN"])
def test_what_is_not_known_is_said_to_be_not_known(text: str) -> None:
    for read in READERS.values():
        with pytest.raises(RefusedError, match="not known"):
            read(text, "cases")
    assert sample(text, "n") is None


@pytest.mark.parametrize("text", ["many", "1,23", "1.2.3", "1e5", "inf", "٣", "0x10", "12 %"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="not a number"):
        number(text, "cases")


@pytest.mark.parametrize("text", ["895", "100.1", "-1", "895%"])
def test_a_percentage_outside_its_bounds_is_refused_with_what_it_may_be(text: str) -> None:
    with pytest.raises(RefusedError, match=r"between 0 and 100.*holds: counts"):
        percentage(text, "share")


@pytest.mark.parametrize("text", ["1.5", "9007199254740993", "9" * 40])
def test_what_is_no_exact_count_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="not a count"):
        count(text, "cases")


def test_a_number_of_400_digits_is_refused_shortly() -> None:
    with pytest.raises(RefusedError, match="too large") as raised:
        number("9" * 400, "cases")
    assert len(str(raised.value)) < 120


@pytest.mark.parametrize("text", ["0", "-5"])
def test_a_figure_over_none_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="over that many is none"):
        sample(text, "n")


@given(st.sampled_from(list(READERS)), st.text(max_size=20))
def test_any_text_is_a_finite_figure_or_refused(holds: Holds, text: str) -> None:
    with suppress(RefusedError):
        found = READERS[holds](text, "cases")
        assert math.isfinite(found)
        assert holds != "percentages" or 0 <= found <= 100


@given(st.integers(1 - 2**53, 2**53 - 1))
def test_a_count_is_read_as_it_was_written(value: int) -> None:
    assert count(str(value), "cases") == value
    assert count(f"{value:,}", "cases") == value
