"""The files of a release: what stands in them, what never does, and that they come whole or not at all."""

import csv
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kept.errors import MeasureError
from kept.release import tables as door
from kept.release.about import About
from kept.release.disclosure import Protected, protect
from kept.release.markers import NotApplicable, NotAvailable, Suppressed, share
from kept.release.register import Register
from kept.release.sheets import Column, ReleaseTable
from kept.release.tables import write_release
from tests.unit.release.by_hand import POLICY, TEAM, table

ABOUT = About(
    name="2025-q1",
    title="Was each right kept? January to March 2025",
    run="run-4f2a",
    rulebook="default",
    editions=("code-2020",),
    as_of="2025-04-01T00:00:00+01:00",
    made_at=datetime(2025, 4, 2, 9, tzinfo=UTC),
    contact="statistics@westshire.example",
)
COUNTED = table({("red",): 2, ("green",): 20, ("blue",): 30}, TEAM)
COLUMNS = (
    Column("Team", "text"),
    Column("Victims", "count", "victims", "Each victim once."),
    Column("Told in time", "rate", "per cent", made_of=("Victims",)),
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("red", Suppressed(), Suppressed()),
    ("=HYPERLINK(green)", Suppressed(), NotAvailable()),
    ("@blue", 30, 200 / 3),
    ("-none", 0, NotApplicable()),
)
TABLE = ReleaseTable("=Victims told in time", COLUMNS, ROWS, ("Teams are those of [1](now) $$x$$.",), "Records")


@pytest.fixture
def protected() -> Protected:
    return protect([COUNTED], POLICY)


@pytest.fixture
def release(tmp_path: Path, protected: Protected) -> Path:
    write_release([TABLE, replace(TABLE, title="The same again")], tmp_path / "out", ABOUT, protected)
    return tmp_path / "out"


