"""The other way to do it: one SQL query for each duty, each reading the timelines for itself.

A query does less than the duty says: no conditions, no Enhanced Rights, no corrections, no links between a start
and its answer, no credit. It finds each start, the first answer after it, and whether that was in time.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

import pyarrow as pa

from bench import rulebooks
from bench.floors import version_entries
from kept.calendar import LONDON, Calendar
from kept.code.model import Duty, Selector
from kept.records.version import StoreVersion

COUNT = 10
"""How many duties stand for all."""
_LONGEST = 90  # days that no limit in working days outlasts
_NOON = time(12)


def chosen(version: StoreVersion) -> list[Duty]:
    """Duties of the police with a limit in working days, evenly spread over all of them."""
    found = [duty for duty, _ in rulebooks.police(version).duties() if _fits(duty)]
    return [found[place * len(found) // COUNT] for place in range(COUNT)]


def _fits(duty: Duty) -> bool:
    return duty.kind == "respond" and duty.limit is not None and duty.limit.unit == "working_days"


def due_days(duties: Iterable[Duty]) -> pa.Table:
    """For each day and limit in working days the moment when it is due: columns day, days, due."""
    calendar, limits = Calendar.of(), sorted({duty.limit.amount or 0 for duty in duties if duty.limit})
    rows = [(day, limit, due) for day in _days() for limit in limits for due in [_due(calendar, day, limit)]]
    types = (pa.date32(), pa.int32(), pa.timestamp("us", tz="UTC"))
    columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]
    return pa.table(columns, names=["day", "days", "due"])


def _days() -> Iterator[date]:
    calendar = Calendar.of()
    last = calendar.last - timedelta(days=_LONGEST)
    return map(date.fromordinal, range(calendar.first.toordinal(), last.toordinal()))


def _due(calendar: Calendar, day: date, limit: int) -> datetime:
    return calendar.after(datetime.combine(day, _NOON, LONDON), limit, "working_days")


def query(version: StoreVersion, duty: Duty, as_of: datetime) -> str:
    """SQL for what became of a duty: a row for each start, with its answer and state. Reads the table `due_days`."""
    assert duty.limit
    assert duty.answer
    first = "QUALIFY row_number() OVER (PARTITION BY subject ORDER BY started) = 1" if duty.which == "first" else ""
    whom = "victim" if duty.owed_to == "victim" else "investigation"
    return f"""
    CREATE OR REPLACE TEMP TABLE found AS
    WITH known AS (
        SELECT DISTINCT subject FROM subjects WHERE kind = '{whom}'),
    starts AS (
        SELECT subject, "at" AS started FROM ({_standing(version, duty.clock_from or duty.owed_when, as_of)})
        SEMI JOIN known USING (subject) {first}),
    answers AS (
        SELECT subject, "at" AS answered FROM ({_standing(version, duty.answer.specific, as_of)})),
    answered AS (
        SELECT s.subject, s.started, a.answered
        FROM starts s ASOF LEFT JOIN answers a ON a.subject = s.subject AND a.answered >= s.started)
    SELECT subject, started, due, answered,
        CASE WHEN answered <= due THEN 'met' WHEN answered > due THEN 'late'
            WHEN due > TIMESTAMPTZ '{as_of.isoformat()}' THEN 'pending' ELSE 'no_record' END AS state
    FROM answered JOIN due_days ON days = {duty.limit.amount} AND day = (started AT TIME ZONE 'Europe/London')::DATE
    """


def _standing(version: StoreVersion, selectors: Iterable[Selector], as_of: datetime) -> str:
    wanted = " OR ".join(_wanted(version, one) for one in selectors)
    moment = f"TIMESTAMPTZ '{as_of.isoformat()}'"
    return f"""{version_entries(version)} WHERE ({wanted}) AND NOT planned AND NOT is_fact
        AND entered <= {moment} AND (withdrawn IS NULL OR withdrawn > {moment})"""


def _wanted(version: StoreVersion, selector: Selector) -> str:
    parts = [f"kind = {version.codes[selector.kind]}"]
    for name, values in selector.fields().items():
        parts.append(f'"{name}" IN ({", ".join(repr(value) for value in values)})')
    return f"({' AND '.join(parts)})"
