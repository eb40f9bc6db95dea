"""What changed: read from a file, known from the rulebook, shown in its period."""

from datetime import date
from pathlib import Path

import pytest

from kept.code import loader
from kept.errors import MeasureError
from kept.measures.changes import Change, by_period, of_rulebook, read_changes
from kept.measures.drawn import chart_of
from kept.measures.figures import Figure
from kept.measures.made import all_measures
from kept.measures.names import WHOLE
from kept.measures.periods import PERIODS, all_between, beginning, following
from kept.measures.question import Question

RULEBOOK = loader.rulebook(loader.DEFAULT_RULEBOOK)
MEASURES = all_measures(RULEBOOK)
MONTHS = all_between(date(2025, 1, 1), date(2026, 6, 1), "month")
MERGED = Change(date(2026, 2, 2), "posting", "Northside and Eastgate made one team", rebase=True)


def figures(values: list[float | None]) -> list[Figure]:
    return [Figure((), month, 100, value) for month, value in zip(MONTHS, values, strict=False)]


def test_a_file_is_read_in_order_of_days(tmp_path: Path) -> None:
    path = tmp_path / "changes.yaml"
    path.write_text(
        "changes:\n"
        "  - {day: 2026-02-02, kind: posting, text: Northside and Eastgate made one team, rebase: true}\n"
        "  - {day: 2025-05-06, kind: other, text: told within three days}\n",
        encoding="utf-8",
    )
    first, second = read_changes(path)
    assert (first.said, first.rebase, second) == ("told within three days", False, MERGED)
    assert second.said == "posting: Northside and Eastgate made one team"


@pytest.mark.parametrize(
    "line",
    [
        "{day: soon, kind: posting, text: x}",
        "{day: 2026-02-30, kind: other, text: x}",
        "{day: 2026-02-02, kind: whim, text: x}",
        "{day: 2026-02-02}",
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "changes.yaml"
    path.write_text(f"changes:\n  - {line}\n", encoding="utf-8")
    with pytest.raises(MeasureError) as wrong:
        read_changes(path)
    assert "changes.yaml" in str(wrong.value)


def test_the_rulebook_knows_its_editions_and_the_day_of_a_duty() -> None:
    days = {one.day: one.said for one in of_rulebook(RULEBOOK, MEASURES[WHOLE])}
    assert "in force" in days[date(2021, 4, 1)]
    assert days[date(2021, 4, 1)].startswith("edition: ")
    dated = next(duty for duty, _ in RULEBOOK.duties() if duty.starts_on)
    own = of_rulebook(RULEBOOK, MEASURES[f"{dated.edition}/{dated.id}"])
    assert dated.starts_on in [one.day for one in own if one.text == f"{dated.id} in force"]


@pytest.mark.parametrize("period", PERIODS)
def test_every_day_lies_in_the_period_that_begins_before_it(period: str) -> None:
    for day in (date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 15)):
        first = beginning(day, period)
        assert first <= day < following(first, period)
        assert by_period([Change(day, "other", "x")], [first], period) == {first: [Change(day, "other", "x")]}
        assert by_period([Change(day, "other", "x")], [following(first, period)], period) == {}


def test_where_there_is_no_period_nothing_changed_in_it() -> None:
    assert by_period([MERGED], [], "") == {}


def test_a_change_stands_on_the_chart_in_the_table_and_in_the_sentence() -> None:
    threshold = Change(date(2025, 5, 6), "threshold", "told within three days")
    found = figures([0.8, 0.82, 0.81, 0.79, 0.8, 0.83] * 3)
    chart = chart_of(MEASURES[WHOLE], Question(period="month"), found, [threshold, MERGED])
    assert "What changed: threshold: told within three days (May 2025)." in chart.sentence
    assert "Limits begin anew at Feb 2026 (posting: Northside and Eastgate made one team)." in chart.sentence
    changed = {row[0].text: row[-1].text for row in chart.table.rows}
    assert changed["May 2025"] == "threshold: told within three days"
    assert changed["Feb 2026"] == MERGED.said
    assert "told within three days" in str(chart.spec(760))


def test_limits_that_ended_with_a_change_are_not_printed_beside_what_came_after() -> None:
    found = figures([0.8, 0.82, 0.81, 0.79, 0.8, 0.83] * 3)
    with_it = chart_of(MEASURES[WHOLE], Question(period="month"), found, [MERGED])
    assert "No limits: five months are too few" in with_it.sentence
    assert "mean 81" not in str(with_it.spec(760))
    assert "mean 81" in str(chart_of(MEASURES[WHOLE], Question(period="month"), found).spec(760))


def test_a_month_without_a_figure_is_a_gap_and_the_chart_goes_from_figure_to_figure() -> None:
    found = figures([None, 0.8, 0.82, None, 0.79, 0.8, None])
    without_march = [one for one in found if one.period != date(2025, 3, 1)]
    chart = chart_of(MEASURES[WHOLE], Question(period="month"), without_march)
    assert [row[0].text for row in chart.table.rows] == ["Feb 2025", "Mar 2025", "Apr 2025", "May 2025", "Jun 2025"]
    assert [row[1].value for row in chart.table.rows] == [0.8, None, None, 0.79, 0.8]
    assert "Two months had nothing to measure." in chart.sentence


def test_changes_in_small_multiples_are_lettered() -> None:
    found = [Figure((area,), month, 50, 0.5) for area in ("North", "South") for month in MONTHS]
    chart = chart_of(MEASURES[WHOLE], Question(by=("area",), period="month"), found, [MERGED])
    assert f"What changed: A: {MERGED.said}, from Feb 2026." in chart.sentence
