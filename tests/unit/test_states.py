"""The printed table, row by row: each state, and that each row yields to the rows above it."""

from typing import Any

import pytest

from kept.code.model import State
from kept.engine.states import COUNTED, STATES, WORST_FIRST, Evidence, at_clock, of_whole, settle
from tests.support.engine import T, event

DUE = T(5)
BARE = Evidence(as_of=T(10), deadline=DUE, judged=DUE, limited=True)
IN_TIME, TOO_LATE = event("victim_told", 2), event("victim_told", 7)

ROWS: list[tuple[State, Evidence]] = [
    ("not_measurable", BARE._replace(missing="age")),
    ("met", BARE._replace(answer=IN_TIME)),
    ("met", BARE._replace(answer=event("victim_told", 5))),
    ("met", BARE._replace(answer=TOO_LATE, deadline=None)),
    ("lapsed", BARE._replace(ended=event("crime_cancelled", 2))),
    ("declined", BARE._replace(declined=event("victim_declined", 2))),
    ("pending", BARE._replace(as_of=T(4.9))),
    ("pending", BARE._replace(judged=None)),
    ("no_record", BARE._replace(as_of=T(5))),
    ("reasoned", BARE._replace(reason=event("good_reason", 9))),
    ("late", BARE._replace(answer=TOO_LATE)),
    ("no_record", BARE._replace(answer=TOO_LATE, limited=False)),
    ("not_done", BARE._replace(not_done=event("victim_told", 2))),
    ("no_record", BARE),
]

EVERYTHING = BARE._replace(
    as_of=T(4),
    missing="age",
    answer=IN_TIME,
    ended=event("crime_cancelled", 3),
    declined=event("victim_declined", 3),
    reason=event("good_reason", 3),
    not_done=event("victim_told", 3),
)
WITHOUT: list[tuple[State, dict[str, Any]]] = [
    ("not_measurable", {}),
    ("met", {"missing": ""}),
    ("lapsed", {"answer": TOO_LATE}),
    ("declined", {"ended": None}),
    ("pending", {"declined": None}),
    ("reasoned", {"as_of": T(10)}),
    ("late", {"reason": None}),
    ("not_done", {"answer": None}),
    ("no_record", {"not_done": None}),
]
"""Everything holds at first; with each line the row above no longer does."""


def decide(evidence: Evidence) -> State:
    """The printed table read from the top: the first row that holds."""
    return next(row.state for row in STATES if row.holds(evidence))


def in_two_steps(evidence: Evidence) -> State:
    return at_clock(settle(evidence), evidence.judged, evidence.as_of)


@pytest.mark.parametrize("evidence", [*(evidence for _, evidence in ROWS), EVERYTHING])
@pytest.mark.parametrize("day", [1, 4.9, 5, 10])
def test_settling_first_and_reading_the_clock_then_is_reading_the_table(evidence: Evidence, day: float) -> None:
    for name in ("missing", "answer", "ended", "declined", "reason", "not_done"):
        less = evidence._replace(as_of=T(day), **{name: Evidence._field_defaults[name]})
        assert in_two_steps(less) == decide(less)


@pytest.mark.parametrize(("state", "evidence"), ROWS)
def test_each_row_gives_its_state(state: State, evidence: Evidence) -> None:
    assert decide(evidence) == state


@pytest.mark.parametrize("last", range(len(WITHOUT)))
def test_the_first_row_that_holds_decides(last: int) -> None:
    changed = {name: value for _, changes in WITHOUT[: last + 1] for name, value in changes.items()}
    assert decide(EVERYTHING._replace(**changed)) == WITHOUT[last][0]


def test_the_table_has_each_state_once_in_the_printed_order() -> None:
    assert [row.state for row in STATES] == [state for state, _ in WITHOUT]
    assert all(row.when for row in STATES)


@pytest.mark.parametrize("name", ["ended", "declined"])
@pytest.mark.parametrize(("day", "counts"), [(4.9, True), (5, False), (6, False)])
def test_an_end_or_a_refusal_counts_only_before_the_due_moment(name: str, day: float, counts: bool) -> None:
    changes: dict[str, Any] = {name: event("crime_cancelled", day)}
    changed = BARE._replace(**changes)
    assert (decide(changed) != "no_record") is counts


@pytest.mark.parametrize("name", ["ended", "declined"])
def test_an_end_or_a_refusal_counts_while_no_due_moment_is_known(name: str) -> None:
    changes: dict[str, Any] = {name: event("crime_cancelled", 9), "deadline": None, "judged": None}
    changed = BARE._replace(**changes)
    assert decide(changed) == {"ended": "lapsed", "declined": "declined"}[name]


def test_a_rate_is_taken_over_what_was_judged() -> None:
    assert set(COUNTED) == {"met", "late", "not_done", "no_record", "reasoned"}


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("met", ["met", "met"]),
        ("met", ["met", "declined"]),
        ("lapsed", ["lapsed", "met"]),
        ("no_record", ["met", "no_record"]),
        ("not_done", ["no_record", "not_done", "met"]),
        ("late", ["met", "late", "declined"]),
        ("reasoned", ["reasoned", "met"]),
        ("not_measurable", ["met", "not_measurable"]),
        ("no_record", ["no_record", "not_measurable"]),
        ("pending", ["pending", "met"]),
        ("lapsed", ["declined", "lapsed"]),
        ("lapsed", ["lapsed", "lapsed"]),
    ],
)
def test_a_whole_is_as_bad_as_its_worst_part(whole: State, parts: list[State]) -> None:
    assert of_whole(parts) == of_whole(parts[::-1]) == whole
    assert set(WORST_FIRST) == {row.state for row in STATES}
