"""Files of an extract as DuckDB relations: CSV, Parquet, XLSX, XES, and queries over them.

Every relation has the file's own columns and `_kept_row`, the 1-based data row. What cannot be read as a row is kept
beside it with its reason, so that rows in = rows read + rows broken.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kept.errors import DiskError, is_full_disk
from kept.records.layout import Source
from kept.records.mapping_faults import first_line
from kept.records.schema import identifier, literal
from kept.records.sheets import to_parquet
from kept.records.zipped import is_gzip, open_binary

ROW = "_kept_row"
LONGEST_VALUE = 1000  # lines: a quoted value that runs on longer was never closed
BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
NO_QUOTING = "A quote is opened here and not closed, or text follows a closed quote: close it, or double it."
_OTHER_ENCODING = "The line of column names holds bytes that are not {encoding} text: state the file's `encoding`."
_UNDECODED = re.compile("[\udc80-\udcff]")
"""A byte that was no text, as Python carries it through."""
NO_CSV = "The line is no CSV: correct it."
REASONS = {
    "INVALID ENCODING": "The line holds bytes that are not {encoding} text: state the file's `encoding`.",
    "TOO MANY COLUMNS": "The line has more values than the file has columns: quote the value that holds the delimiter.",
    "MISSING COLUMNS": "The line has fewer values than the file has columns: complete it.",
    "UNQUOTED VALUE": NO_QUOTING,
    "LINE SIZE OVER MAXIMUM": "The line is longer than 2 MB: a quote is probably never closed.",
}


class UnreadableError(Exception):
    """A file that cannot be read at all; the message is the reason, as its quarantine says it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be read: its relation, the DuckDB types of its columns, and its number of data rows.

    `broken` is a relation of the lines that are no rows (row, reason, raw), blank where there are none;
    `twice` are the column names that stand more than once.
    """

    file: str
    source: Source
    relation: str
    columns: Mapping[str, str]
    rows: int
    broken: str = ""
    broken_rows: int = 0
    twice: frozenset[str] = frozenset()


class Reader:
    """Opens files on one connection; converted copies go to `work`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, work: Path) -> None:
        self.connection, self.work = connection, work
        self.numbers = itertools.count(1)

    def open(self, path: Path, file: str, source: Source) -> Opened:
        """Open one file; UnreadableError with a sentence where nothing of it can be read."""
        try:
            if path.stat().st_size == 0:
                raise UnreadableError("The file is empty, without even a line of column names: export it again.")
            return self._open(path, file, source)
        except UnicodeError:
            raise UnreadableError(_OTHER_ENCODING.format(encoding=source.encoding)) from None
        except (OSError, EOFError, zlib.error, pa.ArrowException, duckdb.Error) as error:
            refuse_full_disk(error)
            raise UnreadableError(
                f"The file cannot be read ({first_line(error)}): it is cut short, damaged, or not what its name says; "
                "export it again."
            ) from None

    def _open(self, path: Path, file: str, source: Source) -> Opened:
        form = source.format_of(file)
        if form == "csv":
            return _Csv(self, path, file, source).opened()
        if form == "parquet":
            return self._parquet(path, file, source)
        if form in ("xlsx", "xes"):
            copy = self.work / f"copy-{next(self.numbers)}.parquet"
            try:
                to_parquet(form, path, copy, source.sheet)
            except ValueError as error:
                raise UnreadableError(str(error)) from None
            return self._parquet(copy, file, source)
        raise UnreadableError("The format is unknown: state `format` in the mapping's source.")

    def _parquet(self, path: Path, file: str, source: Source) -> Opened:
        relation = f"source_{next(self.numbers)}"
        self.connection.execute(
            f"CREATE VIEW {relation} AS SELECT file_row_number + 1 AS {ROW}, * EXCLUDE (file_row_number) "
            f"FROM read_parquet({literal(str(path))}, file_row_number = true)"
        )
        names = [name.lower() for name in pq.read_schema(path).names]
        twice = frozenset(name for name in names if names.count(name) > 1)
        return self.described(relation, file, source, twice=twice)

    def query(self, source: Source, others: Iterable[Opened]) -> Opened:
        """The result of a source's query over the other sources, as if it were a file."""
        relation = f"source_{next(self.numbers)}"
        try:
            self._name(others)
            self.connection.execute(
                f"CREATE TABLE {relation} AS SELECT row_number() OVER () AS {ROW}, * FROM ({source.query}\n)"
            )
        except duckdb.Error as error:
            refuse_full_disk(error)
            raise UnreadableError(f"The query fails ({first_line(error)}): correct it.") from None
        return self.described(relation, source.name, source)

    def _name(self, others: Iterable[Opened]) -> None:
        ordered = sorted(others, key=lambda opened: opened.source.name)
        for name, files in itertools.groupby(ordered, key=lambda opened: opened.source.name):
            union = " UNION ALL BY NAME ".join(f"SELECT * EXCLUDE ({ROW}) FROM {one.relation}" for one in files)
            self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {union}")

    def described(
        self,
        relation: str,
        file: str,
        source: Source,
        broken: str = "",
        twice: frozenset[str] = frozenset(),
    ) -> Opened:
        described = self.connection.execute(f"DESCRIBE {relation}").fetchall()
        columns = {name: kind for name, kind, *_ in described if name != ROW}
        lost = count(self.connection, broken) if broken else 0
        rows = count(self.connection, relation) + lost
        return Opened(file, source, relation, columns, rows, broken, lost, twice)


