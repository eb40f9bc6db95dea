"""The steps that make a ledger: on which day, how late, and what is added up."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from kept.calendar import LONDON
from kept.engine.compiled.columns import microseconds
from kept.engine.compiled.days import midnights
from kept.measures.ledger.compiled import sorting
from kept.measures.ledger.compiled.layout import DAYS, MOST, NEVER
from kept.measures.ledger.compiled.sorting import COUNTS, MEASURE, MONTH, SUBJECT, answered, day_number
from kept.measures.ledger.days import day_of, number_of
from kept.measures.ledger.packed import ANSWERS

_DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),  # midnight in London
        (datetime(2026, 6, 30, 22, 59, 59, 999_999, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), date(2025, 12, 31)),
        (datetime(1900, 1, 1, tzinfo=UTC), date(1900, 1, 1)),
        (datetime(1066, 10, 14, tzinfo=UTC), date(1900, 1, 1)),
        (datetime(2150, 1, 1, tzinfo=UTC), date(2079, 6, 5)),
    ],
)
def test_a_moment_lies_on_its_day_in_london(moment: datetime, day: date) -> None:
    assert day_of(day_number(microseconds(moment), midnights())) == day


def test_every_day_has_the_number_of_each_of_its_moments() -> None:
    for first in (date(1900, 1, 1), date(1971, 10, 31), date(2026, 3, 28), date(2026, 10, 24), date(2079, 6, 4)):
        for hour in range(0, 72, 5):
            moment = datetime.combine(first, datetime.min.time(), LONDON) + timedelta(hours=hour)
            number = day_number(microseconds(moment.astimezone(UTC)), midnights())
            assert number == min(number_of(moment.date()), DAYS - 1)
    assert day_number(NEVER, midnights()) == 0


@pytest.mark.parametrize(
    ("days", "when"),
    [
        (0.5, "early"),
        (10.99, "early"),
        (11, "in the last twelfth"),
        (12, "in the last twelfth"),
        (12.01, "in as much time after"),
        (13, "in as much time after"),
        (13.01, "later"),
        (0, ""),  # at the start itself
    ],
)
def test_answers_are_told_apart_by_the_twelfth_of_the_time_in_which_they_came(days: float, when: str) -> None:
    """Of twelve days: the last twelfth is the last day, and as much after is the next one; its ends belong to it."""
    assert ANSWERS[answered(_DAY, 13 * _DAY, _DAY + round(days * _DAY))] == when


def test_an_answer_is_in_no_part_of_a_time_that_there_is_not() -> None:
    assert answered(_DAY, _DAY, 2 * _DAY) == answered(_DAY, NEVER, 2 * _DAY) == answered(_DAY, 2 * _DAY, NEVER) == 0


def tallies(rated: list[int], ripe: list[int], subjects: list[int], room: int = 100) -> np.ndarray:
    """Obligations of one rule, of the right 5 and with the windows 7, in one month of one holder."""
    many = len(rated)
    rows = (
        np.array(subjects, np.int32),
        np.zeros(many, np.int16),
        np.full(many, -1, np.int8),
        np.full(many, 40, np.uint16),
        np.zeros(many, np.int32),
        np.array(ripe, np.int64),
        np.arange(many, dtype=np.int32),
        np.arange(41, dtype=np.uint16),
        np.array(rated, np.int64),
    )
    rules = (np.array([5], np.uint16), np.array([7], np.uint16))
    out, reached = np.zeros((room, COUNTS + 1), np.int64), np.zeros(1, np.int64)
    found = sorting.tallied(0, rows, rules, 9, np.ones(10, np.bool_), out, reached)
    return np.column_stack([out[:found], np.full(found, reached[0])])


def test_an_obligation_adds_to_its_right_to_the_whole_code_and_to_its_windows() -> None:
    found = tallies([1, 1, 1], [NEVER] * 3, [0, 0, 1])
    assert sorted(map(tuple, found[:, [MEASURE, SUBJECT, MONTH, COUNTS]].tolist())) == [
        (5, 0, 40, 2),
        (5, 1, 40, 1),
        (7, 0, 40, 2),
        (7, 1, 40, 1),
        (9, 0, 40, 2),
        (9, 1, 40, 1),
    ]


def test_what_is_ripe_only_later_and_what_a_count_cannot_hold_stand_alone() -> None:
    assert tallies([1, 1], [NEVER, 8], [0, 0])[:, COUNTS].tolist() == [1] * 6
    assert sorted(tallies([MOST, 1], [NEVER] * 2, [0, 0])[:, COUNTS].tolist()) == [1, 1, 1, MOST, MOST, MOST]


def test_only_whole_subjects_are_added_up() -> None:
    found = tallies([1, 1, 1], [NEVER] * 3, [0, 1, 1], room=8)
    assert (len(found), found[0, -1]) == (3, 1)
