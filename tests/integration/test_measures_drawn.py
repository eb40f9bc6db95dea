"""Figures drawn: which chart each question gets, the report of the demo, and a book of measures."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from kept.cli.command import main
from kept.errors import MeasureError
from kept.measures import charts
from kept.measures.asked import Opened
from kept.measures.crossed import MOST
from kept.measures.drawn import chart_of
from kept.measures.figures import Figure
from kept.measures.names import WHOLE
from kept.measures.printed import row
from kept.measures.question import Question
from kept.measures.report import measure_charts, measure_page
from tests.support.members import MEASURES


def drawn(at: Opened, measure: str, question: Question) -> charts.Chart:
    one = MEASURES[measure]
    return chart_of(one, question, at.figures(one, question))


@pytest.mark.parametrize(
    ("measure", "question", "kind"),
    [
        (WHOLE, Question(period="quarter"), "Process chart"),
        ("needs-assessed", Question(by=("area",)), "Funnel plot"),
        ("needs-assessed", Question(by=("sex",)), "Bar chart"),
        ("needs-assessed", Question(by=("sex",), period="quarter"), "Process charts"),
        ("needs-assessed", Question(by=("sex", "area")), "Bar charts, one for each sex."),
        (WHOLE, Question(by=("team", "offence")), "Bar charts, one for each team."),
        (WHOLE, Question(by=("area", "sex"), period="quarter"), "Process charts, one for each group."),
        ("written-information-by-channel", Question(), "Bar chart"),
        ("outcome-16-by-theme", Question(), "Bar chart"),
        ("contact-overdue", Question(), "Bar chart"),
        ("contact-due-soon", Question(), "Bar chart"),
        ("caseload", Question(), "Bar chart"),
        ("did-not-arise", Question(), "Bar chart"),
        ("special-measures", Question(), "Funnel of a journey"),
        ("report-to-record", Question(period="quarter"), "Process chart"),
        ("reviews-a-month", Question(period="month"), "Process chart"),
    ],
)
def test_each_question_has_its_chart_with_a_sentence_and_a_table(
    at: Opened, measure: str, question: Question, kind: str
) -> None:
    chart = drawn(at, measure, question)
    assert chart.title == MEASURES[measure].label
    assert chart.sentence.endswith(".")
    assert chart.alt.startswith(kind), chart.alt
    assert len(chart.table.rows) > 0
    assert charts.svg(chart).startswith("<svg")


@pytest.mark.parametrize("period", ["", "quarter"])
def test_of_two_breakdowns_those_with_the_most_cases_are_drawn_and_it_says_so(at: Opened, period: str) -> None:
    one, question = MEASURES[WHOLE], Question(by=("team", "offence"), period=period)
    figures = at.figures(one, question)
    chart = chart_of(one, question, figures)
    assert f"Drawn are the {MOST} of " in chart.sentence
    assert f"Drawn are the {MOST} of " in " ".join(chart.table.notes)
    if not period:
        sizes = {team: sum(one.n for one in figures if one.values[0] == team) for team, _ in _values(figures)}
        drawn = {row[0].text.split(", ")[0] for row in chart.table.rows}
        assert len(drawn) == MOST
        left_out = [n for team, n in sizes.items() if (team or "unknown") not in drawn]
        assert max(left_out) <= min(n for team, n in sizes.items() if (team or "unknown") in drawn)


def _values(figures: Sequence[Figure]) -> set[tuple[str | None, ...]]:
    return {one.values for one in figures}


@pytest.mark.parametrize(
    ("measure", "question", "says"),
    [
        ("outcomes", Question(by=("offence", "area")), "by offence and area"),
        ("report-to-record", Question(by=("area", "offence")), "for one moment"),
        ("report-to-record", Question(by=("area",)), "for one moment"),
        ("caseload", Question(by=("area",)), "by area"),
    ],
)
def test_what_no_chart_shows_well_is_refused_with_what_would(
    at: Opened, measure: str, question: Question, says: str
) -> None:
    with pytest.raises(MeasureError) as refused:
        drawn(at, measure, question)
    assert says in refused.value.what
    assert refused.value.what_to_do


def test_the_period_that_is_not_over_is_printed_as_such_and_not_drawn(at: Opened) -> None:
    """The demo looks at noon of 30 June."""
    one, question = MEASURES["needs-assessed"], Question(period="month", since=date(2025, 7, 15))
    figures = at.figures(one, question)
    assert [row(one, figure, question)[0] for figure in (figures[0], figures[1], figures[-1])] == [
        "Jul 2025 (from 15 Jul 2025)",
        "Aug 2025",
        "Jun 2026 (so far)",
    ]
    for by in ((), ("sex",)):
        chart = drawn(at, "needs-assessed", Question(by, "month", since=date(2025, 7, 15)))
        said = "Not drawn, being not whole: Jul 2025 (from 15 Jul 2025) and Jun 2026 (so far)."
        assert chart.sentence.endswith(said)
        assert chart.alt.endswith(said)
        assert chart.table.notes[0] == said
        periods = {line[1 if by else 0].text for line in chart.table.rows}
        assert {"Aug 2025", "May 2026"} <= periods
        assert not {"Jul 2025", "Jun 2026"} & periods


def test_nothing_but_a_period_that_is_not_over_is_said_in_words(at: Opened) -> None:
    chart = drawn(at, WHOLE, Question(period="month", since=date(2026, 6, 1)))
    assert chart.sentence.startswith("Nothing to draw")
    assert "Jun 2026 (so far)" in chart.sentence
    assert "Nothing to draw" in charts.svg(chart)


def test_the_demo_writes_a_report_that_needs_nothing_else(force: Path) -> None:
    text = (force / "report.html").read_text(encoding="utf-8")
    for said in ("91.1 % in the papers", "5 % in the papers", "45.1 % in the papers", "81 % in the papers", "<svg"):
        assert said in text
    assert "<script" not in text
    assert "src=" not in text
    assert text.count("<figure") == text.count("<details>")  # a table beside each chart


def test_a_chart_is_written_where_it_is_asked_for(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["measure", WHOLE, "--period", "quarter", "--store", str(force / "store"), "--chart"]
    for name, begins in (("a.svg", b"<svg"), ("a.png", b"\x89PNG"), ("a.html", b"<!doctype html>")):
        assert main([*command, str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<meta charset="utf-8">' in page
    assert charts.STYLE in page  # without which it shows each chart twice
    assert main([*command, str(tmp_path / "a.docx")]) == 2
    assert "ends in .svg" in capsys.readouterr().err


def test_a_book_has_a_page_for_each_measure_and_is_never_half_there(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["measures", "book", "--store", str(force / "store"), "--out", str(tmp_path / "book"), "--only"]
    assert main([*command, WHOLE, "caseload", "code-2020/R6-1a"]) == 0
    assert {path.name for path in (tmp_path / "book").iterdir()} == {
        "whole-code.html",
        "caseload.html",
        "code-2020-R6-1a.html",
    }
    assert "As SQL" in (tmp_path / "book" / "caseload.html").read_text(encoding="utf-8")
    assert main([*command, WHOLE]) == 2
    assert "It exists already." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["book"]


def test_what_is_of_no_known_area_is_no_area_of_a_funnel(at: Opened) -> None:
    question = Question(by=("area",))
    found = at.figures(MEASURES["right-6"], question)
    (unknown,) = [one for one in found if one.values == (None,)]
    chart = chart_of(MEASURES["right-6"], question, found)
    assert f"Of {unknown.n:,} more the area is not known." in chart.sentence
    assert "unknown" not in charts.table_html(chart.table, "")
    only_unknown = chart_of(MEASURES["right-6"], question, [unknown])
    assert "the area is not known" in only_unknown.sentence


WITHOUT_A_FIGURE = {
    "These records cannot show it.": {
        *("code-2020/R1-1", "code-2020/R2-3", "code-2020/R2-4", "code-2020/R4-8", "code-2020/R8-5"),
        *("code-2020/R9-7", "code-2020/R11-3", "code-2020/R11-4", "code-2020/R12-4"),
    },
    "None of its duties is owed by the police;": {"right-8", "right-9", "right-12"},
    "None of its duties that the police owe arose": {"right-11"},
    "It did not arise: ": {
        *("code-2020/R1-2:R1-2-evidence", "code-2020/R6-10", "code-2020/R7-5", "code-2020/R9-5", "code-2020/R9-5b"),
        *("code-2020/R4-6", *(f"code-2020/R4-6:R4-6{part}" for part in "abc"), "code-2020/R11-5"),
    },
    "Nothing in these records has it arise.": {
        *(f"code-2015/E15-{duty}" for duty in ("COMPLAINT", "CHARGE", "CAUTION", "PROSECUTION-STOPPED")),
        *("code-2020/R5-3", "code-2020/R8-1d", "code-2020/R8-4", "code-2020/R10-1"),
        *("code-2020/R12-2", "code-2020/R12-3"),
    },
    "It arose, and is 29 pending and 298 lapsed.": {"force-standards/FS-TWELVE-MONTH-REVIEW"},
    "not yet large enough: 87, and no rate is printed below 100.": {"outcome-reasons"},
    "there is nobody to count.": {"twelve-month-review"},
}
"""The measures of which a force of 400 victims has no figure at all, by what their page says instead."""


def test_every_measure_has_a_chart_or_says_why_there_is_no_figure(at: Opened) -> None:
    found: dict[str, set[str]] = {why: set() for why in WITHOUT_A_FIGURE}
    for one in MEASURES.values():
        drawings = measure_charts(at, one).values()
        assert drawings
        if all(chart.sentence.startswith("Nothing to draw") for chart in drawings):
            (chart,) = drawings
            (why,) = [why for why in found if why in chart.sentence]
            found[why].add(one.id)
    assert found == WITHOUT_A_FIGURE


def test_a_page_has_its_charts_its_tables_its_limits_and_its_query(at: Opened) -> None:
    for name, kind in (("caseload", "Each of them holds"), ("contact-due-soon", "Falls due"), ("did-not-arise", "why")):
        written = measure_page(at, MEASURES[name])
        assert written.count("<svg") == 2  # for a desk and for a phone
        assert kind in written
        for heading in ("What it cannot say", "As SQL", "The figures of this chart as a table"):
            assert heading in written


def test_what_is_drawn_of_a_load_and_of_what_is_to_come_is_what_was_counted(at: Opened) -> None:
    (load,) = at.figures(MEASURES["caseload"], Question())
    chart = drawn(at, "caseload", Question())
    holders = [int(cells[1].value or 0) for cells in chart.table.rows]
    assert sum(holders) == load.more["holders"]
    assert f"{load.n} investigations" in chart.sentence
    (soon,) = at.figures(MEASURES["contact-due-soon"], Question())
    assert sum(int(cells[1].value or 0) for cells in drawn(at, "contact-due-soon", Question()).table.rows) == soon.n
    causes = at.figures(MEASURES["did-not-arise"], Question())
    counts = [int(cells[1].value or 0) for cells in drawn(at, "did-not-arise", Question()).table.rows]
    assert counts == sorted((one.n for one in causes), reverse=True)


def test_a_chart_of_one_moment_is_not_drawn_of_several(at: Opened) -> None:
    for name, question in (
        ("caseload", Question(by=("area",))),
        ("contact-overdue", Question(by=("area",))),
        ("special-measures", Question(period="quarter")),
    ):
        with pytest.raises(MeasureError, match="There is no chart of"):
            drawn(at, name, question)


def test_what_is_to_come_is_in_no_period(at: Opened) -> None:
    with pytest.raises(MeasureError, match="is of what is to come"):
        at.figures(MEASURES["contact-due-soon"], Question(period="month"))


def test_without_a_figure_the_words_say_why_and_the_table_of_whom(at: Opened) -> None:
    chart = drawn(at, "code-2020/R1-1", Question())
    assert chart.sentence == "Nothing to draw: nothing was judged."
    assert [cell.text for cell in chart.table.rows[0]] == ["all", "0", "Nothing was judged."]
    assert drawn(at, "special-measures", Question(only={"sex": "martian"})).sentence.startswith(
        "Nothing to draw: there"
    )


def test_a_board_is_not_told_of_138_all(at: Opened) -> None:
    assert re.match("Of [0-9]+ victims, ", drawn(at, "special-measures", Question()).sentence)
    assert drawn(at, "needs-assessed", Question()).sentence.startswith("All together: ")


def test_codes_stand_in_the_order_of_their_numbers(at: Opened) -> None:
    names = [cells[0].text for cells in drawn(at, "outcomes", Question()).table.rows]
    numbers = [int(name) for name in names if name.isdigit()]
    assert len(numbers) > 5
    assert numbers == sorted(numbers)


def test_those_of_no_known_area_are_not_drawn_over_time(at: Opened) -> None:
    question = Question(by=("area",), period="quarter")
    assert any(one.values == (None,) for one in at.figures(MEASURES["right-6"], question))
    chart = drawn(at, "right-6", question)
    assert "Not drawn: those of whom the area is not known." in chart.sentence
    assert not [cells for cells in chart.table.rows if cells[0].text == "unknown"]


def test_what_was_judged_long_ago_is_drawn_when_it_was(at: Opened) -> None:
    """The edition of 2015 ended more than seventeen months before the demo's clock."""
    chart = measure_charts(at, MEASURES["code-2015/E15-NEEDS"])["Month by month"]
    assert not chart.sentence.startswith("Nothing to draw")
    assert all(cells[0].text[-4:] < "2022" for cells in chart.table.rows)


def test_a_page_explains_a_range_only_where_there_is_one(at: Opened) -> None:
    assert "counts their silence as kept too" in measure_page(at, MEASURES["right-6"])
    assert "counts their silence as kept too" not in measure_page(at, MEASURES["caseload"])
