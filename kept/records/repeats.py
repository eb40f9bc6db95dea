"""Repeat victims: the person was a victim of another crime reported in the twelve months before."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from kept.records.merge import history_of
from kept.records.reach import united

_REPORTED = f"""
CREATE OR REPLACE TEMP TABLE reported AS
WITH reports AS (
    SELECT id AS crime, reported_at, entered, withdrawn FROM ({history_of("crimes", "reported_at")})
    WHERE reported_at IS NOT NULL),
each_one AS (
    SELECT v.victim, v.crime, p.person, r.reported_at, greatest(v.entered, p.entered, r.entered) AS since,
        least(v.withdrawn, p.withdrawn, r.withdrawn) AS until
    FROM victim_crime v JOIN victim_person p ON p.victim = v.victim JOIN reports r ON r.crime = v.crime)
SELECT *, person IN (SELECT earlier FROM one_person)
    OR person IN (SELECT person FROM each_one WHERE until IS NOT NULL) AS changes
FROM each_one WHERE until IS NULL OR until > since
"""

# A shop is a victim thousands of times. Where nothing about a person ever changed, a window over their
# reports finds the earliest-known other one; only the few others are compared pair by pair, each pair with
# its interval.
_REPEATS = f"""
CREATE OR REPLACE TEMP TABLE repeats AS
WITH steady AS (
    SELECT victim, since, min(since) OVER (
        PARTITION BY person ORDER BY reported_at
        RANGE BETWEEN INTERVAL 12 MONTHS PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING) AS other
    FROM reported WHERE NOT changes),
pairs AS (
    SELECT a.victim, greatest(a.since, n.entered, b.since) AS entered,
        least(a.until, n.withdrawn, b.until) AS withdrawn
    FROM reported a
    JOIN aliases n ON n.victim = a.victim
    JOIN reported b ON b.person = n.person AND b.crime <> a.crime
        AND b.reported_at < a.reported_at AND b.reported_at >= a.reported_at - INTERVAL 12 MONTHS
    WHERE a.changes),
known AS (
    SELECT victim, greatest(since, other) AS entered, NULL::TIMESTAMPTZ AS withdrawn
    FROM steady WHERE other IS NOT NULL
    UNION ALL SELECT * FROM pairs WHERE withdrawn IS NULL OR withdrawn > entered)
{united("known", "victim")}
"""


def find_repeats(connection: DuckDBPyConnection) -> None:
    """Make `repeats` (victim, entered, withdrawn), from what `reach.trace` made."""
    connection.execute(_REPORTED)
    connection.execute(_REPEATS)
