"""A run's obligations counted: by right and by duty, each state, and the rate as a range.

A rate is taken over what has been judged by the as-of, so that what is merely not yet due cannot flatter. Evidenced =
met ÷ (met + late + not done + no record + reasoned); at best, no record and general answers count as met
(`docs/explanation/rates-are-ranges.md`). The parts of an `all_of` duty are not counted beside their whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kept.engine.results import Run
from kept.engine.states import COUNTED, STATE_NAMES

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


def by(columns: Sequence[str], run: Run, clock: datetime | None = None) -> list[Counted]:
    """Count a run's obligations by columns of the view `stated` (`engine.rows`), in their order.

    States are those at the run's as-of, or by a later clock on the same facts.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    states = ", ".join(f"count(*) FILTER (state = '{state}') AS {state}" for state in STATE_NAMES)
    counts = f"""
        SELECT {names}, count(*) AS obligations, {states},
               count(*) FILTER (counts) AS judged_count,
               count(*) FILTER (counts AND state = 'met') AS met_count,
               count(*) FILTER (counts AND at_best) AS best_count
        FROM (SELECT *, judged <= getvariable('clock') AND state IN ({_COUNTED}) AS counts FROM stated WHERE part = '')
        GROUP BY ALL ORDER BY {names}
    """
    with run.reading(clock) as connection:
        return [_counted(row, len(columns)) for row in connection.sql(counts).fetchall()]


def _counted(row: tuple[Any, ...], width: int) -> Counted:
    group, obligations, rest = row[:width], row[width], row[width + 1 :]
    states = dict(zip(STATE_NAMES, rest, strict=False))
    judged, met, at_best = rest[len(STATE_NAMES) :]
    return Counted(group, obligations, states, judged, met, at_best)


def first_lost(run: Run, edition: str, duty: str) -> tuple[str | None, str | None]:
    """The crime and victim of the first obligation of a duty without any record; (None, None) if there is none."""
    query = """
        SELECT s.crime, s.victim FROM stated r JOIN subjects s ON s.subject = r.subject
            AND s.entered <= getvariable('as_of') AND coalesce(s.withdrawn > getvariable('as_of'), true)
        WHERE r.edition = $1 AND r.duty = $2 AND r.part = '' AND r.state = 'no_record' AND s.crime IS NOT NULL
        ORDER BY r.subject, r.start_at LIMIT 1
    """
    with run.reading() as connection:
        connection.execute(f"CREATE TEMP VIEW subjects AS {run.version.relation('subjects')}")
        row = connection.execute(query, [edition, duty]).fetchone()
    return (row[0], row[1]) if row else (None, None)
