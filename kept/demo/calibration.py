"""The calibrated shares, worked out again from an extract alone.

Each is a figure of the board papers as this module reads it; `shares` says how. Rows that a later row voids or
supersedes are left out, and of a fact the last value by `valid_from`, then `entered_at`, holds.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from kept.contract.tables import TABLES
from kept.demo import columns, quota, windows


@dataclass(frozen=True, slots=True)
class Share:
    """A calibrated share: `count` of `n`, meant to be `target`."""

    name: str
    target: float
    n: int
    count: int

    @property
    def found(self) -> float:
        return self.count / self.n if self.n else 0.0


REACHED = "('delivered', 'posted', 'handed_over')"
STANDING = """
create temp table undone as select voids as event_id from events where voids is not null
  union select supersedes from events where supersedes is not null;
create temp table standing_events as
  select event_id, kind, value, result, victim, investigation, occurred_at from events where voids is null
  and event_id not in (from undone) and kind in ('contact_agreed', 'victim_contacted', 'victim_told',
    'investigation_closed', 'personal_statement', 'information_given');
create temp table unsaid as select voids as fact_id from facts where voids is not null
  union select supersedes from facts where supersedes is not null;
create temp table latest as select subject, attribute,
  last(value order by valid_from, entered_at, fact_id) as value
  from facts where voids is null and fact_id not in (from unsaid)
  and attribute in ('open', 'outcome', 'offence_subgroup', 'domestic_abuse') group by all;
create view owed as select v.victim, v.crime, coalesce(c.investigation, c.crime) as investigation,
  coalesce(v.person, v.victim) as person, c.reported_at, c.recorded_at
  from victims v join crimes c using (crime);
"""
ASSESSED = """
select count(*), count(*) filter (assessed) from (
  select investigation, bool_and(a.victim is not null) as assessed
  from owed left join (select distinct victim from assessments where form = 'needs_assessment') a using (victim)
  where reported_at is not null group by investigation)
"""
OFFERED = """
select count(*), count(*) filter (
  victim in (select e.victim from standing_events e join owed o using (victim) where e.kind = 'personal_statement'
    and e.value = 'offered' and e.result is distinct from 'not_done' and e.occurred_at <= o.recorded_at))
from owed where reported_at is not null and recorded_at is not null
"""
INFORMED = f"""
select count(*), count(*) filter (given = 3) from owed left join (
  select victim, count(distinct value) as given from standing_events where kind = 'information_given'
    and value in ('crime_reference', 'complaints_process', 'compensation') and result in {REACHED}
  group by victim) using (victim)
where recorded_at is not null
"""
OUTCOMES = """
select count(*), count(*) filter (o.value = '16') from latest o
  join latest t on t.subject = o.subject and t.attribute = $1 and t.value = $2
  where o.attribute = 'outcome' and o.value is not null
"""
THEMES = {
    "rape": ("offence_subgroup", "rape"),
    "other_sexual": ("offence_subgroup", "other_sexual"),
    "stalking_and_harassment": ("offence_subgroup", "stalking_and_harassment"),
    "domestic_abuse": ("domestic_abuse", "true"),
}


def calibration(folder: Path) -> list[Share]:
    """Work the shares out from `folder`/extract, as of the moment that the force was made for."""
    made = json.loads((folder / "force.json").read_text(encoding="utf-8"))
    connection = duckdb.connect()
    for table in TABLES:
        path = folder / "extract" / f"{table.name}.parquet"
        connection.execute(f"create view {table.name} as select * from read_parquet('{path.as_posix()}')")
    return shares(connection, datetime.fromisoformat(made["as_of"]))


def of_tables(tables: Mapping[str, pa.Table], as_of: datetime) -> list[Share]:
    """Work the shares out for contract tables in memory; those that are absent count as empty."""
    connection = duckdb.connect()
    for table in TABLES:
        given = tables.get(table.name)
        connection.register(table.name, columns.schema(table.name).empty_table() if given is None else given)
    return shares(connection, as_of)


def shares(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> list[Share]:
    """The shares of the contract tables that stand in `connection`.

    - needs assessed: of all investigations of reported crimes, those whose every victim has a needs assessment;
    - kept informed: of investigations with a contact due by now, those in which every due contact was made;
    - offered at recording: of victims of recorded crimes, those whose personal statement was offered by the moment
      the crime was recorded;
    - the three informations: of victims of recorded crimes, those whom reference, complaints and compensation all
      reached in writing;
    - overdue: of open investigations, those whose earliest outstanding contact is due since one to seven days;
    - outcome 16: of crimes of a theme that have an outcome.
    """
    connection.execute("set timezone = 'UTC'")
    connection.execute(STANDING)
    informed, overdue = windows.kept_and_overdue(connection, as_of)
    counted = {
        quota.NEEDS_ASSESSED: _counted(connection, ASSESSED),
        quota.KEPT_INFORMED: informed,
        quota.STATEMENT_OFFERED: _counted(connection, OFFERED),
        quota.INFORMATION: _counted(connection, INFORMED),
        quota.OVERDUE: overdue,
    }
    for theme, about in THEMES.items():
        counted[f"{quota.WITHDRAWN}_{theme}"] = _counted(connection, OUTCOMES, *about)
    return [Share(name, quota.TARGETS[name], *counted[name]) for name in quota.TARGETS]


def _counted(connection: duckdb.DuckDBPyConnection, query: str, *values: str) -> tuple[int, int]:
    n, count = connection.execute(query, list(values)).fetchall()[0]
    return n, count
