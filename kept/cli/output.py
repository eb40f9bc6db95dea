"""How commands print: tables for people, JSON for programs."""

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

_RIGHT_ALIGNED = (int, float)


def print_json(content: Any) -> None:
    json.dump(content, sys.stdout, indent=2, default=_plain, ensure_ascii=False)
    sys.stdout.write("\n")


def called() -> str:
    """How `kept` is called from where it was called: by its path where it is not on the shell's, as after `make demo`.

    So a command that is printed runs as it stands.
    """
    given = Path(sys.argv[0])
    return str(given) if given.name == "kept" and not shutil.which("kept") else "kept"


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows under headings, in columns; numbers stand to the right."""
    body = [list(row) for row in rows]
    cells = [list(headings), *([_cell(value) for value in row] for row in body)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(headings))]
    right = [bool(body) and all(isinstance(row[at], _RIGHT_ALIGNED) for row in body) for at in range(len(headings))]
    lines = [_line(row, widths, right) for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    cells = (
        text.rjust(width) if to_right else text.ljust(width)
        for text, width, to_right in zip(row, widths, right, strict=True)
    )
    return "  ".join(cells).rstrip()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
