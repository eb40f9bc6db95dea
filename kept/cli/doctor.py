"""`kept doctor`: is everything here that Kept needs, and what to do about what is not?"""

import argparse
import importlib.metadata
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kept import __version__
from kept.calendar import NATIONS, Calendar
from kept.cli.output import print_json, table
from kept.code import loader
from kept.engine.wording import short_moment
from kept.errors import KeptError, StoreError
from kept.records.store import Store, StoreVersion

_NEEDED = ("duckdb", "pyarrow", "deltalake", "PyYAML", "jsonschema", "govuk-bank-holidays", "openpyxl", "tqdm")
_ROOM_GB = 2
Finding = tuple[str, bool, str]


def examine(options: argparse.Namespace) -> int:
    findings = list(_findings(options.store))
    if options.json:
        print_json([{"what": what, "well": well, "found": found} for what, well, found in findings])
    else:
        print(table(("", "what", "found"), [("ok" if well else "MEND", what, found) for what, well, found in findings]))
    return 0 if all(well for _, well, _ in findings) else 1


def _findings(store: Path | None) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield ("Python", sys.version_info >= (3, 11), f"{version}; 3.11 or newer is needed")
    yield ("Kept", True, __version__)
    for name in _NEEDED:
        yield (name, True, importlib.metadata.version(name))
    yield from map(_holidays, NATIONS)
    yield from map(_edition, loader.SHIPPED)
    yield _room(store or Path.cwd())
    if store:
        yield _store(store)


def _holidays(nation: str) -> Finding:
    known = Calendar.of(nation)
    left = known.last.year - date.today().year
    advice = "" if left > 0 else "; update govuk-bank-holidays"
    return (f"bank holidays, {nation}", left > 0, f"known from {known.first.year} to {known.last.year}{advice}")


def _edition(name: str) -> Finding:
    try:
        return (f"edition {name}", True, f"{len(loader.edition(name).duties)} duties")
    except KeptError as error:
        return (f"edition {name}", False, error.what)


def _room(place: Path) -> Finding:
    free = shutil.disk_usage(place if place.exists() else Path.cwd()).free / 1e9
    return ("free disk", free > _ROOM_GB, f"{free:.0f} GB")


def _store(path: Path) -> Finding:
    try:
        latest = Store.open(path).latest()
    except KeptError as error:
        return (f"store {path}", False, f"{error.what} {error.what_to_do}")
    if damaged := list(_damaged(latest)):
        said = f"{len(damaged)} files cannot be read: {', '.join(damaged)}; restore them, or load into a new store"
        return (f"store {path}", False, said)
    loaded = short_moment(datetime.fromisoformat(latest.manifest.made_at))
    return (
        f"store {path}",
        True,
        f"version {latest.number}, loaded {loaded}: {_counts(latest.manifest.counts)}",
    )


def _damaged(version: StoreVersion) -> Iterator[str]:
    """The tables and files of a version that cannot be read."""
    for name in version.manifest.tables:
        try:
            files = version.files(name)
        except StoreError:
            yield f"{name}/_delta_log"
            continue
        for path in files:
            try:
                pq.read_metadata(path)
            except (pa.ArrowException, OSError):
                yield str(path.relative_to(version.folder))


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
