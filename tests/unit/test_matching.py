"""Which events answer which start: explicit links, shared links, none, and links in conflict."""

from typing import Any

import pytest

from kept.engine.entries import Entry
from tests.support.engine import duty, event, only, rows, states

ARREST = event("suspect_arrested", 0, suspect="S1", id="arrest")


def told(at: float, **fields: Any) -> Entry:
    return event("victim_told", at, **fields)


def answer(**more: Any) -> dict[str, Any]:
    return {"specific": "victim_told", "match": ["suspect"], **more}


@pytest.mark.parametrize(
    ("fields", "unlinked", "linked"),
    [
        ({"answers": "arrest"}, True, "explicit"),
        ({"answers": "arrest", "suspect": "S1"}, False, "explicit"),
        ({"suspect": "S1"}, True, "same"),
        ({"suspect": "S1"}, False, "same"),
        ({}, True, "unlinked"),
        ({}, False, ""),
        ({"suspect": "S2"}, True, ""),
        ({"answers": "other arrest"}, True, ""),
        ({"answers": "other arrest", "suspect": "S1"}, True, ""),
        ({"answers": "not on this timeline"}, True, ""),
        ({"answers": "arrest", "suspect": "S2"}, True, ""),
    ],
)
def test_how_an_answer_is_linked(fields: dict[str, Any], unlinked: bool, linked: str) -> None:
    other = event("suspect_arrested", 0, suspect="S3", id="other arrest")
    row, _ = rows(duty(answer=answer(unlinked=unlinked)), [ARREST, told(1, **fields), other])
    assert (row.linked, row.state) == (linked, "met" if linked else "no_record")


def test_links_that_the_duty_does_not_match_by_are_not_compared() -> None:
    assert states(duty(answer=answer(match=[])), [ARREST, told(1, suspect="S2")]) == ["met"]


def test_one_conflicting_link_is_enough_though_another_is_shared() -> None:
    what = duty(answer=answer(match=["suspect", "hearing"]))
    start = event("suspect_arrested", 0, suspect="S1", hearing="H1")
    assert states(what, [start, told(1, suspect="S1", hearing="H2")]) == ["no_record"]


def test_the_earliest_answer_counts_and_of_two_at_once_the_closer() -> None:
    found = [ARREST, told(2, suspect="S1", id="x"), told(1, id="b"), told(1, suspect="S1", id="c"), told(1, id="a")]
    row = only(duty(answer=answer()), found)
    assert (row.answer_id, row.linked) == ("c", "same")


def test_an_unlinked_answer_in_time_keeps_what_a_linked_one_came_too_late_for() -> None:
    row = only(duty(answer=answer()), [ARREST, told(9, suspect="S1"), told(2)])
    assert (row.state, row.linked) == ("met", "unlinked")


def test_an_answer_at_the_second_of_the_start_counts_and_one_before_does_not() -> None:
    assert states(duty(), [ARREST, told(0)]) == ["met"]
    assert states(duty(), [ARREST, told(-1)]) == ["no_record"]
    assert states(duty(answer=answer(**{"from": "first_ever"})), [ARREST, told(-1)]) == ["met"]


def test_a_start_is_not_its_own_answer() -> None:
    assert states(duty(answer={"specific": "suspect_arrested"}), [ARREST]) == ["no_record"]


def test_a_shared_answer_serves_each_start_and_one_not_shared_the_first() -> None:
    found = [ARREST, event("suspect_arrested", 1, suspect="S1"), told(2)]
    assert states(duty(answer=answer()), found) == ["met", "met"]
    assert states(duty(answer=answer(shared=False)), found) == ["met", "no_record"]
    assert states(duty(answer=answer(shared=False)), [*found, told(3)]) == ["met", "met"]


def test_what_was_planned_answers_nothing() -> None:
    what = duty(answer={"specific": "hearing"})
    assert states(what, [ARREST, event("hearing", 1, planned=True)]) == ["no_record"]


def test_only_the_result_that_is_asked_for_answers() -> None:
    what = duty(answer={"specific": {"kind": "victim_told", "result": ["told"], "value": "arrest"}})
    assert states(what, [ARREST, told(1, result="attempted", value="arrest")]) == ["no_record"]
    assert states(what, [ARREST, told(1, result="told", value="charge")]) == ["no_record"]
    assert states(what, [ARREST, told(1, result="told")]) == ["no_record"]
    assert states(what, [ARREST, told(1, result="told", value="arrest")]) == ["met"]


def test_a_general_contact_counts_only_at_best() -> None:
    what = duty(answer=answer(generic="victim_contacted"))
    in_time = only(what, [ARREST, event("victim_contacted", 2), told(9)])
    too_late = only(what, [ARREST, event("victim_contacted", 8), told(9)])
    assert (in_time.state, in_time.at_best, in_time.generic_at) == ("late", True, event("x", 2).at)
    assert (too_late.state, too_late.at_best) == ("late", False)
    assert only(what, [ARREST]).at_best is True


def test_on_an_investigation_another_victims_answer_is_none() -> None:
    what = duty(owed_to="investigation", owed_when="review_requested", answer={"specific": "review_decided"})
    start = event("review_requested", 0, crime="C1", victim="V1")
    assert states(what, [start, event("review_decided", 1, crime="C1", victim="V2")]) == ["no_record"]
    assert states(what, [start, event("review_decided", 1, crime="C2")]) == ["no_record"]
    assert states(what, [start, event("review_decided", 1, crime="C1")]) == ["met"]
    assert states(what, [start, event("review_decided", 1)]) == ["met"]


def test_a_reason_told_is_as_good_as_the_thing_and_is_linked_like_it() -> None:
    what = duty(answer=answer(), or_reason="reason_told")
    row = only(what, [ARREST, event("reason_told", 2, suspect="S1")])
    assert (row.state, row.answered_by, row.linked) == ("met", "reason", "same")
    assert states(what, [ARREST, event("reason_told", 2, suspect="S2")]) == ["no_record"]
    assert only(what, [ARREST, event("reason_told", 7)]).state == "late"


@pytest.mark.parametrize("kind", ["good_reason", "victim_declined"])
def test_what_is_said_of_a_duty_is_said_of_that_duty_and_start_alone(kind: str) -> None:
    found = [ARREST, event("suspect_arrested", 1, id="second")]
    named = event(kind, 2, item="D1", answers="second")
    silent = {"good_reason": "reasoned", "victim_declined": "declined"}[kind]
    assert states(duty(), [*found, named]) == ["no_record", silent]
    assert states(duty(), [*found, event(kind, 2, item="D2")]) == ["no_record", "no_record"]
    assert states(duty(), [*found, event(kind, 2)]) == ["no_record", "no_record"]


def test_one_request_or_hearing_is_owed_once() -> None:
    what = duty(owed_to="request", owed_when="complaint_received", answer={"specific": "complaint_acknowledged"})
    received = [event("complaint_received", day, item="K1") for day in (0, 3)]
    other = [event("complaint_received", 4, item="K2"), event("complaint_received", 5, id="unnamed")]
    found = rows(what, [*received, *other])
    assert [row.subject_id for row in found] == ["K1", "K2", "unnamed"]
