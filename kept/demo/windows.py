"""Due contacts worked out from an extract: which windows were kept, and what is overdue now.

A contact with a person counts for all their victim rows in one investigation. Each plan goes window by window: to the
last contact inside a window that was kept, or to the due moment of one that was missed.
"""

from datetime import date, datetime, timedelta
from functools import cache

import duckdb
import numpy as np

from kept.calendar import start_of_day
from kept.demo.moments import Flags, Ints

Count = tuple[int, int]  # of how many, how many
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2060, 1, 1)
PER_PLAN = 1 << 33  # seconds; room for one plan's moments in a single sorted key
AHEAD = PER_PLAN - 1
PREPARE = """
create temp table planned as
with agreed as (select victim, min(occurred_at) as agreed from standing_events where kind = 'contact_agreed' group by 1)
select row_number() over (order by victim) - 1 as plan, victim, investigation, person, epoch(agreed)::bigint as second
from agreed join owed using (victim)
where victim in (select subject from facts where attribute = 'contact_interval');
create temp table open_now as select distinct investigation from owed where investigation not in (
  select subject from latest where attribute = 'open' and value = 'false');
"""
PLANS = """
with closings as (select investigation, min(occurred_at) as closed_at from standing_events
  where kind = 'investigation_closed' group by 1),
cases as (select investigation, row_number() over (order by investigation) - 1 as number from planned group by 1)
select p.second, number, coalesce(epoch(closed_at)::bigint, $1) as closed, o.investigation is not null as open_now
from planned p join cases using (investigation)
left join closings c using (investigation) left join open_now o using (investigation) order by plan
"""
INTERVALS = """
select plan, epoch(valid_from)::bigint as second, try_cast(value as bigint) as days
from facts join planned on subject = victim where attribute = 'contact_interval' and voids is null
order by plan, valid_from, entered_at
"""
CONTACTS = """
select plan, epoch(e.occurred_at)::bigint as second
from standing_events e join owed o using (victim) join planned p
  on p.investigation = o.investigation and p.person = o.person
where e.occurred_at is not null
  and ((e.kind = 'victim_contacted' and e.result = 'reached') or (e.kind = 'victim_told' and e.result = 'told'))
order by 1, 2
"""


def kept_and_overdue(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> tuple[Count, Count]:
    """Investigations with a judged contact, and those kept informed; open ones, and those 1–7 days overdue.

    `connection` holds the views of `kept.demo.calibration`.
    """
    connection.execute(PREPARE)
    now = int(as_of.timestamp())
    plan = connection.execute(PLANS, [AHEAD]).fetchnumpy()
    intervals, contacts = _keyed(connection, INTERVALS), _keyed(connection, CONTACTS)
    agreed, case = plan["second"].astype(np.int64), plan["number"].astype(np.int64)
    ends = np.minimum(plan["closed"].astype(np.int64), now)
    judged, missed = _walk(agreed, ends, intervals, contacts)
    bad = np.unique(case[missed]).size
    due = _outstanding(agreed, now, intervals, contacts)
    open_now = plan["open_now"].astype(np.bool_)
    earliest = np.full(case.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(earliest, case[open_now], due[open_now])
    days_late = _day(np.array([now]))[0] - earliest
    in_all = connection.execute("select count(*) from open_now").fetchall()[0][0]
    informed = np.unique(case[judged]).size
    return (informed, informed - bad), (in_all, int(((days_late >= 1) & (days_late <= 7)).sum()))


def _keyed(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Ints, Ints]:
    """Sorted keys of (plan, second), and the days where there are any."""
    found = connection.execute(query).fetchnumpy()
    key = found["plan"].astype(np.int64) * PER_PLAN + found["second"].astype(np.int64)
    return key, found.get("days", key).astype(np.int64)


def _walk(agreed: Ints, ends: Ints, intervals: tuple[Ints, Ints], contacts: tuple[Ints, Ints]) -> tuple[Flags, Flags]:
    """Mark the plans with a judged window, and those with a missed one."""
    judged, missed = np.zeros((2, agreed.size), np.bool_)
    active, base = np.arange(agreed.size), agreed.copy()
    while active.size:
        due = _end_of_day(_day(base[active]) + _interval(active, base[active], intervals))
        inside = due <= ends[active]
        active, due = active[inside], due[inside]
        judged[active] = True
        last = _last(active, due, contacts)
        kept = last > base[active]
        missed[active[~kept]] = True
        base[active] = np.where(kept, last, due)
    return judged, missed


def _outstanding(agreed: Ints, now: int, intervals: tuple[Ints, Ints], contacts: tuple[Ints, Ints]) -> Ints:
    """The London day on which each plan's next contact is or was due, counted from the last contact made."""
    plan = np.arange(agreed.size)
    base = np.maximum(agreed, _last(plan, np.full(agreed.size, now), contacts))
    return _day(base) + _interval(plan, base, intervals)


def _interval(plan: Ints, at: Ints, intervals: tuple[Ints, Ints]) -> Ints:
    """The interval in force; where a plan's first is younger than its agreement, that first one."""
    key, days = intervals
    first = np.searchsorted(key, plan * PER_PLAN)
    return days[np.maximum(np.searchsorted(key, plan * PER_PLAN + at, "right") - 1, first)]


def _last(plan: Ints, until: Ints, contacts: tuple[Ints, Ints]) -> Ints:
    """Each plan's last contact up to a second; -1 where there is none."""
    key = contacts[0]
    place = np.searchsorted(key, plan * PER_PLAN + until, "right") - 1
    found = key[np.maximum(place, 0)] if key.size else np.full(plan.size, -1)
    return np.where((place >= 0) & (found // PER_PLAN == plan), found % PER_PLAN, -1)


@cache
def _starts() -> Ints:
    days = (LAST_DAY - FIRST_DAY).days
    return np.array([int(start_of_day(FIRST_DAY + timedelta(days=day)).timestamp()) for day in range(days)], np.int64)


def _day(at: Ints) -> Ints:
    return np.searchsorted(_starts(), at, "right") - 1


def _end_of_day(day: Ints) -> Ints:
    """The last second of a London day; past the known days, the last of all."""
    return _starts()[np.minimum(day + 1, _starts().size - 1)] - 1
