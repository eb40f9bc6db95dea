"""Due moments: known answers first, then what must hold for every day."""

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.calendar import (
    LONDON,
    NATIONS,
    ROUNDINGS,
    UNITS,
    Calendar,
    _whole_years,
    end_of_day,
    local_day,
    months_after,
    start_of_day,
)
from kept.errors import CalendarError

ENGLAND, SCOTLAND, NORTHERN_IRELAND = map(Calendar.of, NATIONS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_clocks_go_forward_and_the_day_has_23_hours() -> None:
    sunday = day("2024-03-31")
    assert start_of_day(sunday) == utc("2024-03-31T00:00")
    assert end_of_day(sunday) == utc("2024-03-31T22:59:59.999999")


def test_clocks_go_back_and_the_day_has_25_hours() -> None:
    sunday = day("2024-10-27")
    assert start_of_day(sunday) == utc("2024-10-26T23:00")
    assert end_of_day(sunday) == utc("2024-10-27T23:59:59.999999")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-01-31T23:30", "2024-01-31"),  # winter: London is UTC
        ("2024-06-30T22:59:59", "2024-06-30"),
        ("2024-06-30T23:00", "2024-07-01"),  # summer: already tomorrow in London
        ("2024-03-31T00:59:59", "2024-03-31"),
        ("2024-10-26T23:00", "2024-10-27"),
    ],
)
def test_the_local_day_is_that_of_london(moment: str, expected: str) -> None:
    assert local_day(utc(moment)) == day(expected)


def test_the_offset_of_a_moment_does_not_change_its_day() -> None:
    tokyo = utc("2024-06-30T23:00").astimezone(timezone(timedelta(hours=9)))
    assert local_day(tokyo) == day("2024-07-01")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2024-03-30T12:00", "2024-03-31T12:00"),  # 24 hours are 24 hours, not the same time tomorrow
        ("2024-10-26T12:00", "2024-10-27T12:00"),
    ],
)
def test_hours_run_to_the_instant_across_both_clock_changes(start: str, expected: str) -> None:
    assert ENGLAND.after(utc(start), 24, "hours") == utc(expected)
    assert ENGLAND.after(utc(start).astimezone(LONDON), 24, "hours") == utc(expected)


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2024-03-29T12:00", 2, "2024-03-31T22:59:59.999999"),
        ("2024-10-25T12:00", 2, "2024-10-27T23:59:59.999999"),
        ("2024-06-30T23:30", 0, "2024-07-01T22:59:59.999999"),
    ],
)
def test_days_run_to_the_end_of_the_london_day(start: str, amount: int, expected: str) -> None:
    assert ENGLAND.after(utc(start), amount, "days") == utc(expected)


@pytest.mark.parametrize(
    ("nation", "start", "count", "expected"),
    [
        ("england-and-wales", "2024-06-03", 5, "2024-06-10"),  # a plain week
        ("england-and-wales", "2024-06-07", 1, "2024-06-10"),  # Friday
        ("england-and-wales", "2024-06-08", 1, "2024-06-10"),  # Saturday is day 0
        ("england-and-wales", "2024-06-08", 0, "2024-06-08"),
        ("england-and-wales", "2024-03-28", 1, "2024-04-02"),  # over Good Friday and Easter Monday
        ("scotland", "2024-03-28", 1, "2024-04-01"),  # Easter Monday is worked in Scotland
        ("northern-ireland", "2024-03-28", 1, "2024-04-02"),
        ("england-and-wales", "2024-03-29", 1, "2024-04-02"),  # starts on Good Friday itself
        ("england-and-wales", "2021-12-24", 1, "2021-12-29"),  # Christmas at a weekend: two substitute days
        ("england-and-wales", "2021-12-24", 4, "2022-01-04"),  # and New Year after it
        ("scotland", "2021-12-24", 4, "2022-01-05"),  # 2 January too
        ("england-and-wales", "2024-12-24", 4, "2025-01-02"),  # 27, 30, 31 December, 2 January
        ("northern-ireland", "2024-03-15", 1, "2024-03-19"),  # Saint Patrick's Day, kept on Monday
        ("england-and-wales", "2024-03-15", 1, "2024-03-18"),
        ("northern-ireland", "2024-07-11", 1, "2024-07-15"),  # the Boyne
        ("england-and-wales", "2022-09-16", 1, "2022-09-20"),  # the Queen's funeral
        ("england-and-wales", "2024-02-28", 1, "2024-02-29"),
        ("england-and-wales", "2024-02-29", 1, "2024-03-01"),
    ],
)
def test_working_days_known_answers(nation: str, start: str, count: int, expected: str) -> None:
    calendar = Calendar.of(nation)
    assert calendar.add_working_days(day(start), count) == day(expected)
    assert calendar.working_days_between(day(start), day(expected)) == count


