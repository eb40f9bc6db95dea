"""The four kinds of duty: respond, before, repeat, all_of; and which start an obligation arises from."""

from typing import Any

import pytest

from kept.calendar import end_of_day
from kept.engine.entries import Entry
from kept.engine.obligation import Obligation
from tests.support.engine import T, duty, event, fact, only, rows, run, states

ARREST = event("suspect_arrested", 0)
RECORDED = event("crime_recorded", 0)


def told(at: float, **fields: Any) -> Entry:
    return event("victim_told", at, **fields)


# -- respond -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "as_of", "state"),
    [
        (2, 1000, "met"),
        (5, 1000, "met"),
        (5.6, 1000, "met"),
        (6, 1000, "late"),
        (None, 4, "pending"),
        (None, 5.6, "pending"),
        (None, 6, "no_record"),
    ],
)
def test_respond_is_due_at_the_end_of_the_last_day(answered: float | None, as_of: float, state: str) -> None:
    found = [ARREST, *([] if answered is None else [told(answered)])]
    assert states(duty(), found, as_of) == [state]


def test_how_late_is_counted_from_the_end_of_the_due_day() -> None:
    assert only(duty(), [ARREST, told(6)]).late_by == 9 * 3600


def test_hours_run_to_the_instant() -> None:
    what = duty(limit={"hours": 24})
    assert states(what, [ARREST, told(1)]) == ["met"]
    late = only(what, [ARREST, event("victim_told", T(1, 1 / 3600))])
    assert (late.state, late.late_by) == ("late", 1)


def test_each_start_is_owed_an_answer_of_its_own_time() -> None:
    assert states(duty(), [ARREST, event("suspect_arrested", 10), told(3)]) == ["met", "no_record"]


def test_only_the_first_start_upon_which_something_is_owed() -> None:
    what = duty(which="first", applies={"start": {"suspect": ["S2"]}})
    arrests = [event("suspect_arrested", day, suspect=suspect) for day, suspect in ((0, "S1"), (1, "S2"), (2, "S2"))]
    assert [row.start_at for row in rows(what, arrests)] == [T(1)]


def test_a_further_start_replaces_one_that_is_neither_answered_nor_due() -> None:
    what = duty(owed_when="investigation_allocated", which="latest", limit={"days": 7})
    allocated = [event("investigation_allocated", 0), event("investigation_allocated", 3)]
    assert states(what, allocated) == ["lapsed", "no_record"]
    assert states(what, [*allocated, told(2)]) == ["met", "no_record"]
    assert states(what, [allocated[0], event("investigation_allocated", 9)]) == ["no_record", "no_record"]
    assert [row.due for row in rows(what, allocated)] == [end_of_day(T(7).date()), end_of_day(T(10).date())]


STAGED = duty(limit=None, judged_at={"stage": ["investigation_closed"]}, owed_when="crime_recorded")


def test_without_a_limit_an_answer_is_owed_by_the_stage() -> None:
    closed = event("investigation_closed", 10)
    assert states(STAGED, [RECORDED], 1000) == ["pending"]
    assert states(STAGED, [RECORDED, told(5)], 6) == ["met"]
    assert states(STAGED, [RECORDED, closed, told(10)]) == ["met"]
    row = only(STAGED, [RECORDED, closed, told(11)])
    assert (row.state, row.judged, row.due, row.late_by) == ("no_record", T(10), None, None)


def test_a_maturity_says_only_from_when_silence_counts() -> None:
    what = duty(limit=None, judged_at={"maturity": {"days": 28}, "local": True})
    assert states(what, [ARREST], 28) == ["pending"]
    assert states(what, [ARREST], 29) == ["no_record"]
    row = only(what, [ARREST, told(300)])
    assert (row.state, row.entered_by_due) == ("met", None)


def test_the_clock_may_start_with_another_event() -> None:
    what = duty(owed_when="need_found", clock_from="crime_reported", limit={"days": 2})
    need = event("need_found", 5)
    reports = [event("crime_reported", day) for day in (-9, 3, 8)]
    assert only(what, [need, *reports]).clock_at == T(3)
    assert only(what, [need, reports[2]]).clock_at == T(8)
    missing = only(what, [need])
    assert (missing.state, missing.missing, missing.clock_at) == ("not_measurable", "crime_reported", None)


def test_what_does_not_arise_is_counted_by_its_cause() -> None:
    applies = {"all": [{"fact": "domestic_abuse"}, {"not": {"fact": "hate"}}]}
    found = run(duty(applies=applies), [ARREST, event("suspect_arrested", 1)])
    assert found.obligations == []
    assert found.not_arisen == {("D1", "not so: domestic abuse"): 2}


def test_conditions_may_be_read_when_it_is_due() -> None:
    found = [ARREST, fact("domestic_abuse", "true", 3)]
    assert states(duty(applies={"fact": "domestic_abuse"}), found) == []
    assert states(duty(applies={"fact": "domestic_abuse"}, applies_at="due"), found) == ["no_record"]
    late = [ARREST, fact("domestic_abuse", "true", 6)]
    assert states(duty(applies={"fact": "domestic_abuse"}, applies_at="due"), late) == []


