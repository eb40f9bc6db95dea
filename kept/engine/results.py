"""Reading a run: its obligations as DuckDB views, at the run's own as-of or by a later clock on the same facts.

A run is made of layers, each a folder of row files. A later layer replaces what an earlier one says of the subjects
that it lists, so a reader sees the rows before a run or after it, and never a mixture.
"""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from kept.engine.rows import OMITTED, STORED, TURNS, make_obligations, make_states
from kept.engine.wording import short_moment
from kept.errors import AsOfError, StoreError
from kept.records.hold import taken
from kept.records.reading import readable
from kept.records.schema import literal
from kept.records.store import Store
from kept.records.version import StoreVersion

FORMAT = 2
"""The format of runs: of their manifests and of the rows in their layers."""
MANIFEST = "run.json"
_TOLD = 5  # how many runs are named to whoever asks for another
REPLACED = "replaced.parquet"
LAYER = {"rows": STORED, "omitted": OMITTED, "turns": TURNS}
"""The kinds of file in a layer, and their columns."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: what `run.json` in its folder says of it, and the version of the records that it evaluated."""

    folder: Path
    manifest: dict[str, Any]
    version: StoreVersion

    @property
    def id(self) -> str:
        return str(self.manifest["id"])

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.manifest["as_of"])

    def require_not_before(self, clock: datetime) -> None:
        """Refuse to be read by a clock before the as-of; AsOfError."""
        if clock < self.as_of:
            raise AsOfError(
                f"The run cannot be read as at {short_moment(clock)}.",
                why=f"It evaluated what had been entered by {short_moment(self.as_of)}.",
                what_to_do="Name a later moment, or evaluate as of the earlier one.",
            )

    def _files(self) -> list[Path]:
        return [path for layer in self.layers for path in sorted(layer.glob("*.parquet"))]

    @property
    def layers(self) -> list[Path]:
        """The folders of its layers, the first one first."""
        return [self.folder.parent / layer for layer in self.manifest["layers"]]

    @contextmanager
    def reading(self, clock: datetime | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with the views `stored` and `stated` (`engine.rows`), states as at `clock`.

        By a later clock nothing is evaluated anew: what was pending is judged on the facts of the run. AsOfError for
        a clock before the run's as-of.
        """
        if clock is not None:
            self.require_not_before(clock)
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")
            connection.execute("SET VARIABLE as_of = $1::TIMESTAMPTZ", [self.as_of.isoformat()])
            connection.execute("SET VARIABLE clock = $1::TIMESTAMPTZ", [(clock or self.as_of).isoformat()])
            connection.execute(f"CREATE OR REPLACE TEMP VIEW stored AS {self.relation('rows')}")
            make_states(connection, self.manifest["names"])
            with readable(self._files()):
                yield connection

    @contextmanager
    def obligations(self, clock: datetime | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """As `reading`, with the view `obligations`: every column of `obligation.SCHEMA`, and `row`."""
        with self.reading(clock) as connection:
            for view, table in (("subjects", "subjects"), ("entries", "timelines")):
                connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {self.version.relation(table)}")
            connection.register("postings", self.version.postings())
            make_obligations(connection)
            yield connection

    def relation(self, name: str) -> str:
        """SQL for the `rows`, `omitted` or `turns` that stand, over all layers."""
        layers = self.layers
        parts = [_standing(name, place, layers) for place in range(len(layers))]
        return " UNION ALL ".join(parts)


def open_run(store: Store, run: str) -> Run:
    """A finished run by its id; StoreError where there is none, or a file of it is missing."""
    folder = store.run_folder(run)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(one.id for one in runs(store)[:_TOLD])
        raise StoreError(
            f"There is no run {run} in this store.",
            str(store.path),
            f"Its last runs: {known}." if known else "Nothing was evaluated in it.",
            "Name one of them, or leave it out for the last." if known else "Evaluate the records.",
        ) from None
    if manifest.get("format") != FORMAT:
        raise StoreError(
            f"The run {run} was made by another Kept.",
            str(folder),
            f"Its rows are of format {manifest.get('format', 1)}; this software reads format {FORMAT}.",
            "Evaluate the records again, or install the Kept that made it.",
        )
    found = Run(folder, manifest, store.version(manifest["store_version"]))
    _require_whole(found)
    return found


def silently() -> None:
    """Wait without a word."""


@contextmanager
def alone(store: Store, waiting: Callable[[], None] = silently) -> Iterator[None]:
    """Be the only one at work on the runs of a store; whoever dies at it lets go of it."""
    with (store.folder / "runs" / ".lock").open("w") as lock:
        if not taken(lock.fileno()):
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _require_whole(run: Run) -> None:
    for layer in run.layers:
        said = json.loads(path.read_text(encoding="utf-8")) if (path := layer / MANIFEST).exists() else None
        for name, count in said["files"].items() if said else [("run.json", 1)]:
            found = len(list(layer.glob(f"{name}-*.parquet"))) if said else 0
            if found < count:
                raise StoreError(
                    f"The run {run.id} is damaged.",
                    str(layer),
                    f"Of {count} files of {name} it has {found}.",
                    "Restore that folder from a copy of the store, or delete the run's folder and evaluate again.",
                )


def runs(store: Store) -> list[Run]:
    """The finished runs of a store that can be read, the last made first."""
    folders = [path.parent for path in (store.folder / "runs").glob(f"*/{MANIFEST}") if path.parent.name[0] != "."]
    found = []
    for folder in folders:
        try:
            found.append(open_run(store, folder.name))
        except StoreError:
            continue  # what cannot be read is no help; asking for it by name says why
    return sorted(found, key=lambda run: str(run.manifest["made_at"]), reverse=True)


def _standing(name: str, place: int, layers: list[Path]) -> str:
    columns = ", ".join(f'"{column}"' for column in LAYER[name].names)
    rows = f"SELECT {columns} FROM {_files(name, layers[place])}"
    later = [literal(str(layer / REPLACED)) for layer in layers[place + 1 :]]
    if later:
        rows += f" WHERE subject NOT IN (SELECT subject FROM read_parquet([{', '.join(later)}]))"
    return rows


def _files(name: str, layer: Path) -> str:
    return f"read_parquet({literal(str(layer / f'{name}-*.parquet'))})"