class _Csv:
    """One CSV file. DuckDB reads it and sets aside what is no row; Python only rewrites what DuckDB cannot read."""

    def __init__(self, reader: Reader, path: Path, file: str, source: Source) -> None:
        self.reader, self.path, self.file, self.source = reader, path, file, source
        self.encoding = _encoding(path, source.encoding)
        self.unclosed: dict[int, str] = {}

    def opened(self) -> Opened:
        plain = self.encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig", "ascii")
        names, twice = _header(self.path, self.encoding, self.source)
        if not plain:
            return self._read(self._rewritten(), names, twice)
        try:
            return self._read(self.path, names, twice)
        except (_NeverClosedError, duckdb.InvalidInputException):
            return self._read(self._rewritten(), names, twice, closed=True)

    def _read(self, path: Path, names: list[str], twice: frozenset[str], closed: bool = False) -> Opened:
        connection, number = self.reader.connection, next(self.reader.numbers)
        table, rejects = f"lines_{number}", f"rejects_{number}"
        connection.execute(
            f"CREATE TABLE {table} AS SELECT row_number() OVER () AS {ROW}, * "
            f"FROM read_csv({literal(str(path))}, {self._options(path, names, rejects)})"
        )
        broken = self._broken(rejects, f"broken_{number}")
        if broken and not closed and path == self.path and self._swallowed(broken):
            raise _NeverClosedError
        relation = self._numbered(table, broken) if broken else table
        return self.reader.described(relation, self.file, self.source, broken, twice)

    def _options(self, path: Path, names: list[str], rejects: str) -> str:
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
        zipped = "gzip" if is_gzip(path) else "none"
        quote = literal(self.source.quote)
        return (
            f"header = true, auto_detect = false, delim = {literal(self.source.delimiter)}, quote = {quote}, "
            f"escape = {quote}, columns = {{{columns}}}, strict_mode = true, compression = '{zipped}', "
            f"store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scan', "
            "rejects_limit = 0"
        )

    def _broken(self, rejects: str, table: str) -> str:
        """The lines that DuckDB rejected, as a relation; blank where there are none."""
        connection = self.reader.connection
        reasons = " ".join(f"WHEN {literal(kind)} THEN {literal(why)}" for kind, why in self._reasons().items())
        connection.execute(
            f"CREATE TABLE {table} AS SELECT line - 1 AS row, "
            f"CASE first(error_type::VARCHAR ORDER BY column_idx) {reasons} ELSE {literal(NO_CSV)} END AS reason, "
            f"first(csv_line) AS raw FROM {rejects} GROUP BY line"
        )
        if self.unclosed:
            lines = pa.table({"row": list(self.unclosed), "raw": list(self.unclosed.values())})
            connection.register("unclosed", lines)
            connection.execute(f"UPDATE {table} SET raw = u.raw FROM unclosed u WHERE {table}.row = u.row")
            connection.unregister("unclosed")
        return table if count(connection, table) else ""

    def _reasons(self) -> dict[str, str]:
        return {kind: reason.format(encoding=self.source.encoding) for kind, reason in REASONS.items()}

    def _swallowed(self, broken: str) -> bool:
        """Whether a quote took lines with it; DuckDB shows the first 10,000 characters of a line."""
        took = f"reason = {literal(NO_QUOTING)} AND (contains(raw, chr(10)) OR length(raw) >= 10000)"
        return count(self.reader.connection, f"{broken} WHERE {took}") > 0

    def _numbered(self, table: str, broken: str) -> str:
        """A relation whose rows are numbered as in the file, the broken ones counted.

        With `n` broken lines before it, row `k` of those read is row `k + n` of the file.
        """
        self.reader.connection.execute(
            f"CREATE TABLE {table}_n AS "
            f"WITH lost AS (SELECT row, row_number() OVER (ORDER BY row) AS n FROM {broken}), "
            "before AS (SELECT row - n + 1 AS k, max(n) AS n FROM lost GROUP BY k) "
            f"SELECT t.{ROW} + coalesce(b.n, 0) AS {ROW}, t.* EXCLUDE ({ROW}) "
            f"FROM {table} t ASOF LEFT JOIN before b ON t.{ROW} >= b.k"
        )
        self.reader.connection.execute(f"DROP TABLE {table}")
        return f"{table}_n"

    def _rewritten(self) -> Path:
        """A copy in UTF-8 with plain line ends, in which a quote never closed breaks its own line only."""
        copy = self.reader.work / f"copy-{next(self.reader.numbers)}.csv"
        mark = self.source.quote
        with (
            open_text(self.path, self.encoding, newline=None) as lines,
            copy.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as out,
        ):
            for number, (record, closed) in enumerate(_records(lines, mark)):
                if not closed:
                    self.unclosed[number] = record.rstrip("\n")
                out.write(record if closed else f"{mark}{mark}!" + record.replace(mark, ""))
        return copy


