"""Who is told by what: from each level of the records to the subjects on whose timelines it stands.

A subject is a victim in a crime or an investigation, with an integer that is never reused. `reach` has a row
for each way from a scope (a person, victim, crime or investigation) to a subject, and the interval in which
that way was known. What is said of the scope stands on that subject's timeline while both are known.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from kept.records.merge import history_of

LEVELS = {"investigation": 1, "crime": 2, "victim": 3, "person": 4}

_HISTORIES = f"""
CREATE OR REPLACE TEMP TABLE victim_crime AS
    SELECT id AS victim, crime, entered, withdrawn FROM ({history_of("victims", "crime")});
CREATE OR REPLACE TEMP TABLE victim_person AS
    SELECT id AS victim, person, entered, withdrawn FROM ({history_of("victims", "person")})
    WHERE person IS NOT NULL;
CREATE OR REPLACE TEMP TABLE crime_investigation AS
    SELECT id AS crime, coalesce(investigation, id) AS investigation, entered, withdrawn
    FROM ({history_of("crimes", "investigation")});
CREATE OR REPLACE TEMP TABLE known_investigations AS
    SELECT investigation, min(entered) AS entered FROM (
        SELECT investigation, entered FROM crime_investigation
        UNION ALL SELECT investigation, entered_at FROM investigations)
    GROUP BY investigation
