"""Days, seconds and limits of moments in SQL, held against what DuckDB finds by asking for the time zone of each."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kept.measures.moments import day_of, limit_is, seconds_between, since_day, until_day

MOMENTS = st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
TURNING = st.builds(
    lambda year, month, day, seconds: datetime(year, month, day, tzinfo=UTC) + timedelta(seconds=seconds),
    st.integers(1965, 2040),
    st.sampled_from([3, 10]),
    st.integers(24, 31),
    st.floats(-7_200, 93_600, allow_nan=False),
)
"""About the days on which London's clocks change."""
SOME = st.lists(MOMENTS | TURNING, min_size=1, max_size=20)
LIMITS = st.sampled_from(["1 hour", "24 hours", "1 day", "7 days", "28 days", "1 month", "3 months"])


def agree(rows: Sequence[tuple[object, ...]], found: str, meant: str) -> None:
    """Two expressions over the moments `a` and `b` give the same for every row."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Europe/London'")
        connection.execute("CREATE TABLE moments (a TIMESTAMPTZ, b TIMESTAMPTZ)")
        connection.executemany("INSERT INTO moments VALUES ($1, $2)", [list(row) for row in rows])
        other = connection.sql(f"SELECT a, b, {found}, {meant} FROM moments WHERE {found} IS DISTINCT FROM {meant}")
        assert other.fetchall() == []


@given(SOME)
@example([datetime(1840, 6, 1, 0, 0, 30, tzinfo=UTC)])
@example([datetime(1944, 6, 30, 22, 30, tzinfo=UTC), datetime(1970, 6, 30, 23, 30, tzinfo=UTC)])
def test_the_day_is_londons(moments: list[datetime]) -> None:
    agree([(one, None) for one in [*moments, None]], day_of("a"), "a::DATE")


@given(SOME, st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_days_are_bounded_by_londons_midnights(moments: list[datetime], day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    rows = [(one, None) for one in [*moments, *(midnight + timedelta(hours=hours) for hours in range(-3, 28)), None]]
    agree(rows, since_day("a", day), f"a::DATE >= DATE '{day}'")
    agree(rows, until_day("a", day), f"a::DATE <= DATE '{day}'")


@given(SOME, SOME)
@example([datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)], [datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)])
def test_seconds_are_counted_as_they_begin(first: list[datetime], last: list[datetime]) -> None:
    rows = [*zip(first, last, strict=False), (first[0], None), (None, last[0])]
    agree(rows, seconds_between("a", "b"), "date_diff('second', a, b)")


@given(
    SOME, LIMITS, st.sampled_from([timedelta(hours=hours, seconds=more) for hours in (-1, 0, 1) for more in (-1, 0, 1)])
)
def test_a_limit_runs_by_the_calendar(moments: list[datetime], within: str, off: timedelta) -> None:
    lengths = {"hour": timedelta(hours=1), "day": timedelta(days=1), "month": timedelta(days=30)}
    number, unit = within.split()
    near = int(number) * lengths[unit.rstrip("s")] + off
    rows = [*((one, one + near) for one in moments), *zip(moments, moments[::-1], strict=True), (moments[0], None)]
    agree(rows, limit_is("a", within, "<=", "b"), f"a + INTERVAL '{within}' <= b")
    agree(rows, limit_is("a", within, ">=", "b"), f"a + INTERVAL '{within}' >= b")


@pytest.mark.parametrize("last", [date.max, date(1, 1, 1)])
def test_the_farthest_days_bound_too(last: date) -> None:
    agree([(datetime(2025, 6, 1, tzinfo=UTC), None)], until_day("a", last), f"a::DATE <= DATE '{last}'")