class _NeverClosedError(Exception):
    """A quote swallowed the lines after it."""


def _records(lines: Iterable[str], mark: str) -> Iterator[tuple[str, bool]]:
    """Lines joined to records by their quotes; a line whose quote is never closed comes alone, with False."""
    source, waiting = iter(lines), deque[str]()

    def following() -> str:
        return waiting.popleft() if waiting else next(source, "")

    while first := following():
        held, open_quote = [first], bool(mark) and first.count(mark) % 2 == 1
        while open_quote and len(held) < LONGEST_VALUE and (more := following()):
            held.append(more)
            open_quote ^= more.count(mark) % 2 == 1
        if open_quote:
            waiting.extendleft(reversed(held[1:]))
        yield (first, False) if open_quote else ("".join(held), True)


def _header(path: Path, encoding: str, source: Source) -> tuple[list[str], frozenset[str]]:
    """The names of the columns, made different where they are not, and those that stand twice."""
    with open_text(path, encoding, newline="") as lines:
        row = _first_row(lines, source)
    if any("\0" in name for name in row):
        raise UnreadableError("The file holds zero bytes: it is no text, or its `encoding` is not the one stated.")
    if any(_UNDECODED.search(name) for name in row):
        raise UnreadableError(_OTHER_ENCODING.format(encoding=encoding))
    names = [name.strip().removeprefix("\ufeff") or f"column {i}" for i, name in enumerate(row, 1)]
    if not names:
        raise UnreadableError("The file has no line of column names: export it again with one.")
    seen: dict[str, int] = {}
    different = []
    for name in names:
        seen[name.lower()] = seen.get(name.lower(), 0) + 1
        different.append(name if seen[name.lower()] == 1 else f"{name} ({seen[name.lower()]})")
    return different, frozenset(name for name in names if seen[name.lower()] > 1)


def _first_row(lines: Iterable[str], source: Source) -> list[str]:
    mark = source.quote or None
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if mark else csv.QUOTE_NONE
    if len(source.delimiter) > 1:  # Python's reader knows single characters only
        first = next(iter(lines), "").strip("\r\n")
        return [name.strip(source.quote) for name in first.split(source.delimiter)] if first else []
    try:
        return next(csv.reader(lines, delimiter=source.delimiter, quotechar=mark, quoting=quoting))
    except (StopIteration, csv.Error):
        return []


def _encoding(path: Path, stated: str) -> str:
    with open_binary(path) as file:
        start = file.read(4)
    return next((encoding for mark, encoding in BOMS if start.startswith(mark)), stated)


def open_text(path: Path, encoding: str, newline: str | None) -> io.TextIOWrapper:
    """Open a text file, gzipped or not; what is not text in UTF-8 is carried through for DuckDB to refuse."""
    wide = encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
    utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "ascii")
    return io.TextIOWrapper(
        open_binary(path),
        encoding="utf-8-sig" if utf8 else encoding,
        errors="replace" if wide else "surrogateescape",
        newline=newline,
    )


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has."""
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def refuse_full_disk(error: Exception) -> None:
    """Raise DiskError where that is what an error is about."""
    if is_full_disk(error):
        raise DiskError(
            "The disk is full.",
            why="Staging an extract needs room for a copy of it.",
            what_to_do="Free some space, or stage into a folder on another disk.",
        ) from None
