"""The ways in which a figure can be asked for, over the invented force: rolled up, like for like, with what changed."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest

from kept.cli.command import main
from kept.measures.alike import alike
from kept.measures.asked import Opened
from kept.measures.figures import Figure
from kept.measures.model import Kind, Measure
from kept.measures.names import WHOLE
from kept.measures.question import Question
from kept.measures.rolled import FORCE, rolled_up
from tests.support.members import MEASURES

CONTACT = "force-standards/FS-CONTACT-PLAN"

OF_EACH_KIND = [
    next(one for one in MEASURES.values() if one.kind == kind) for kind in get_args(Kind) if kind != "not_arisen"
]


def said(capsys: pytest.CaptureFixture[str], force: Path, *arguments: str) -> str:
    """What `kept measure` prints."""
    assert main(["measure", *arguments, "--store", str(force / "store")]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], force: Path, *arguments: str) -> str:
    assert main(["measure", *arguments, "--store", str(force / "store")]) in (2, 12)
    return capsys.readouterr().err


def members(measure: Measure, found: Sequence[Figure]) -> int:
    """How many members stand in some figures: of categories each has its own, else all have the n."""
    return sum(int(one.more["counted"] or 0) if measure.kind == "split" else one.n for one in found)


# -- rolled up -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", OF_EACH_KIND, ids=lambda one: one.kind)
@pytest.mark.parametrize("by", ["team", "department", "area"])
def test_nobody_is_lost_and_nothing_shown_is_too_small(at: Opened, measure: Measure, by: str) -> None:
    alone, together = at.figures(measure, Question(by=(by,))), rolled_up(at, measure, Question(by=(by,)), 25)
    n, of_all = (members(measure, found) for found in (together.figures, at.figures(measure, Question())))
    if measure.kind in (
        "all_kept",
        "composite",
    ):  # a victim of two groups counts in both, and once where they are put together
        assert of_all <= n <= members(measure, alone)
    else:
        assert n == of_all
    for shown in together.shown:
        assert shown.n >= 25 or (shown.too_small and shown.path == (FORCE,))
    for figure in together.figures:
        assert (figure.value is None) == bool(figure.words)
        assert figure.value is None or figure.n >= 25


def test_what_was_put_into_what_is_printed(force: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, force, "needs-assessed", "--by", "team", "--roll-up", "15")
    assert "small groups together" in out
    assert "Groups of fewer than 15 are shown together:" in out
    data = json.loads(said(capsys, force, "needs-assessed", "--by", "team", "--roll-up", "15", "--json"))
    assert sum(one["n"] for one in data["figures"]) == 400
    for one in data["rolled_up"]:
        assert one["n"] == sum(group["n"] for group in one["groups"]) or one["shown"].startswith(
            one["groups"][0]["path"][1]
        )
    out = said(capsys, force, "needs-assessed", "--by", "area", "--roll-up", "1")
    assert "No group has fewer than 1: nothing was rolled up." in out


def test_all_together_may_be_too_few(force: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, force, "needs-assessed", "--by", "area", "--roll-up", "5000")
    assert "Fewer than 5000 even together: no figure." in out
    assert "  400  " in out


def test_a_measure_rolls_up_below_its_own_least(at: Opened) -> None:
    least = next(one for one in MEASURES.values() if one.least > 10)
    assert rolled_up(at, least, Question(by=("team",))).minimum == least.least
    assert rolled_up(at, MEASURES[WHOLE], Question(by=("team",))).minimum == 10


@pytest.mark.parametrize(
    "arguments",
    [["--by", "sex"], ["--by", "team", "--by", "area"], ["--by", "team", "--period", "month"], []],
)
def test_what_cannot_be_rolled_up_is_refused(
    force: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert "Name one --by of team, department, area" in refused(capsys, force, WHOLE, *arguments, "--roll-up", "10")
    assert "Give 1 or more" in refused(capsys, force, WHOLE, "--by", "team", "--roll-up", "-3")


# -- like for like ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [WHOLE, CONTACT, "needs-assessed"])
@pytest.mark.parametrize("question", [Question(by=("area",)), Question(period="quarter"), Question(by=("sex",))])
def test_like_for_like_holds_everybody_and_lies_between_the_rates_of_the_strata(
    at: Opened, measure: str, question: Question
) -> None:
    one = MEASURES[measure]
    found = alike(at, one, question)
    plain = {(figure.values, figure.period): figure for figure in at.figures(one, question)}
    assert len(found) == len(plain)
    for line in found:
        figure = plain[line.figure.values, line.figure.period]
        if measure != WHOLE:  # a victim of two offences would count in both, and there is none
            assert line.figure.n == figure.n
        assert line.figure.in_part == figure.in_part
        assert 0 <= line.left_out <= 1
        if line.figure.value is not None:
            assert line.figure.interval is not None
            assert 0 <= line.figure.interval.low <= line.figure.value <= line.figure.interval.high <= 1


def test_where_all_have_one_mix_like_for_like_is_the_rate_itself(at: Opened) -> None:
    question = Question(by=("area",), only={"offence": "theft"})
    for line in alike(at, MEASURES["needs-assessed"], question):
        assert line.as_it_is is not None
        assert line.figure.value == pytest.approx(line.as_it_is.value)
        assert line.left_out == 0
        assert line.figure.interval == line.as_it_is.interval


def test_like_for_like_is_printed_beside_the_rate_as_it_is(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, force, WHOLE, "--by", "area", "--standardise", "--chart", str(tmp_path / "a.html"))
    for word in ("as it is", "like for like", "mix without cases", "The mix is that of all"):
        assert word in out
    assert "with the offence mix of all, from records" in (tmp_path / "a.html").read_text(encoding="utf-8")
    out = said(capsys, force, WHOLE, "--period", "quarter", "--standardise", "sex", "--chart", str(tmp_path / "b.svg"))
    assert "Apr to Jun 2026 (so far)" in out
    data = json.loads(said(capsys, force, WHOLE, "--by", "area", "--standardise", "--json"))
    assert data["figures"][0]["as_it_is"] is not None
    assert "There is nobody to count" in said(
        capsys, force, WHOLE, "--by", "area", "--only", "sex=martian", "--standardise"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([WHOLE, "--standardise"], "cannot be standardised like this"),
        ([WHOLE, "--by", "area", "--period", "month", "--standardise"], "cannot be standardised like this"),
        ([WHOLE, "--by", "sex", "--standardise", "sex"], "cannot be standardised like this"),
        ([WHOLE, "--by", "sex", "--standardise", "shoe"], "cannot be held alike by shoe"),
        (["outcomes", "--by", "area", "--standardise"], "cannot be held alike by offence"),
    ],
)
def test_what_cannot_be_standardised_is_refused(
    force: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert says in refused(capsys, force, *arguments)


# -- composites ------------------------------------------------------------------------------------------------------


def test_a_question_more_never_raises_a_composite(at: Opened) -> None:
    for question in (Question(), Question(by=("area",)), Question(period="quarter")):
        found = {(one.period, one.values): one for one in at.figures(MEASURES["audit-2021"], question)}
        readings = sorted({str(values[-1]) for _, values in found})
        for (period, values), one in found.items():
            fewer = found[period, (*values[:-1], readings[0])]
            assert fewer.n == one.n
            assert (one.value or 0) <= (fewer.value or 0)


def test_both_readings_are_printed_with_what_each_means(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, force, "audit-2021", "--chart", str(tmp_path / "a.svg"))
    for word in ("all 6 listed", "5, without told of the Code", "at best", "What did not arise for a victim"):
        assert word in out
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    said(capsys, force, "audit-2021", "--by", "area", "--chart", str(tmp_path / "b.svg"))
    said(capsys, force, "audit-2021", "--period", "quarter", "--chart", str(tmp_path / "c.svg"))


# -- beside ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_series(force: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The force with a series of calls by month, and one of shares."""
    folder: Path = tmp_path_factory.mktemp("calls")
    months = ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-04", "2026-05")
    rows = [f"{month},{80 + place},{400 + place}" for place, month in enumerate(months)]
    (folder / "calls.csv").write_text("\n".join(["Month,Share,Calls", *rows]) + "\n", encoding="utf-8")
    (folder / "calls.yaml").write_text(
        "mapping: calls\nsource: Quality team\nperiod: {month: Month}\nseries:\n"
        "  - {id: good, title: Calls handled well, unit: '%', holds: percentages, value: Share, direction: higher}\n"
        "  - {id: calls, title: Calls, unit: calls, holds: counts, value: Calls}\n",
        encoding="utf-8",
    )
    command = ["series", "import", str(folder / "calls.csv"), "--mapping", str(folder / "calls.yaml")]
    assert main([*command, "--store", str(force / "store")]) == 0
    return force


