"""Where the meaning of a duty is easily lost: ties, ends, replacements, vacated hearings, what an as-of may change."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kept.calendar import end_of_day
from kept.code.model import Duty
from kept.engine.entries import Entry
from tests.support.engine import ALWAYS, T, duty, edition, event, fact, only, rows, rulebook, run, states

ARREST = event("suspect_arrested", 0)


def told(at: float, **fields: Any) -> Entry:
    return event("victim_told", at, **fields)


# -- what never arises, or must not stop the rest ------------------------------------------------------------------


def test_nothing_is_lost_by_a_victim_who_died_before_it_happened() -> None:
    what = duty(edition_ends=["victim_died", "crime_cancelled", "crime_transferred"])
    assert states(what, [event("victim_died", -10), ARREST]) == ["lapsed"]


def test_a_start_long_before_the_edition_is_passed_over() -> None:
    book = rulebook((edition(duty(limit={"working_days": 5})), date(2021, 4, 1), None))
    assert rows(book, [event("suspect_arrested", datetime(1985, 1, 1, tzinfo=UTC))]) == []


def test_a_start_that_the_calendar_does_not_know_is_passed_over_where_nothing_is_owed() -> None:
    what = duty(limit={"working_days": 5}, applies={"fact": "domestic_abuse"})
    far_off = event("suspect_arrested", datetime(2090, 1, 2, tzinfo=UTC))
    assert rows(what, [far_off, fact("domestic_abuse", "false")], datetime(2091, 1, 1, tzinfo=UTC)) == []


def test_a_start_that_two_selectors_want_is_one_start() -> None:
    what = duty(owed_when=["suspect_released", {"kind": "suspect_released", "value": ["police_bail"]}])
    assert len(rows(what, [event("suspect_released", 0, value="police_bail")])) == 1


def test_an_edition_in_force_twice_is_evaluated_in_both_spans() -> None:
    one = edition(duty())
    book = rulebook((one, date(2015, 1, 1), date(2021, 1, 1)), (one, date(2024, 1, 1), None))
    arrests = [event("suspect_arrested", datetime(2020, 2, 3, tzinfo=UTC)), ARREST]
    assert len(rows(book, arrests)) == 2


def test_the_fact_that_is_named_as_missing_is_one_that_would_decide() -> None:
    either = {"any": [{"fact": "review_eligible"}, {"fact": "domestic_abuse"}]}
    what = duty(applies={"all": [either, {"fact": "outcome", "is": "1"}]})
    assert only(what, [ARREST, fact("domestic_abuse", "true")]).missing == "outcome"


def test_what_is_owed_to_an_investigation_reads_the_facts_of_its_crimes() -> None:
    what = duty(owed_to="investigation", owed_when="investigation_allocated", applies={"fact": "summary_only"})
    assert len(rows(what, [event("investigation_allocated", 0), fact("summary_only", "true", crime="C1")])) == 1


def test_a_start_that_names_its_crime_and_victim_reads_the_facts_of_these_alone() -> None:
    for attribute, named in (("summary_only", "crime"), ("opted_out", "victim")):
        what = duty(owed_to="investigation", applies={"fact": attribute})
        for value, count in (("X1", 1), ("X2", 0), (None, 1)):
            about: dict[str, Any] = {named: value}
            said: dict[str, Any] = {named: "X1"}
            found = [event("suspect_arrested", 0, **about), fact(attribute, "true", **said)]
            assert len(rows(what, found)) == count


# -- replaced by a further start -----------------------------------------------------------------------------------

ALLOCATED = [event("investigation_allocated", 0), event("investigation_allocated", 3)]


def test_one_answer_after_a_reallocation_keeps_one_obligation() -> None:
    what = duty(owed_when="investigation_allocated", which="latest", limit={"days": 7})
    assert states(what, [*ALLOCATED, told(5)]) == ["lapsed", "met"]


def test_a_replaced_start_takes_no_answer_from_the_one_that_replaced_it() -> None:
    answer = {"specific": "victim_told", "shared": False}
    what = duty(owed_when="investigation_allocated", which="latest", limit={"days": 7}, answer=answer)
    assert states(what, [*ALLOCATED, told(5)]) == ["lapsed", "met"]


def test_only_a_start_upon_which_something_is_owed_replaces_another() -> None:
    bail = {"start": {"value": "police_bail"}}
    what = duty(owed_when="suspect_released", which="latest", applies=bail, limit={"days": 7})
    released = [
        event("suspect_released", 0, value="police_bail"),
        event("suspect_released", 2, value="without_charge"),
    ]
    assert states(what, released) == ["no_record"]


def test_an_obligation_that_lapsed_takes_no_answer_from_a_later_one() -> None:
    what = duty(answer={"specific": "victim_told", "shared": False}, ends="suspect_released")
    found = [ARREST, event("suspect_released", 1), event("suspect_arrested", 2), told(6)]
    assert states(what, found) == ["lapsed", "met"]


# -- hearings ------------------------------------------------------------------------------------------------------

BEFORE = duty(kind="before", owed_when="crime_recorded", before="hearing", answer={"specific": "victim_told"})
RECORDED = event("crime_recorded", 0)


def listed(at: float, entered: float, hearing: str, **fields: Any) -> Entry:
    return event("hearing", at, entered=entered, planned=True, hearing=hearing, **fields)


def test_vacating_one_hearing_of_a_suspect_leaves_the_other() -> None:
    plans = [listed(30, 1, "H1", suspect="S"), listed(40, 1, "H2", suspect="S")]
    row = only(BEFORE, [RECORDED, *plans, event("hearing_vacated", 5, hearing="H1", suspect="S")], 20)
    assert (row.state, row.due) == ("pending", T(40))


def test_a_hearing_vacated_and_relisted_in_one_moment_stands() -> None:
    plans = [listed(30, 1, "H1"), listed(40, 5, "H1", id="relisted")]
    row = only(BEFORE, [RECORDED, *plans, event("hearing_vacated", 5, hearing="H1")], 20)
    assert (row.state, row.due) == ("pending", T(40))


def test_an_obligation_owed_upon_its_target_lapses_when_that_is_vacated() -> None:
    what = duty(kind="before", before="hearing", answer={"specific": "victim_told", "from": "first_ever"})
    assert states(what, [listed(30, 1, "H1"), event("hearing_vacated", 5, hearing="H1")], 20) == ["lapsed"]


def test_a_relisted_hearing_is_owed_though_its_first_date_was_vacated() -> None:
    answer = {"specific": "victim_told", "from": "first_ever"}
    what = duty(kind="before", owed_to="hearing", before="hearing", answer=answer)
    found = [listed(30, 1, "H1"), event("hearing_vacated", 5, hearing="H1"), listed(40, 6, "H1", id="relisted")]
    assert states(what, found, 20) == ["pending"]


@pytest.mark.parametrize(
    "what",
    [
        duty(kind="before", owed_when="crime_recorded", before="suspect_charged", answer={"specific": "victim_told"},
             applies={"fact": "domestic_abuse"}, applies_at="due"),
        duty(owed_when="crime_recorded", limit=None, judged_at={"stage": ["suspect_charged"]},
             applies={"fact": "domestic_abuse"}, applies_at="due"),
        duty(owed_when="crime_recorded", limit=None, judged_at={"maturity": {"days": 10}, "local": True},
             applies={"fact": "domestic_abuse"}, applies_at="due"),
    ],
    ids=["before", "stage", "maturity"],
)  # fmt: skip
def test_what_changes_after_the_due_moment_changes_no_obligation(what: Duty) -> None:
    found = [
        RECORDED,
        event("suspect_charged", 10),
        fact("domestic_abuse", "true"),
        fact("domestic_abuse", "false", 20),
    ]
    assert [states(what, found, as_of) for as_of in (15, 25)] == [["no_record"], ["no_record"]]


# -- windows -------------------------------------------------------------------------------------------------------

AGREED = event("contact_agreed", 0)
PLAN = duty(
    kind="repeat",
    owed_when="contact_agreed",
    limit={"days": {"fact": "contact_interval"}},
    answer={"specific": "victim_contacted"},
    ends="investigation_closed",
)


def test_a_closure_in_the_second_of_the_agreement_ends_the_windows() -> None:
    found = [AGREED, event("investigation_closed", 0), fact("contact_interval", "7")]
    assert states(PLAN, found, 60) == ["lapsed"]


def test_no_window_opens_at_the_closure() -> None:
    closed = event("investigation_closed", end_of_day(T(7).date()))
    assert len(rows(PLAN, [AGREED, closed, fact("contact_interval", "7")], 60)) == 1


def test_an_interval_agreed_later_begins_windows_though_the_first_was_not_recorded() -> None:
    found = [AGREED, event("contact_agreed", 10), fact("contact_interval", "7", 10)]
    assert states(PLAN, found, 18) == ["not_measurable", "no_record", "pending"]


def test_an_interval_of_no_days_is_one_window() -> None:
    assert len(rows(PLAN, [AGREED, fact("contact_interval", "0")], 30)) == 1


def test_a_negative_interval_makes_that_window_not_measurable() -> None:
    row = only(PLAN, [AGREED, fact("contact_interval", "-7")], 30)
    assert (row.state, row.missing) == ("not_measurable", "contact_interval")


def test_a_reason_excuses_no_window_that_was_due_long_before_it() -> None:
    found = [AGREED, fact("contact_interval", "7"), event("good_reason", 27, item="D1")]
    assert states(PLAN, found, 30)[0] == "no_record"


def test_a_contact_about_another_suspect_keeps_no_window_open_after_the_end() -> None:
    plan = duty(
        kind="repeat",
        owed_when="contact_agreed",
        limit={"days": 7},
        answer={"specific": "victim_told"},
        ends="verdict",
    )
    found = [AGREED, told(3, suspect="S1"), event("verdict", 5, suspect="S2")]
    assert states(plan, found, 30) == ["lapsed"]


def test_a_victim_who_had_died_is_owed_one_window_at_most() -> None:
    plan = duty(
        kind="repeat",
        owed_when="contact_agreed",
        limit={"days": 7},
        answer={"specific": "victim_contacted"},
        edition_ends="victim_died",
    )
    assert states(plan, [event("victim_died", -10), AGREED], 60) in ([], ["lapsed"])


# -- declined, and not done ----------------------------------------------------------------------------------------


def test_declining_late_does_not_undo_an_opt_out() -> None:
    found = [ARREST, fact("opted_out", "true", 2), event("victim_declined", 10, item="D1")]
    assert states(duty(opt_out="ends"), found) == ["declined"]


def test_what_was_not_done_in_so_many_words_is_not_met_at_best() -> None:
    answer = {"specific": {"kind": "victim_told", "result": "told"}, "generic": "victim_contacted"}
    what = duty(answer=answer, not_done={"kind": "victim_told", "result": "not_told"})
    row = only(what, [ARREST, told(1, result="not_told"), event("victim_contacted", 2)])
    assert (row.state, row.at_best) == ("not_done", False)


def test_a_reason_entered_in_time_is_not_marked_for_another_entered_late() -> None:
    late = event("good_reason", 2, item="D1", entered=30, id="late")
    assert only(duty(), [ARREST, late, event("good_reason", 3, item="D1", id="in time")]).reason_after_due is False


# -- the whole of several parts ------------------------------------------------------------------------------------


def test_a_whole_is_pending_while_a_part_is() -> None:
    parts = [
        {"id": "a", "title": "a", "answer": {"specific": "victim_told"}},
        {"id": "b", "title": "b", "answer": {"specific": "victim_told"}, "applies": {"fact": "review_eligible"}},
    ]
    what = duty(kind="all_of", owed_when="suspect_arrested", limit={"days": 5}, parts=parts)
    assert [states(what, [ARREST], as_of)[0] for as_of in (3, 20)] == ["pending", "no_record"]


def test_nothing_arises_where_nothing_happened() -> None:
    found = run(rulebook((edition(duty()), ALWAYS, None)), [])
    assert (found.obligations, found.not_arisen) == ([], {})
