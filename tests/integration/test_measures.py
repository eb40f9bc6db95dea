"""Every measure of the catalogue over the invented force: parts make the whole, and no rate leaves its bounds."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from kept.cli.command import main
from kept.engine import summary
from kept.engine.results import Run
from kept.errors import MeasureError
from kept.measures.asked import Opened, opened, run_to_read
from kept.measures.catalogue import breakdowns
from kept.measures.compared import compared
from kept.measures.figures import Figure
from kept.measures.members.making import members_of
from kept.measures.model import Measure
from kept.measures.names import WHOLE
from kept.measures.officers import may_be_divided
from kept.measures.question import Question
from kept.measures.statistics.clusters import one_each
from kept.measures.statistics.ratios import rate_ratio
from kept.measures.statistics.values import total
from kept.records.erase import erase
from kept.records.store import Store
from tests.support.demo import VICTIMS
from tests.support.members import MEASURES
from tests.support.runs import last_run

SOME = [one for place, one in enumerate(MEASURES.values()) if one.of != "obligations" or place % 12 == 0]
"""The catalogue, and of the duties, which are all counted alike, one in twelve."""
OF_PERSONS = ("sex", "age_band", "offence", "digital")
"""Breakdowns in which an obligation stands where its victim does."""


@pytest.fixture(scope="module")
def run(force: Path) -> Run:
    return last_run(force / "store")


def whole(at: Opened, measure: Measure) -> list[Figure]:
    return at.figures(measure, Question())


@pytest.mark.parametrize("measure", MEASURES.values(), ids=str)
def test_a_rate_lies_within_its_interval_and_its_range(at: Opened, measure: Measure) -> None:
    for figure in whole(at, measure):
        assert (figure.value is None) == bool(figure.words)
        if figure.value is None:
            continue
        if measure.unit == "%":
            assert 0 <= figure.value <= 1
        if figure.interval:
            assert figure.interval.low <= figure.value <= figure.interval.high
        if figure.at_best is not None:
            assert figure.value <= figure.at_best <= 1


def test_the_parts_of_a_partition_make_the_whole(at: Opened) -> None:
    checked = 0
    for measure in SOME:
        for name in set(OF_PERSONS) & set(breakdowns(measure)):
            found = at.figures(measure, Question(by=(name,)))
            if measure.kind in ("duty", "all_kept", "share", "count", "time", "steps", "bands", "matrix"):
                (all_of_them,) = whole(at, measure)
                assert sum(one.n for one in found) == all_of_them.n, (measure.id, name)
                checked += 1
    assert checked > 100


def test_every_measure_can_be_asked_by_every_breakdown_that_it_allows(at: Opened) -> None:
    for measure in SOME:
        period = "" if measure.kind in ("load", "soon") else "quarter"
        for name in breakdowns(measure):
            for figure in at.figures(measure, Question(by=(name,), period=period)):
                assert len(figure.values) in (1, 2)


def test_headlines_lie_near_the_figures_that_the_force_is_made_to(at: Opened) -> None:
    """The papers' figures; planted examples and the small size move them by a few points."""
    for measure, target in (
        ("needs-assessed", 0.911),
        ("force-standards/FS-CONTACT-PLAN:investigations", 0.81),
        ("statement-offered-at-recording", 0.05),
        ("force-standards/FS-INFORMATION", 0.451),
    ):
        (figure,) = whole(at, MEASURES[measure])
        assert figure.value == pytest.approx(target, abs=0.05), measure


def test_a_duty_counts_what_the_summary_of_the_run_counts(at: Opened, run: Run) -> None:
    """Two ways to the same counts: rows of the run, and members made of them."""
    for one in summary.by(("edition", "duty"), run):
        edition, duty = one.group
        (figure,) = whole(at, MEASURES[f"{edition}/{duty}"])
        assert (figure.n, figure.more["met"], figure.more["pending"]) == (one.judged, one.met, one.states["pending"])
        if figure.at_best is not None:
            assert figure.at_best == pytest.approx(one.at_best / one.judged)


def test_the_whole_code_is_kept_for_no_more_victims_than_any_right(at: Opened) -> None:
    (code,) = whole(at, MEASURES[WHOLE])
    assert code.n > 0
    for right in range(1, 13):
        for figure in whole(at, MEASURES[f"right-{right}"]) if f"right-{right}" in MEASURES else []:
            lost = figure.n - round((figure.value or 0) * figure.n)
            assert code.n - round((code.value or 0) * code.n) >= lost


