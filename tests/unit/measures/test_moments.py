"""When a member is judged: the moment that places it in a period, each answer worked out by hand."""

from datetime import date
from pathlib import Path

import pytest

from kept.errors import MeasureError
from kept.measures import catalogue
from kept.measures.catalogue import moment_of
from kept.measures.model import Measure
from kept.measures.question import Question
from tests.support.forces import day
from tests.support.members import MEASURES, Rows, figure_of, figures_of

BY_MONTH = Question(period="month")
JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)


def shares(measure: str, rows: Rows) -> dict[date | None, tuple[int, float | None]]:
    """The n and the value of each month."""
    return {one.period: (one.n, one.value) for one in figures_of(measure, rows, BY_MONTH)}


def test_an_outcome_belongs_to_the_month_in_which_it_was_given() -> None:
    crimes: Rows = [
        {"recorded_at": day(1), "outcome": "16", "outcome_at": day(5)},
        {"recorded_at": day(1), "outcome": "1", "outcome_at": day(40)},
        {"recorded_at": day(1), "outcome": "16", "outcome_at": day(41)},
        {"recorded_at": day(2), "outcome": None, "outcome_at": None},
    ]
    assert shares("outcome-16", crimes) == {JANUARY: (1, 1.0), FEBRUARY: (2, 0.5)}


def test_what_has_a_limit_belongs_to_the_month_in_which_the_limit_ran_out() -> None:
    victims: Rows = [
        {"reported_at": day(29), "assessed_at": day(30)},
        {"reported_at": day(30), "assessed_at": None},
        {"reported_at": day(99), "assessed_at": None},
    ]
    assert shares("needs-assessed-in-2-days", victims) == {FEBRUARY: (2, 0.5)}


def test_a_member_without_the_moment_is_in_no_period_and_in_the_figure_of_all() -> None:
    victims: Rows = [
        {"allocated_at": day(1), "investigated_until": day(40), "statement_considered_at": day(3)},
        {"allocated_at": day(1), "investigated_until": None, "statement_considered_at": None},
    ]
    assert shares("statement-considered", victims) == {FEBRUARY: (1, 1.0)}
    assert figure_of("statement-considered", victims).n == 2
    since = Question(since=date(2023, 1, 1))
    assert figure_of("statement-considered", victims, question=since).n == 1


def test_what_fell_due_is_placed_where_bands_count_it_from() -> None:
    cases: Rows = [{"open": True, "contact_due_at": at} for at in (day(60), day(62), day(103), None)]
    found = figures_of("contact-overdue", cases, BY_MONTH)
    assert [(one.period, one.n) for one in found] == [(MARCH, 2)]


@pytest.mark.parametrize("measure", [one for one in MEASURES.values() if one.kind == "time"], ids=lambda one: one.id)
def test_a_time_belongs_to_one_of_its_two_moments(measure: Measure) -> None:
    assert moment_of(measure) in (measure.since, measure.until)


@pytest.mark.parametrize("column", ["sex", "assessments", "enhanced_gate"])
def test_what_says_no_moment_places_nobody_in_time(tmp_path: Path, column: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "measures:\n  - {id: mine, title: Mine, means: Mine., kind: share, of: victims, counts: told_at IS NOT NULL, "
        f'at: {column}, stage: now, source: records, unit: "%", direction: higher, owner: me, status: draft}}\n'
    )
    with pytest.raises(MeasureError, match=f"`at` is `{column}`, which is no moment"):
        catalogue.measures([file])
