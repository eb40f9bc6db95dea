"""A run's obligations counted: by right and by duty, each state, and the rate as a range.

A rate is taken over what has been judged by the as-of, so that what is merely not yet due cannot flatter. Evidenced =
met ÷ (met + late + not done + no record + reasoned); at best, no record and general answers count as met
(`docs/explanation/rates-are-ranges.md`). The parts of an `all_of` duty are not counted beside their whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from kept.engine.states import COUNTED, STATES

STATE_NAMES = tuple(row.state for row in STATES)
_COUNTED = ", ".join(f"'{state}'" for state in COUNTED)


@dataclass(frozen=True, slots=True)
class Counted:
    """The obligations of one group: how many in each state, how many judged, and of those how many met, and at best."""

    group: tuple[Any, ...]
    obligations: int
    states: dict[str, int]
    judged: int
    met: int
    at_best: int

    def as_data(self, names: Sequence[str]) -> dict[str, Any]:
        """For JSON: the group under its names, the counts, and the two ends of the rate (None without a judged one)."""
        return {
            **dict(zip(names, self.group, strict=True)),
            "obligations": self.obligations,
            **self.states,
            "judged": self.judged,
            "evidenced": self.met / self.judged if self.judged else None,
            "at_best": self.at_best / self.judged if self.judged else None,
        }


def by(columns: Sequence[str], run_folder: Path, as_of: str) -> list[Counted]:
    """Count a run's obligations by columns of its rows, in their order. `as_of` is ISO 8601."""
    names = ", ".join(f'"{name}"' for name in columns)
    states = ", ".join(f"count(*) FILTER (state = '{state}') AS {state}" for state in STATE_NAMES)
    counts = f"""
        SELECT {names}, count(*) AS obligations, {states},
               count(*) FILTER (counts) AS judged_count,
               count(*) FILTER (counts AND state = 'met') AS met_count,
               count(*) FILTER (counts AND at_best) AS best_count
        FROM (SELECT *, judged <= ?::TIMESTAMPTZ AND state IN ({_COUNTED}) AS counts
              FROM read_parquet(?) WHERE part = '')
        GROUP BY ALL ORDER BY {names}
    """
    with duckdb.connect() as connection:
        rows = connection.execute(counts, [as_of, str(run_folder / "obligations-*.parquet")]).fetchall()
    return [_counted(row, len(columns)) for row in rows]


def _counted(row: tuple[Any, ...], width: int) -> Counted:
    group, obligations, rest = row[:width], row[width], row[width + 1 :]
    states = dict(zip(STATE_NAMES, rest, strict=False))
    judged, met, at_best = rest[len(STATE_NAMES) :]
    return Counted(group, obligations, states, judged, met, at_best)


def first_lost(run_folder: Path, edition: str, duty: str) -> tuple[str | None, str | None]:
    """The crime and victim of the first obligation of a duty without any record; (None, None) if there is none."""
    query = """
        SELECT crime, victim FROM read_parquet(?)
        WHERE edition = ? AND duty = ? AND part = '' AND state = 'no_record' AND crime IS NOT NULL
        ORDER BY subject, start_at LIMIT 1
    """
    with duckdb.connect() as connection:
        row = connection.execute(query, [str(run_folder / "obligations-*.parquet"), edition, duty]).fetchone()
    return (row[0], row[1]) if row else (None, None)
