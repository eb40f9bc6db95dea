"""What a file writes as a period is that span of days, or a sentence says how to write it."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.measures.series.cells import RefusedError
from kept.measures.series.periods import READERS, Period, of_months, read


@pytest.mark.parametrize(
    ("columns", "texts", "first", "last", "label"),
    [
        (("day",), ("2026-03-31",), (2026, 3, 31), (2026, 3, 31), "2026-03-31"),
        (("day",), ("04/03/2026",), (2026, 3, 4), (2026, 3, 4), "2026-03-04"),
        (("day",), ("4 March 2026",), (2026, 3, 4), (2026, 3, 4), "2026-03-04"),
        (("month",), (" 2024-02 ",), (2024, 2, 1), (2024, 2, 29), "2024-02"),
        (("month",), ("Apr-25",), (2025, 4, 1), (2025, 4, 30), "2025-04"),
        (("month",), ("12/2025",), (2025, 12, 1), (2025, 12, 31), "2025-12"),
        (("year", "month"), ("2026", "march"), (2026, 3, 1), (2026, 3, 31), "2026-03"),
        (("year", "month"), ("2026", "Dec"), (2026, 12, 1), (2026, 12, 31), "2026-12"),
        (("year", "month"), ("2026", "01"), (2026, 1, 1), (2026, 1, 31), "2026-01"),
        (("year", "quarter"), ("2026", "Q4"), (2026, 10, 1), (2026, 12, 31), "Oct to Dec 2026"),
        (("year",), ("2026",), (2026, 1, 1), (2026, 12, 31), "2026"),
        (("financial_year", "financial_quarter"), ("2017/18", "1"), (2017, 4, 1), (2017, 6, 30), "Apr to Jun 2017"),
        (("financial_year", "financial_quarter"), ("2017/18", "4"), (2018, 1, 1), (2018, 3, 31), "Jan to Mar 2018"),
        (("financial_year",), ("2017-18",), (2017, 4, 1), (2018, 3, 31), "2017/18"),
        (("financial_year",), ("1999/2000",), (1999, 4, 1), (2000, 3, 31), "1999/00"),
    ],
)
def test_what_a_file_writes(
    columns: tuple[str, ...],
    texts: tuple[str, ...],
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    label: str,
) -> None:
    found = read(columns, texts)
    assert (found.first, found.last, found.label) == (date(*first), date(*last), label)


@pytest.mark.parametrize(
    ("columns", "texts", "says"),
    [
        (("day",), ("03/31/2026",), "2026-03-31"),
        (("day",), ("",), "not a day"),
        (("month",), ("2026-13",), "2026-03"),
        (("year", "month"), ("2026", "0"), "not a month"),
        (("year", "month"), ("2026", ""), "not a month"),
        (("year", "month"), ("26", "3"), "not a year"),
        (("year", "quarter"), ("2026", "5"), "1, 2, 3 or 4"),
        (("financial_year",), ("2017/19",), "2017/18"),
        (("financial_year",), ("2017/2118",), "2017/18"),
        (("financial_year",), ("2017",), "2017/18"),
        (("financial_year", "financial_quarter"), ("2017/18", "Total"), "not a quarter"),
        (("day",), ("0001-01-01",), "between"),
    ],
)
def test_what_is_no_period_is_refused_with_a_way_out(
    columns: tuple[str, ...], texts: tuple[str, ...], says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        read(columns, texts)


def test_other_spans_are_named_by_their_ends() -> None:
    assert of_months(2026, 3, 2).label == "Mar 2026 to Apr 2026"
    assert Period(date(2026, 3, 2), date(2026, 3, 8)).label == "2026-03-02 to 2026-03-08"


@given(st.integers(1950, 2050))
def test_the_quarters_of_a_year_are_the_year(year: int) -> None:
    financial = f"{year}/{(year + 1) % 100:02}"
    for columns, text in ((("year", "quarter"), str(year)), (("financial_year", "financial_quarter"), financial)):
        quarters = [read(columns, (text, str(number))) for number in (1, 2, 3, 4)]
        whole = read(columns[:1], (text,))
        assert (quarters[0].first, quarters[-1].last) == (whole.first, whole.last)
        for before, after in pairwise(quarters):
            assert after.first == before.last + timedelta(days=1)


@given(st.sampled_from(list(READERS)), st.data())
def test_any_text_is_a_period_or_refused(columns: tuple[str, ...], data: st.DataObject) -> None:
    texts = tuple(data.draw(st.text(max_size=12)) for _ in columns)
    with suppress(RefusedError):
        found = read(columns, texts)
        assert found.first <= found.last
