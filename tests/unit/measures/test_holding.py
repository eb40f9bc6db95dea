"""Who held an investigation at a moment, held against counting by hand."""

from bisect import bisect_right
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.measures.counts import sql
from kept.measures.members.holding import HELD_AT, judged_members
from kept.measures.question import Question
from tests.support.members import MEASURES

DAYS = st.integers(0, 9).map(lambda number: date(2025, 1, 1) + timedelta(days=number))


@given(st.lists(DAYS, min_size=0, max_size=4).map(sorted), DAYS)
def test_the_holder_at_a_moment_is_the_last_who_began_by_then_and_the_first_before_anybody_did(
    changes: list[date], moment: date
) -> None:
    holders = [f"team {place}" for place in range(len(changes) + 1)]
    with duckdb.connect() as connection:
        connection.execute(HELD_AT)
        query = "SELECT held_at($1::VARCHAR[], $2::DATE[], $3::DATE)"
        found = connection.execute(query, [holders, changes, moment]).fetchone()
    assert found == (holders[bisect_right(changes, moment)],)


def test_of_an_investigation_that_nobody_held_no_holder_is_known() -> None:
    with duckdb.connect() as connection:
        connection.execute(HELD_AT)
        assert connection.execute("SELECT held_at(NULL::VARCHAR[], NULL::DATE[], DATE '2025-01-01')").fetchone() == (
            None,
        )


@pytest.mark.parametrize(
    ("measure", "question", "says"),
    [
        ("outcome-16", Question(by=("team",)), "held_at(team, held_since, coalesce(outcome_at, clock)) AS team"),
        (
            "outcome-16",
            Question(only={"area": "North"}),
            "held_at(area, held_since, coalesce(outcome_at, clock)) AS area",
        ),
        ("contact-overdue", Question(by=("team",)), "held_at(team, held_since, clock) AS team"),
        ("caseload", Question(), "held_at(officer, held_since, clock) AS officer"),
    ],
)
def test_a_holder_is_read_at_the_moment_of_the_measure_and_of_who_waits_now(
    measure: str, question: Question, says: str
) -> None:
    assert says in judged_members(MEASURES[measure], question)


def test_holders_are_not_looked_up_where_nobody_asks() -> None:
    assert judged_members(MEASURES["outcome-16"], Question(by=("offence",))) == "crimes"
    assert "held_at" not in sql(MEASURES["identical-texts-of-a-team"], Question(by=("team",)))
