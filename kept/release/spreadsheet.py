"""All tables as one accessible workbook: cover, contents, notes, then one table a sheet, marked as such.

By gptables, the Office for National Statistics' writer of spreadsheets that keep the Government Analysis Function's
guidance. It writes XLSX only; `opendocument` copies that.
"""

import warnings
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from kept.release.about import About, legend
from kept.release.policy import Policy
from kept.release.sheets import ReleaseTable

AS_WRITTEN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Nothing that is a text becomes anything else."""

NOTE_WIDTH = 85
"""Of the column of notes, in characters: no wider than a screen. gptables would give it the longest note's."""

DISCLOSURE = "disclosure"
"""The note that every table has."""


def write_workbook(path: Path, tables: Sequence[ReleaseTable], about: About, policy: Policy) -> None:
    """Write the workbook; its bytes depend on nothing but what is given."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables opens a file without closing it, and uses what pandas gives up
        import gptables  # here, for it and pandas take a second that nobody else should wait
        import pandas

        notes = _notes(tables, policy)
        book = gptables.produce_workbook(
            str(path),
            {f"Table_{at}": _sheet(gptables, pandas, at, table) for at, table in enumerate(tables, 1)},
            cover=_cover(gptables, about),
            notes_table=pandas.DataFrame(notes, columns=["Note reference", "Note text"]),
            workbook_options=AS_WRITTEN,
        )
        book.get_worksheet_by_name("Notes").set_column(1, 1, NOTE_WIDTH)
        made = about.made_at.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": about.title, "author": policy.publisher, "created": made})
        book.close()


def _cover(gptables: Any, about: About) -> Any:
    contact = [_plain(about.contact)] if about.contact else None
    return gptables.Cover(_plain(about.title), [_plain(line) for line in about.origin()], legend(), contact)


def _sheet(gptables: Any, pandas: Any, number: int, table: ReleaseTable) -> Any:
    frame = pandas.DataFrame(
        [[_plain(value) if isinstance(value, str) else value for value in row] for row in table.printed()],
        columns=[_plain(column.name) for column in table.columns],
        dtype=object,
    )
    return gptables.GPTable(
        frame,
        f"table_{number}",
        _plain(table.title) + "".join(f"$${reference}$$" for reference in (DISCLOSURE, *_table_notes(number, table))),
        source=f"Source: {_plain(table.source)}" if table.source else None,
        units={at: _plain(column.unit) for at, column in enumerate(table.columns) if column.unit} or None,
        table_notes={at: f"$${_column_note(number, at)}$$" for at, column in enumerate(table.columns) if column.note},
        legend=[f"{marker.shorthand} means {marker.meaning}." for marker in table.markers()],
        instructions="This worksheet contains one table. Notes are on the notes worksheet.",
        index_columns={2: 0} if table.columns[0].kind == "text" else {},
        additional_formatting=_to_the_right(table),
    )


def _to_the_right(table: ReleaseTable) -> list[dict[str, Any]]:
    """That figures and their headings keep to the right; gptables sees no numbers under a heading with a unit."""
    figures = [at for at, column in enumerate(table.columns) if column.kind != "text"]
    return [{"column": {"columns": figures, "format": {"align": "right"}, "include_names": True}}] if figures else []


def _notes(tables: Sequence[ReleaseTable], policy: Policy) -> list[tuple[str, str]]:
    """Every note of the workbook under what refers to it, the one on disclosure first."""
    notes = {DISCLOSURE: f"{policy.sentence()} {' '.join(legend())}"}
    for number, table in enumerate(tables, 1):
        notes |= _table_notes(number, table)
        notes |= {_column_note(number, at): column.note for at, column in enumerate(table.columns) if column.note}
    return [(reference, _plain(text)) for reference, text in notes.items()]


def _table_notes(number: int, table: ReleaseTable) -> dict[str, str]:
    return {f"table{number}note{at}": note for at, note in enumerate(table.notes, 1)}


def _column_note(number: int, at: int) -> str:
    return f"table{number}column{at + 1}"


def _plain(text: str) -> str:
    """The text without what gptables would take for a reference or a link."""
    return text.replace("$$", "$ $").replace("](", "] (")
