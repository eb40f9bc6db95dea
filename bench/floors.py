"""What the machine must do at least: read the columns once, and group them by subject, both by DuckDB.

Every floor reads the entries that the first version's evaluation reads, in the same files.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bench import rulebooks
from kept.engine.compiled.entries import COLUMNS
from kept.engine.coverage import rules_for
from kept.engine.reads import words_read
from kept.records.stored import STORED_ENTRIES
from kept.records.version import StoreVersion

READ = (*COLUMNS, "made")
"""The columns that the engine reads of an entry."""
_GROUPED = ("subject", "at", "kind")
_CHEAPEST = {"string": "max(strlen({}))", "bool": "bool_or({})"}


@contextmanager
def connected(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that keeps tables in memory, up to half of the machine's; the rest goes to the folder `spill`."""
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{memory() // 2}B'")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET temp_directory = $1", [str(spill)])
        yield connection


def memory() -> int:
    """The machine's memory, in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def scan(version: StoreVersion) -> str:
    """SQL that reads each column once."""
    return f"CREATE OR REPLACE TEMP TABLE found AS SELECT {_aggregates(READ)} FROM ({version_entries(version)})"


def group(version: StoreVersion, *, same_columns: bool) -> str:
    """SQL that groups by subject: for each kind of event that the police's duties read, when it first happened.

    With `same_columns` also an aggregate of every further column that the engine reads.
    """
    firsts = [f'min(CASE WHEN kind = {code} THEN "at" END) AS first_{code}' for code in _codes(version)]
    further = [name for name in READ if name not in _GROUPED] if same_columns else []
    columns = ", ".join(["subject", *firsts, *([_aggregates(further)] if further else [])])
    entries = version_entries(version)
    return f"CREATE OR REPLACE TEMP TABLE found AS SELECT {columns} FROM ({entries}) GROUP BY subject"


def version_entries(version: StoreVersion) -> str:
    """SQL for the rows of the files of timelines, as the engine reads them: all, and what was superseded too."""
    files = ", ".join(f"'{path}'" for path in version.files("timelines"))
    return f"SELECT * FROM read_parquet([{files}], hive_partitioning = false)"


def kinds(version: StoreVersion) -> int:
    """How many kinds of event the group floor looks for."""
    return len(_codes(version))


def _codes(version: StoreVersion) -> list[int]:
    rules = rules_for(rulebooks.police(version), version)
    words = words_read(rules, "victim") | words_read(rules, "investigation")
    return sorted(code for word, code in version.codes.items() if word in words & rules.vocabulary.kinds.keys())


def _aggregates(columns: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"{_cheapest(name)} AS any_{name}" for name in columns)


def _cheapest(name: str) -> str:
    return _CHEAPEST.get(str(STORED_ENTRIES.field(name).type), "max({})").format(f'"{name}"')
