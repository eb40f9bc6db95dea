"""Figures as files that somebody takes away: a chart as SVG or PNG, a table as CSV or XLSX, each with what it is of."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kept.engine.wording import short_moment
from kept.measures import charts
from kept.measures.asked import Opened
from kept.measures.charts.words import plain
from kept.measures.limits import limits_of
from kept.measures.model import Measure
from kept.measures.printed import CATEGORIES
from kept.measures.question import Question
from kept.release.csvw import harmless
from kept.web.figures.shown import Shown

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken away, of what, and in which words it was asked for."""

    at: Opened
    measure: Measure
    question: Question
    shown: Shown
    asked: Sequence[str]

    @property
    def name(self) -> str:
        """A file name without its ending."""
        return f"{re.sub('[^A-Za-z0-9-]+', '-', self.measure.id).strip('-')}-{self.at.clock:%Y-%m-%d}"


def svg(taken: Taken) -> bytes:
    """The chart with title and sentence; it must have one."""
    assert taken.shown.chart
    return charts.svg(taken.shown.chart).encode()


def png(taken: Taken) -> bytes:
    """The chart with title and sentence, at twice the width of a page."""
    assert taken.shown.chart
    return charts.png(taken.shown.chart)


def csv_of(taken: Taken) -> bytes:
    """A line for each figure, with raw values, and beside each what it is of; texts that look like formulas quoted."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    for row in _lines(taken):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()  # so that a spreadsheet reads names with accents


def xlsx(taken: Taken) -> bytes:
    """A workbook: the figures, and what they are. No cell of it is a formula."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    _write(book.create_sheet("Figures"), _lines(taken))
    _write(book.create_sheet("About"), _about(taken))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


FORMS: Mapping[str, tuple[Callable[[Taken], bytes], str]] = {
    "csv": (csv_of, "text/csv; charset=utf-8"),
    "xlsx": (xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "svg": (svg, "image/svg+xml"),
    "png": (png, "image/png"),
}
"""What a copy may be: how it is made, and its type."""
OF_CHARTS = ("svg", "png")


def _lines(taken: Taken) -> Iterator[list[Cell]]:
    """The headings, and a line for each figure."""
    figures: Sequence[Mapping[str, object]] = taken.shown.answer.data["figures"]
    groups = [*taken.question.by, *CATEGORIES.get(taken.measure.kind, ())]
    fixed = {"values", "period", "in_part", "n", "value", "interval", "at_best", "words", "spread"}
    more = [name for name in (figures[0] if figures else {}) if name not in fixed]
    yield [
        "measure",
        *groups,
        "period",
        "in part",
        "n",
        "value",
        "low",
        "high",
        "at best",
        *more,
        "note",
        "as of",
        "run",
    ]
    for one in figures:
        yield [taken.measure.id, *_figure(one, more), short_moment(taken.at.clock), taken.at.run.id]


def _figure(one: Mapping[str, object], more: Sequence[str]) -> Iterator[Cell]:
    values, interval, period = one["values"], one["interval"], one["period"]
    assert isinstance(values, tuple)
    yield from ("unknown" if value is None else str(value) for value in values)
    yield period.isoformat() if isinstance(period, date) else ""
    yield str(one["in_part"])
    yield from (_number(one[name]) for name in ("n", "value"))
    yield from map(_number, interval if isinstance(interval, list) else (None, None))
    yield from (_number(one[name]) for name in ("at_best", *more))
    yield str(one["words"])


def _number(value: object) -> Cell:
    return value if isinstance(value, int | float) else None


def _about(taken: Taken) -> Iterator[list[Cell]]:
    sentence = taken.shown.chart.sentence if taken.shown.chart else ""
    editions = sorted({rule["edition"] for rule in taken.at.run.manifest["names"]["rules"]})
    yield ["Measure", taken.measure.label]
    yield ["What it is", taken.measure.means]
    yield ["What is seen", sentence]
    for one in taken.asked:
        yield ["Asked for", one]
    yield ["As of", short_moment(taken.at.clock)]
    yield ["Run", taken.at.run.id]
    yield ["Editions", ", ".join(editions)]
    yield ["Status", taken.measure.status]
    yield ["What it cannot say", limits_of(taken.measure)]


def _write(sheet: Worksheet, rows: Iterator[list[Cell]]) -> None:
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells, start=1):
            cell = sheet.cell(row, column, plain(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"  # else a text that begins with = would be worked out
