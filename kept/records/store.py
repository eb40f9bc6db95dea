"""The store: versions of the records, each a small immutable manifest that pins the version of every table.

A manifest is put in place last and atomically, and readers enter only through one, so a load of many tables is
one step: it is there or it is not. On disk:

    CURRENT                          the name of the generation's folder; erasing a person begins a new one
    gen-0001/tables/<name>/          Delta tables: the contract's, `subjects`, `timelines`, `quarantine`
    gen-0001/versions/000001.json    the manifest of version 1
    gen-0001/reports/000001.json     the report of the load that made it
    gen-0001/runs/<run>/             results of evaluations
    gen-0001/tombstones.json         that somebody was erased: when and why, and never who
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from kept.contract.tables import TABLES
from kept.contract.vocabulary import Vocabulary, standard
from kept.errors import NotFoundError, StoreError
from kept.records import delta
from kept.records.schema import QUARANTINE, arrow_schema, literal
from kept.records.scratch import sweep
from kept.records.supplies import Supplies
from kept.records.timelines import ENTRIES, SUBJECTS, Numbered

FORMAT = 1
CURRENT = "CURRENT"
STAGING = ".staging-"
"""How folders in the store begin that hold rows on their way into it."""

_LOADED = pa.field("_load", pa.int64())
_BUCKET = pa.field("bucket", pa.int32())
_QUARANTINED = [(name, pa.int64() if kind == "BIGINT" else pa.string()) for name, kind in QUARANTINE.items()]
SCHEMAS: dict[str, pa.Schema] = {
    **{table.name: arrow_schema(table.name, origin=False).append(_LOADED) for table in TABLES},
    "quarantine": pa.schema(_QUARANTINED).append(_LOADED),
    "subjects": SUBJECTS.append(_BUCKET),
    "timelines": ENTRIES.append(_BUCKET),
}
BUCKETED = ("subjects", "timelines")
_GENERATION = re.compile(r"gen-\d{4,}")


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of one source: whether it says when rows were entered, and the files last read from it."""

    looks_back: bool
    mapping_digest: str
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of the records, as it is kept on disk.

    `tables` is the Delta version of each table, `codes` the number of each kind and attribute, `words` the
    vocabularies that mappings brought, `next_subject` the first number of a subject that was never given,
    `prints` what each bucket of timelines holds, as a digest. Moments are ISO 8601 in UTC.
    """

    version: int
    made_at: str
    previous: int | None
    tables: Mapping[str, int]
    codes: Mapping[str, int]
    words: list[Mapping[str, Any]]
    supplies: Mapping[str, list[str]]
    sources: Mapping[str, Mapping[str, Any]]
    nation: str
    counts: Mapping[str, int]
    earliest_entry: str | None
    next_subject: int
    prints: Mapping[str, str]
    software: str
    format: int = FORMAT


@dataclass(frozen=True)  # without slots: the cached properties need a place
class StoreVersion:
    """One version of the records, never changed by anything that is loaded later."""

    folder: Path
    manifest: Manifest
    _files: dict[str, dict[str, int | None]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def number(self) -> int:
        return self.manifest.version

    @property
    def codes(self) -> dict[str, int]:
        """The number of each kind and attribute in `timelines`; never reused."""
        return dict(self.manifest.codes)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of these records: the standard ones and those that mappings brought."""
        return vocabulary_of(self.manifest.words)

    @cached_property
    def supplies(self) -> Supplies:
        """What any of the sources can say something of."""
        said = self.manifest.supplies
        return Supplies(*(frozenset(said[name]) for name in ("tables", "kinds", "attributes")))

    @property
    def earliest_entry(self) -> datetime | None:
        """The earliest moment at which anything was entered; before it there is nothing to look back to."""
        text = self.manifest.earliest_entry
        return None if text is None else datetime.fromisoformat(text)

    @property
    def looks_back(self) -> bool:
        """Whether every source says when its rows were entered."""
        return all(source["looks_back"] for source in self.manifest.sources.values())

    @property
    def nation(self) -> str:
        """Whose bank holidays count."""
        return self.manifest.nation

    def files(self, name: str, bucket: int | None = None) -> list[Path]:
        """The Parquet files of a table, or of one of its buckets."""
        if name not in self._files:
            self._files[name] = delta.files(self.folder / "tables" / name, self.manifest.tables[name])
        found = [path for path, of in self._files[name].items() if bucket is None or of == bucket]
        return [self.folder / "tables" / name / path for path in found]

    def scan(self, name: str) -> ds.Dataset:
        """A table to be streamed."""
        schema = SCHEMAS[name]
        if name in BUCKETED:
            schema = schema.remove(schema.get_field_index("bucket"))
        return ds.dataset([str(path) for path in self.files(name)], schema=schema, format="parquet")

    def table(self, name: str) -> pa.Table | None:
        """A contract table as it was loaded, all versions of each row; None where nothing was ever supplied."""
        if not self.files(name):
            return None
        return self.scan(name).to_table().select([c for c in SCHEMAS[name].names if c not in ("_load", "bucket")])

    def buckets(self) -> list[int]:
        """The buckets of subjects, about 150,000 each."""
        self.files("subjects")
        return sorted({bucket for bucket in self._files["subjects"].values() if bucket is not None})

    def subjects(self, bucket: int) -> pa.Table:
        """The subjects of a bucket, in order of their numbers and history; schema `timelines.SUBJECTS`."""
        return self._bucket("subjects", bucket, SUBJECTS)

    def timelines(self, bucket: int) -> pa.Table:
        """The entries of a bucket, in their one order; schema `timelines.ENTRIES`."""
        return self._bucket("timelines", bucket, ENTRIES)

    def postings(self) -> pa.Table:
        """Who held which investigation from when to when, as last loaded."""
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            query = latest_rows(self.relation("postings"), 'investigation, "from"')
            rows = connection.sql(f'SELECT * EXCLUDE (_load) FROM ({query}) ORDER BY investigation, "from"')
            return rows.to_arrow_table().cast(arrow_schema("postings", origin=False))

    def numbered(self) -> Numbered:
        """The numbers that subjects have, and the first that was never given."""
        return Numbered(self.scan("subjects").to_table(["subject", "kind", "id"]), self.manifest.next_subject)

    def find_crime(self, crime: str, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """The subjects of a crime as of a moment, or as last known: its victims, then its investigation.

        NotFoundError if it was not here.
        """
        dataset = self.scan("subjects").filter(_standing(as_of))
        victims = dataset.to_table(filter=ds.field("crime") == crime).sort_by("id").to_pylist()
        places = {row["investigation"] for row in victims} or self._investigation_of(crime, as_of)
        if not places:
            raise NotFoundError(
                f"There is no crime {crime} in these records.", what_to_do="Check its id in the crimes table."
            )
        wanted = (ds.field("kind") == "investigation") & ds.field("id").isin(sorted(places))
        return [*victims, *dataset.to_table(filter=wanted).sort_by("id").to_pylist()]

    def relation(self, name: str) -> str:
        """SQL for a table's rows, all columns, `_load` too."""
        return read_files(name, self.files(name))

    def _bucket(self, name: str, bucket: int, schema: pa.Schema) -> pa.Table:
        found = [str(path) for path in self.files(name, bucket)]
        return ds.dataset(found, schema=schema, format="parquet").to_table() if found else schema.empty_table()

    def _investigation_of(self, crime: str, as_of: datetime | None) -> set[str]:
        wanted = ds.field("crime") == crime
        if as_of is not None:
            wanted &= ds.field("entered_at") <= as_of
        rows = self.scan("crimes").to_table(filter=wanted).sort_by("entered_at").to_pylist()
        return {rows[-1]["investigation"] or crime} if rows else set()


class Store:
    """A folder of versions. `create` or `open` it; `kept.records.load.load` adds a version."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make an empty store; StoreError if something is there."""
        if path.exists() and any(path.iterdir()):
            raise StoreError(
                "A store cannot be made here.", str(path), "The folder is not empty.", "Name a new folder."
            )
        make_generation(path / "gen-0001")
        put(path / CURRENT, "gen-0001\n")
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a store; StoreError if there is none, or it is of a newer kind."""
        if not (path / CURRENT).is_file():
            raise StoreError(
                "There is no store here.", str(path), "It has no CURRENT file.", "Load records into it first."
            )
        store = cls(path)
        if numbers := store.numbers():
            store.version(numbers[-1])
        return store

    @property
    def folder(self) -> Path:
        """The folder of the current generation; StoreError if CURRENT names none, before anything is swept."""
        name = (self.path / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
        if not (_GENERATION.fullmatch(name) and (self.path / name).is_dir()):
            there = ", ".join(sorted(path.name for path in self.path.glob("gen-*"))) or "none"
            raise StoreError(
                "The store is damaged: CURRENT names no generation.",
                str(self.path / CURRENT),
                f"It says “{name}”; there is {there}.",
                "Restore CURRENT from a copy of the store; where there is one generation only, write its name into it.",
            )
        return self.path / name

    def numbers(self) -> list[int]:
        """The versions that can be read, first to last."""
        return sorted(int(path.stem) for path in (self.folder / "versions").glob("[0-9]*.json"))

    def latest(self) -> StoreVersion:
        """The last version; StoreError where nothing was loaded yet."""
        if not (numbers := self.numbers()):
            raise StoreError("The store is empty.", str(self.path), what_to_do="Load records into it first.")
        return self.version(numbers[-1])

    def version(self, number: int) -> StoreVersion:
        """One version; StoreError if there is none, or it is of a kind that is not known here."""
        folder = self.folder
        path = folder / "versions" / f"{number:06}.json"
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            newer = said.get("format", 0) > FORMAT
            manifest = None if newer else Manifest(**said)
        except FileNotFoundError:
            raise StoreError(
                f"There is no version {number} in this store.",
                str(self.path),
                what_to_do=f"It has {', '.join(map(str, self.numbers())) or 'none'}.",
            ) from None
        except (ValueError, TypeError, AttributeError) as error:
            raise StoreError(
                f"The manifest of version {number} is damaged.",
                str(path),
                str(error),
                "Restore the file from a copy, or load the extracts into a new store.",
            ) from None
        if manifest is None:
            raise StoreError(
                f"Version {number} was made by a newer Kept.",
                str(path),
                f"It is of format {said['format']}; this software knows up to {FORMAT}.",
                f"Install Kept {said.get('software', 'of its own version')} or later.",
            )
        return StoreVersion(folder, manifest)

    def run_folder(self, run: str) -> Path:
        """Where the results of a run are kept; the engine writes them."""
        return self.folder / "runs" / run

    def report(self, number: int) -> dict[str, Any]:
        """The report of the load that made a version."""
        path = self.folder / "reports" / f"{number:06}.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def tombstones(self) -> list[dict[str, Any]]:
        """That persons were erased: when and why, and never who."""
        path = self.folder / "tombstones.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []

    @contextmanager
    def locked(self, wait: float) -> Iterator[None]:
        """Hold the store alone; StoreError if another still does after `wait` seconds."""
        with (self.path / ".lock").open("w") as lock:
            deadline = time.monotonic() + wait
            while not _taken(lock.fileno()):
                if time.monotonic() > deadline:
                    raise StoreError(
                        "Another load or erasure is at work on this store.",
                        str(self.path),
                        what_to_do="Wait until it has ended, then try again.",
                    )
                time.sleep(0.05)
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Delete what a load or an erasure that ended in the middle left: rows read, and generations not current."""
        sweep(self.path, STAGING)
        for folder in self.path.glob("gen-*"):
            if folder != self.folder:
                shutil.rmtree(folder)


def _standing(as_of: datetime | None) -> ds.Expression:
    """Rows with an interval that stand at a moment, or for good."""
    for_good = ds.field("withdrawn").is_null()
    return for_good if as_of is None else (ds.field("entered") <= as_of) & (for_good | (ds.field("withdrawn") > as_of))


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def make_generation(folder: Path) -> None:
    """Make the folders and empty tables of a generation."""
    for part in ("versions", "reports", "runs"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name, schema in SCHEMAS.items():
        delta.create(folder / "tables" / name, schema, "bucket" if name in BUCKETED else None)


def check_protocols(version: StoreVersion) -> None:
    """StoreError if a table has Delta features that are not known here."""
    for name, number in version.manifest.tables.items():
        needs = delta.reader_protocol(version.folder / "tables" / name, number)
        if needs > delta.KNOWN_READER:
            raise StoreError(
                f"The table {name} has Delta features that are not known here.",
                str(version.folder),
                f"It needs reader protocol {needs}; {delta.KNOWN_READER} is known.",
                "Load the records into a new store.",
            )


def put(path: Path, text: str) -> None:
    """Put a file in place whole: a reader sees the old one or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def put_json(path: Path, said: Any) -> None:
    """Put a JSON file in place whole."""
    put(path, json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def put_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in place: the one step that makes a version."""
    put_json(folder / "versions" / f"{manifest.version:06}.json", asdict(manifest))


def vocabulary_of(words: list[Mapping[str, Any]]) -> Vocabulary:
    """The standard vocabulary with those that mappings brought."""
    vocabulary = standard()
    for said in words:
        vocabulary = vocabulary.extended(said["namespace"], said)
    return vocabulary


def read_files(name: str, paths: list[Path]) -> str:
    """SQL for the rows of a table's Parquet files, or for none of its columns' types."""
    if paths:
        listed = ", ".join(literal(str(path)) for path in paths)
        return f"SELECT * FROM read_parquet([{listed}], hive_partitioning = false)"
    return f"SELECT {_nothing(SCHEMAS[name])} WHERE false"


_SQL = {pa.string(): "VARCHAR", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN", pa.int64(): "BIGINT"}


def _nothing(schema: pa.Schema) -> str:
    return ", ".join(f'NULL::{_SQL.get(f.type, "TIMESTAMPTZ")} AS "{f.name}"' for f in schema)


def latest_rows(query: str, key: str) -> str:
    """SQL for the rows last loaded of each key, where rows do not say when they were entered."""
    return f"SELECT * FROM ({query}) QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _load DESC) = 1"
