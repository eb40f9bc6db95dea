"""The command as a tired person uses it: wrong words, wrong places, damaged stores; a sentence and a code each time."""

import fcntl
import json
import os
import shutil
from pathlib import Path

import pytest

from kept.cli import main
from kept.cli.mishaps import DEBUG
from tests.support.demo import invented

CRIME, VICTIM, PERSON = "C00000001", "V00000001", "P00000001"
AS_OF = "2026-06-30 12:00"
Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def demo(shared: Path) -> Path:
    return invented(shared, 40)


@pytest.fixture
def store(demo: Path, tmp_path: Path) -> Path:
    """A copy of the force's store, to be damaged."""
    return Path(shutil.copytree(demo / "store", tmp_path / "store"))


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}


def refused(said: Said, code: int, *arguments: object) -> str:
    """Run a command that must be refused: its exit code, nothing on stdout, and a sentence with a way out."""
    try:
        found = main([str(one) for one in arguments])
    except SystemExit as exit_of_argparse:
        found = int(exit_of_argparse.code or 0)
    printed = said.readouterr()
    assert (found, printed.out) == (code, ""), printed.err
    assert "Traceback" not in printed.err
    assert "what to do: " in printed.err or "usage: " in printed.err
    return printed.err


@pytest.mark.parametrize("when", ["tomorrow", "2026-13-45", "", "30/06/2026"])
def test_what_is_no_moment_is_a_mistake_of_the_call(store: Path, capsys: Said, when: str) -> None:
    assert "is not a moment" in refused(capsys, 2, "evaluate", "--store", store, "--as-of", when)


@pytest.mark.parametrize(
    ("code", "says", "arguments"),
    [
        (2, "still to come", "evaluate --store STORE --as-of 2999-01-01"),
        (7, "cannot look back to 1990-01-01 23:59", "evaluate --store STORE --as-of 1990-01-01"),
        (3, "There is no rulebook", "evaluate --store STORE --rulebook nope"),
        (2, "End the name in .parquet or .csv", "evaluate --store STORE --out rows.xlsx"),
        (6, "There is no store here", "evaluate --store nowhere"),
        (6, "There is no store here", "coverage --store nowhere"),
        (6, "There is no store here", "erase P1 --because asked --store nowhere"),
        (9, "There is no crime NOPE", "explain NOPE --store STORE"),
        (9, "with a victim NOPE", f"explain {CRIME} --victim NOPE --store STORE"),
        (9, "There is no duty NOPE", f"explain {CRIME} --duty NOPE --store STORE"),
        (9, "There is no person NOPE", "erase NOPE --because asked --store STORE"),
        (9, "There is no duty NOPE", "code show NOPE"),
        (3, "There is no edition", "code show R6-1a --edition nope"),
        (3, "There is no edition", "code diff code-2020 nope"),
        (3, "There is no edition", "code check nope"),
        (5, "There is no folder", "load nowhere --store STORE"),
        (4, "There is no mapping", "load EXTRACT --mapping nope --store STORE"),
        (2, "--because", "erase P1 --store STORE"),
        (2, "invalid choice", "nonsense"),
        (2, "Near it: measure, measures.", "measur"),
        (2, "Near it: list.", "code lst"),
        (2, "is not a port", "serve --port 80000"),
        (2, "is not a number of things", "serve --workers 0"),
        (6, "There is no such folder.", "coverage --store nowhere"),
        (6, "Its last runs: ", "measure whole-code --run nope --store STORE"),
        (9, "Near it: R6-1a", "code show r6-1A"),
        (9, "Near it: R6-1a", f"explain {CRIME} --duty r6-1A --store STORE"),
        (9, f"its victims were: {VICTIM}", f"explain {CRIME} --victim NOPE --store STORE"),
        (10, "There is no folder nowhere", "measure whole-code --chart nowhere/x.svg --store STORE"),
        (10, "A file stands where a folder is needed.", "code docs --to STORE/CURRENT"),
    ],
)
def test_each_mistake_has_its_sentence_and_its_code(
    demo: Path, store: Path, capsys: Said, code: int, says: str, arguments: str
) -> None:
    before = files(store)
    places = {"STORE": store, "EXTRACT": demo / "extract", "STORE/CURRENT": store / "CURRENT"}
    assert says in refused(capsys, code, *(places.get(word, word) for word in arguments.split()))
    assert files(store) == before


@pytest.mark.parametrize("name", ["gen-0009", "../..", "", "gen-0001/tables"])
def test_a_store_whose_current_is_damaged_is_refused_and_nothing_in_it_deleted(
    demo: Path, store: Path, capsys: Said, name: str
) -> None:
    (store / "CURRENT").write_text(name)
    before = files(store)
    for command in (["evaluate"], ["load", demo / "extract"], ["erase", PERSON, "--because", "asked"]):
        assert "CURRENT names no generation" in refused(capsys, 6, *command, "--store", store)
    assert files(store) == before


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 2}', '{"format": "x"}'])
def test_a_damaged_manifest_is_said(store: Path, capsys: Said, content: str) -> None:
    max((store / "gen-0001" / "versions").iterdir()).write_text(content)
    assert "is damaged" in refused(capsys, 6, "evaluate", "--store", store)


def test_a_newer_store_is_refused(store: Path, capsys: Said) -> None:
    path = max((store / "gen-0001" / "versions").iterdir())
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    assert "newer Kept" in refused(capsys, 6, "evaluate", "--store", store)


