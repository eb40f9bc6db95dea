"""Kinds of measures over a few members, each answer worked out by hand."""

from datetime import timedelta
from typing import Any

from kept.measures.counts import Question
from tests.support.forces import day
from tests.support.members import Rows, figure_of, figures_of


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
