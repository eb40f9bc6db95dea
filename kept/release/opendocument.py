"""The workbook once more as OpenDocument, the format that government publishes spreadsheets in.

Sources: *Open Document Format for Office Applications (OpenDocument) Version 1.2*, OASIS, 2011, parts 1 and 3; what
makes a spreadsheet accessible, *Releasing statistics in spreadsheets*, Government Analysis Function. What stands where
is gptables' decision alone: this copies the workbook that it wrote, cell by cell.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kept import __version__
from kept.release.odf_styles import LANGUAGE, STYLES, VERSION, Look

if TYPE_CHECKING:  # at run time each function gets them itself, for they take half a second that few have to wait
    from odfdo import Cell, Document, Element, Style, Table
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

CENTIMETRES = 7 / 96 * 2.54
"""Of one unit of a workbook's column width: 7 pixels, 96 to the inch (ECMA-376, part 1, 18.3.1.13)."""

WIDTH = 13.0
"""Of a column of which the workbook says nothing, in its units."""

ROW = "row"
"""The style of rows: as high as what stands in them."""

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"

MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest manifest:version="{VERSION}" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
 <manifest:file-entry manifest:full-path="/" manifest:version="{VERSION}" manifest:media-type="{MIMETYPE}"/>
 <manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
 <manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
 <manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
"""What is in the file (OpenDocument 1.2, part 3, chapter 4)."""


def write_open_document(path: Path, workbook: Path) -> None:
    """Write as ODS what stands in the XLSX file of `write_workbook`; the bytes depend on nothing else."""
    from odfdo import Document
    from openpyxl import load_workbook

    book = load_workbook(workbook)
    document = Document("spreadsheet")
    document.delete_styles()
    document.body.clear()
    for sheet in book.worksheets:
        document.body.append(_table(sheet))
    document.body.append(_ranges(book))
    for style in _styles(book):
        document.insert_style(style, automatic=True)
    _describe(document, book)
    _pack(path, document)


def _table(sheet: "Worksheet") -> "Table":
    from odfdo import Column, Table

    table = Table(sheet.title)
    table.extend([Column(style=_column_style(width)) for width in _widths(sheet)])
    table.extend(list(_rows(sheet)))
    return table


def _rows(sheet: "Worksheet") -> Iterator["Element"]:
    """The rows; that of the headings is marked as such, so that it is announced and printed with each page."""
    from odfdo import HeaderRows, Row

    headed = {_corner(marked.ref)[1] for marked in sheet.tables.values()}
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = Row(style=ROW)
        row.extend([_cell(cell) for cell in cells])
        if number not in headed:
            yield row
            continue
        headings = HeaderRows()
        headings.append(row)
        yield headings


def _corner(area: str) -> tuple[int, int]:
    """The column and the row, from 1, in which an area begins."""
    from openpyxl.utils.cell import range_boundaries

    column, row, _, _ = range_boundaries(area)
    return int(column or 1), int(row or 1)


def _cell(cell: Any) -> "Cell":
    """A number as a number; a text as a text, each of its lines a paragraph, since no program breaks one at a sign."""
    from odfdo import Cell, Link, Paragraph

    if cell.value is None:
        return Cell()
    copy = Cell(style=Look.of(cell).name)
    copy.type = "string" if isinstance(cell.value, str) else "float"
    if copy.type == "float":
        copy.set_attribute("office:value", str(cell.value))
    for line in str(cell.value).split("\n"):
        paragraph = Paragraph("" if cell.hyperlink else line)
        if cell.hyperlink:
            paragraph.append(Link(_address(cell.hyperlink.location), text=line))
        copy.append(paragraph)
    return copy


def _address(place: str) -> str:
    """`#Table_1.A1`, of a place that a workbook calls `'Table_1'!A1`."""
    return "#" + place.replace("'", "").replace("!", ".")


def _ranges(book: "Workbook") -> "Element":
    """The workbook's tables, by the names that they have there."""
    from odfdo import Element

    ranges = Element.from_tag("table:database-ranges")
    for sheet in book.worksheets:
        for marked in sheet.tables.values():
            one = Element.from_tag("table:database-range")
            first, last = marked.ref.split(":")
            one.set_attribute("table:name", marked.displayName)
            one.set_attribute("table:target-range-address", f"{sheet.title}.{first}:{sheet.title}.{last}")
            one.set_attribute("table:contains-header", "true")
            ranges.append(one)
    return ranges


# -- How it looks ----------------------------------------------------------------------------------------


def _styles(book: "Workbook") -> Iterator["Style"]:
    """The style of rows, and each that a cell or a column of the workbook needs, in the order of their names."""
    from odfdo import Style

    row = Style("table-row", name=ROW)
    row.set_properties({"style:use-optimal-row-height": "true"})
    yield row
    for width in sorted({width for sheet in book.worksheets for width in _widths(sheet)}):
        yield Style("table-column", name=_column_style(width), width=f"{width * CENTIMETRES:.2f}cm")
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    looks = {look.name: look for look in (Look.of(cell) for cell in cells if cell.value is not None)}
    for name in sorted(looks):
        if name != looks[name].named:
            yield looks[name].style()


def _widths(sheet: "Worksheet") -> list[float]:
    """The width of each column, in the workbook's units; neighbours of one width are one record there."""
    known = sheet.column_dimensions.values()
    found = {at: float(one.width) for one in known for at in range(one.min or 1, (one.max or 1) + 1)}
    return [found.get(at, WIDTH) for at in range(1, sheet.max_column + 1)]


def _column_style(width: float) -> str:
    return f"column-{width:.2f}"


# -- What it is, and the file ----------------------------------------------------------------------------


def _describe(document: "Document", book: "Workbook") -> None:
    said, meta = book.properties, document.meta
    meta.meta_body.clear()
    meta.title, meta.language = said.title or "", LANGUAGE
    meta.initial_creator = meta.creator = said.creator or ""
    meta.creation_date = meta.date = said.created
    meta.generator = f"Kept/{__version__}"
    for part in (document.content, meta):
        part.root.set_attribute("office:version", VERSION)


def _pack(path: Path, document: "Document") -> None:
    """The file: what it is comes first and as it is, and no moment is in it but that of the workbook."""
    parts = {
        "content.xml": document.content.serialize(),
        "styles.xml": STYLES.encode(),
        "meta.xml": document.meta.serialize(),
        "META-INF/manifest.xml": MANIFEST.encode(),
    }
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE, zipfile.ZIP_STORED)
        for name, part in parts.items():
            file.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