@pytest.mark.parametrize("gone", [False, True])
def test_a_damaged_file_of_the_store_is_said_and_named_by_the_doctor(store: Path, capsys: Said, gone: bool) -> None:
    for path in (store / "gen-0001" / "tables" / "timelines").rglob("*.parquet"):
        path.unlink() if gone else path.write_bytes(path.read_bytes()[:1000])
    for command in (["evaluate"], ["explain", CRIME]):
        assert "cannot be read" in refused(capsys, 6, *command, "--store", store)
    assert main(["doctor", "--store", str(store)]) == 1
    assert "tables/timelines/bucket=0/" in capsys.readouterr().out


def test_a_store_is_whole_to_the_doctor(store: Path, capsys: Said) -> None:
    main(["doctor", "--store", str(store), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert [one["well"] for one in found if one["what"].startswith("store")] == [True]


def test_a_force_is_not_replaced_by_one_that_cannot_be_made(demo: Path, tmp_path: Path, capsys: Said) -> None:
    force = Path(shutil.copytree(demo, tmp_path / "force"))
    before = files(force)
    refused(capsys, 2, "demo", force, "--victims", 0)
    refused(capsys, 3, "demo", force, "--victims", 5, "--rulebook", "nope")
    assert files(force) == before
    (tmp_path / "mine.txt").write_text("mine")
    assert "would be lost" in refused(capsys, 2, "demo", tmp_path, "--victims", 5)


def test_a_force_that_breaks_off_leaves_nothing(tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(folder: Path, **settings: object) -> None:
        folder.mkdir()
        (folder / "extract").mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr("kept.cli.demo.make", interrupted)
    assert main(["demo", str(tmp_path / "force"), "--victims", "5"]) == 130
    assert capsys.readouterr().err.startswith("Stopped.")
    assert not (tmp_path / "force").exists()


def test_rows_are_written_whole_or_not_at_all(
    store: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder.csv").mkdir()
    for where in ("nowhere/rows.csv", "folder.csv"):
        refused(capsys, 10, "evaluate", "--store", store, "--as-of", AS_OF, "--out", tmp_path / where)
    out = tmp_path / "rows.csv"
    assert main(["evaluate", "--store", str(store), "--as-of", AS_OF, "--out", str(out)]) == 0
    capsys.readouterr()
    before = out.read_text()
    monkeypatch.setattr("kept.cli.evaluation._FORMATS", {".csv": "(FORMAT csv, HEADER, NOPE)"})
    main(["evaluate", "--store", str(store), "--as-of", AS_OF, "--out", str(out)])
    assert out.read_text() == before
    assert not list(tmp_path.glob(".rows*"))


def test_the_same_question_twice_is_the_same_run(store: Path, capsys: Said) -> None:
    found = []
    for _ in range(2):
        assert main(["evaluate", "--store", str(store), "--as-of", "2026-05-01", "--json"]) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        found.append(json.loads(printed.out))
    assert found[0] == found[1]
    assert [path.name for path in (store / "gen-0001" / "runs").glob(".*")] == [".lock"]


@pytest.mark.parametrize(
    "arguments",
    [
        "load EXTRACT --store STORE",
        f"explain {CRIME} --victim {VICTIM} --store STORE",
        "coverage --store STORE",
        "code list",
        "code show R6-1a",
        "code check",
        "code diff code-2015 code-2020",
        f"erase {PERSON} --because asked --store STORE",
    ],
)
def test_json_is_json_and_nothing_else_is_printed(demo: Path, store: Path, capsys: Said, arguments: str) -> None:
    places = {"STORE": str(store), "EXTRACT": str(demo / "extract")}
    assert main([*(places.get(word, word) for word in arguments.split()), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)
    assert printed.err == ""


def test_work_that_was_killed_is_cleared_by_the_next(demo: Path, store: Path, capsys: Said) -> None:
    half_run = store / "gen-0001" / "runs" / ".unfinished-dead"
    half_load = store / ".staging-dead"
    alive = store / ".staging-alive"
    for folder in (half_run, half_load, alive):
        folder.mkdir()
        (folder / "obligations-00000.parquet").write_bytes(PERSON.encode())
    held = os.open(alive, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    assert main(["load", str(demo / "extract"), "--store", str(store)]) == 0
    assert main(["evaluate", "--store", str(store), "--as-of", "2026-04-01"]) == 0
    os.close(held)
    assert [folder.exists() for folder in (half_run, half_load, alive)] == [False, False, True]


def test_an_erased_person_is_nowhere_even_where_work_was_killed(store: Path, capsys: Said) -> None:
    for folder in (store / ".staging-dead", store / "gen-0001" / "runs" / ".unfinished-dead"):
        folder.mkdir()
        (folder / "half.parquet").write_bytes(PERSON.encode())
    assert main(["erase", PERSON, "--because", "asked", "--store", str(store)]) == 0
    left = [
        name for name in files(store) if any(who in (store / name).read_bytes() for who in (b"P00000001", b"V00000001"))
    ]
    assert left == []
    capsys.readouterr()
    assert "There is no crime" in refused(capsys, 9, "explain", CRIME, "--victim", VICTIM, "--store", store)


def test_a_second_load_waits_for_no_other(demo: Path, store: Path, capsys: Said) -> None:
    with (store / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "at work" in refused(capsys, 6, "load", demo / "extract", "--store", store)
    assert not list(store.glob(".staging-*"))


def test_a_fault_of_kept_is_a_sentence_unless_a_maintainer_asks(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("kept.cli.doctor._findings", broken)
    assert "Kept has failed, and the fault is its own: IndexError." in refused(capsys, 1, "doctor")
    monkeypatch.setenv(DEBUG, "1")
    with pytest.raises(IndexError):
        main(["doctor"])
