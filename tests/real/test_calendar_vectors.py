"""Working days against answers that others worked out, and holidays against gov.uk's own list."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kept.calendar import NATIONS, Calendar


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("nation", NATIONS)
def test_holidays_are_those_that_gov_uk_lists(real_data: Path, nation: str) -> None:
    events = read(real_data / "calendar" / "bank-holidays.json")[nation]["events"]
    calendar = Calendar.of(nation)
    listed = {date.fromisoformat(event["date"]) for event in events}
    assert {holiday for holiday in calendar.holidays if holiday.year <= max(listed).year} == listed
    assert calendar.first == date(2012, 1, 1)
    assert calendar.last >= date(2028, 12, 31)


def test_the_next_working_day(real_data: Path) -> None:
    for nation, start, expected in read(real_data / "vectors" / "working_days.json")["next_work_day"]:
        following = Calendar.of(nation).add_working_days(date.fromisoformat(start), 1)
        assert following == date.fromisoformat(expected), (nation, start)


def test_the_previous_working_day(real_data: Path) -> None:
    for nation, start, expected in read(real_data / "vectors" / "working_days.json")["prev_work_day"]:
        calendar, previous = Calendar.of(nation), date.fromisoformat(expected)
        day_before = date.fromisoformat(start) - timedelta(days=1)
        assert calendar.is_working_day(previous), (nation, start)
        assert calendar.working_days_between(previous, day_before) == 0, (nation, start)
