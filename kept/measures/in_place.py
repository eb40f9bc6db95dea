"""Populations that are read where their rows stand: what was written, field by field too.

Auditors ask about them now and then, and they are many; so nothing is made of them after a run. Who holds a row is who
held the investigation when it was written. What their measures are counted from is made of this when first asked for
(`written`).
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from kept.engine.results import Run
from kept.measures.catalogue import HELD_BY, in_place
from kept.measures.model import Grain, Population
from kept.records.schema import literal


def make_views(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Make a view for each population that is read in place; the variable `clock` is the moment it is read at."""
    for one in in_place().values():
        if one.grain in _ROWS:
            connection.execute(f"CREATE VIEW {one.id} AS {_members(one, run)}")


def files_of(run: Run) -> list[Path]:
    """The files that they are read from."""
    tables = ("events", "assessments", "subjects", "postings")
    return [path for name in tables for path in run.version.files(name)]


def _members(one: Population, run: Run) -> str:
    """SQL for the members of a population with all its columns, its holders and the clock."""
    said = ", ".join(f'"{column.text}" AS "{name}"' for name, column in one.columns.items() if column.how == "row")
    further = "".join(f', ({column.text}) AS "{name}"' for name, column in one.columns.items() if column.how == "is")
    rows = f"SELECT subject, {said}, {', '.join(HELD_BY)} FROM ({_ROWS[one.grain](run)})"
    return f"SELECT *{further}, getvariable('clock') AS clock FROM ({rows})"


def _entries(run: Run) -> str:
    """SQL for `entries_of`, each with who held the investigation when it was written."""
    holder = ", ".join(f'h."{name}"' for name in HELD_BY)
    return f"""
        SELECT w.*, {holder} FROM ({entries_of(run)}) w
        ASOF LEFT JOIN ({_held(run)}) h
            ON h.investigation = w.subject AND h."from" <= w.entered_at"""


def entries_of(run: Run) -> str:
    """SQL for the entries written by the as-of, each with the investigation it is of as its subject.

    A row that withdraws another says nothing itself. A form is one entry, however many fields it has.
    """
    events, forms = run.version.relation("events"), run.version.relation("assessments")
    return f"""
        SELECT e.*, coalesce(e.investigation, v.investigation, c.investigation, e.crime, e.victim) AS subject FROM (
            SELECT investigation, crime, victim, {_WRITTEN} FROM ({events})
            WHERE voids IS NULL AND occurred_at IS NOT NULL
            UNION ALL BY NAME
            SELECT investigation, victim, 'assessment_made' AS kind, min(made_at) AS occurred_at, entered_at, source
            FROM ({forms}) GROUP BY investigation, victim, entered_at, source, form, version) e
        LEFT JOIN ({_investigations(run, "victim")}) v USING (victim)
        LEFT JOIN ({_investigations(run, "crime")}) c ON c.crime = e.crime
        WHERE e.entered_at <= {as_of(run)}"""


def _fields(run: Run) -> str:
    """SQL for `fields_of`, each with what is known of its victim and who held the investigation then."""
    return of_victims(run, fields_of(run))


def fields_of(run: Run) -> str:
    """SQL for the fields of each victim's forms as they stand in the last one."""
    return f"""
        SELECT k.subject, k.investigation, a.form, a.field, max(a.made_at) AS made_at,
            max_by(coalesce(a.value, ''), (a.made_at, a.entered_at)) AS value
        FROM ({run.version.relation("assessments")}) a JOIN ({known(run)}) k ON k.victim = a.victim
        WHERE a.entered_at <= {as_of(run)} AND k.kind = 'victim' GROUP BY ALL"""


def of_victims(run: Run, rows: str) -> str:
    """SQL for rows of victims, each with what is known of its victim and who held its investigation at `made_at`."""
    holder = ", ".join(f'h."{name}"' for name in HELD_BY)
    return f"""
        SELECT f.*, {holder}, v.enhanced, v.place, v.offence FROM ({rows}) f
        LEFT JOIN victims v ON v.subject = f.subject
        ASOF LEFT JOIN ({_held(run)}) h
            ON h.investigation = f.investigation AND h."from" <= f.made_at"""


_WRITTEN = 'kind, occurred_at, entered_at, source, touchpoint, "by", note_digest'


def _investigations(run: Run, of: str) -> str:
    """SQL for the investigation of each victim or crime, as known at the as-of."""
    return f"""
        SELECT {of}, any_value(investigation) AS investigation FROM ({known(run)})
        WHERE kind = 'victim' GROUP BY {of}"""


def known(run: Run) -> str:
    """SQL for the subjects as they were known at the as-of."""
    at = as_of(run)
    return f"""
        FROM ({run.version.relation("subjects")}) WHERE entered <= {at} AND coalesce(withdrawn > {at}, true)"""


def _held(run: Run) -> str:
    """SQL for the postings known at the as-of; whoever held an investigation first counts for what was before too."""
    first = 'row_number() OVER (PARTITION BY investigation ORDER BY "from") = 1'
    return f"""
        SELECT * REPLACE (CASE WHEN {first} THEN TIMESTAMPTZ '-infinity' ELSE "from" END AS "from")
        FROM ({run.version.latest_postings()}) WHERE "from" <= {as_of(run)}"""


def as_of(run: Run) -> str:
    """SQL for the moment as of which a run looks."""
    return f"TIMESTAMPTZ {literal(run.as_of.isoformat())}"


_ROWS: Mapping[Grain, Callable[[Run], str]] = {"entry": _entries, "field": _fields}
