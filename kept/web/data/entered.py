"""What was entered here on its way into the store: as an extract, and noted once a version has it."""

from __future__ import annotations

import csv
from pathlib import Path

from kept.web.entered import loading
from kept.web.entered.models import Entered

_FILE = "events.csv"


def waits() -> bool:
    """Whether anything was entered that no version has."""
    return Entered.objects.filter(loaded_in=None).exists()


def write(folder: Path) -> int:
    """Write it as an extract; returns how many rows."""
    return len(loading.extract(folder))


def note_loaded(folder: Path, version: int) -> None:
    """Note that a version has what stands in an extract. What it set aside is noted too: it is not sent again."""
    with (folder / _FILE).open(encoding="utf-8", newline="") as file:
        loading.loaded([row["event_id"] for row in csv.DictReader(file)], version)
