"""How commands print: tables and sentences for people, within the width of their window, and JSON for programs.

Into a file or another program every line goes whole, so that what is searched for is found.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from textwrap import fill
from typing import Any, TextIO

from kept.cli.tables import fitted

_ENDLESS = 1_000_000
_BEGINNING = re.compile(r" *(\S+( \S+)*  +|)(?=\S)|")
"""What a line begins with that the rest of it hangs below: its indent, and a word or two with room after them."""


def print_json(content: Any) -> None:
    json.dump(content, sys.stdout, indent=2, default=_plain, ensure_ascii=False)
    sys.stdout.write("\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows under headings, in columns; numbers stand to the right. It fits the window of who reads it."""
    return fitted(headings, rows, room(sys.stdout))


def say(text: str = "", file: TextIO | None = None) -> None:
    """Print lines, each wrapped at the width of the window, what is left of it further in."""
    into = file or sys.stdout
    print("\n".join(_wrapped(line, room(into)) for line in text.split("\n")), file=into)


def room(stream: TextIO) -> int:
    """How many characters fit a line: those of the window, or as many as there are where nobody looks at one."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else _ENDLESS


def called() -> str:
    """How `kept` is called from where it was called: by its path where it is not on the shell's, as after `make demo`.

    So a command that is printed runs as it stands.
    """
    given = Path(sys.argv[0])
    return str(given) if given.name == "kept" and not shutil.which("kept") else "kept"


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _wrapped(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    further = " " * _BEGINNING.match(line).end()  # type: ignore[union-attr]  # it matches any line
    return fill(line, width, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
