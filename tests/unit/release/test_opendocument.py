"""The open workbook, read back: it says what the other says, and marks what a screen reader needs marked."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odfdo import Cell, Document

from kept.release.about import About
from kept.release.markers import MARKERS, NotAvailable, Suppressed
from kept.release.opendocument import write_open_document
from kept.release.sheets import Column, ReleaseTable
from kept.release.spreadsheet import write_workbook
from tests.unit.release.by_hand import POLICY

ABOUT = About(
    name="2025-q1",
    title="Was each right kept? <January> & February",
    run="run-4f2a",
    rulebook="default",
    editions=("code-2020",),
    as_of="2025-04-01T00:00:00+01:00",
    made_at=datetime(2025, 4, 2, 9, tzinfo=UTC),
)
COLUMNS = (
    Column("Team", "text"),
    Column("Victims", "count", "victims", "Each victim once."),
    Column("Told in time", "rate", "per cent", made_of=("Victims",)),
)
TABLE = ReleaseTable(
    "Victims told in time",
    COLUMNS,
    (("red  and\tblue", Suppressed(), Suppressed()), ("=1+1", 1234567, 200 / 3), ("none", 0, NotAvailable())),
    ("Teams are <those> of March.",),
    "Records",
)
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}


def written(folder: Path, *tables: ReleaseTable) -> Path:
    write_workbook(folder / "tables.xlsx", tables, ABOUT, POLICY)
    write_open_document(folder / "tables.ods", folder / "tables.xlsx")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("workbook"), TABLE, TABLE)


@pytest.fixture(scope="module")
def content(folder: Path) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(folder / "tables.ods").read("content.xml"))


def of(namespace: str, name: str) -> str:
    return f"{{{NAMES[namespace]}}}{name}"


def shown(cell: Cell) -> str | int | float | None:
    """What a reader sees of a cell: a number, or the lines of a text."""
    if cell.type == "float":
        return float(cell.value)  # type: ignore[arg-type]
    lines = [
        "".join(link.text for link in one.get_elements("text:a")) or one.inner_text
        for one in cell.get_elements("text:p")
    ]
    return "\n".join(lines) if lines else None


def open_cells(path: Path) -> dict[str, list[list[Any]]]:
    return {
        str(table.name): [[shown(cell) for cell in row.cells] for row in table.rows]
        for table in Document(path).body.tables
    }


def workbook_cells(path: Path) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def test_every_cell_of_every_sheet_is_that_of_the_other_workbook(folder: Path) -> None:
    found = open_cells(folder / "tables.ods")
    assert list(found) == ["Cover", "Contents", "Notes", "Table_1", "Table_2"]
    assert found == workbook_cells(folder / "tables.xlsx")
    assert found["Table_1"][-3:] == [["red  and\tblue", "[c]", "[c]"], ["=1+1", 1234567, 66.7], ["none", 0, "[x]"]]


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
figures = st.one_of(st.integers(0, 10**9), st.sampled_from([marker() for marker in MARKERS]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(texts.map(lambda text: f"A{text}"), figures), min_size=1, max_size=4))
def test_both_workbooks_say_the_same_whatever_stands_in_a_table(rows: list[tuple[str, Any]]) -> None:
    table = ReleaseTable("Victims", (Column("Place", "text"), Column("Victims", "count")), tuple(rows))
    with TemporaryDirectory() as name:
        folder = written(Path(name), table)
        found, expected = open_cells(folder / "tables.ods"), workbook_cells(folder / "tables.xlsx")
    assert found["Table_1"] == expected["Table_1"]


def test_texts_are_no_formulas_and_numbers_are_numbers(content: ElementTree.Element) -> None:
    cells = list(content.iter(of("table", "table-cell")))
    assert not [cell for cell in cells if of("table", "formula") in cell.attrib]
    kinds = {cell.get(of("office", "value-type")) for cell in cells}
    assert kinds == {"string", "float", None}
    texts = {"".join(cell.itertext()) for cell in cells if cell.get(of("office", "value-type")) == "string"}
    assert {"=1+1", "[c]", "[x]"} <= texts
    assert "1234567" not in texts
    assert not [name for cell in cells for name in cell.attrib if "oasis" not in name]  # a strict reader takes it too


def test_a_sheet_begins_with_its_title_and_has_one_marked_table_without_gaps(content: ElementTree.Element) -> None:
    ranges = [one.attrib for one in content.iter(of("table", "database-range"))]
    assert [one[of("table", "name")] for one in ranges] == ["contents_table", "notes_table", "table_1", "table_2"]
    assert {one[of("table", "contains-header")] for one in ranges} == {"true"}
    assert ranges[2][of("table", "target-range-address")] == "Table_1.A6:Table_1.C9"
    for sheet in content.iter(of("table", "table")):
        rows = list(sheet.iter(of("table", "table-row")))
        assert rows[0][0].get(of("table", "style-name"), "").startswith("Heading_20_1")
        assert all("".join(row.itertext()).strip() for row in rows)
        assert not list(sheet.iter(of("table", "covered-table-cell")))
    headed = [["".join(cell.itertext()) for cell in one[0]] for one in content.iter(of("table", "table-header-rows"))]
    assert headed[:2] == [["Sheet name", "Table description"], ["Note number", "Note text"]]
    assert headed[2] == ["Team", "Victims(victims)[note 3]", "Told in time(per cent)"]


def test_every_style_is_there_headings_are_bold_and_columns_have_a_width(
    folder: Path, content: ElementTree.Element
) -> None:
    with zipfile.ZipFile(folder / "tables.ods") as file:
        styles = ElementTree.fromstring(file.read("styles.xml"))
    known = {style.get(of("style", "name")): style for part in (styles, content) for style in _styles(part)}
    used = {one.get(of("table", "style-name")) for one in content.iter()} - {None}
    assert used <= set(known)
    assert len(used) > 5
    for name in ("Heading_20_1", "Heading_20_2", "Column_20_heading"):
        assert known[name][0].get(of("fo", "font-weight")) == "bold"
    widths = [
        float(style[0].get(of("style", "column-width"), "").removesuffix("cm"))
        for style in known.values()
        if style.get(of("style", "family")) == "table-column"
    ]
    assert 1 < min(widths) < max(widths) < 20


def _styles(part: ElementTree.Element) -> Iterator[ElementTree.Element]:
    return part.iter(of("style", "style"))


def test_the_contents_lead_to_the_tables(content: ElementTree.Element) -> None:
    links = [(one.text, one.get(of("xlink", "href"))) for one in content.iter(of("text", "a"))]
    assert links == [("Table_1", "#Table_1.A1"), ("Table_2", "#Table_2.A1")]


def test_the_file_is_british_english_and_says_what_it_is_and_whose(folder: Path) -> None:
    with zipfile.ZipFile(folder / "tables.ods") as file:
        first = file.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert file.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        listed = ElementTree.fromstring(file.read("META-INF/manifest.xml"))
        assert {value for one in listed for name, value in one.items() if name.endswith("full-path")} == {
            "/",
            *file.namelist(),
        } - {"mimetype", "META-INF/manifest.xml"}
        default = ElementTree.fromstring(file.read("styles.xml")).find(".//style:default-style/*", NAMES)
    assert default is not None
    assert (default.get(of("fo", "language")), default.get(of("fo", "country"))) == ("en", "GB")
    meta = Document(folder / "tables.ods").meta
    assert (meta.title, meta.language, meta.creator) == (ABOUT.title, "en-GB", POLICY.publisher)
    assert meta.creation_date == datetime(2025, 4, 2, 9)


def test_the_same_workbook_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_open_document(tmp_path / "again.ods", folder / "tables.xlsx")
    assert (tmp_path / "again.ods").read_bytes() == (folder / "tables.ods").read_bytes()
