"""The worklist as a file: cases, who holds them, and what is owed in them now, to be looked up by who asks.

It is made from a version of the records and the run over them, and holds nothing that these do not. SQLite, because a
page looks up a few rows by key, which takes it microseconds, and since every process of the service reads one file.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kept.errors import StoreError

FORMAT = 4
"""Of the tables below; files of another format are made anew."""

TABLES = {
    "investigation": "id TEXT PRIMARY KEY, open INTEGER, opened INTEGER, reviewed INTEGER",
    "victim": "id TEXT PRIMARY KEY, investigation TEXT, crime TEXT, person TEXT, kind TEXT, enhanced INTEGER, "
    "opted_out INTEGER, offence TEXT",
    "posting": "investigation TEXT, start INTEGER, end INTEGER, officer TEXT, team TEXT, department TEXT, area TEXT",
    "restriction": "investigation TEXT, barred TEXT",
    "owed": "subject INTEGER, investigation TEXT, crime TEXT, victim TEXT, duty TEXT, edition TEXT, part TEXT, "
    '"right" INTEGER, holder TEXT, start_at INTEGER, due INTEGER, judged INTEGER, settled TEXT, has_limit INTEGER, '
    "repeats INTEGER, moved INTEGER, enhanced INTEGER, open INTEGER",
    "court": "investigation TEXT, crime TEXT, charged INTEGER, carer TEXT",
    "hearing": "investigation TEXT, crime TEXT, at INTEGER, kind TEXT",
    "made_of": "version INTEGER, run TEXT, as_of INTEGER, entered INTEGER",
}
"""The tables and their columns. Moments are microseconds from 1970 in UTC."""

INDICES = {
    "posting": ("investigation", "officer", "team", "department", "area"),
    "victim": ("investigation",),
    "restriction": ("investigation",),
    "owed": ("investigation", "holder"),
    "court": ("investigation",),
    "hearing": ("investigation",),
}
"""By what rows are looked up beside their ids."""

Restrictions = frozenset[tuple[str, str | None]]
"""Restricted investigations, each with whom it bars; None for the marking alone."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Worklist:
    """A worklist that was made, open for as long as it is asked; safe to ask from many threads.

    `restrictions`, where given, stand for those of its file: whom the records restrict holds at once, and a list may be
    older than the records. StoreError where its file is not there any more.
    """

    def __init__(self, path: Path, restrictions: Restrictions | None = None) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise StoreError(
                "The worklist cannot be opened.", str(path), str(error), "Try again: a newer one may just have come."
            ) from None
        self._connection.row_factory = sqlite3.Row
        if restrictions is not None:
            self._restrict(restrictions)

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """The rows that a query finds."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _restrict(self, restrictions: Restrictions) -> None:
        """A table of the connection's own, in memory, is found by its name before that of the file."""
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._connection.execute(f"CREATE TEMP TABLE restriction ({TABLES['restriction']})")
        self._connection.executemany("INSERT INTO temp.restriction VALUES (?, ?)", restrictions)
        self._connection.execute("CREATE INDEX temp.restricted ON restriction (investigation)")
        self._connection.commit()


@contextmanager
def written(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a new file with the tables, which get their indices at the end."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
        yield connection
        for name, columns_of in INDICES.items():
            for column in columns_of:
                connection.execute(f"CREATE INDEX {name}_by_{column} ON {name} ({column})")
        connection.commit()
        connection.execute("ANALYZE")
    finally:
        connection.close()


def as_number(at: datetime) -> int:
    """A moment as the tables hold it."""
    return (at - _EPOCH) // _MICROSECOND


def as_moment(number: int) -> datetime:
    """A moment of the tables."""
    return _EPOCH + number * _MICROSECOND


def truth(number: int | None) -> bool | None:
    """A truth as the tables hold it; None where it is not known."""
    return None if number is None else bool(number)
