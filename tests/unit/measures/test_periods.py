"""What there is of a period that is not whole."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.calendar import LONDON
from kept.measures.periods import PERIODS, following, in_part


@pytest.mark.parametrize(
    ("clock", "since", "until", "says"),
    [
        (datetime(2026, 3, 31, 23, 59, 59, 999_999), None, None, ""),
        (datetime(2026, 4, 1), None, None, ""),
        (datetime(2026, 3, 31, 12), None, None, "so far"),
        (datetime(2026, 5, 1), date(2026, 3, 1), date(2026, 3, 31), ""),
        (datetime(2026, 5, 1), date(2026, 3, 10), None, "from 10 Mar 2026"),
        (datetime(2026, 5, 1), None, date(2026, 3, 20), "until 20 Mar 2026"),
        (datetime(2026, 3, 15), date(2026, 3, 10), None, "from 10 Mar 2026, so far"),
        (datetime(2026, 5, 1), date(2026, 3, 10), date(2026, 3, 20), "from 10 Mar 2026, until 20 Mar 2026"),
    ],
)
def test_what_there_is_of_march(clock: datetime, since: date | None, until: date | None, says: str) -> None:
    assert in_part(date(2026, 3, 1), "month", since, until, clock.replace(tzinfo=LONDON)) == says


@given(st.sampled_from(PERIODS), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_a_period_is_so_far_until_its_last_day_is_over(period: str, first: date, days: int) -> None:
    clock = datetime(first.year, first.month, first.day, 12, tzinfo=LONDON)
    later = clock.fromordinal(clock.toordinal() + days).replace(hour=12, tzinfo=LONDON)
    assert bool(in_part(first, period, None, None, later)) == (later.date() < following(first, period))
