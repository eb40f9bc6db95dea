"""Which crimes stand before the courts as of a run, and the hearings that are listed for them.

A crime stands before the courts from a charge until that suspect's case has ended in court, was stopped, or the crime
was cancelled; and for as long as a hearing is listed in it, an appeal after sentence too. That the police closed their
file, as many do at the charge, ends nothing.
"""

from __future__ import annotations

import sqlite3

from kept.engine.results import Run
from kept.web.worklist.owing import CARE

_KINDS = (
    "suspect_charged",
    "hearing",
    "hearing_vacated",
    "hearing_details_received",
    "court_result_received",
    "verdict",
    "sentence_passed",
    "prosecution_changed",
    "crime_cancelled",
    "crime_transferred",
)


def write(run: Run, into: sqlite3.Connection) -> None:
    """Fill the tables `court` and `hearing` of a worklist, as of the run. StoreError where a file cannot be read."""
    codes = ", ".join(f"({code}, '{kind}')" for kind, code in run.version.codes.items() if kind in _KINDS)
    with run.reading() as connection:
        for name in ("subjects", "timelines"):
            connection.execute(f"CREATE TEMP VIEW court_{name} AS {run.version.relation(name)}")
        connection.execute(f"CREATE TEMP TABLE court_kinds AS SELECT * FROM (VALUES {codes}) AS kinds(code, name)")
        connection.execute(_SAID)
        into.executemany("INSERT INTO hearing VALUES (?, ?, ?, ?)", connection.execute(_LISTED).fetchall())
        into.executemany("INSERT INTO court VALUES (?, ?, ?, ?)", connection.execute(_BEFORE_COURT).fetchall())


_SAID = """
CREATE TEMP TABLE said AS
SELECT s.investigation, e.crime, k.name AS kind, e."at", e.entered, e.planned, e.value, e.hearing, e.suspect, e."by"
FROM court_timelines e JOIN court_kinds k ON k.code = e.kind
    JOIN court_subjects s ON s.subject = e.subject AND s.kind = 'investigation'
        AND s.entered <= getvariable('as_of') AND coalesce(s.withdrawn > getvariable('as_of'), true)
WHERE e.crime IS NOT NULL AND NOT e.is_fact AND coalesce(e.since, e.entered) <= getvariable('as_of')
    AND coalesce(e.withdrawn > getvariable('as_of'), true)
"""
"""All that the records say of courts, on the timelines of investigations: everything in a case stands there."""

_LISTED = """
SELECT DISTINCT investigation, crime, epoch_us("at"), coalesce(value, '') FROM said plan
WHERE kind = 'hearing' AND planned AND "at" >= getvariable('as_of') - INTERVAL 1 DAY AND NOT EXISTS (
    SELECT 1 FROM said other WHERE other.crime = plan.crime AND other.hearing = plan.hearing AND (
        (other.kind = 'hearing_vacated' AND other.entered > plan.entered)
        OR (other.kind = 'hearing' AND NOT other.planned)))
"""
"""The plans that have neither come about nor been vacated since, as `kept.engine.matching.plans` has them."""

_BEFORE_COURT = f"""
WITH charge AS (
    SELECT investigation, crime, coalesce(suspect, '') AS suspect, min("at") AS first, max("at") AS last
    FROM said WHERE kind = 'suspect_charged' GROUP BY ALL
), ending AS (
    SELECT crime, suspect, "at" FROM said WHERE kind IN ('sentence_passed', 'crime_cancelled', 'crime_transferred')
        OR (kind = 'verdict' AND value IN ('acquitted', 'other'))
        OR (kind = 'prosecution_changed' AND value IN ('discontinued', 'no_evidence', 'withdrawn'))
), carer AS (
    SELECT crime, arg_max("by", "at") AS carer FROM said
    WHERE kind IN ('hearing_details_received', 'court_result_received') AND "by" <> '{CARE}' GROUP BY crime
)
SELECT c.investigation, c.crime, epoch_us(min(c.first)), coalesce(min(k.carer), '')
FROM charge c LEFT JOIN carer k ON k.crime = c.crime
WHERE NOT EXISTS (
    SELECT 1 FROM ending e WHERE e.crime = c.crime AND e."at" >= c.last
        AND (e.suspect IS NULL OR c.suspect = '' OR e.suspect = c.suspect))
    OR c.crime IN (SELECT crime FROM ({_LISTED}))
GROUP BY c.investigation, c.crime
"""
