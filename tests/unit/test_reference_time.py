"""When a duty is due, and which edition holds: Easter, Christmas, both clock changes, and the turn of 1 April 2021."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kept.calendar import LONDON
from kept.engine.entries import Entry
from tests.support.engine import ALWAYS, T, duty, edition, event, fact, only, rows, rulebook


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def arrest(text: str, **fields: Any) -> Entry:
    return event("suspect_arrested", london(text), **fields)


def due(limit: dict[str, Any], start: str) -> str:
    row = only(duty(limit=limit), [arrest(start)], london("2026-06-01 12:00"))
    assert row.due is not None
    return f"{row.due.astimezone(LONDON):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("limit", "start", "then"),
    [
        ({"working_days": 1}, "2024-03-28 09:00", "2024-04-02 23:59"),
        ({"working_days": 5}, "2024-03-27 23:59", "2024-04-05 23:59"),
        ({"working_days": 1}, "2024-12-24 09:00", "2024-12-27 23:59"),
        ({"working_days": 5}, "2021-12-24 09:00", "2022-01-05 23:59"),
        ({"working_days": 1}, "2024-03-30 09:00", "2024-04-02 23:59"),
        ({"days": 5}, "2024-03-28 09:00", "2024-04-02 23:59"),
        ({"days": 1}, "2024-03-30 23:30", "2024-03-31 23:59"),
        ({"hours": 24}, "2024-03-30 09:00", "2024-03-31 10:00"),
        ({"hours": 24}, "2024-10-26 09:00", "2024-10-27 08:00"),
        ({"days": 1}, "2024-06-03 00:30", "2024-06-04 23:59"),
        ({"months": 1, "rounding": "down"}, "2024-01-31 09:00", "2024-02-29 23:59"),
        ({"months": 1, "rounding": "up"}, "2024-01-31 09:00", "2024-03-01 23:59"),
        ({"months": 6, "rounding": "down"}, "2024-08-31 09:00", "2025-02-28 23:59"),
    ],
)
def test_when_it_is_due(limit: dict[str, Any], start: str, then: str) -> None:
    assert due(limit, start) == then


@pytest.mark.parametrize(("to", "then"), [("instant", "12:30"), ("end_of_day", "23:59")])
def test_a_case_may_have_a_deadline_of_its_own(to: str, then: str) -> None:
    what = duty(limit={"until": {"fact": "deadline"}, "to": to})
    deadline = fact("deadline", "2024-03-20T12:30:00+00:00")
    row = only(what, [event("suspect_arrested", 0), deadline])
    assert row.due is not None
    assert f"{row.due:%H:%M}" == then
    missing = only(what, [event("suspect_arrested", 0)])
    assert (missing.state, missing.missing) == ("not_measurable", "deadline")


OLD, NEW = edition(duty(limit={"days": 10}), name="old"), edition(duty(limit={"days": 5}), name="new")
BOOK = rulebook((OLD, date(2015, 11, 16), date(2021, 4, 1)), (NEW, date(2021, 4, 1), None))


@pytest.mark.parametrize(
    ("start", "limits"),
    [
        ("2015-11-15 23:59", []),
        ("2015-11-16 00:00", ["10 days"]),
        ("2021-03-31 23:59", ["10 days"]),
        ("2021-04-01 00:00", ["5 days"]),
        ("2021-04-01 00:30", ["5 days"]),
    ],
)
def test_the_edition_is_the_one_in_force_in_london_when_the_clock_starts(start: str, limits: list[str]) -> None:
    assert [row.limit for row in rows(BOOK, [arrest(start)], london("2022-01-01 12:00"))] == limits


def test_the_day_of_the_clock_decides_and_not_that_of_the_start() -> None:
    clocked = duty(owed_when="need_found", clock_from="crime_reported", limit={"days": 2})
    book = rulebook(
        (edition(clocked, name="old"), ALWAYS, date(2021, 4, 1)), (edition(clocked, name="new"), date(2021, 4, 1), None)
    )
    found = [event("crime_reported", london("2021-03-31 12:00")), event("need_found", london("2021-04-02 12:00"))]
    (row,) = rows(book, found)
    assert row.clock_at == london("2021-03-31 12:00")
    assert [row.limit for row in rows(rulebook((edition(clocked), date(2021, 4, 1), None)), found)] == []


def test_a_duty_may_stand_for_only_part_of_its_editions_time() -> None:
    what = duty(**{"from": "2024-03-01", "to": "2024-04-01"})
    starts = [
        arrest("2024-02-29 12:00"),
        arrest("2024-03-01 00:00"),
        arrest("2024-03-31 23:59"),
        arrest("2024-04-01 00:00"),
    ]
    assert [row.start_at for row in rows(what, starts)] == [starts[1].at, starts[2].at]


def test_a_window_stands_under_the_edition_in_force_when_it_opens() -> None:
    plan = duty(kind="repeat", owed_when="contact_agreed", limit={"days": 7}, answer={"specific": "victim_contacted"})
    book = rulebook((edition(plan), ALWAYS, date(2024, 3, 12)), (edition(plan, name="new"), date(2024, 3, 12), None))
    found = rows(book, [event("contact_agreed", 0)], 20)
    assert sorted(row.start_at.date() for row in found) == [date(2024, 3, 4), date(2024, 3, 11), date(2024, 3, 18)]


EXCEPTED = duty(
    limit={"days": 5, "enhanced": {"days": 1}},
    exceptions=[
        {"when": {"fact": "hate"}, "limit": {"days": 2}, "priority": 1, "citation": {"source": "x"}},
        {"when": {"fact": "summary_only"}, "limit": {"days": 3}, "priority": 2, "citation": {"source": "x"}},
    ],
)


@pytest.mark.parametrize(
    ("set_flags", "limit"),
    [
        ([], "5 days"),
        (["enhanced"], "1 day"),
        (["vulnerable"], "1 day"),
        (["hate"], "2 days"),
        (["vulnerable", "hate"], "2 days"),
        (["hate", "summary_only"], "3 days"),
    ],
)
def test_the_exception_of_the_highest_priority_wins(set_flags: list[str], limit: str) -> None:
    flags = [fact(name, "true") for name in set_flags]
    assert only(EXCEPTED, [event("suspect_arrested", 0), *flags]).limit == limit


def test_both_readings_of_enhanced_rights_are_stored() -> None:
    row = only(EXCEPTED, [event("suspect_arrested", 0), fact("vulnerable", "true")])
    assert (row.enhanced_flag, row.enhanced_gate) == (False, True)
    assert T(1).date() == (row.due or T(0)).date()