@pytest.mark.parametrize(("series", "value"), [("calls", "400"), ("good", "80 %")])
def test_a_series_stands_in_a_column_and_a_panel_of_its_own(
    with_series: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], series: str, value: str
) -> None:
    asked = [WHOLE, "--period", "month", "--since", "2025-08-01", "--beside", series]
    out = said(capsys, with_series, *asked, "--chart", str(tmp_path / "a.html"))
    assert "is kept elsewhere, and not counted here: Quality team." in out
    (line,) = [line for line in out.splitlines() if line.startswith("Oct 2025")]
    assert line.rstrip().endswith(value)
    (line,) = [line for line in out.splitlines() if line.startswith("Mar 2026")]
    assert line.rstrip().endswith("–")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "(kept elsewhere: Quality team): Signal: " in page
    assert "Not drawn, being not whole: Jun 2026 (so far)." in page
    data = json.loads(said(capsys, with_series, *asked, "--json"))
    assert len(data["beside"]["points"]) == 7
    assert data["beside"]["source"] == "Quality team"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--beside", "calls"], "No series can stand beside whole-code like this."),
        (["--period", "month", "--by", "sex", "--beside", "calls"], "No series can stand beside whole-code like this."),
        (["--period", "quarter", "--beside", "calls"], "Its periods: 2025-10 … 2026-05."),
    ],
)
def test_what_a_series_cannot_stand_beside_is_refused(
    with_series: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert says in refused(capsys, with_series, WHOLE, *arguments)
    assert main(["measure", WHOLE, "--period", "month", "--beside", "call", "--store", str(with_series / "store")]) == 9
    assert "There is no series call." in capsys.readouterr().err


# -- what changed ----------------------------------------------------------------------------------------------------


def test_what_changed_is_printed_and_drawn(force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, chart = tmp_path / "changes.yaml", tmp_path / "a.html"
    path.write_text("changes:\n  - {day: 2026-02-02, kind: posting, text: two teams made one}\n", encoding="utf-8")
    asked = ["--period", "month", "--annotate", str(path)]
    out = said(capsys, force, WHOLE, *asked, "--chart", str(chart))
    assert "Changed on 2 Feb 2026: posting: two teams made one." in out
    assert chart.read_text(encoding="utf-8").count("posting: two teams made one") > 2
    data = json.loads(said(capsys, force, WHOLE, *asked, "--json"))
    assert data["changes"] == [{"day": "2026-02-02", "kind": "posting", "text": "two teams made one", "rebase": False}]
    assert "Name a --period" in refused(capsys, force, WHOLE, "--annotate", str(path))


def test_what_changed_is_said_once_of_two_panels(with_series: Path, tmp_path: Path) -> None:
    path, chart = tmp_path / "changes.yaml", tmp_path / "a.svg"
    path.write_text("changes:\n  - {day: 2026-02-02, kind: posting, text: two teams made one}\n", encoding="utf-8")
    asked = ["measure", WHOLE, "--period", "month", "--since", "2025-08-01", "--beside", "calls"]
    command = [*asked, "--annotate", str(path), "--chart", str(chart), "--store", str(with_series / "store")]
    assert main(command) == 0
    (said,) = re.findall('aria-label="([^"]*)"', chart.read_text(encoding="utf-8"))
    assert said.count("two teams made one") == 1
