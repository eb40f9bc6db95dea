"""Corrections, versions and second sources, resolved into intervals.

Every row of the contract says when it was entered, and nothing that is entered later may change what an
earlier as-of sees. So each row becomes an interval from `entered` to `withdrawn` (null while it stands), and
"as of T" is just `entered <= T < withdrawn`:

- of two rows with one id and different content, the later ends the earlier at its own entry;
- a row that supersedes another ends it for good; a row that voids another ends what had been entered by then,
  and says nothing itself; an event that voids a version of a form, by `FORM_ID`, ends all its fields with it;
- where several sources say one thing (the merge key of its kind), it stands once: the nth of one source is
  the nth of another, and the first entered speaks for all while it stands.

All of it is SQL over the contract's tables in a DuckDB connection. An empty interval is never seen and left
out.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from kept.contract.tables import BY_NAME
from kept.records.schema import CORRECTABLE

FORM_ID = "concat(form, '.', version, '@', coalesce(victim, investigation))"

# How each table's rows are known again: the SQL of the id that their versions share, and what is left out of
# their content because it is about the row and not about what it says.
_IDS = {
    "investigations": "investigation",
    "crimes": "crime",
    "victims": "victim",
    **CORRECTABLE,
    "assessments": f"concat({FORM_ID}, '.', field)",
    "forms": FORM_ID,
}
_OF_FORMS = {"assessments": FORM_ID, "forms": FORM_ID}  # what events withdraw by the id of a version of a form
_STANDING = {
    "corrected_events": "events",
    "standing_facts": "facts",
    "standing_fields": "assessments",
    "standing_forms": "forms",
}
_FORMS = """
CREATE OR REPLACE TEMP VIEW forms AS
SELECT form, version, victim, investigation, min(made_at) AS made_at, entered_at, min(source) AS source
FROM assessments GROUP BY ALL
"""


def resolve(connection: DuckDBPyConnection) -> None:
    """Make the views `standing_events`, `standing_facts`, `standing_fields` and `standing_forms`.

    Reads the contract's tables as views of their own names, with all their columns, and the table `words`.
    Each view has its table's columns, `id`, `entered` and `withdrawn`; `history_of` reads the other tables'
    columns.
    """
    connection.execute(_FORMS)
    for table in _IDS:
        _find_endings(connection, table)
        _split_versions(connection, table)
    for view, table in _STANDING.items():
        _settle(connection, view, table)
    _merge_sources(connection)


def history_of(table: str, column: str, carried: str = "") -> str:
    """SQL for when each id of `table` held one value of a column: id, column, entered, withdrawn.

    A version that changes another column neither ends the value nor enters it anew. `carried` is another
    column to read from the row that first held it.
    """
    columns = ", ".join(filter(None, (column, carried)))
    return f"""
    SELECT id, {columns}, entered_at AS entered, NULL::TIMESTAMPTZ AS withdrawn FROM {table}_once
    UNION ALL
    SELECT id, {columns}, entered, withdrawn FROM ({_intervals(table, column)})
    """


def _content(table: str) -> str:
    if table == "forms":
        return "made_at, source"
    left_out = {"entered_at", *BY_NAME[table].key}
    return ", ".join(f'"{c.name}"' for c in BY_NAME[table].columns if c.name not in left_out)


def _find_endings(connection: DuckDBPyConnection, table: str) -> None:
    """Make `<table>_endings`: what is corrected, when, and whether for good.

    A correction that was entered before what it corrects (the source's entry times are only its own moments)
    still ends it: it counts as entered with the first version.
    """
    none = "SELECT NULL::VARCHAR AS id, NULL::BOOLEAN AS final, NULL::TIMESTAMPTZ AS ended WHERE false"
    by = table if table in CORRECTABLE else "events" if table in _OF_FORMS else ""
    query = _endings(table, by, _OF_FORMS.get(table, _IDS[table])) if by else none
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table}_endings AS {query}")


def _endings(table: str, by: str, known_as: str) -> str:
    """SQL for the endings of a table's rows by the corrections that rows `by` bring, which know them by `known_as`."""
    wanted = "supersedes IS NOT NULL OR voids IS NOT NULL" if by == table else "voids IS NOT NULL"
    return f"""
        SELECT t.id, c.final, greatest(c.entered_at, min(t.entered_at)) AS ended
        FROM (
            SELECT DISTINCT coalesce(supersedes, voids) AS corrected, voids IS NULL AS final, entered_at
            FROM {by} WHERE {wanted}) c
        JOIN (SELECT {_IDS[table]} AS id, {known_as} AS known_as, entered_at FROM {table}) t
            ON t.known_as = c.corrected
        GROUP BY t.id, c.final, c.entered_at"""


def _split_versions(connection: DuckDBPyConnection, table: str) -> None:
    """Set the few ids with several rows or a correction apart, so that only they are sorted."""
    ident = _IDS[table]
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table}_ids AS
        SELECT {ident} AS id FROM {table} GROUP BY ALL HAVING count(*) > 1
        UNION SELECT id FROM {table}_endings""")
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW {table}_once AS
        SELECT *, {ident} AS id FROM {table} WHERE {ident} NOT IN (SELECT id FROM {table}_ids)""")
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table}_several AS
        SELECT DISTINCT *, {ident} AS id FROM {table} WHERE {ident} IN (SELECT id FROM {table}_ids)""")


def _intervals(table: str, columns: str) -> str:
    """SQL for the rows with several versions that change `columns`, each until the next that does.

    What was voided and then is said again, in whatever words, is a change.
    """
    by_entry = f"(PARTITION BY id ORDER BY entered_at, row({_content(table)}))"
    return f"""
    SELECT * EXCLUDE (entered_at, said, changed) FROM (
        SELECT *, entered_at AS entered,
            lead(entered_at) OVER (PARTITION BY id ORDER BY entered_at, said) AS withdrawn
        FROM (
            SELECT v.* EXCLUDE (before, changed), changed OR EXISTS (
                FROM {table}_endings e WHERE e.id = v.id AND NOT e.final
                    AND e.ended >= v.before AND e.ended < v.entered_at) AS changed
            FROM (
                SELECT *, row({_content(table)}) AS said, lag(entered_at) OVER {by_entry} AS before,
                    row_number() OVER {by_entry} = 1
                    OR lag(row({columns})) OVER {by_entry} IS DISTINCT FROM row({columns}) AS changed
                FROM {table}_several) v)
        WHERE changed)
    WHERE withdrawn IS NULL OR withdrawn > entered
    """


def _settle(connection: DuckDBPyConnection, view: str, table: str) -> None:
    """Make a view of the rows that say something, each until its next version or a correction."""
    says_something = "voids IS NULL" if table in CORRECTABLE else "true"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table}_settled AS
        SELECT * FROM (
            SELECT r.* REPLACE (least(r.withdrawn, (
                SELECT min(greatest(e.ended, r.entered)) FROM {table}_endings e
                WHERE e.id = r.id AND (e.final OR e.ended >= r.entered))) AS withdrawn)
            FROM ({_intervals(table, _content(table))}) r WHERE {says_something})
        WHERE withdrawn IS NULL OR withdrawn > entered""")
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW {view} AS
        SELECT * EXCLUDE (entered_at), entered_at AS entered, NULL::TIMESTAMPTZ AS withdrawn
        FROM {table}_once WHERE {says_something}
        UNION ALL BY NAME SELECT * FROM {table}_settled""")


# What each part of a merge key is for one event. A coarser row names a coarser subject. Which crime a victim
# and which investigation a crime belongs to is read from their first versions, and only from when those were
# entered: nothing later may regroup the past.
_PARTS = {
    "victim": "coalesce('v:' || e.victim, 'c:' || e.crime, 'i:' || e.investigation)",
    "person": "coalesce('p:' || v.person, 'v:' || e.victim, 'c:' || e.crime, 'i:' || e.investigation)",
    "crime": "coalesce('c:' || coalesce(v.crime, e.crime), 'i:' || e.investigation, 'v:' || e.victim)",
    "investigation": "coalesce(c.investigation, v.crime, e.crime, e.investigation, 'v:' || e.victim)",
    "event_id": "e.id",
    "day": "CAST(timezone('Europe/London', coalesce(e.occurred_at, e.scheduled_for)) AS DATE)::VARCHAR",
    **{name: f"e.{name}" for name in ("channel", "result", "value", "item", "suspect", "hearing")},
}
_SCOPES = "['victim', 'person', 'crime', 'investigation']"
_PART = "CASE WHEN list_contains(w.merge_key, '{name}'){besides} THEN coalesce({value}, '') END"
_BESIDES = {"day": " OR coalesce(list_contains(w.recurs, e.value), false)"}  # what recurs is known by its day as well
_KEY = ", ".join(_PART.format(name=name, value=value, besides=_BESIDES.get(name, "")) for name, value in _PARTS.items())
# A request, document or hearing that is not named is not the same as another that is not named; and one
# hearing stands in every crime that it is said of.
_UNSCOPED = f"""
    CASE WHEN NOT list_has_any(w.merge_key, {_SCOPES}) THEN {_PARTS["crime"]} END,
    CASE WHEN NOT list_has_any(w.merge_key, {_SCOPES}) AND (
        (list_contains(w.merge_key, 'item') AND e.item IS NULL)
        OR (list_contains(w.merge_key, 'hearing') AND e.hearing IS NULL)) THEN e.id END
