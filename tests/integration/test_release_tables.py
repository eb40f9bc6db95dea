"""`kept release tables`: from a store to a folder that may leave, and what is refused."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from kept.cli.command import main
from kept.code import loader
from kept.measures.asked import opened, run_to_read
from kept.measures.counts import count
from kept.measures.groups import Counted
from kept.measures.kinds import BANDS
from kept.measures.made import all_measures
from kept.measures.names import WHOLE
from kept.measures.question import Question
from kept.records.store import Store
from kept.release.cells import Period
from kept.release.published import published

POLICY = "publisher: Somewhere's commissioner\ncitation: decision 7 of 2026, read on 2026-11-01\n"


@pytest.fixture(scope="module")
def force(force: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the invented force, beside a policy."""
    folder = tmp_path_factory.mktemp("released")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "store").symlink_to(force / "store")
    return folder


def release(force: Path, out: Path, *more: str, until: str = "2026-06-30") -> int:
    given = ["--store", str(force / "store"), "--policy", str(force / "policy.yaml"), "--out", str(out)]
    return main(["release", "tables", *given, "--since", "2025-07-01", "--until", until, *more])


MEASURES = ("--measure", "no-digital-channel", "--measure", WHOLE, "--measure", "outcomes")


def test_a_release_is_whole_checked_and_says_where_it_comes_from(force: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert release(force, out, *MEASURES, "--by", "offence", "--log", str(tmp_path / "log")) == 0
    names = {path.name for path in out.iterdir()}
    assert {
        "tables.ods",
        "tables.xlsx",
        "table-1.csv",
        "table-1.csv-metadata.json",
        "method.md",
        "release.json",
        "SHA256SUMS",
    } <= names
    for line in (out / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split(maxsplit=1)
        assert hashlib.sha256((out / name.lstrip("*")).read_bytes()).hexdigest() == digest
    said = json.loads((out / "release.json").read_text(encoding="utf-8"))
    assert "code-2020" in json.dumps(said)
    assert "decision 7 of 2026" in json.dumps(said)
    assert (tmp_path / "log").read_text(encoding="utf-8").count("\n") > 0


def test_no_small_count_is_in_any_file_that_leaves(force: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert release(force, out, *MEASURES, "--by", "offence") == 0
    hidden = 0
    for path in out.glob("*.csv"):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            cells = line.split(",")[1:]
            hidden += cells.count("[c]")
            assert not [cell for cell in cells if cell.isdigit() and 0 < int(cell) < 10], line
    assert hidden > 0


def test_what_was_released_before_holds_back_what_would_be_left_over(force: Path, tmp_path: Path) -> None:
    register = tmp_path / "register.json"
    more = ("--measure", "needs-assessed", "--by", "place", "--register", str(register))
    assert release(force, tmp_path / "first", *more) == 0
    first = register.read_text(encoding="utf-8")
    assert release(force, tmp_path / "second", *more, until="2026-06-20") == 0
    assert len(register.read_text(encoding="utf-8")) > len(first)
    whole = (tmp_path / "first" / "table-1.csv").read_text(encoding="utf-8").count("[c]")
    assert (tmp_path / "second" / "table-1.csv").read_text(encoding="utf-8").count("[c]") > whole


def test_another_measure_of_the_same_people_does_not_give_away_what_left_before(force: Path, tmp_path: Path) -> None:
    """Yes and unknown of one are two of the other's categories; the total is the same."""
    register = ("--register", str(tmp_path / "register.json"), "--by", "place")
    assert release(force, tmp_path / "first", "--measure", "outcomes", *register) == 0
    assert release(force, tmp_path / "second", "--measure", "outcome-16", *register) == 0
    alone = tmp_path / "alone"
    assert release(force, alone, "--measure", "outcome-16", "--by", "place") == 0
    first, second, third = (
        (tmp_path / name / "table-1.csv").read_text(encoding="utf-8").splitlines()
        for name in ("first", "second", "alone")
    )
    sixteen = first[0].split(",").index("16")
    hidden = [line.split(",")[0] for line in first[1:] if line.split(",")[sixteen] == "[c]"]
    assert hidden
    yes = {line.split(",")[0]: line.split(",")[1] for line in second[1:]}
    assert [yes[place] for place in hidden] == ["[c]"] * len(hidden)
    assert sum(line.count("[c]") for line in second) >= sum(line.count("[c]") for line in third)


def test_a_measure_that_has_changed_since_it_was_released_stops_others_of_its_people(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "register.json"
    assert release(force, tmp_path / "first", "--measure", "outcomes", "--register", str(path)) == 0
    said = json.loads(path.read_text(encoding="utf-8"))
    assert said["tables"][0]["basis"]["definition"]["where"] == "outcome IS NOT NULL"
    said["tables"][0]["basis"]["definition"]["where"] = "true"
    path.write_text(json.dumps(said), encoding="utf-8")
    assert release(force, tmp_path / "second", "--measure", "outcome-16", "--register", str(path)) == 12
    assert "outcomes was released over the same people" in capsys.readouterr().err
    assert not (tmp_path / "second").exists()


KINDS = (
    "no-digital-channel", "outcomes", "reviews-a-month", "restorative-justice", "contact-overdue", WHOLE,
    "enhanced-computed-against-recorded", "written-information-by-channel", "report-to-record", "code-2020/R3-2",
)  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_what_leaves_is_what_those_inside_see(force: Path, name: str) -> None:
    """Each kind of measure, by place: every count that a figure is made of is at a place of the table, and no other."""
    measure = all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK))[name]
    period = Period(date(2025, 1, 1), date(2026, 8, 31))
    run, clock = run_to_read(Store.open(force / "store"), None)
    with opened(run, clock + timedelta(days=60)) as at:
        table = published(at, measure, ("place",), period).table
        inside = count(at.members, measure, Question(("place",), since=period.first, until=period.last))
    for one in inside:
        group = one.values[0] or "unknown"
        for number, place in expected(measure.kind, one, group):
            assert table.counts.get(place, 0) == number, place


def expected(kind: str, one: Counted, group: str) -> list[tuple[int, tuple[str, ...]]]:
    """The counts of a figure, and where each stands in the table."""
    found = one.counts
    where = {
        "duty": {"met": "met", "best": "at best", "judged": "Total"},
        "all_kept": {"met": "met", "best": "at best", "judged": "Total"},
        "share": {"counted": "yes", "n": "known", "unknown": "unknown"},
        "steps": {"n": "Total", "step_0": "offered", "step_3": "in contact"},
        "bands": {"n": "Total", **{f"band_{at}": band for at, band in enumerate(BANDS)}},
        "matrix": {"both": "both", "first_only": "enhanced only", "neither": "neither", "unknown": "unknown"},
        "parts": {"n": "Total", "part_0": "by text", "part_4": "by none"},
        "time": {"within": "within", "over": "over"},
    }
    if kind == "split":
        return [(found["n"], (group, str(one.values[-1])))]
    if kind == "count":
        return [(found["n"], (group,))]
    return [(found[name], (group, place)) for name, place in where[kind].items()]


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (("--measure", "caseload"), 12, "It says how many each single person holds."),
        (("--measure", "outcome-16-by-theme"), 12, "Its themes overlap"),
        (("--measure", "did-not-arise"), 12, "there is no list of people"),
        (("--measure", "force-standards/FS-CONTACT-PLAN"), 12, "a victim has several of its obligations"),
        (("--measure", "needs-assessed", "--by", "officer"), 12, "by officer does not leave"),
        (("--measure", "nothing-like-it"), 9, "There is no measure"),
        (("--measure", "outcomes", "--by", "sex"), 12, "cannot be broken down by sex"),
        (("--measure", "outcomes", "--policy", "/nowhere.yaml"), 12, "The policy cannot be read."),
    ],
)
def test_what_cannot_leave_is_refused_and_leaves_nothing(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], code: int, says: str
) -> None:
    assert release(force, tmp_path / "out", *more) == code
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_not_written_over(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    assert release(force, tmp_path / "out", *MEASURES) == 12
    assert "something of that name already" in capsys.readouterr().err


def test_a_log_that_is_there_is_not_written_over(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    log.write_text("of March", encoding="utf-8")
    assert release(force, tmp_path / "out", *MEASURES, "--log", str(log)) == 12
    assert "something of that name already" in capsys.readouterr().err
    assert (log.read_text(encoding="utf-8"), (tmp_path / "out").exists()) == ("of March", False)


@pytest.mark.parametrize(
    ("log", "register", "says"),
    [
        ("out/log", "register", "It would leave with the release."),
        ("log", "out/../out/register", "It would leave with the release."),
        ("same", "same", "The log and the register are one file."),
    ],
)
def test_what_stays_inside_is_kept_apart_from_what_leaves(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], log: str, register: str, says: str
) -> None:
    files = ("--log", str(tmp_path / log), "--register", str(tmp_path / register))
    assert release(force, tmp_path / "out", *MEASURES, *files) == 12
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_wait_is_announced_beside_what_is_printed(
    force: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release(force, tmp_path / "one", "--measure", "outcomes", "--log", str(tmp_path / "logs" / "log")) == 0
    alone = capsys.readouterr()
    assert "Protecting 1 table …\n" in alone.err
    assert "Protecting" not in alone.out
    assert (tmp_path / "logs" / "log").exists()
    assert release(force, tmp_path / "two", "--measure", "outcomes", "--measure", "no-digital-channel") == 0
    assert "Protecting 2 tables against each other …\n" in capsys.readouterr().err