def test_a_later_clock_judges_more_on_the_same_facts(at: Opened, run: Run) -> None:
    with opened(run, run.as_of + timedelta(days=60)) as later:
        before, after = 0, 0
        for measure in MEASURES.values():
            if measure.kind == "duty":
                (then,), (now,) = whole(at, measure), whole(later, measure)
                assert now.n >= then.n
                before, after = before + then.n, after + now.n
        assert after > before
        for one in summary.by(("edition", "duty"), run, run.as_of + timedelta(days=60)):
            (figure,) = whole(later, MEASURES["/".join(one.group)])
            assert (figure.n, figure.more["met"]) == (one.judged, one.met)
            assert figure.at_best == (pytest.approx(one.at_best / one.judged) if one.judged else None)


def test_figures_by_a_later_clock_say_what_they_do_not_see(
    force: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ["--store", str(force / "store")]
    assert main(["measure", WHOLE, *store, "--as-of", (run.as_of + timedelta(days=30)).isoformat()]) == 0
    assert "Nothing entered since is seen" in capsys.readouterr().out
    assert main(["measure", WHOLE, *store]) == 0
    assert "Nothing entered since" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("measure", "asked", "said"),
    [
        ("needs-assessed", "--by officer", "beyond one team"),
        ("needs-assessed", "--by officer --only area=Northside", "beyond one team"),
        ("needs-assessed", "--by officer --only team=unknown", "beyond one team"),
        ("needs-assessed", "--only officer=O1", "of one officer"),
        ("needs-assessed", "--by officer --by sex --only team=T", "divided or compared further"),
        ("needs-assessed", "--by officer --compare --only team=T", "divided or compared further"),
        ("needs-assessed", "--by officer --standardise --only team=T", "divided or compared further"),
        ("needs-assessed", "--by officer --roll-up --only team=T", "cannot be rolled up"),
        ("needs-assessed", "--by officer --only team=T --chart by.svg", "no chart"),
        ("caseload", "--by officer --only team=T", "at how much is held"),
        ("entry-lag", "--by officer --only team=T", "how records are kept"),
    ],
)
def test_officers_are_seen_within_one_team_and_never_side_by_side(
    force: Path, capsys: pytest.CaptureFixture[str], measure: str, asked: str, said: str
) -> None:
    assert main(["measure", measure, *asked.split(), "--store", str(force / "store")]) == 12
    assert said in "".join(capsys.readouterr().err.split("\n"))


