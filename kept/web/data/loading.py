"""Loading an extract as a job: through a mapping into the store, once, however often it is begun."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kept.errors import RecordsError
from kept.records.load import LoadReport, load
from kept.records.mapping import Mapping
from kept.records.scratch import scratch
from kept.records.staging import stage
from kept.records.store import CURRENT, STAGING, Store

_PATIENCE = 3600.0
"""Seconds for which a load waits for another to end."""
SUMS = ("rows", "accepted", "unchanged", "quarantined", "skipped")


def opened(path: Path) -> Store:
    """The store in a folder, made where there is none yet."""
    return Store.open(path) if (path / CURRENT).exists() else Store.create(path)


def latest_number(path: Path) -> int:
    """The number of a store's latest version; 0 before there is one."""
    return max(Store.open(path).numbers(), default=0) if (path / CURRENT).exists() else 0


def loaded(store: Store, extract: Path, mapping: Mapping, step: Callable[[str], None], mark: str) -> LoadReport:
    """Read an extract through a mapping and load it as one version; `step` hears what is at work.

    `mark` is the same at each try, and no other load's.
    """
    if not extract.is_dir():
        raise RecordsError("The extract is not there any more.", what_to_do="Send it, or leave it in its folder again.")
    now = datetime.now(UTC)
    with scratch(store.path, STAGING) as into:
        step("reading")
        staged = stage(mapping, extract, into, now=now)
        step("loading")
        return load(store, staged, now, wait=_PATIENCE, mark=mark)


def as_said(store: Store, before: int, report: LoadReport) -> dict[str, Any]:
    """What a load came to, in numbers: the report of the version that this try made, or one that was killed.

    `before` is the latest version that was there when the job was begun first.
    """
    if not report.changed and (earlier := _made_by_an_earlier_try(store, before, report)):
        return summed(earlier)
    return summed(asdict(report))


def _made_by_an_earlier_try(store: Store, before: int, report: LoadReport) -> dict[str, Any] | None:
    """The report of the version that was made since, with the mark of this load."""
    for number in (one for one in store.numbers() if one > before):
        said = store.report(number)
        if said.get("mark") == report.mark:
            return said
    return None


def summed(report: dict[str, Any]) -> dict[str, Any]:
    """A report as a list of loads shows it: sums over all files, without a word of what stood in a row."""
    sums = {name: sum(row[name] for row in report["rows"]) for name in SUMS}
    names = ("version", "changed", "source", "withdrawn")
    return {**sums, **{name: report[name] for name in names}, "files": len({row["file"] for row in report["rows"]})}
