"""Kinds of measures over a few members, each answer worked out by hand."""

from datetime import timedelta
from typing import Any

from kept.measures.drawn import chart_of
from kept.measures.question import Question
from tests.support.forces import day
from tests.support.members import MEASURES, Rows, figure_of, figures_of


def test_a_step_counts_who_took_all_before_it_and_beside_it_who_took_it_at_all() -> None:
    needed = {"measures_needed_at": day(1), "measures_discussed_at": None, "measures_requested_at": None}
    victims: Rows = [
        needed | {"measures_discussed_at": day(2), "measures_requested_at": day(3), "measures_granted_at": day(9)},
        needed | {"measures_requested_at": day(3), "measures_granted_at": day(9)},  # never discussed
        needed | {"measures_discussed_at": day(2)},
        needed,
    ]
    found = figure_of("special-measures", victims)
    assert (found.n, found.value) == (4, 0.25)
    assert (found.more["discussed"], found.more["applied for"], found.more["granted"]) == (2, 1, 1)
    assert [found.more[f"{step} at all"] for step in ("discussed", "applied for", "granted")] == [2, 2, 2]
    chart = chart_of(MEASURES["special-measures"], Question(), [found])
    skipped = "Drawn are those who took every step before; at all there came 2 to “applied for” and 2 to “granted”."
    assert chart.sentence.endswith(skipped)
    assert chart.alt.endswith(skipped)
    nobody_skipped = figure_of("special-measures", victims[:1])
    assert "at all" not in chart_of(MEASURES["special-measures"], Question(), [nobody_skipped]).sentence


def test_special_measures_by_the_first_hearing_count_what_came_by_then() -> None:
    needed = {"measures_needed_at": day(1), "first_hearing_at": day(10), "measures_discussed_at": day(2)}
    victims: Rows = [
        needed | {"measures_requested_at": day(9), "measures_granted_at": day(10)},
        needed | {"measures_requested_at": day(11), "measures_granted_at": day(20)},
        needed | {"measures_discussed_at": None, "measures_requested_at": day(9)},
        needed | {"measures_needed_at": day(12)},  # found only afterwards
        needed | {"first_hearing_at": None},
    ]
    found = figure_of("special-measures-by-first-hearing", victims)
    assert found.n == 3
    assert [found.more[step] for step in ("discussed", "applied for", "granted")] == [2, 1, 1]
    assert found.more["applied for at all"] == 2


def test_bands_count_days_in_london_since_what_fell_due_and_until_what_will() -> None:
    """The clock is day 100 at nine; day 100 itself is due today, the moment before its midnight was yesterday."""
    midnight = day(100).replace(hour=0) - timedelta(hours=1)  # in summer time
    due = (midnight, midnight - timedelta(seconds=1), day(93), day(92), day(72), day(71), day(101), day(107), day(108))
    cases: Rows = [{"open": True, "contact_due_at": at} for at in due] + [{"open": False, "contact_due_at": day(99)}]
    overdue, soon = figure_of("contact-overdue", cases), figure_of("contact-due-soon", cases)
    assert (overdue.n, [*overdue.more.values()]) == (6, [1, 2, 1, 1, 1])
    assert (soon.n, [*soon.more.values()]) == (2, [1, 0, 1])


def test_an_assessment_is_complete_if_every_field_is_and_each_victim_counts_once() -> None:
    def field(victim: int, name: str, answered: bool) -> dict[str, Any]:
        return {"subject": victim, "form": "needs_assessment", "field": name, "answered": answered}

    fields: Rows = [
        field(1, "risk", True),
        field(1, "supporter", True),
        field(2, "risk", True),
        field(2, "supporter", False),
        field(3, "risk", False),
        {"subject": 4, "form": "needs_assessment_review", "field": "amended", "answered": False},
    ]
    assert (figure_of("needs-complete", fields).n, figure_of("needs-complete", fields).value) == (3, 1 / 3)
    by_field = figures_of("needs-complete", fields, Question(by=("field",)))
    assert [(one.values, one.n, one.value) for one in by_field] == [(("risk",), 3, 2 / 3), (("supporter",), 2, 0.5)]


def test_answers_are_counted_by_when_in_their_time_they_came() -> None:
    def answered(when: str | None, times: int, **more: Any) -> dict[str, Any]:
        return {"repeats": False, "answered": when, "entered_by_due": True, "times": times} | more

    owed: Rows = [
        answered("early", 2),
        answered("early", 1, entered_by_due=False),
        answered("in the last twelfth", 2),
        answered("in the last twelfth", 1, entered_by_due=False),
        answered("in as much time after", 2),
        answered("later", 1),
        answered(None, 7),
        answered("in the last twelfth", 9, repeats=True),
    ]
    found = figures_of("answers-at-the-deadline", owed)
    assert [(one.values, one.more["counted"], one.n) for one in found] == [
        (("early",), 3, 9),
        (("in the last twelfth",), 3, 9),
        (("in as much time after",), 2, 9),
        (("later",), 1, 9),
    ]
    late = figures_of("written-after-the-deadline", owed)
    assert [(one.values, one.n, one.value) for one in late] == [
        (("early",), 3, 1 / 3),
        (("in the last twelfth",), 3, 1 / 3),
    ]


