"""What a load touches: all that may be read together with one of its rows, and nothing else.

Subjects, persons and corrected rows are the nodes of a graph, and whatever the records say of two of them at once
ties them, in any version of a row, standing or withdrawn. No timeline reads a row that is not tied to its subject.
So a load changes nothing beyond the nodes that can be reached from its own rows: their timelines are prepared from
their rows alone, and all others stay as they are stored.

A node is written as the first letter of its level and its id, `v:V1`; `e:` and `f:` are rows of events and facts,
and `e:` also a version of a form that an event withdraws.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from duckdb import DuckDBPyConnection

from kept.records.merge import FORM_ID
from kept.records.schema import CORRECTABLE
from kept.records.stored import read_files

_MOST = 0.5
"""The share of all subjects above which it is quicker to prepare everything."""

_EVENT_SCOPE = "coalesce('v:' || victim, 'c:' || crime, 'i:' || investigation)"
_FACT_SCOPE = "left(subject_kind, 1) || ':' || subject"
_NODES = {
    "investigations": ("'i:' || investigation",),
    "crimes": ("'c:' || crime",),
    "victims": ("'v:' || victim",),
    "facts": (_FACT_SCOPE, "'f:' || fact_id"),
    "events": (_EVENT_SCOPE, "'e:' || event_id"),
    "assessments": ("coalesce('v:' || victim, 'i:' || investigation)",),
}
"""The nodes by which a row of each table that timelines read is found."""

_REFERENCES = {"events": ("supersedes", "voids", "answers"), "facts": ("supersedes", "voids")}

# Until a crime is known its own name stands for its investigation; and the forms of a victim and of an
# investigation are told apart by that one name.
_TIES = f"""
SELECT 'v:' || victim AS one, 'c:' || crime AS other FROM victims
UNION SELECT 'v:' || victim, 'p:' || person FROM victims WHERE person IS NOT NULL
UNION SELECT 'c:' || crime, 'i:' || coalesce(investigation, crime) FROM crimes
UNION SELECT 'c:' || crime, 'i:' || crime FROM crimes
UNION SELECT left(subject_kind, 1) || ':' || subject, left(subject_kind, 1) || ':' || value
    FROM facts WHERE attribute IN ('merged_into', 'linked_to') AND value IS NOT NULL
UNION SELECT 'v:' || victim, 'c:' || crime FROM events WHERE victim IS NOT NULL AND crime IS NOT NULL
UNION SELECT 'v:' || victim, 'i:' || investigation FROM events WHERE victim IS NOT NULL AND investigation IS NOT NULL
UNION SELECT 'c:' || crime, 'i:' || investigation FROM events WHERE crime IS NOT NULL AND investigation IS NOT NULL
UNION SELECT 'v:' || victim, 'i:' || investigation
    FROM assessments WHERE victim IS NOT NULL AND investigation IS NOT NULL
UNION SELECT 'v:' || victim, 'i:' || victim
    FROM assessments WHERE victim IN (SELECT investigation FROM assessments WHERE victim IS NULL)
UNION SELECT 'e:' || {FORM_ID}, coalesce('v:' || victim, 'i:' || investigation)
    FROM assessments WHERE {FORM_ID} IN (SELECT voids FROM events WHERE voids IS NOT NULL)
"""

_TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched AS
WITH RECURSIVE both_ways AS MATERIALIZED (
    SELECT one, other FROM ties UNION ALL SELECT other, one FROM ties),
reached AS (
    SELECT node FROM seeds WHERE node IS NOT NULL
    UNION
    SELECT b.other FROM reached r JOIN both_ways b ON b.one = r.node)
SELECT node FROM reached
"""

_TOUCHED_SUBJECTS = """
CREATE OR REPLACE TEMP TABLE touched_subjects AS
SELECT DISTINCT subject FROM subjects_stored WHERE left(kind, 1) || ':' || id IN (SELECT node FROM touched)
"""


def narrow(connection: DuckDBPyConnection, added: Mapping[str, list[Path]]) -> bool:
    """Leave in the views of the contract's tables only the rows that new ones touch; false if that saves nothing.

    The views hold the new version's rows, `subjects_stored` the subjects of the version before; `added` names the
    files that hold the new rows alone. False leaves the views as they are. The numbers of earlier subjects that are
    touched stand in `touched_subjects`.
    """
    ties = " UNION ".join((_TIES, *map(_references, _REFERENCES)))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ties AS SELECT * FROM ({ties}) WHERE one <> other")
    seeds = [_nodes(name, f"({read_files(name, added.get(name, []))})") for name in _NODES]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE seeds AS {' UNION '.join(seeds)}")
    connection.execute(_TOUCHED)
    connection.execute(_TOUCHED_SUBJECTS)
    if _count(connection, "touched_subjects") > _MOST * _count(connection, "subjects_stored"):
        return False
    for name, nodes in _NODES.items():
        wanted = " OR ".join(f"{node} IN (SELECT node FROM touched)" for node in nodes)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE touched_{name} AS SELECT * FROM {name} WHERE {wanted}")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM touched_{name}")
    return True


def _nodes(name: str, rows: str) -> str:
    return " UNION ".join(f"SELECT {node} AS node FROM {rows}" for node in _NODES[name])


def _references(name: str) -> str:
    """SQL for the ties of rows with what they correct or answer, and of all such rows with their scopes.

    The versions of one row may be of different scopes, which are tied as well.
    """
    scope, row = _NODES[name]
    named = [
        f"SELECT {row} AS one, {row.replace(CORRECTABLE[name], column)} AS other FROM {name} WHERE {column} IS NOT NULL"
        for column in _REFERENCES[name]
    ]
    references = " UNION ALL ".join(named)
    return f"""
    {references}
    UNION SELECT {row}, {scope} FROM {name} WHERE {scope} IS NOT NULL AND {row} IN (
        SELECT one FROM ({references}) UNION SELECT other FROM ({references})
        UNION SELECT {row} FROM {name} GROUP BY ALL HAVING min({scope}) <> max({scope}))
    """


def _count(connection: DuckDBPyConnection, name: str) -> int:
    return int(connection.sql(f"SELECT count(DISTINCT subject) FROM {name}").fetchall()[0][0])
