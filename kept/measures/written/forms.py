"""Making of the fields of forms a row for each form as it stands, with its shape: few forms are alike, many shapes are.

What a field is, and which is the last, is as `in_place.fields_of` says; here it is found by numbers instead of words.
"""

import duckdb

from kept.engine.results import Run
from kept.measures.catalogue import HELD_BY, in_place
from kept.measures.in_place import as_of, known, of_victims
from kept.measures.model import FIELDS
from kept.measures.moments import YEAR_ONE, since_year_one
from kept.measures.written.stored import OF_SHAPE, Written, write

_WORDS = "CREATE TEMP TABLE fields_named AS SELECT DISTINCT form, field FROM ({forms})"
_LAST = """
    CREATE TEMP TABLE fields_last AS
    SELECT subject, code, (said >> 64)::BIGINT AS made, said & 1 = 1 AS answered FROM (
        SELECT k.subject, n.rowid AS code,
            max(({made}::HUGEINT << 64) + ({entered}::HUGEINT << 1) + ({answered})::INTEGER) AS said
        FROM ({forms}) a JOIN fields_named n ON n.form = a.form AND n.field = a.field
        JOIN ({known}) k ON k.victim = a.victim
        WHERE a.entered_at <= {as_of} AND k.kind = 'victim' GROUP BY k.subject, n.rowid)"""
"""Of each field of a victim's form the last: when the form was made, and whether it was answered; by one number, since
that is quicker to compare."""
_SHEETS = """
    CREATE TEMP TABLE sheets_found AS
    SELECT l.subject, n.form, l.made, sum(hash(l.code, l.answered)::HUGEINT) AS digest, count(*) AS fields
    FROM fields_last l JOIN fields_named n ON n.rowid = l.code GROUP BY l.subject, n.form, l.made"""
"""A row for each form of a victim and moment, with a digest of its fields that does not depend on their order."""
_SHAPES = """
    CREATE TEMP TABLE shapes_found AS
    SELECT form, digest, fields, arg_min(subject, subject) AS subject, arg_min(made, subject) AS made
    FROM sheets_found GROUP BY form, digest, fields"""
"""Each shape once, with one of the forms that have it."""
_ROWS = """
    SELECT s.subject, k.investigation, h.rowid AS shape, make_timestamptz(s.made - {year_one}) AS made_at
    FROM sheets_found s JOIN shapes_found h ON h.form = s.form AND h.digest = s.digest AND h.fields = s.fields
    JOIN ({known}) k ON k.subject = s.subject"""
_FIELDS = """
    SELECT h.rowid AS shape, h.form, n.field, l.answered
    FROM shapes_found h JOIN fields_last l ON l.subject = h.subject AND l.made = h.made
    JOIN fields_named n ON n.rowid = l.code AND n.form = h.form"""


def write_forms(connection: duckdb.DuckDBPyConnection, run: Run, into: Written) -> None:
    """Write `sheets` and `shapes`; the connection has the view `victims`."""
    columns = in_place()[FIELDS].columns
    words = {
        "forms": run.version.relation("assessments"),
        "known": known(run),
        "as_of": as_of(run),
        "answered": columns["answered"].text,
        "made": since_year_one("a.made_at"),
        "entered": since_year_one("a.entered_at"),
        "year_one": YEAR_ONE,
    }
    for query in (_WORDS, _LAST, _SHEETS, _SHAPES):
        connection.execute(query.format(**words))
    write(connection, _FIELDS, into.path("shapes"))
    own = {name: one.text for name, one in columns.items() if one.how == "row" and name not in (*OF_SHAPE, "value")}
    named = ", ".join(f'"{text}" AS "{name}"' for name, text in own.items())
    rows = of_victims(run, _ROWS.format(**words))
    write(connection, f"SELECT subject, shape, {named}, {', '.join(HELD_BY)} FROM ({rows})", into.path("sheets"))
    for name in ("fields_last", "sheets_found"):
        connection.execute(f"DROP TABLE {name}")
