"""Staging: an extract's files, through a mapping, as typed tables and a quarantine with reasons.

Rows in = rows accepted + quarantined + skipped, for every file and every block of the mapping that reads it.
A file that cannot be read counts as one row, quarantined.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from kept.contract.tables import BY_NAME, TABLES
from kept.contract.vocabulary import Vocabulary
from kept.errors import Fault, MappingError, RecordsError, UsageError
from kept.records.blocks import OWN_COLUMNS, Rows, missing
from kept.records.layout import Block, Cannot, Source
from kept.records.mapping import Mapping
from kept.records.mapping_faults import first_line
from kept.records.readers import Opened, Reader, UnreadableError, digest, refuse_full_disk
from kept.records.schema import QUARANTINE, identifier, literal, staged_columns
from kept.records.supplies import Supplies, supplies

WORK = ".staging"


@dataclass(frozen=True, slots=True)
class Count:
    """What became of a file's rows on their way into a table; `block` numbers that table's blocks from 1."""

    file: str
    table: str
    block: int
    rows: int
    accepted: int
    quarantined: int
    skipped: Map[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Rows in = accepted + quarantined + skipped."""
        return self.rows == self.accepted + self.quarantined + sum(self.skipped.values())


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged extract.

    `tables` are the Parquet files of the contract tables that it fills, `quarantine` that of all rows set
    aside. `digests` are the SHA-256 of each file read; `words` the vocabularies that the mapping declares.
    """

    folder: Path
    source: str
    tables: Map[str, Path]
    quarantine: Path
    counts: tuple[Count, ...]
    supplies: Supplies
    cannot_supply: tuple[Cannot, ...]
    looks_back: bool
    snapshot: bool
    digests: Map[str, str]
    mapping_digest: str
    vocabulary: Vocabulary
    words: tuple[Map[str, object], ...]

    @property
    def rows_in(self) -> dict[str, int]:
        """Rows in each file."""
        return {count.file: count.rows for count in self.counts}

    @property
    def accepted(self) -> int:
        """Rows of the contract that were made."""
        return sum(count.accepted for count in self.counts)

    @property
    def quarantined(self) -> int:
        """Rows set aside with a reason."""
        return sum(count.quarantined for count in self.counts)


def stage(mapping: Mapping, folder: Path, into: Path, *, now: datetime) -> Staged:
    """Read the extract in `folder` through `mapping` into Parquet files in `into`.

    `now` is the moment after which nothing can have been entered. MappingError names every column that the
    mapping needs and the files lack; RecordsError says that no file could be read.
    """
    if now.tzinfo is None:
        raise UsageError("Staging needs a `now` with a time zone.", what_to_do="Give it in UTC.")
    work = into / WORK
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(parents=True)
        with duckdb.connect(str(work / "work.duckdb")) as connection:
            return _Staging(connection, mapping, folder, into, now).staged()
    except (OSError, duckdb.Error) as error:
        refuse_full_disk(error)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _Staging:
    """One staging of one extract on one connection."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, mapping: Mapping, folder: Path, into: Path, now: datetime
    ) -> None:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = {literal(str(into / WORK / 'spill'))}")
        self.connection, self.mapping, self.now = connection, mapping, now
        self.folder, self.into = folder, into
        self.reader = Reader(connection, into / WORK)
        self.unreadable: dict[tuple[str, str], str] = {}
        self.digests: dict[str, str] = {}
        self.counts: list[Count] = []
        self.takings = itertools.count(1)

    def staged(self) -> Staged:
        opened = self._opened()
        self._refuse_missing(opened)
        self._create_tables()
        fed = sorted({block.table for block in self.mapping.blocks if block.source in opened})
        for source, files in opened.items():
            for one in files:
                self._take(source, one)
        self._quarantine_files()
        tables = {name: self._write(name) for name in fed}
        return Staged(
            folder=self.into,
            source=self.mapping.name,
            tables=tables,
            quarantine=self._write_quarantine(),
            counts=tuple(self.counts),
            supplies=supplies(self.mapping, opened),
            cannot_supply=self.mapping.cannot_supply,
            looks_back=self.mapping.looks_back,
            snapshot=self.mapping.snapshot,
            digests=self.digests,
            mapping_digest=self.mapping.digest,
            vocabulary=self.mapping.vocabulary,
            words=self.mapping.words,
        )

    # -- opening -----------------------------------------------------------------------------------------

    def _opened(self) -> dict[str, list[Opened]]:
        """The files of each source that has any; RecordsError where one is absent or none can be read."""
        opened: dict[str, list[Opened]] = {}
        absent: list[Fault] = []
        for source in sorted(self.mapping.sources.values(), key=lambda source: bool(source.query)):
            if source.query:
                found = self._queried(source, opened)
            else:
                paths = self._paths(source)
                found = [one for path in paths if (one := self._file(path, source))]
                if not paths and not source.optional:
                    absent.append(self._absent(source))
            if found:
                opened[source.name] = found
        if absent:
            raise RecordsError.of(absent)
        if not opened:
            raise RecordsError.of(self._nothing())
        return opened

    def _paths(self, source: Source) -> list[Path]:
        if not self.folder.is_dir():
            raise RecordsError(f"There is no folder {self.folder}.", what_to_do="Give the extract's folder.")
        found = {path for pattern in source.files for path in self.folder.glob(pattern)}
        return sorted(path for path in found if path.is_file())

    def _file(self, path: Path, source: Source) -> Opened | None:
        name = str(path.relative_to(self.folder))
        try:
            self.digests[name] = digest(path)
            return self.reader.open(path, name, source)
        except (UnreadableError, OSError) as error:
            self.unreadable[source.name, name] = str(error)
            return None

    def _queried(self, source: Source, opened: Map[str, list[Opened]]) -> list[Opened]:
        try:
            return [self.reader.query(source, [one for files in opened.values() for one in files])]
        except UnreadableError as error:
            raise MappingError(f"Source {source.name!r} cannot be read.", source.where, str(error)) from None

    def _absent(self, source: Source) -> Fault:
        return Fault(
            f"No file of source {source.name!r} is there.",
            str(self.folder),
            f"The mapping {self.mapping.name} looks for {', '.join(source.files)}.",
            "Put it there, or say `optional: true` for that source.",
        )

    def _nothing(self) -> list[Fault]:
        if self.unreadable:
            return [Fault(f"{file} cannot be read.", file, why) for (_, file), why in self.unreadable.items()]
        wanted = sorted({pattern for source in self.mapping.sources.values() for pattern in source.files})
        return [
            Fault(
                "The folder holds no file that the mapping reads.",
                str(self.folder),
                f"It looks for {', '.join(wanted)}.",
                "Give another folder, or another mapping.",
            )
        ]

    def _refuse_missing(self, opened: Map[str, list[Opened]]) -> None:
        faults = [
            fault
            for block in self.mapping.blocks
            for one in opened.get(block.source, ())
            for fault in missing(self.connection, block, one)
        ]
        if faults:
            raise MappingError.of(dict.fromkeys(faults))

    # -- taking ------------------------------------------------------------------------------------------

    def _create_tables(self) -> None:
        for table in TABLES:
            columns = staged_columns(table) | OWN_COLUMNS
            listed = ", ".join(f"{identifier(name)} {kind}" for name, kind in columns.items())
            self.connection.execute(f"CREATE TABLE staged_{table.name} ({listed})")
        listed = ", ".join(f"{identifier(name)} {kind}" for name, kind in QUARANTINE.items())
        self.connection.execute(f"CREATE TABLE quarantine ({listed})")

    def _numbered(self, source: str) -> Iterable[tuple[int, Block]]:
        seen: dict[str, int] = {}
        for block in self.mapping.blocks:
            seen[block.table] = seen.get(block.table, 0) + 1
            if block.source == source:
                yield seen[block.table], block

    def _take(self, source: str, opened: Opened) -> None:
        """Take all blocks of one file, or, where it breaks off in the middle, none of it."""
        counts: list[Count] = []
        self.connection.execute("BEGIN")
        try:
            for number, block in self._numbered(source):
                counts.append(self._count(number, block, opened))
            self.connection.execute("COMMIT")
            self.counts += counts
        except duckdb.InterruptException:  # somebody pressed Ctrl-C: the file is not at fault
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            refuse_full_disk(error)  # a full disk has ended the transaction already
            self.connection.execute("ROLLBACK")
            self.unreadable[source, opened.file] = _broke_off(error)

    def _count(self, number: int, block: Block, opened: Opened) -> Count:
        rows = Rows(self.connection, self.mapping, block, opened, self.now, next(self.takings))
        accepted, quarantined, skipped = rows.take()
        return Count(opened.file, block.table, number, opened.rows, accepted, quarantined, skipped)

    def _quarantine_files(self) -> None:
        for (source, file), reason in self.unreadable.items():
            for number, block in self._numbered(source):
                row = [block.table, file, 0, reason, None]
                self.connection.execute("INSERT INTO quarantine VALUES (?, ?, ?, ?, ?)", row)
                self.counts.append(Count(file, block.table, number, 1, 0, 1))

    # -- writing -----------------------------------------------------------------------------------------

    def _write(self, name: str) -> Path:
        columns = ", ".join(identifier(column) for column in staged_columns(BY_NAME[name]))
        return self._copy(f"SELECT {columns} FROM staged_{name} WHERE _reason = ''", name)

    def _write_quarantine(self) -> Path:
        return self._copy('SELECT * FROM quarantine ORDER BY "table", file, row, reason', "quarantine")

    def _copy(self, query: str, name: str) -> Path:
        path = self.into / f"{name}.parquet"
        self.connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        return path


def _broke_off(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException):
        return (
            f"An expression of the mapping fails on a value ({first_line(error)}): use TRY_CAST in it, so that only "
            "the value's own row is set aside."
        )
    return f"The file breaks off or is damaged ({first_line(error)}): export it again."