def test_what_was_set_aside_is_a_share_of_all_that_should_have_been_judged() -> None:
    states = {"met": 1, "late": 1, "reasoned": 1, "declined": 1, "lapsed": 2, "not_measurable": 1}
    owed: Rows = [
        *({"waits": False, "state": state, "times": times} for state, times in states.items()),
        {"waits": True, "state": "pending", "times": 3},
    ]
    found = {one.values[-1]: one for one in figures_of("set-aside", owed)}
    assert {name: (one.more["counted"], one.n) for name, one in found.items()} == {
        "with a reason": (1, 6),
        "declined": (1, 6),
        "ended": (2, 6),
    }


def test_a_text_is_the_same_if_its_recorder_wrote_it_in_another_investigation_in_any_month() -> None:
    def wrote(investigation: str, recorder: str | None, text: str | None, number: float) -> dict[str, Any]:
        wrote_at = {"happened_at": day(number), "entered_at": day(number)}
        return {
            "subject": investigation,
            "recorder": recorder,
            "text": text,
            "team": "t",
            "kind": "victim_told",
        } | wrote_at

    entries: Rows = [
        wrote("i1", "O1", "a", 1),
        wrote("i2", "O1", "a", 40),  # another month
        wrote("i3", "O2", "a", 1),  # another recorder of the team
        wrote("i4", "O1", "b", 1),
        wrote("i4", "O1", "b", 2),  # twice of one investigation
        wrote("i5", "O1", None, 1),
        wrote("i6", None, "a", 1),
    ]
    of_one, of_team = figure_of("identical-texts", entries), figure_of("identical-texts-of-a-team", entries)
    assert (of_one.n, of_one.more["counted"]) == (5, 2)
    assert (of_team.n, of_team.more["counted"]) == (6, 4)
    months = figures_of("identical-texts", entries, Question(period="month"))
    assert [(one.n, one.more["counted"]) for one in months] == [(4, 1), (1, 1)]
    assert figure_of("identical-texts", [wrote("i1", "O1", None, 1)]).words == "There is nobody to count."


def test_an_entry_written_before_it_happened_stands_apart() -> None:
    entries: Rows = [
        {"happened_at": day(1), "entered_at": day(1) + timedelta(hours=hours)} for hours in (-1, 2, 24, 30)
    ]
    found = figure_of("entry-lag", entries)
    assert (found.n, found.value, found.more["before"], found.more["within"]) == (3, 24, 1, 2 / 3)


def test_a_witness_care_officer_has_the_cases_that_have_not_ended_in_court() -> None:
    cases: Rows = [
        *({"carer": carer, "court_ended_at": None} for carer in ("W1", "W1", "W1", "W2")),
        {"carer": "W2", "court_ended_at": day(5)},
        {"carer": None, "court_ended_at": None},
    ]
    found = figure_of("witness-care-caseload", cases)
    assert (found.n, found.value, found.more["holders"], found.more["most"]) == (4, 2, 2, 3)


def test_a_withdrawal_counts_at_its_stage_among_the_crimes_that_came_so_far() -> None:
    def crime(**more: Any) -> dict[str, Any]:
        none = dict.fromkeys(("allocated_at", "charged_at", "court_ended_at", "withdrew_at"))
        return {"offence": "rape", "domestic_abuse": True, "outcome": "16", "outcome_at": day(50)} | none | more

    crimes: Rows = [
        crime(withdrew_at=day(2)),
        crime(),
        crime(allocated_at=day(3), withdrew_at=day(2)),  # before it was given to anybody
        crime(allocated_at=day(3), withdrew_at=day(5)),
        crime(allocated_at=day(3), charged_at=day(9), court_ended_at=day(60), withdrew_at=day(10)),
        crime(allocated_at=day(3), charged_at=day(9), court_ended_at=day(60), domestic_abuse=False),
        crime(allocated_at=day(3), charged_at=day(9), withdrew_at=day(10)),  # still in court
        crime(withdrew_at=day(2), outcome=None, outcome_at=None),  # still investigated
    ]
    stages = ("before-allocation", "under-investigation", "after-charge")
    found = {stage: figures_of(f"withdrawal-{stage}-by-theme", crimes) for stage in stages}
    shares = {(stage, *one.values): (one.more["counted"], one.n) for stage in stages for one in found[stage]}
    assert [shares[stage, "rape"] for stage in stages] == [(2, 7), (1, 4), (1, 2)]
    assert [shares[stage, "domestic abuse"] for stage in stages] == [(2, 6), (1, 3), (1, 1)]
    assert found["after-charge"][1].words == "There is nobody to count."


def test_an_outcome_is_shown_with_the_reason_within_it_and_no_rate_of_few() -> None:
    def outcome(code: str, reason: str | None = None) -> dict[str, Any]:
        return {"outcome": code, "outcome_reason": reason, "outcome_at": day(1)}

    few: Rows = [outcome("16", "reprisal"), outcome("16"), outcome("1")]
    found = figures_of("outcomes-in-full", few)
    assert [one.values for one in found] == [("1",), ("16",), ("16 reprisal",)]
    assert found[0].words == "Not yet large enough: 3, and no rate is printed below 100."
    many = figures_of("outcomes-in-full", [*few, *(outcome("18") for _ in range(97))])
    assert [one.value for one in many] == [0.01, 0.01, 0.01, 0.97]