def test_the_folder_holds_every_file_and_its_checksum(release: Path) -> None:
    sums = {line[66:]: line[:64] for line in (release / "SHA256SUMS").read_text().splitlines()}
    files = {path.name for path in release.iterdir()} - {"SHA256SUMS"}
    assert files == set(sums)
    assert {"tables.ods", "tables.xlsx"} < files
    assert len(files) == 8
    assert all(hashlib.sha256((release / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())


def test_marks_stand_in_the_csv_and_no_text_is_a_formula(release: Path) -> None:
    with (release / "table-1.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["Team", "Victims", "Told in time"],
            ["red", "[c]", "[c]"],
            ["'=HYPERLINK(green)", "[c]", "[x]"],
            ["'@blue", "30", "66.7"],
            ["'-none", "0", "[z]"],
        ]


def test_the_metadata_says_what_each_column_is(release: Path) -> None:
    said = json.loads((release / "table-1.csv-metadata.json").read_text())
    assert said["@context"][0] == "http://www.w3.org/ns/csvw"
    assert said["url"] == "table-1.csv"
    victims = said["tableSchema"]["columns"][1]
    assert (victims["name"], victims["titles"]) == ("victims", "Victims")
    assert victims["datatype"] == {"base": "integer", "minimum": 0}
    assert victims["null"] == ["[c]", "[x]", "[z]"]
    assert "[c] means confidential: suppressed, so that nobody can be picked out." in said["notes"]


def test_the_workbook_has_a_cover_contents_notes_and_one_marked_table_a_sheet(release: Path) -> None:
    book = openpyxl.load_workbook(release / "tables.xlsx")
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table_1", "Table_2"]
    assert [list(book[name].tables) for name in book.sheetnames[3:]] == [["table_1"], ["table_2"]]
    cells = [cell for row in book["Table_1"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    values = [cell.value for cell in cells]
    assert "[c] means confidential: suppressed, so that nobody can be picked out." in values
    assert values[-12:] == [
        "red",
        "[c]",
        "[c]",
        "=HYPERLINK(green)",
        "[c]",
        "[x]",
        "@blue",
        30,
        66.7,
        "-none",
        0,
        "[z]",
    ]


def test_figures_keep_to_the_right_with_their_headings_and_notes_fit_a_screen(release: Path) -> None:
    book = openpyxl.load_workbook(release / "tables.xlsx")
    rows = list(book["Table_1"].iter_rows(min_row=7))
    assert {tuple(cell.alignment.horizontal for cell in row) for row in rows} == {("left", "right", "right")}
    assert book["Notes"].column_dimensions["B"].width < 100


def test_the_notes_name_the_policy_and_every_note_of_a_table_and_a_column(release: Path) -> None:
    sheet = openpyxl.load_workbook(release / "tables.xlsx")["Notes"]
    notes = [str(row[1].value) for row in sheet.iter_rows(min_row=4)]
    assert notes[0].startswith("Counts below 4 are suppressed")
    assert POLICY.citation in notes[0]
    assert notes[1:3] == ["Teams are those of [1] (now) $ $x$ $.", "Each victim once."]


def test_the_same_release_is_the_same_bytes(tmp_path: Path, protected: Protected) -> None:
    for name in ("one", "two"):
        write_release([TABLE], tmp_path / name, ABOUT, protected)
    assert (tmp_path / "one" / "SHA256SUMS").read_text() == (tmp_path / "two" / "SHA256SUMS").read_text()


def test_release_and_method_name_run_rulebook_moment_and_policy(release: Path) -> None:
    said = json.loads((release / "release.json").read_text())
    assert (said["run"], said["rulebook"], said["editions"]) == ("run-4f2a", "default", ["code-2020"])
    assert (said["as_of"], said["policy"]["threshold"], said["policy"]["width"]) == (ABOUT.as_of, 4, 2)
    method = (release / "method.md").read_text()
    assert all(text in method for text in ("run-4f2a", ABOUT.as_of, POLICY.citation, "- [c] means confidential"))


def test_a_folder_that_is_there_is_refused_and_left_alone(release: Path, protected: Protected) -> None:
    before = sorted(path.name for path in release.parent.rglob("*"))
    with pytest.raises(MeasureError, match="something of that name already"):
        write_release([TABLE], release, ABOUT, protected)
    assert sorted(path.name for path in release.parent.rglob("*")) == before


def test_a_failure_half_way_leaves_nothing(
    tmp_path: Path, protected: Protected, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr(door, "csv_text", fail)
    with pytest.raises(OSError, match="No space"):
        write_release([TABLE], tmp_path / "out", ABOUT, protected, tmp_path / "register.json")
    assert list(tmp_path.iterdir()) == []


def test_a_release_is_in_the_register_and_cannot_be_there_twice(tmp_path: Path, protected: Protected) -> None:
    register = tmp_path / "register.json"
    known = write_release([TABLE], tmp_path / "one", ABOUT, protected, register)
    assert Register.load(register) == known
    assert known.tables[0].release == "2025-q1"
    with pytest.raises(MeasureError, match="in the register already"):
        write_release([TABLE], tmp_path / "two", ABOUT, protected, register)
    assert not (tmp_path / "two").exists()


def test_what_gives_something_away_does_not_leave(tmp_path: Path, protected: Protected) -> None:
    careless = replace(protected, hidden=frozenset({COUNTED.layout.cell(("red",))}))
    small = replace(TABLE, rows=(*ROWS, ("violet", 3, 50.0)))
    with pytest.raises(MeasureError) as refused:
        write_release([small], tmp_path / "out", ABOUT, careless)
    assert [fault.what for fault in refused.value.faults] == [
        "A small count is shown.",
        "The tables give away a small count.",
    ]
    assert "known to be 2" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_release_of_nothing_is_refused(tmp_path: Path, protected: Protected) -> None:
    with pytest.raises(MeasureError, match="nothing to release"):
        write_release([], tmp_path / "out", ABOUT, protected)


BAD: dict[str, tuple[tuple[Column, ...], tuple[tuple[Any, ...], ...]]] = {
    "no columns or no rows": (COLUMNS, ()),
    "cannot head a column": ((Column("A", "text"), Column("A", "text")), (("x", "y"),)),
    "no column of counts": ((Column("Rate", "rate", made_of=("Victims",)),), ((50.0,),)),
    "The row has 2 cells": (COLUMNS, (("red", 12),)),
    "gives away": (COLUMNS, (("red", Suppressed(), 50.0),)),
    "None cannot stand": (COLUMNS, (("red", None, NotAvailable()),)),
    "-3 cannot stand": (COLUMNS, (("red", -3, NotAvailable()),)),
    "2.5 cannot stand": (COLUMNS, (("red", 2.5, NotAvailable()),)),
    "nan cannot stand": (COLUMNS, (("red", 12, float("nan")),)),
    "'–' cannot stand": (COLUMNS, (("–", 12, 50.0),)),
}


@pytest.mark.parametrize("said", BAD)
def test_a_table_that_could_be_misread_is_refused(said: str) -> None:
    columns, rows = BAD[said]
    with pytest.raises(MeasureError, match=said):
        ReleaseTable("Victims", columns, rows)


def test_all_faults_of_a_table_are_said_together() -> None:
    with pytest.raises(MeasureError) as refused:
        ReleaseTable("", COLUMNS, (("red", -1, 50.0), ("green", 12)))
    assert len(refused.value.faults) == 3


def test_a_share_is_taken_from_what_is_printed() -> None:
    assert share(15, 30) == 50
    assert share(Suppressed(), 30) == share(3, Suppressed()) == Suppressed()
    assert share(0, 0) == NotApplicable()


def test_a_release_without_a_name_or_a_time_zone_is_refused() -> None:
    with pytest.raises(MeasureError, match="no time zone"):
        replace(ABOUT, made_at=datetime(2025, 4, 2))
    with pytest.raises(MeasureError, match="no name"):
        replace(ABOUT, name=" ")
