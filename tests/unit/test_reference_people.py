"""Refusals, opt-outs, good reasons, ends, and who answers for an obligation."""

from typing import Any

import pytest

from kept.engine.entries import Entry, Posting
from tests.support.engine import T, duty, event, fact, only, states

ARREST = event("suspect_arrested", 0)
OUT = fact("opted_out", "true", 2)


def about(kind: str, at: float, **fields: Any) -> Entry:
    return event(kind, at, item="D1", **fields)


# -- refusals and opt-outs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "state"), [(2, "declined"), (5, "declined"), (6, "no_record")])
def test_a_victim_may_decline_until_it_is_due(day: float, state: str) -> None:
    assert states(duty(), [ARREST, about("victim_declined", day)]) == [state]


def test_declining_the_offer_itself_counts_where_the_duty_says_so() -> None:
    offer = {"kind": "reassessment_offered", "result": "declined"}
    found = [ARREST, event("reassessment_offered", 2, result="declined")]
    assert states(duty(declined=offer), found) == ["declined"]
    assert states(duty(), found) == ["no_record"]


def test_what_was_done_all_the_same_is_met() -> None:
    assert states(duty(), [ARREST, about("victim_declined", 2), event("victim_told", 3)]) == ["met"]


@pytest.mark.parametrize(
    ("route", "state", "moved_to"),
    [
        ("survives", "no_record", ""),
        ("ends", "declined", ""),
        ("letter", "no_record", "letter"),
        ("officer", "no_record", "officer"),
    ],
)
def test_an_opt_out_ends_or_moves_a_duty_or_leaves_it(route: str, state: str, moved_to: str) -> None:
    row = only(duty(opt_out=route), [ARREST, OUT])
    assert (row.state, row.moved_to) == (state, moved_to)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([fact("opted_out", "true", -50)], "declined"),
        ([OUT, fact("opted_out", "false", 4)], "no_record"),
        ([OUT, fact("opted_out", "false", 8)], "declined"),
        ([fact("opted_out", "true", 8)], "no_record"),
    ],
)
def test_the_opt_out_in_force_when_it_falls_due_counts(facts: list[Entry], state: str) -> None:
    assert states(duty(opt_out="ends"), [ARREST, *facts]) == [state]


# -- good reasons --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "entered", "after_due"), [(2, 2, False), (5, 5, False), (4, 9, True), (9, 9, True)])
def test_a_reason_is_marked_where_it_was_entered_after_the_due_moment(
    at: float, entered: float, after_due: bool
) -> None:
    row = only(duty(), [ARREST, about("good_reason", at, entered=entered)])
    assert (row.state, row.reason_after_due) == ("reasoned", after_due)


def test_a_reason_waits_for_the_due_moment_and_yields_to_an_answer_in_time() -> None:
    assert states(duty(), [ARREST, about("good_reason", 2)], 3) == ["pending"]
    assert states(duty(), [ARREST, about("good_reason", 2), event("victim_told", 3)]) == ["met"]
    assert states(duty(), [ARREST, about("good_reason", 2), event("victim_told", 8)]) == ["reasoned"]


def test_a_reason_given_before_it_happened_is_a_reason_for_something_else() -> None:
    assert states(duty(), [ARREST, about("good_reason", -1)]) == ["no_record"]


# -- not done, and ends --------------------------------------------------------------------------------------------

NOT_TOLD = {"kind": "victim_told", "result": "not_told"}


def test_a_record_that_it_was_not_done_counts_once_it_is_due() -> None:
    what = duty(answer={"specific": {"kind": "victim_told", "result": "told"}}, not_done=NOT_TOLD)
    found = [ARREST, event("victim_told", 2, result="not_told")]
    assert states(what, found, 3) == ["pending"]
    assert states(what, found) == ["not_done"]
    assert states(what, [*found, event("victim_told", 4, result="told")]) == ["met"]
    assert states(what, [*found, event("victim_told", 8, result="told")]) == ["late"]


@pytest.mark.parametrize(("day", "state"), [(2, "lapsed"), (0, "lapsed"), (6, "no_record")])
def test_what_ended_before_it_was_due_lapses(day: float, state: str) -> None:
    assert states(duty(edition_ends="crime_cancelled"), [ARREST, event("crime_cancelled", day)]) == [state]


def test_an_end_that_concerns_another_suspect_is_none() -> None:
    what = duty(ends="suspect_released")
    start = event("suspect_arrested", 0, suspect="S1")
    assert states(what, [start, event("suspect_released", 2, suspect="S2")]) == ["no_record"]
    assert states(what, [start, event("suspect_released", 2, suspect="S1")]) == ["lapsed"]
    assert only(what, [start, event("suspect_released", 2, suspect="S1", id="out")]).ended_by == "out"


def test_what_was_done_before_the_end_is_met() -> None:
    found = [ARREST, event("victim_told", 1), event("crime_cancelled", 2)]
    assert states(duty(edition_ends="crime_cancelled"), found) == ["met"]


# -- written down in time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("entered", "in_time"), [(2, True), (5.6, True), (6, False), (40, False)])
def test_what_was_done_in_time_may_have_been_written_down_late(entered: float, in_time: bool) -> None:
    row = only(duty(), [ARREST, event("victim_told", 2, entered=entered)])
    assert (row.state, row.entered_by_due) == ("met", in_time)


# -- credit --------------------------------------------------------------------------------------------------------

HELD = (
    Posting(T(-9), T(3), "O1", "team 1"),
    Posting(T(3), T(5), None, None),
    Posting(T(5), None, "O2", "team 2"),
)


@pytest.mark.parametrize(
    ("credit", "as_of", "credited"),
    [
        ("holder_at_start", 1000, ("team 1", "O1")),
        ("holder_at_due", 1000, ("team 2", "O2")),
        ("holder_at_due", 2, ("team 1", "O1")),
        ("holder_at_due", 4, ("unallocated", None)),
        ("agency", 1000, ("police", None)),
    ],
)
def test_who_answers_for_it(credit: str, as_of: float, credited: tuple[str, str | None]) -> None:
    row = only(duty(credit=credit), [ARREST], as_of, postings=HELD)
    assert (row.credited_to, row.credited_officer) == credited


def test_the_recorder_answers_where_the_duty_says_so() -> None:
    found = [event("crime_recorded", 0), fact("touchpoint", "crime_desk")]
    assert only(duty(owed_when="crime_recorded", credit="recorder"), found).credited_to == "crime_desk"


def test_nobody_is_credited_where_the_records_do_not_say() -> None:
    assert only(duty(), [ARREST]).credited_to == ""


def test_a_reallocation_restarts_a_clock_that_says_so_and_credits_the_new_holder() -> None:
    what = duty(owed_when="investigation_allocated", which="latest", limit={"days": 4}, credit="holder_at_start")
    allocated = [
        event("investigation_allocated", 0),
        event("investigation_allocated", 3),
        event("investigation_allocated", 5),
    ]
    found = [only(what, allocated[:1], postings=HELD), only(what, allocated[2:], postings=HELD)]
    assert [row.credited_to for row in found] == ["team 1", "team 2"]
    assert states(what, allocated, postings=HELD) == ["lapsed", "lapsed", "no_record"]
