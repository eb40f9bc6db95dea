"""Making one version: new rows in their tables, timelines prepared from all of them, and its manifest."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from kept.contract.tables import TABLES
from kept.errors import DiskError, is_full_disk
from kept.records import delta, stored, touched
from kept.records.admission import ENTERED
from kept.records.buckets import Changes, show_stored, write_buckets
from kept.records.manifest import Manifest, vocabulary_of
from kept.records.schema import identifier, literal
from kept.records.stored import SCHEMAS, prefix
from kept.records.timelines import Numbered, prepare
from kept.records.version import StoreVersion

WORK = ".loading"
Added = Mapping[str, list[delta.NewFile]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a version's manifest says that its rows do not; the fields are the manifest's."""

    made_at: str
    codes: Mapping[str, int]
    words: list[Mapping[str, Any]]
    supplies: Mapping[str, list[str]]
    sources: Mapping[str, Mapping[str, Any]]
    nation: str


def configure(connection: DuckDBPyConnection, work: Path, memory: str, threads: int | None) -> None:
    """Bound a connection's memory, and let it spill into `work`."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET memory_limit = {literal(memory)}")
    connection.execute(f"SET temp_directory = {literal(str(work / 'spill'))}")
    if threads is not None:
        connection.execute(f"SET threads = {threads}")


@contextmanager
def full_disk(what: str) -> Iterator[None]:
    """Say as DiskError that the disk is full; `what` is what to do again, as a verb."""
    try:
        yield
    except Exception as error:
        if is_full_disk(error):
            raise DiskError(
                "The disk is full.",
                why="Nothing was changed: the last version of the records stands.",
                what_to_do=f"Free some space and {what} again.",
            ) from None
        raise


def write_rows(
    connection: DuckDBPyConnection, folder: Path, name: str, rows: str, number: int, loaded: str = ""
) -> list[delta.NewFile]:
    """Write the rows of a table, if any, to a file in its folder that no version knows yet.

    `loaded` is the column that says which load brought a row; where there is none, it is that of this version.
    """
    path = f"{prefix(number)}{uuid.uuid4().hex}.parquet"
    target = folder / "tables" / name / path
    columns = ", ".join(identifier(column) for column in SCHEMAS[name].names if column != "_load")
    query = f"SELECT {columns}, {loaded or f'{number}::BIGINT'} AS _load FROM ({rows})"
    options = "FORMAT parquet, COMPRESSION zstd"
    count = connection.execute(f"COPY ({query}) TO {literal(str(target))} ({options})").fetchall()[0][0]
    if count:
        return [delta.NewFile(path, int(count))]
    target.unlink()
    return []


def make_version(
    connection: DuckDBPyConnection,
    folder: Path,
    before: StoreVersion | None,
    number: int,
    added: Added,
    told: Told,
    numbered: Numbered | None,
) -> tuple[Manifest, tuple[int, ...]]:
    """Commit new files and the timelines that follow; the manifest to put in place, and the buckets written.

    `folder` is the generation's; `numbered` holds the subjects that have a number already.
    """
    _show_records(connection, folder, before, added)
    counts, earliest = _counts(connection), _earliest(connection)
    show_stored(connection, before)
    narrowed = before is not None and _narrowed(connection, folder, before, added, told)
    prepare(connection, vocabulary_of(told.words), told.codes, numbered)
    written = write_buckets(connection, folder / "tables", folder / WORK, before, number, narrowed)
    tables = dict(before.manifest.tables) if before else dict.fromkeys(SCHEMAS, 0)
    changes: Changes = {name: (files, {}) for name, files in added.items() if files}
    for name, (files, removed) in (changes | written.changes).items():
        tables[name] = delta.commit(folder / "tables" / name, SCHEMAS[name], files, removed)
    manifest = Manifest(
        version=number,
        previous=before.number if before else None,
        tables=tables,
        counts=counts | {"subjects": _subjects(connection)},
        earliest_entry=earliest,
        next_subject=_following(connection, numbered),
        software=_software(),
        **asdict(told),
    )
    return manifest, written.buckets


def _narrowed(connection: DuckDBPyConnection, folder: Path, before: StoreVersion, added: Added, told: Told) -> bool:
    """Whether the views now hold only what new rows touch.

    Other words, or other software, may say something else of any row: then everything is prepared anew.
    """
    manifest = before.manifest
    if (manifest.words, manifest.codes, manifest.software) != (told.words, told.codes, _software()):
        return False
    new = {name: _paths(folder, name, files) for name, files in added.items()}
    return touched.narrow(connection, new)


def _software() -> str:
    return installed("kept-victims-code")


def _paths(folder: Path, name: str, files: list[delta.NewFile]) -> list[Path]:
    return [folder / "tables" / name / one.path for one in files]


def _show_records(connection: DuckDBPyConnection, folder: Path, before: StoreVersion | None, added: Added) -> None:
    """Make a view of each contract table, as the new version will hold it."""
    for table in TABLES:
        files = before.files(table.name) if before else []
        new = _paths(folder, table.name, added.get(table.name, []))
        rows = stored.read_files(table.name, [*files, *new])
        if table.name not in ENTERED:
            rows = stored.latest_rows(rows, ", ".join(map(identifier, table.key)))
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table.name} AS SELECT * EXCLUDE (_load) FROM ({rows})")


def _counts(connection: DuckDBPyConnection) -> dict[str, int]:
    query = " UNION ALL ".join(f"SELECT '{table.name}', count(*) FROM {table.name}" for table in TABLES)
    return {name: int(count) for name, count in connection.sql(query).fetchall()}


def _subjects(connection: DuckDBPyConnection) -> int:
    return int(connection.sql("SELECT count(DISTINCT subject) FROM subjects_now").fetchall()[0][0])


def _following(connection: DuckDBPyConnection, numbered: Numbered | None) -> int:
    """The first number of a subject that was never given."""
    highest = connection.sql("SELECT coalesce(max(subject), -1) FROM subjects_now").fetchall()[0][0]
    return max(int(highest) + 1, numbered.following if numbered else 0)


def _earliest(connection: DuckDBPyConnection) -> str | None:
    parts = " UNION ALL ".join(f"SELECT min(entered_at) AS entered FROM {name}" for name in ENTERED)
    query = f"SELECT strftime(min(entered), '%Y-%m-%dT%H:%M:%S.%f+00:00') FROM ({parts})"
    found = connection.sql(query).fetchall()[0][0]
    return None if found is None else str(found)