"""


def _first(table: str, *columns: str) -> str:
    """SQL for the first version of each id, from `since` on, and nulls for it until then."""
    names = ", ".join(columns)
    blank = ", ".join(f"NULL AS {column}" for column in columns)
    return f"""(
        WITH first_versions AS (
            SELECT id, {names}, entered_at FROM {table}_once
            UNION ALL
            SELECT id, {names}, entered_at FROM {table}_several
            QUALIFY row_number() OVER (PARTITION BY id ORDER BY entered_at, row({_content(table)})) = 1)
        SELECT id, {names}, entered_at AS since, NULL AS until FROM first_versions
        UNION ALL SELECT id, {blank}, NULL, entered_at FROM first_versions)"""


_ROOTS = """
CREATE OR REPLACE TEMP TABLE roots AS
WITH RECURSIVE corrections AS (
    SELECT DISTINCT event_id AS id, supersedes AS earlier FROM events WHERE supersedes IS NOT NULL),
chain AS (
    SELECT id, earlier AS root FROM corrections
    UNION
    SELECT chain.id, c.earlier FROM chain JOIN corrections c ON c.id = chain.root)
SELECT chain.id, min(root) AS root FROM chain
WHERE root NOT IN (SELECT id FROM corrections) GROUP BY chain.id
"""

# A claim is a version of an event while its merge key is one. The versions of an event that shares a key at
# any time are all claims, so that none is lost between two keys.
_CLAIMS = f"""
CREATE OR REPLACE TEMP TABLE claims AS
WITH shared AS (
    SELECT kind FROM events WHERE voids IS NULL GROUP BY kind
    HAVING min(coalesce(source, '')) <> max(coalesce(source, ''))),
