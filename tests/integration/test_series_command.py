"""`kept series` as a person uses it: from a file to a figure with its source, and a sentence for every mistake."""

import fcntl
import json
from pathlib import Path
from typing import Any

import pytest

from kept.cli import main

MAPPING = (
    "mapping: calls\nsource: The control room\nperiod: {month: Month}\nseries:\n"
    "  - {id: calls, title: Calls, unit: calls, holds: counts, value: Calls}\n"
    "  - {id: lost, title: Calls lost, unit: calls, holds: counts, value: Lost, of: calls}\n"
    '  - {id: good, title: Good or better, unit: "%", holds: percentages, value: Good, n: Heard}\n'
)
CALLS = "Month,Calls,Lost,Good,Heard\n2026-01,200,-1,79.8,40\n2026-02,300,30,86.1,36\n2026-03,0,0,895,3\n"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "calls.csv").write_text(CALLS, encoding="utf-8")
    (tmp_path / "calls.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def run(said: Said, arguments: str, code: int = 0) -> str:
    """What a command prints, on stdout if it succeeds and on stderr if it must not."""
    assert main(["series", *arguments.split(), "--store", "store"]) == code
    printed = said.readouterr()
    assert (printed.err if code == 0 else printed.out) == ""
    return printed.err if code else printed.out


def data(said: Said, arguments: str) -> Any:
    return json.loads(run(said, f"{arguments} --json"))


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_file_becomes_series_that_are_shown_with_their_source(folder: Path, capsys: Said) -> None:
    said = lines(run(capsys, "import calls.csv --mapping calls.yaml"))
    assert "lost: 1 count below zero taken with the rest, as revisions by their keeper (row 1)." in said
    assert any("good: 1 × Good says “895”: a percentage lies between 0 and 100." in line for line in said)
    assert said[-1] == "3 series; points: 8 new, 0 revised, 0 as they stood."
    assert "good Good or better % 2 2026-01 2026-02 0 The control room" in lines(run(capsys, "list"))
    assert lines(run(capsys, "show good")) == [
        "Good or better (%)",
        "Source: The control room",
        "",
        "period value interval n",
        "------- ------ ---------------- --",
        "2026-01 79.8 % 65.02 to 89.36 % 40",
        "2026-02 86.1 % 71.33 to 93.91 % 36",
    ]


def test_a_share_is_shown_where_there_is_one(folder: Path, capsys: Said) -> None:
    run(capsys, "import calls.csv --mapping calls.yaml")
    shown = lines(run(capsys, "show lost"))
    assert shown[-3:] == ["2026-01 -1 – –", "2026-02 30 10.00 % 7.09 to 13.92 %", "2026-03 0 – –"]
    found = data(capsys, "show lost")["points"]
    assert [(point["share"], point["interval"] is None) for point in found] == [
        (None, True),
        (0.1, False),
        (None, True),
    ]


def test_json_accounts_for_every_row_and_every_point(folder: Path, capsys: Said) -> None:
    found = data(capsys, "import calls.csv --mapping calls.yaml")
    assert [(one["rows"], one["accepted"], one["refused"]) for one in found["figures"]] == [(3, 3, 0)] * 2 + [(3, 2, 1)]
    assert found["figures"][2]["reasons"][0]["examples"] == [3]
    assert found["series"][0] == {"id": "calls", "new": 3, "revised": 0, "unchanged": 0}
    point = data(capsys, "show good")["points"][0]
    assert (point["period"], point["first"], point["last"]) == ("2026-01", "2026-01-01", "2026-01-31")
    assert (point["value"], point["n"], point["revised_at"]) == (79.8, 40, None)
    assert [one["id"] for one in data(capsys, "list")] == ["calls", "good", "lost"]


def test_a_revision_is_shown_and_the_same_again_is_none(folder: Path, capsys: Said) -> None:
    run(capsys, "import calls.csv --mapping calls.yaml")
    (folder / "calls.csv").write_text(CALLS.replace("86.1", "85"), encoding="utf-8")
    for expected in ("1 new, 1 revised, 7 as they stood.", "0 new, 0 revised, 8 as they stood."):
        assert run(capsys, "import calls.csv --mapping calls.yaml").endswith(f"3 series; points: {expected}\n")
    shown = data(capsys, "show good")
    assert [point["value"] for point in shown["points"]] == [79.8, 85]
    assert [point["value"] for point in shown["revised"]] == [86.1]
    assert "Revised:" in lines(run(capsys, "show good"))


def test_a_store_without_series_says_how_to_bring_one_in(folder: Path, capsys: Said) -> None:
    run(capsys, "import calls.csv --mapping calls.yaml")
    for file in (folder / "store" / "series").iterdir():
        file.unlink()
    assert "kept series import" in run(capsys, "list")
    assert data(capsys, "list") == []


@pytest.mark.parametrize(
    ("code", "says", "arguments"),
    [
        (4, "cannot be read", "import calls.csv --mapping nowhere.yaml"),
        (5, "There is no file here.", "import nowhere.csv --mapping calls.yaml"),
        (5, "The file is empty", "import empty.csv --mapping calls.yaml"),
        (4, "`mapping` is missing", "import calls.csv --mapping empty.csv"),
        (6, "There is no store here", "list"),
        (6, "There is no store here", "show good"),
    ],
)
def test_each_mistake_has_its_sentence_and_its_code_and_makes_no_store(
    folder: Path, capsys: Said, code: int, says: str, arguments: str
) -> None:
    (folder / "empty.csv").write_text("")
    assert says in run(capsys, arguments, code)
    assert not (folder / "store").exists()


def test_an_import_that_fails_leaves_what_was_there(folder: Path, capsys: Said) -> None:
    run(capsys, "import calls.csv --mapping calls.yaml")
    before = data(capsys, "show calls")
    (folder / "calls.csv").write_text(CALLS.replace(",40", ",none").replace("79.8", "x").replace("86.1", "y"))
    assert "Not one row can be taken for the series good." in run(capsys, "import calls.csv --mapping calls.yaml", 12)
    assert data(capsys, "show calls") == before
    assert "There is no series callers." in run(capsys, "show callers", 9)


def test_an_import_waits_its_turn(folder: Path, capsys: Said) -> None:
    run(capsys, "import calls.csv --mapping calls.yaml")
    with (folder / "store" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "is at work on this store" in run(capsys, "import calls.csv --mapping calls.yaml --wait 0.1", 6)
