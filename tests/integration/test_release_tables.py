"""`kept release tables`: from a store to a folder that may leave, and what is refused."""

import hashlib
import json
from pathlib import Path

import pytest

from kept.cli.command import main
from kept.measures.made import WHOLE

POLICY = "publisher: Somewhere's commissioner\ncitation: decision 7 of 2026, read on 2026-11-01\n"


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("released") / "force"
    assert main(["demo", str(folder), "--victims", "500", "--json"]) == 0
    (folder.parent / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return folder


def release(force: Path, out: Path, *more: str) -> int:
    given = ["--store", str(force / "store"), "--policy", str(force.parent / "policy.yaml"), "--out", str(out)]
    period = ["--since", "2025-07-01", "--until", "2026-06-30"]
    return main(["release", "tables", *given, *period, *more])


MEASURES = ("--measure", "no-digital-channel", "--measure", WHOLE, "--measure", "outcomes")


def test_a_release_is_whole_checked_and_says_where_it_comes_from(force: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert release(force, out, *MEASURES, "--by", "offence", "--log", str(tmp_path / "log")) == 0
    names = {path.name for path in out.iterdir()}
    assert {
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
    assert main(
        ["release", "tables", "--store", str(force / "store"), "--policy", str(force.parent / "policy.yaml"),
         "--out", str(tmp_path / "second"), "--since", "2025-07-01", "--until", "2026-06-20", *more]
    ) == 0  # fmt: skip
    assert len(register.read_text(encoding="utf-8")) > len(first)
    whole = (tmp_path / "first" / "table-1.csv").read_text(encoding="utf-8").count("[c]")
    assert (tmp_path / "second" / "table-1.csv").read_text(encoding="utf-8").count("[c]") > whole


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (("--measure", "report-to-record"), 12, "cannot be released as a table of counts"),
        (("--measure", "force-standards/FS-CONTACT-PLAN"), 12, "a victim has several of its obligations"),
        (("--measure", "right-3", "--measure", WHOLE), 12, "cannot leave in one release"),
        (("--measure", "outcomes", "--measure", "outcome-16"), 12, "cannot leave in one release"),
        (("--measure", "needs-assessed", "--by", "officer"), 12, "cannot be broken down by officer"),
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