# -- before --------------------------------------------------------------------------------------------------------

BEFORE = duty(kind="before", owed_when="crime_recorded", before="hearing", answer={"specific": "victim_told"})


def listed(at: float, entered: float, hearing: str = "H1", **fields: Any) -> Entry:
    return event("hearing", at, entered=entered, planned=True, hearing=hearing, **fields)


def held(at: float, hearing: str = "H1") -> Entry:
    return event("hearing", at, hearing=hearing)


@pytest.mark.parametrize(
    ("found", "as_of", "state", "due"),
    [
        ([], 1000, "pending", None),
        ([told(3)], 1000, "met", None),
        ([held(10)], 1000, "no_record", 10),
        ([told(3), held(10)], 1000, "met", 10),
        ([told(11), held(10)], 1000, "late", 10),
        ([listed(20, 2)], 10, "pending", 20),
        ([listed(20, 2)], 20, "no_record", 20),
        ([listed(20, 2), told(19)], 1000, "met", 20),
        ([listed(20, 2), held(25)], 24, "no_record", 20),
        ([listed(20, 2), held(25)], 1000, "no_record", 25),
        ([listed(20, 2), held(25), told(22)], 1000, "met", 25),
        ([listed(20, 2), event("hearing_vacated", 8, hearing="H1")], 1000, "lapsed", None),
        ([listed(20, 2), event("hearing_vacated", 8, hearing="H1"), listed(40, 9, "H2")], 10, "pending", 40),
        ([listed(20, 2), event("hearing_vacated", 8, hearing="H2")], 10, "pending", 20),
        ([listed(20, 2), event("hearing_vacated", 8, hearing="H1"), listed(40, 9)], 1000, "no_record", 40),
        ([listed(20, 2, withdrawn=T(6)), listed(15, 6)], 16, "no_record", 15),
        ([listed(20, 2), listed(30, 2, "H2")], 25, "no_record", 20),
        ([held(-5), held(10)], 1000, "no_record", 10),
        ([held(0), held(10)], 1000, "no_record", 0),  # in the second of the start
        ([listed(-2, -5)], 1000, "pending", None),
        ([listed(20, -5), event("hearing_vacated", -3, hearing="H1")], 1000, "pending", None),
    ],
)
def test_before_follows_its_target(found: list[Entry], as_of: float, state: str, due: float | None) -> None:
    row = only(BEFORE, [RECORDED, *found], as_of)
    assert (row.state, row.due) == (state, None if due is None else T(due))


def test_before_is_owed_upon_its_target_where_nothing_else_starts_it() -> None:
    answer = {"specific": "victim_told", "from": "first_ever"}
    what = duty(kind="before", before="hearing", answer=answer)
    assert states(what, [listed(20, 2)], 10) == ["pending"]
    assert states(what, [listed(20, 2)], 1) == []
    assert states(what, [listed(20, 2), told(5)], 10) == ["met"]
    assert states(what, [listed(20, 2), held(22), told(5)], 30) == ["met"]


# -- repeat --------------------------------------------------------------------------------------------------------

AGREED = event("contact_agreed", 0)
REACHED = {"kind": "victim_contacted", "result": "reached"}
PLAN: dict[str, Any] = {
    "kind": "repeat",
    "owed_when": ["contact_agreed", "investigation_reopened"],
    "limit": {"days": {"fact": "contact_interval"}},
    "answer": {"specific": REACHED},
    "ends": "investigation_closed",
}
WEEKLY = fact("contact_interval", "7")


def contact(at: float, result: str = "reached", **fields: Any) -> Entry:
    return event("victim_contacted", at, result=result, **fields)


def windows(*found: Entry, as_of: float = 20, **changes: Any) -> list[tuple[float, str]]:
    """The day on which each window is due, and its state."""
    return [(_day(row), row.state) for row in rows(duty(**{**PLAN, **changes}), [AGREED, *found], as_of)]


def _day(row: Obligation) -> float:
    assert row.due is not None
    return (row.due.date() - T(0).date()).days


def test_a_window_that_nothing_fell_in_is_missed_and_the_next_runs_from_its_end() -> None:
    assert windows(WEEKLY) == [(7, "no_record"), (14, "no_record"), (21, "pending")]


def test_a_window_runs_from_the_last_contact_in_the_one_before() -> None:
    assert windows(WEEKLY, contact(3), contact(5)) == [
        (7, "met"),
        (12, "no_record"),
        (19, "no_record"),
        (26, "pending"),
    ]


def test_a_contact_on_the_due_day_is_in_time() -> None:
    assert windows(WEEKLY, contact(7), as_of=10) == [(7, "met"), (14, "pending")]