"""


def _joined(name: str, subject_kind: str, attribute: str, both_ways: bool) -> str:
    """SQL for the pairs that standing facts of one attribute join, directly or through others, and when.

    A blank value ends the joins of its subject. Ways that overlap count once.
    """
    back = "UNION SELECT later, earlier, entered, withdrawn FROM joins" if both_ways else ""
    return f"""
    CREATE OR REPLACE TEMP TABLE {name} AS
    WITH RECURSIVE said AS (
        SELECT subject, value, valid_from, entered, withdrawn FROM standing_facts
        WHERE subject_kind = '{subject_kind}' AND attribute = '{attribute}'),
    moments AS (
        SELECT subject, entered AS since FROM said
        UNION SELECT subject, withdrawn FROM said WHERE withdrawn IS NOT NULL),
    slices AS (
        SELECT subject, since, lead(since) OVER (PARTITION BY subject ORDER BY since) AS until FROM moments),
    held AS (
        SELECT s.*, m.since, m.until FROM slices m JOIN said s ON s.subject = m.subject
            AND s.entered <= m.since AND (s.withdrawn IS NULL OR s.withdrawn > m.since)),
    joined AS (
        SELECT subject AS earlier, value AS later, since AS entered, until AS withdrawn FROM held h
        WHERE value IS NOT NULL AND NOT EXISTS (
            FROM held b WHERE b.subject = h.subject AND b.since = h.since
                AND b.value IS NULL AND b.valid_from >= h.valid_from)),
    joins AS ({united("joined", "earlier, later")}),
    edges AS (SELECT earlier, later, entered, withdrawn FROM joins {back}),
    ways AS (
        SELECT * FROM edges WHERE withdrawn IS NULL OR withdrawn > entered
        UNION
        SELECT w.earlier, e.later, greatest(w.entered, e.entered), least(w.withdrawn, e.withdrawn)
        FROM ways w JOIN edges e ON e.earlier = w.later AND e.later <> w.earlier
        WHERE least(w.withdrawn, e.withdrawn) IS NULL
            OR least(w.withdrawn, e.withdrawn) > greatest(w.entered, e.entered))
    {united("ways", "earlier, later")}
    """


def united(table: str, columns: str) -> str:
    """SQL that unites overlapping or touching intervals of rows with the same `columns`."""
    mine = f"(PARTITION BY {columns} ORDER BY entered, withdrawn NULLS FIRST)"
    return f"""
    SELECT {columns}, min(entered) AS entered,
        CASE WHEN bool_or(withdrawn IS NULL) THEN NULL ELSE max(withdrawn) END AS withdrawn
    FROM (
        SELECT *, sum(apart) OVER {mine} AS island
        FROM (
            SELECT *, (coalesce(max(coalesce(withdrawn, TIMESTAMPTZ 'infinity')) OVER (
                PARTITION BY {columns} ORDER BY entered, withdrawn NULLS FIRST
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TIMESTAMPTZ '-infinity')
                < entered)::INT AS apart
            FROM {table}))
    GROUP BY {columns}, island
    """


_NUMBERS = """
CREATE OR REPLACE TEMP TABLE numbers AS
WITH all_subjects AS (
    SELECT 'victim' AS kind, victim AS id, min(entered) AS entered FROM victim_crime GROUP BY victim
    UNION ALL SELECT 'investigation', investigation, entered FROM known_investigations),
fresh AS (
    SELECT kind, id, row_number() OVER (ORDER BY kind, id) - 1 + getvariable('next_subject') AS subject
    FROM all_subjects ANTI JOIN subjects_before USING (kind, id))
SELECT coalesce(b.subject, f.subject) AS subject, a.*
FROM all_subjects a LEFT JOIN subjects_before b USING (kind, id) LEFT JOIN fresh f USING (kind, id)
"""

# Into whom a person was merged in the end: of several, the first by name.
_SURVIVORS = """
CREATE OR REPLACE TEMP TABLE survivors AS
WITH moments AS (
    SELECT i.earlier AS person, unnest([i.entered, i.withdrawn, n.entered, n.withdrawn]) AS since
    FROM identities i LEFT JOIN identities n ON n.earlier = i.later),
slices AS (
    SELECT person, since, lead(since) OVER (PARTITION BY person ORDER BY since) AS until
    FROM (SELECT DISTINCT * FROM moments WHERE since IS NOT NULL))
SELECT s.person, s.since AS entered, s.until AS withdrawn, min(i.later) AS survivor
FROM slices s JOIN identities i ON i.earlier = s.person
    AND i.entered <= s.since AND (i.withdrawn IS NULL OR i.withdrawn > s.since)
WHERE NOT EXISTS (
    FROM identities n WHERE n.earlier = i.later
        AND n.entered <= s.since AND (n.withdrawn IS NULL OR n.withdrawn > s.since))
GROUP BY ALL
"""


def _standing(table: str) -> str:
    return f"{table}.entered <= s.since AND ({table}.withdrawn IS NULL OR {table}.withdrawn > s.since)"


# A victim's crime, investigation and person can each change. Between two moments at which one did, nothing
# does; a moment before the victim was held is none.
_SUBJECTS = f"""
CREATE OR REPLACE TEMP TABLE subjects_held AS
WITH changes AS (
    SELECT victim, entered AS since FROM victim_crime
    UNION SELECT v.victim, c.entered FROM victim_crime v JOIN crime_investigation c ON c.crime = v.crime
    UNION SELECT victim, entered FROM victim_person
    UNION SELECT victim, withdrawn FROM victim_person
    UNION SELECT p.victim, unnest([m.entered, m.withdrawn])
        FROM victim_person p JOIN survivors m ON m.person = p.person),
slices AS (
    SELECT n.subject, n.id AS victim, c.since FROM numbers n JOIN changes c ON c.victim = n.id
    WHERE n.kind = 'victim' AND c.since >= n.entered),
held AS (
    SELECT s.subject, s.victim, s.since, v.crime, coalesce(c.investigation, v.crime) AS investigation,
        coalesce(m.survivor, p.person) AS person
    FROM slices s JOIN victim_crime v ON v.victim = s.victim AND {_standing("v")}
        LEFT JOIN crime_investigation c ON c.crime = v.crime AND {_standing("c")}
        LEFT JOIN victim_person p ON p.victim = s.victim AND {_standing("p")}
        LEFT JOIN survivors m ON m.person = p.person AND {_standing("m")}),
changed AS (
    SELECT * FROM held
    QUALIFY row(crime, investigation, person) IS DISTINCT FROM
        lag(row(crime, investigation, person)) OVER (PARTITION BY subject ORDER BY since))
SELECT subject, 'victim' AS kind, victim AS id, investigation, crime, victim, person, since AS entered,
    lead(since) OVER (PARTITION BY subject ORDER BY since) AS withdrawn
FROM changed
UNION ALL
SELECT subject, kind, id, id, NULL, NULL, NULL, entered, NULL FROM numbers WHERE kind = 'investigation'
"""

# The victims that are one person, and in which crimes their contacts count for each other.
_SAME_PERSON = f"""
CREATE OR REPLACE TEMP TABLE aliases AS
    SELECT victim, person, entered, withdrawn FROM victim_person
    UNION ALL
    SELECT v.victim, i.later, greatest(v.entered, i.entered), least(v.withdrawn, i.withdrawn)
    FROM victim_person v JOIN one_person i ON i.earlier = v.person
    WHERE least(v.withdrawn, i.withdrawn) IS NULL
        OR least(v.withdrawn, i.withdrawn) > greatest(v.entered, i.entered);
CREATE OR REPLACE TEMP TABLE homes AS
    SELECT v.victim, v.crime, c.investigation, greatest(v.entered, c.entered) AS entered,
        least(v.withdrawn, c.withdrawn) AS withdrawn
    FROM victim_crime v JOIN crime_investigation c ON c.crime = v.crime
    WHERE least(v.withdrawn, c.withdrawn) IS NULL
        OR least(v.withdrawn, c.withdrawn) > greatest(v.entered, c.entered);
CREATE OR REPLACE TEMP TABLE named AS
    SELECT h.*, a.person, greatest(h.entered, a.entered) AS since, least(h.withdrawn, a.withdrawn) AS until
    FROM homes h JOIN aliases a ON a.victim = h.victim;
CREATE OR REPLACE TEMP TABLE own_name AS
    SELECT h.*, p.person, greatest(h.entered, p.entered) AS since, least(h.withdrawn, p.withdrawn) AS until
    FROM homes h JOIN victim_person p ON p.victim = h.victim;
CREATE OR REPLACE TEMP TABLE contacts AS
WITH pairs AS (
    SELECT a.victim AS said_to, a.crime AS said_in, b.victim AS counts_for, b.crime AS counts_in,
        greatest(a.since, b.since) AS entered, least(a.until, b.until) AS withdrawn
    FROM named a JOIN own_name b ON b.person = a.person AND b.investigation = a.investigation
        AND b.victim <> a.victim
    UNION ALL
    SELECT a.victim, a.crime, b.victim, b.crime,
        greatest(a.since, b.since, l.entered), least(a.until, b.until, l.withdrawn)
    FROM named a JOIN linked_crimes l ON l.earlier = a.crime
        JOIN own_name b ON b.crime = l.later AND b.person = a.person AND b.victim <> a.victim),
known AS (SELECT * FROM pairs WHERE withdrawn IS NULL OR withdrawn > entered)
{united("known", "said_to, said_in, counts_for, counts_in")}
"""

# Every way from a scope to a subject: level, scope, subject, whether only a spreading kind goes this way, the
# crime and victim that the scope names, and when the way was known.
_REACH = f"""
CREATE OR REPLACE TEMP TABLE reach AS
WITH victims_here AS (SELECT subject, id FROM numbers WHERE kind = 'victim'),
investigations_here AS (SELECT subject, id FROM numbers WHERE kind = 'investigation'),
people AS ({united("aliases", "victim, person")}),
spread_crimes AS (SELECT said_in, counts_for, entered, withdrawn FROM contacts WHERE said_in <> counts_in),
ways AS (
    SELECT 3 AS level, v.victim AS scope, s.subject, false AS spread, v.crime, v.victim,
        v.entered, v.withdrawn
    FROM victim_crime v JOIN victims_here s ON s.id = v.victim
    UNION ALL
    SELECT 2, v.crime, s.subject, false, v.crime, NULL, v.entered, v.withdrawn
    FROM victim_crime v JOIN victims_here s ON s.id = v.victim
    UNION ALL
    SELECT 1, h.investigation, s.subject, false, NULL, NULL, h.entered, h.withdrawn
    FROM ({united("homes", "victim, investigation")}) h JOIN victims_here s ON s.id = h.victim
    UNION ALL
    SELECT 4, p.person, s.subject, false, v.crime, p.victim,
        greatest(p.entered, v.entered), least(p.withdrawn, v.withdrawn)
    FROM people p JOIN victim_crime v ON v.victim = p.victim JOIN victims_here s ON s.id = p.victim
    UNION ALL
    SELECT 3, c.said_to, s.subject, true, c.said_in, c.said_to, c.entered, c.withdrawn
    FROM contacts c JOIN victims_here s ON s.id = c.counts_for
    UNION ALL
    SELECT 2, c.said_in, s.subject, true, c.said_in, NULL, c.entered, c.withdrawn
    FROM ({united("spread_crimes", "said_in, counts_for")}) c JOIN victims_here s ON s.id = c.counts_for
    UNION ALL
    SELECT 3, h.victim, s.subject, false, h.crime, h.victim, h.entered, h.withdrawn
    FROM homes h JOIN investigations_here s ON s.id = h.investigation
    UNION ALL
    SELECT 2, c.crime, s.subject, false, c.crime, NULL, c.entered, c.withdrawn
    FROM crime_investigation c JOIN investigations_here s ON s.id = c.investigation
    UNION ALL
    SELECT 1, i.investigation, s.subject, false, NULL, NULL, i.entered, NULL
    FROM known_investigations i JOIN investigations_here s ON s.id = i.investigation
    UNION ALL
    SELECT 4, p.person, s.subject, false, h.crime, h.victim,
        greatest(p.entered, h.entered), least(p.withdrawn, h.withdrawn)
    FROM people p JOIN homes h ON h.victim = p.victim JOIN investigations_here s ON s.id = h.investigation)
SELECT * FROM ways WHERE withdrawn IS NULL OR withdrawn > entered
"""


def trace(connection: DuckDBPyConnection) -> None:
    """Make `subjects_held`, `reach`, and what they stand on, from merged rows and the table `subjects_before`.

    `subjects_before` (subject, kind, id) holds the numbers given by earlier loads; they stay. The variable
    `next_subject` is the first number that was never given. `subjects_held` has a row for each subject and
    interval in which its crime, investigation and person were known to be the same.
    """
    for statement in _HISTORIES.split(";"):
        connection.execute(statement)
    connection.execute(_joined("identities", "person", "merged_into", both_ways=False))
    connection.execute(_joined("one_person", "person", "merged_into", both_ways=True))
    connection.execute(_joined("linked_crimes", "crime", "linked_to", both_ways=True))
    for statement in (_NUMBERS, _SURVIVORS, _SUBJECTS):
        connection.execute(statement)
    for statement in _SAME_PERSON.split(";"):
        connection.execute(statement)
    connection.execute(_REACH)