def test_a_limit_in_working_days_starts_on_the_london_day() -> None:
    late_on_thursday = utc("2024-06-06T23:30")  # half past midnight on Friday in London
    assert ENGLAND.after(late_on_thursday, 1, "working_days") == utc("2024-06-10T22:59:59.999999")


@pytest.mark.parametrize(
    ("start", "count", "down", "up"),
    [
        ("2023-01-31", 1, "2023-02-28", "2023-03-01"),
        ("2024-01-31", 1, "2024-02-29", "2024-03-01"),
        ("2024-02-29", 12, "2025-02-28", "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29", "2028-02-29"),
        ("2024-08-31", 6, "2025-02-28", "2025-03-01"),
        ("2024-03-31", 1, "2024-04-30", "2024-05-01"),
        ("2024-11-30", 1, "2024-12-30", "2024-12-30"),
        ("2024-12-15", 1, "2025-01-15", "2025-01-15"),
        ("2024-05-31", 0, "2024-05-31", "2024-05-31"),
    ],
)
def test_months_in_both_roundings(start: str, count: int, down: str, up: str) -> None:
    assert months_after(day(start), count, "down") == day(down)
    assert months_after(day(start), count, "up") == day(up)
    noon = start_of_day(day(start)) + timedelta(hours=12)
    assert ENGLAND.after(noon, count, "months", "up") == end_of_day(day(up))


@pytest.mark.parametrize("rounding", [None, "nearest"])
def test_months_need_a_declared_rounding(rounding: str | None) -> None:
    with pytest.raises(CalendarError, match="rounding"):
        ENGLAND.after(utc("2024-01-31"), 1, "months", rounding)


@pytest.mark.parametrize("unit", UNITS)
def test_a_naive_moment_is_refused(unit: str) -> None:
    with pytest.raises(CalendarError, match="no time zone"):
        ENGLAND.after(datetime(2024, 1, 1), 1, unit, "down")


@pytest.mark.parametrize(
    ("start", "count"),
    [("2011-12-31", 1), ("2029-01-01", 1), ("2028-12-29", 1), ("1926-11-21", 5)],
)
def test_an_unknown_year_is_an_error_that_says_which_are_known(start: str, count: int) -> None:
    with pytest.raises(CalendarError, match="known from 2012 to 2028"):
        ENGLAND.add_working_days(day(start), count)


@pytest.mark.parametrize("nation", NATIONS)
def test_every_question_about_an_unknown_day_is_refused(nation: str) -> None:
    calendar = Calendar.of(nation)
    outside = calendar.last + timedelta(days=1)
    with pytest.raises(CalendarError, match=nation):
        calendar.is_working_day(outside)
    with pytest.raises(CalendarError, match=nation):
        calendar.working_days_between(calendar.first, outside)
    with pytest.raises(CalendarError, match=nation):
        calendar.working_days_between(calendar.first - timedelta(days=1), calendar.last)


def test_other_units_need_no_known_year() -> None:
    start = utc("1987-06-05T12:00")
    assert ENGLAND.after(start, 1, "hours") == utc("1987-06-05T13:00")
    assert ENGLAND.after(start, 1, "days") == utc("1987-06-06T22:59:59.999999")
    assert ENGLAND.after(start, 1, "months", "down") == utc("1987-07-05T22:59:59.999999")


@pytest.mark.parametrize("unit", UNITS)
def test_a_negative_limit_is_refused(unit: str) -> None:
    with pytest.raises(CalendarError, match="before it starts"):
        ENGLAND.after(utc("2024-01-01"), -1, unit, "down")


@pytest.mark.parametrize("unit", ["hours", "days", "months"])
def test_a_date_that_stands_for_an_open_end_is_refused_in_words(unit: str) -> None:
    with pytest.raises(CalendarError, match="outside the years"):
        ENGLAND.after(utc("9999-12-31T12:00"), 24, unit, "down")