claimed AS (
    SELECT e.id, e.kind, coalesce(e.source, '') AS source, e.entered AS row_entered,
        greatest(e.entered, v.since, c.since) AS entered, least(e.withdrawn, v.until, c.until) AS withdrawn,
        coalesce(r.root, e.id) AS root,
        [e.kind, (e.occurred_at IS NULL)::VARCHAR, {_KEY}, {_UNSCOPED}] AS merged
    FROM corrected_events e
    JOIN words w ON w.name = e.kind AND NOT w.is_fact
    LEFT JOIN {_first("victims", "crime", "person")} v ON v.id = e.victim
    LEFT JOIN {_first("crimes", "investigation")} c ON c.id = coalesce(v.crime, e.crime)
    LEFT JOIN roots r ON r.id = e.id
    WHERE e.kind IN (SELECT kind FROM shared)
        AND coalesce(least(e.withdrawn, v.until, c.until) > greatest(e.entered, v.since, c.since), true)),
disputed AS (
    SELECT id FROM claimed
    WHERE merged IN (SELECT merged FROM claimed GROUP BY merged HAVING min(source) <> max(source)))
SELECT *, min([entered, row_entered]) OVER (PARTITION BY merged, source, root) AS first_entered
FROM claimed
WHERE id IN (SELECT id FROM disputed)
"""

# Between two moments at which something of one merge key was entered or withdrawn nothing changes. In each
# such slice the nth event of every source is one event, and the first entered stands for it.
_PLACED = """
CREATE OR REPLACE TEMP TABLE placed AS
WITH moments AS (
    SELECT merged, entered AS since FROM claims
    UNION SELECT merged, withdrawn FROM claims WHERE withdrawn IS NOT NULL),
slices AS (
    SELECT merged, since, lead(since) OVER (PARTITION BY merged ORDER BY since) AS until FROM moments),
numbered AS (
    SELECT s.since, s.until, c.*, row_number() OVER (
        PARTITION BY s.merged, s.since, c.source ORDER BY c.first_entered, c.root, c.row_entered, c.id) AS place
    FROM slices s JOIN claims c ON c.merged = s.merged
        AND c.entered <= s.since AND (c.withdrawn IS NULL OR c.withdrawn > s.since))
SELECT id, row_entered, since, until, first_value(id) OVER (
    PARTITION BY merged, since, place ORDER BY first_entered, source, root, id) AS spokesman
FROM numbered
"""

_SPOKEN = """
CREATE OR REPLACE TEMP TABLE spoken AS
WITH shown AS (
    SELECT id, row_entered, since, until FROM placed WHERE id = spokesman),
begun AS (
    SELECT *, lag(until) OVER mine IS DISTINCT FROM since AS begins FROM shown
    WINDOW mine AS (PARTITION BY id, row_entered ORDER BY since)),
numbered AS (
    SELECT *, sum(begins::INT) OVER (PARTITION BY id, row_entered ORDER BY since) AS island FROM begun)
SELECT id, row_entered, min(since) AS entered,
    CASE WHEN bool_or(until IS NULL) THEN NULL ELSE max(until) END AS withdrawn
FROM numbered GROUP BY id, row_entered, island
"""

_CLAIMED = """
CREATE OR REPLACE TEMP TABLE claimed_events AS
SELECT * FROM corrected_events WHERE id IN (SELECT id FROM claims)
"""

_STANDING_EVENTS = """
CREATE OR REPLACE TEMP VIEW standing_events AS
SELECT * FROM corrected_events WHERE id NOT IN (SELECT id FROM claims)
UNION ALL BY NAME
SELECT e.* FROM claimed_events e ANTI JOIN claims c ON c.id = e.id AND c.row_entered = e.entered
UNION ALL BY NAME
SELECT e.* REPLACE (s.entered AS entered, s.withdrawn AS withdrawn)
FROM spoken s JOIN claimed_events e ON e.id = s.id AND e.entered = s.row_entered
"""


def _merge_sources(connection: DuckDBPyConnection) -> None:
    for statement in (_ROOTS, _CLAIMS, _PLACED, _SPOKEN, _CLAIMED, _STANDING_EVENTS):
        connection.execute(statement)
