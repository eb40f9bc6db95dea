"""The inbox: extracts that a force's systems leave in a folder, one folder for each mapping, are loaded by themselves.

    KEPT_INBOX/<mapping>/<extract>/…        left by the force; taken once it is complete
    KEPT_INBOX/<mapping>/.taken/<extract>   on its way in; stays where its load was given up, until it is tried again
    KEPT_INBOX/<mapping>/.loaded/<extract>  done with; deleted after KEPT_EXTRACT_DAYS

An extract is complete when it holds a file `_READY`, or when nothing in it has changed for a minute.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from kept.web.data import mappings
from kept.web.jobs import queue
from kept.web.jobs.models import Job

READY = "_READY"
QUIET = 60.0
"""Seconds without a change after which an extract is taken to be complete."""
TAKEN, LOADED = ".taken", ".loaded"


def look(inbox: Path) -> int:
    """Take what is complete, and ask for its load; returns how many extracts those were."""
    count = 0
    for mapping in mappings.names():
        for extract in sorted(_complete(inbox / mapping)):
            _take(extract)
        for taken in sorted(_folders(inbox / mapping / TAKEN)):
            count += _asked(taken, mapping)
    return count


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (one for one in parent.iterdir() if one.is_dir() and not one.is_symlink() and one.name[0] != ".")


def _complete(parent: Path) -> Iterator[Path]:
    for extract in _folders(parent):
        files = [path for path in extract.rglob("*") if path.is_file()]
        last = max((path.stat().st_mtime for path in (extract, *files)), default=0.0)
        if (extract / READY).exists() or (files and time.time() - last > QUIET):
            yield extract


def _take(extract: Path) -> None:
    """Put it where nobody adds to it any more, under a name that no other has."""
    taken = extract.parent / TAKEN
    taken.mkdir(exist_ok=True)
    extract.rename(taken / f"{extract.name}-{token_hex(4)}")


def _asked(taken: Path, mapping: str) -> bool:
    """Ask for the load of what was taken, unless somebody has; so nothing is lost if we die in between."""
    key = str(taken)[-300:]
    if Job.objects.filter(kind="load", key=key).exists():
        return False
    queue.ask("load", {"folder": str(taken), "mapping": mapping, "origin": "inbox", "name": taken.name}, key=key)
    return True


def put_away(extract: Path) -> None:
    """Move an extract that was loaded from the inbox out of the way."""
    if extract.is_dir() and extract.parent.name == TAKEN:
        into = extract.parent.parent / LOADED
        into.mkdir(exist_ok=True)
        extract.rename(into / extract.name)


def delete_before(inbox: Path, moment: datetime) -> int:
    """Delete the extracts that were loaded before a moment; returns how many."""
    old = [path for path in inbox.glob(f"*/{LOADED}/*") if path.stat().st_ctime < moment.timestamp()]
    for path in old:
        shutil.rmtree(path)
    return len(old)