def test_a_contact_after_the_due_day_belongs_to_the_next_window() -> None:
    assert windows(WEEKLY, contact(8), as_of=10) == [(7, "no_record"), (14, "met"), (15, "pending")]


def test_the_first_contact_in_a_window_is_its_answer() -> None:
    row = rows(duty(**PLAN), [AGREED, WEEKLY, contact(5, id="b"), contact(3, id="a")], 20)[0]
    assert (row.answer_id, row.answered_at) == ("a", T(3))


def test_a_changed_interval_applies_from_the_next_window() -> None:
    daily = fact("contact_interval", "14", 2)
    assert windows(WEEKLY, daily) == [(7, "no_record"), (21, "pending")]
    assert windows(WEEKLY, fact("contact_interval", "2", 3), contact(5), as_of=6) == [(7, "met"), (7, "pending")]


def test_an_attempt_keeps_a_window_only_where_the_duty_says_so() -> None:
    assert windows(WEEKLY, contact(3, "attempted"), as_of=8) == [(7, "no_record"), (14, "pending")]
    either = {"specific": {"kind": "victim_contacted", "result": ["reached", "attempted"]}}
    assert windows(WEEKLY, contact(3, "attempted"), as_of=8, answer=either) == [(7, "met"), (10, "pending")]


def test_closure_ends_the_windows() -> None:
    closed = event("investigation_closed", 10)
    assert windows(WEEKLY, closed, as_of=90) == [(7, "no_record"), (14, "lapsed")]
    assert windows(WEEKLY, closed, contact(12), as_of=90) == [(7, "no_record"), (14, "lapsed")]


def test_reopening_begins_windows_anew() -> None:
    found = (WEEKLY, event("investigation_closed", 3), event("investigation_reopened", 30))
    assert windows(*found, as_of=38) == [(7, "lapsed"), (37, "no_record"), (44, "pending")]


def test_a_further_agreement_while_windows_run_adds_none() -> None:
    assert windows(WEEKLY, event("contact_agreed", 4), as_of=10) == [(7, "no_record"), (14, "pending")]


def test_an_unknown_interval_cannot_be_measured() -> None:
    row = only(duty(**PLAN), [AGREED, contact(3)])
    assert (row.state, row.missing, row.due) == ("not_measurable", "contact_interval", None)


def test_a_contact_entered_late_is_seen_only_from_then() -> None:
    late = contact(3, entered=12)
    assert windows(WEEKLY, late, as_of=11) == [(7, "no_record"), (14, "pending")]
    assert windows(WEEKLY, late, as_of=12) == [(7, "met"), (10, "no_record"), (17, "pending")]


# -- all_of --------------------------------------------------------------------------------------------------------

PARTS = [
    {"id": "why", "title": "why", "answer": {"specific": {"kind": "victim_told", "value": "not_investigated"}}},
    {
        "id": "offer",
        "title": "offer",
        "answer": {"specific": "victim_contacted"},
        "applies": {"not": {"fact": "opted_out"}},
        "not_done": {"kind": "victim_contacted", "result": "attempted"},
    },
]
ALL = duty(kind="all_of", owed_when="suspect_arrested", limit={"days": 5}, parts=PARTS)
WHY = event("victim_told", 2, value="not_investigated")


def parts(*found: Entry, as_of: float = 1000) -> list[tuple[str, str]]:
    return [(row.part, row.state) for row in rows(ALL, [ARREST, *found], as_of)]


def test_each_part_is_kept_apart_and_the_whole_is_as_bad_as_the_worst() -> None:
    assert parts(WHY) == [("", "no_record"), ("why", "met"), ("offer", "no_record")]
    assert parts(WHY, event("victim_contacted", 8)) == [("", "late"), ("why", "met"), ("offer", "late")]
    assert parts(as_of=3) == [("", "pending"), ("why", "pending"), ("offer", "pending")]


def test_a_whole_that_was_kept_was_answered_when_its_last_part_was() -> None:
    whole = rows(ALL, [ARREST, WHY, event("victim_contacted", 4, entered=9)])[0]
    assert (whole.state, whole.answered_at, whole.entered_by_due) == ("met", T(4), False)


def test_a_part_that_does_not_apply_is_no_part_and_is_counted() -> None:
    found = run(ALL, [ARREST, WHY, fact("opted_out", "true")])
    assert [(row.part, row.state) for row in found.obligations] == [("", "met"), ("why", "met")]
    assert found.not_arisen == {("D1", "offer not so: not opted out"): 1}


def test_a_part_may_be_said_not_to_have_been_done() -> None:
    what = duty(
        kind="all_of",
        owed_when="suspect_arrested",
        limit={"days": 5},
        parts=[PARTS[0], {**PARTS[1], "answer": {"specific": REACHED}}],
    )
    found = rows(what, [ARREST, WHY, contact(2, "attempted")])
    assert [(row.part, row.state) for row in found] == [("", "not_done"), ("why", "met"), ("offer", "not_done")]