def test_the_first_moment_of_all_has_no_london_day() -> None:
    with pytest.raises(CalendarError, match="outside the years"):
        local_day(datetime.min.replace(tzinfo=UTC))


def test_unknown_units_and_nations_are_refused() -> None:
    with pytest.raises(CalendarError, match="'weeks' is no unit"):
        ENGLAND.after(utc("2024-01-01"), 1, "weeks")
    with pytest.raises(CalendarError, match="no calendar of 'wales'"):
        Calendar.of("wales")


def test_a_year_that_the_list_holds_only_in_part_is_not_known() -> None:
    listed = [
        "2019-08-26",
        "2019-12-25",
        "2020-01-01",
        "2020-12-25",
        "2021-01-01",
        "2021-12-27",
        "2022-01-03",
    ]
    assert _whole_years([day(text) for text in listed]) == (2020, 2021)


def test_a_fingerprint_is_of_the_nation_its_holidays_and_its_span() -> None:
    prints = {Calendar.of(nation).fingerprint for nation in NATIONS}
    shorter = Calendar(ENGLAND.nation, ENGLAND.holidays, ENGLAND.first, day("2027-12-31"))
    fewer = Calendar(ENGLAND.nation, ENGLAND.holidays - {day("2024-12-25")}, ENGLAND.first, ENGLAND.last)
    assert len(prints | {shorter.fingerprint, fewer.fingerprint}) == 5
    assert pickle.loads(pickle.dumps(ENGLAND)).fingerprint == ENGLAND.fingerprint


nations = st.sampled_from(NATIONS).map(Calendar.of)
days = st.dates(day("2012-01-01"), day("2027-12-31"))
counts = st.integers(0, 200)
moments = st.datetimes(datetime(2012, 1, 1, 1), datetime(2027, 12, 30), timezones=st.just(UTC))


@given(nations, days, counts.filter(bool))
def test_adding_ends_on_a_working_day_and_counting_undoes_it(calendar: Calendar, start: date, count: int) -> None:
    end = calendar.add_working_days(start, count)
    assert calendar.is_working_day(end)
    assert calendar.working_days_between(start, end) == count
    assert calendar.working_days_between(end, start) == -count


@given(nations, days, st.integers(0, 40))
def test_counting_agrees_with_looking_at_each_day(calendar: Calendar, start: date, length: int) -> None:
    after = [start + timedelta(days=number) for number in range(1, length + 1)]
    assert calendar.working_days_between(start, start + timedelta(days=length)) == sum(
        map(calendar.is_working_day, after)
    )


@given(nations, days, days, counts)
def test_an_earlier_start_is_never_due_later(calendar: Calendar, one: date, other: date, count: int) -> None:
    early, late = sorted((one, other))
    assert calendar.add_working_days(early, count) <= calendar.add_working_days(late, count)


@given(nations, days)
def test_more_days_are_always_later(calendar: Calendar, start: date) -> None:
    ends = [calendar.add_working_days(start, count) for count in range(30)]
    assert all(earlier < later for earlier, later in pairwise(ends))


@given(days, st.integers(0, 120))
def test_rounding_up_is_at_most_a_day_after_rounding_down(start: date, count: int) -> None:
    down, up = (months_after(start, count, rounding) for rounding in ROUNDINGS)
    assert up - down in (timedelta(0), timedelta(days=1))
    assert (down == up) == (down.day == start.day)


@given(moments, st.sampled_from(UNITS), counts.filter(lambda count: count < 12), st.sampled_from(ROUNDINGS))
def test_a_limit_is_never_due_before_it_starts(moment: datetime, unit: str, amount: int, rounding: str) -> None:
    due = ENGLAND.after(moment, amount, unit, rounding)
    assert due >= moment
    assert due.tzinfo is UTC
    if unit != "hours":
        assert due == end_of_day(local_day(due))


@given(moments)
def test_every_moment_lies_within_its_own_day(moment: datetime) -> None:
    today = local_day(moment)
    assert start_of_day(today) <= moment <= end_of_day(today)
    assert start_of_day(today + timedelta(days=1)) - end_of_day(today) == timedelta(microseconds=1)