def test_no_release_is_by_officer(force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("publisher: Board\ncitation: Rules of 2026\n")
    period = ["--since", "2026-01-01", "--until", "2026-03-31"]
    asked = ["release", "tables", "--measure", "needs-assessed", "--by", "officer", *period]
    assert main([*asked, "--store", str(force / "store"), "--out", str(tmp_path / "o"), "--policy", str(policy)]) == 12
    assert "by officer does not leave" in capsys.readouterr().err


ADDITIVE = [one for one in MEASURES.values() if one.kind in ("duty", "share", "count") and may_be_divided(one)]


def test_all_officers_of_a_team_come_to_what_the_team_does(run: Run) -> None:
    with opened(run, run.as_of) as at:
        teams = [one.values[0] or "" for one in at.figures(MEASURES[WHOLE], Question(("team",))) if one.values[0]]
        for measure in ADDITIVE[::7]:
            for team in teams[::5]:
                only = {"team": team}
                (whole,) = at.figures(measure, Question(only=only))
                each = at.figures(measure, Question(("officer",), only=only))
                assert [one.values[0] or "~" for one in each] == sorted(one.values[0] or "~" for one in each)
                for name in ("met", "counted"):
                    assert sum(int(one.more.get(name) or 0) for one in each) == (whole.more.get(name) or 0), measure.id
                assert sum(one.n for one in each) == whole.n, measure.id
                assert all(one.interval for one in each if one.value is not None and measure.kind != "count")


def test_a_victim_of_two_officers_counts_with_each_and_once_with_the_team(run: Run) -> None:
    with opened(run, run.as_of) as at:
        for team in at.members.owed.codes.names["team"]:
            (whole,) = at.figures(MEASURES[WHOLE], Question(only={"team": team}))
            each = at.figures(MEASURES[WHOLE], Question(("officer",), only={"team": team}))
            assert max((one.n for one in each), default=0) <= whole.n <= sum(one.n for one in each)


def test_a_run_is_found_by_its_moment_or_its_name(force: Path, run: Run) -> None:
    store = Store.open(force / "store")
    assert run_to_read(store, None) == (run, run.as_of)
    later = run.as_of + timedelta(days=3)
    assert run_to_read(store, later) == (run, later)
    assert run_to_read(store, None, run.id)[0].id == run.id


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["nothing-like-it"], 9, "There is no measure nothing-like-it."),
        (["outcomes", "--by", "sex"], 12, "outcomes cannot be broken down by sex."),
        (["outcomes", "--only", "offence"], 2, "names no value"),
        (["outcomes", "--since", "yesterday"], 2, "is not a day"),
        (["outcomes", "--since", "2026-02-01", "--until", "2026-01-01"], 12, "is empty"),
        (["outcomes", "--as-of", "1999-01-01"], 9, "There is no run"),
        (["outcomes", "--run", "0000"], 6, "There is no run 0000"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    force: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    assert main(["measure", *arguments, "--store", str(force / "store")]) == code
    said = capsys.readouterr()
    assert (said.out, says in said.err) == ("", True), said.err


def test_a_figure_names_its_stage_source_n_interval_and_range(force: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", WHOLE, "--store", str(force / "store")]) == 0
    said = capsys.readouterr().out
    for word in ("when judged, from records", "interval", "at best", "evidenced", "Run "):
        assert word in said
    assert main(["measure", WHOLE, "--store", str(force / "store"), "--json"]) == 0
    (figure,) = json.loads(capsys.readouterr().out)["figures"]
    assert figure["interval"][0] <= figure["value"] <= figure["interval"][1]


def test_an_empty_choice_is_said_in_words(force: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(force / "store")
    assert main(["measure", "outcomes", "--only", "place=Atlantis", "--store", store]) == 0
    assert "There is nobody to count" in capsys.readouterr().out


def test_the_catalogue_is_listed_shown_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measures", "list"]) == 0
    assert f"{len(MEASURES)} measures." in capsys.readouterr().out
    assert main(["measures", "show", "outcome-16"]) == 0
    assert "count(*) FILTER (outcome = '16')" in capsys.readouterr().out
    assert main(["measures", "check"]) == 0
    assert "no fault" in capsys.readouterr().out


def test_erasing_a_person_leaves_no_members_that_knew_them(force: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    shutil.copytree(force / "store", folder)
    run, store = last_run(folder), Store.open(folder)
    members_of(run)
    person = next(row["person"] for row in store.latest().subjects(0).to_pylist() if row["person"])
    erase(store, person, run.as_of, "asked for")
    assert list(folder.glob("**/members/*/*")) == []
    with opened(last_run(folder), run.as_of) as after:
        assert whole(after, MEASURES["needs-assessed"])[0].n == VICTIMS - 1


def test_groups_are_compared_as_they_are_and_among_the_same_offences(
    force: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ["--store", str(force / "store")]
    assert main(["measure", "needs-assessed", "--by", "sex", "--compare", "male", *store, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["reference"], [one["group"] for one in said["groups"]]) == ("male", ["female"])
    assert said["groups"][0]["raw"] != "–"
    assert main(["measure", "needs-assessed", "--by", "sex", "--compare", *store]) == 0
    assert "that of all others" in capsys.readouterr().out


def test_groups_are_compared_by_victims_and_not_by_rows(at: Opened) -> None:
    """The windows of one investigation are alike: the interval is wider than if each were of another victim."""
    found = compared(at, MEASURES["force-standards/FS-CONTACT-PLAN"], Question(by=("place",)), "")
    assert len(found.groups) > 1
    wider = 0
    for group in found.groups:
        own, others = group.counts, total(one.counts for one in found.groups if one is not group)
        one, other = (one_each(int(side.part), int(side.whole)) for side in (own, others))
        plain = rate_ratio(one, other)
        assert group.raw is not None
        assert plain is not None
        assert group.raw.estimate.value == pytest.approx(plain.estimate.value)
        wider += group.raw.estimate.interval.width > 1.1 * plain.estimate.interval.width
    assert wider > 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["outcomes", "--by", "area", "--compare"], "cannot be compared"),
        (["needs-assessed", "--compare"], "cannot be compared like this"),
        (["needs-assessed", "--by", "sex", "--period", "month", "--compare"], "cannot be compared like this"),
        (["needs-assessed", "--by", "sex", "--compare", "martian"], "martian"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    force: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(["measure", *arguments, "--store", str(force / "store")]) == 12
    assert says in capsys.readouterr().err


def test_what_did_not_arise_is_what_the_run_noted(at: Opened, run: Run) -> None:
    found = whole(at, MEASURES["did-not-arise"])
    assert sum(one.n for one in found) == sum(count for _, count in run.manifest["omitted"]) > 0
    with pytest.raises(MeasureError, match="counted for a whole run"):
        at.figures(MEASURES["did-not-arise"], Question(period="month"))
