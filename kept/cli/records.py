"""`kept load`: bringing a force's records in."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from kept.cli.legends import legend
from kept.cli.output import print_json, say, table
from kept.contract.vocabulary import standard
from kept.records.load import LoadReport, load
from kept.records.mapping import Mapping
from kept.records.scratch import scratch
from kept.records.staging import stage
from kept.records.store import CURRENT, STAGING, Store

_REASONS_SHOWN = 20


def load_extract(options: argparse.Namespace) -> None:
    report = loaded(opened_or_created(options.store), options.extract, options.mapping, options.wait)
    if options.json:
        print_json({**asdict(report), "quarantine": report.reasons})
    else:
        say("\n".join(_in_words(report)))


def opened_or_created(path: Path) -> Store:
    """The store in a folder, made if there is none yet."""
    return Store.open(path) if (path / CURRENT).exists() else Store.create(path)


def loaded(store: Store, extract: Path, mapping: str | Path, wait: float = 0.0) -> LoadReport:
    """Read an extract through a mapping and load it as one version."""
    now = datetime.now(UTC)
    read = Mapping.load(mapping, standard())
    with scratch(store.path, STAGING) as into, _steps() as step:
        step("reading")
        staged = stage(read, extract, into, now=now)
        step("loading")
        return load(store, staged, now, wait=wait)


@contextmanager
def _steps() -> Iterator["_Step"]:
    with tqdm(total=2, bar_format="{desc}: {elapsed}", disable=None, leave=False) as bar:
        yield _Step(bar)


class _Step:
    """Shows which step of a load is at work."""

    def __init__(self, bar: "tqdm[NoReturn]") -> None:
        self._bar = bar

    def __call__(self, name: str) -> None:
        self._bar.set_description(name)


def _in_words(report: LoadReport) -> Iterator[str]:
    columns = ("file", "table", "rows", "accepted", "unchanged", "quarantined", "skipped")
    yield table(columns, [[getattr(row, name) for name in columns] for row in report.rows])
    total = {name: report.total(name) for name in columns[2:]}
    yield f"\n{legend(columns)}\n"
    yield (
        f"{total['rows']:,} rows in = {total['accepted']:,} accepted + {total['unchanged']:,} unchanged + "
        f"{total['quarantined']:,} quarantined + {total['skipped']:,} skipped with a reason."
    )
    worst = sorted(report.reasons.items(), key=lambda one: (-one[1], one[0]))
    yield from (f"  {count:,} × {reason}" for reason, count in worst[:_REASONS_SHOWN])
    if len(worst) > _REASONS_SHOWN:
        yield f"  … and {len(worst) - _REASONS_SHOWN} reasons more; the store's table `quarantine` holds every row."
    if report.withdrawn:
        yield f"{report.withdrawn:,} things are no longer in this full extract, and were withdrawn."
    yield from report.notes
    yield f"Version {report.version}." if report.changed else f"Nothing new: version {report.version} stands."
