"""Links that are followed: what an event answers may have been corrected, or be told by another source's row.

A row names the one it answers by its id, and cannot know that the other will be superseded or hidden behind
what another source said first. From the moment that happens the link leads to the row that stands instead.
When the answering row itself was entered does not change.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

_ANSWERED = """
CREATE OR REPLACE TEMP TABLE answered AS
SELECT DISTINCT answers AS id FROM corrected_events
WHERE answers IN (SELECT id FROM claims UNION ALL SELECT id FROM roots UNION ALL SELECT root FROM roots)
"""

# Where an id leads, over all time: to itself while it stands or nothing does, else to what stands for it.
_FOLLOWED = """
CREATE OR REPLACE TEMP TABLE followed AS
WITH rooted AS (
    SELECT id, root FROM roots UNION SELECT root, root FROM roots),
members AS (
    SELECT id, id AS member FROM answered
    UNION
    SELECT a.id, m.id FROM answered a JOIN rooted r ON r.id = a.id JOIN rooted m ON m.root = r.root),
candidates AS (
    SELECT m.id, e.id AS stands, e.entered, e.withdrawn
    FROM members m JOIN standing_events e ON e.id = m.member
    UNION ALL
    SELECT m.id, p.spokesman, p.since, p.until
    FROM members m JOIN placed p ON p.id = m.member AND p.spokesman <> p.id),
moments AS (
    SELECT id, TIMESTAMPTZ '-infinity' AS since FROM answered
    UNION SELECT id, entered FROM candidates
    UNION SELECT id, withdrawn FROM candidates WHERE withdrawn IS NOT NULL),
chosen AS (
    SELECT s.id, s.since, coalesce(c.stands, s.id) AS stands
    FROM moments s LEFT JOIN candidates c ON c.id = s.id
        AND c.entered <= s.since AND (c.withdrawn IS NULL OR c.withdrawn > s.since)
    QUALIFY row_number() OVER (
        PARTITION BY s.id, s.since ORDER BY c.stands = s.id DESC, c.entered, c.stands) = 1),
changed AS (
    SELECT * FROM chosen
    QUALIFY lag(stands) OVER (PARTITION BY id ORDER BY since) IS DISTINCT FROM stands)
SELECT id, stands, since, lead(since) OVER (PARTITION BY id ORDER BY since) AS until FROM changed
"""

_LINKED = """
CREATE OR REPLACE TEMP VIEW linked_events AS
SELECT e.* REPLACE (least(e.withdrawn, f.until) AS withdrawn, coalesce(f.stands, e.answers) AS answers),
    CASE WHEN f.since > e.entered THEN f.since END AS since
FROM standing_events e LEFT JOIN followed f ON f.id = e.answers
    AND (f.until IS NULL OR f.until > e.entered) AND (e.withdrawn IS NULL OR e.withdrawn > f.since)
"""


def follow_links(connection: DuckDBPyConnection) -> None:
    """Make the view `linked_events` from what `merge.resolve` made.

    It is `standing_events` with each `answers` leading to the row that stands, and `since`: from when it leads
    there, where that is later than `entered`, else null.
    """
    for statement in (_ANSWERED, _FOLLOWED, _LINKED):
        connection.execute(statement)
