"""Timelines: per subject, everything that concerns it, in time order, ready to be evaluated.

An entry is an event or the new value of a fact, as it stands on one subject's timeline from `entered` until
`withdrawn`. "As of T" is `entered <= T < withdrawn`, and nothing else; only an entry whose link was followed to
another row has a `since`, later than `entered`, from which it stands so linked. `at` is when it happened, is
planned, or held from. `crime` and `victim` are null where what is said is of a coarser level; an entry that was
said to the same person in another crime keeps that crime and victim.

A subject has a row for each interval in which its crime, investigation and person were known to be the same;
the first begins when the records first held it, and between them is no gap. `within` is the number of its
investigation; `made` the store version that prepared its timeline; `print` a digest of all that stands on it or
ever stood, and `standing` of what stands for good, both by content alone: however, and in whatever order, the same
was loaded, they are equal. `entries` is how many entries the timeline has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from kept.contract.tables import TABLES, Table
from kept.contract.vocabulary import Attribute, Kind, Vocabulary
from kept.records import merge, reach
from kept.records.link_numbers import NUMBERED, numbered
from kept.records.links import follow_links
from kept.records.repeats import find_repeats
from kept.records.schema import arrow_schema

BUCKET = 150_000  # subjects

_MOMENT = pa.timestamp("us", tz="UTC")
_TEXTS = (
    "source",
    "by",
    "channel",
    "result",
    "value",
    "suspect",
    "hearing",
    "item",
    "answers",
    "touchpoint",
)
STATED = pa.schema(
    [
        pa.field("subject", pa.int64(), nullable=False),
        pa.field("at", _MOMENT, nullable=False),
        pa.field("kind", pa.int16(), nullable=False),
        pa.field("is_fact", pa.bool_(), nullable=False),
        pa.field("planned", pa.bool_(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("entered", _MOMENT, nullable=False),
        pa.field("withdrawn", _MOMENT),
        pa.field("crime", pa.string()),
        pa.field("victim", pa.string()),
        *(pa.field(name, pa.string()) for name in _TEXTS),
        pa.field("since", _MOMENT),
    ]
)
"""What the records say of an entry; ENTRIES adds its `position` on the timeline, from 0, and its link numbers."""
ENTRIES = pa.schema([*STATED, *(pa.field(name, pa.int32(), nullable=False) for name in ("position", *NUMBERED))])
SUBJECTS = pa.schema(
    [
        pa.field("subject", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        *(pa.field(name, pa.string()) for name in ("investigation", "crime", "victim", "person")),
        pa.field("entered", _MOMENT, nullable=False),
        pa.field("withdrawn", _MOMENT),
        pa.field("within", pa.int64()),
        pa.field("made", pa.int32(), nullable=False),
        pa.field("print", pa.int64(), nullable=False),
        pa.field("standing", pa.int64(), nullable=False),
        pa.field("entries", pa.int32(), nullable=False),
    ]
)
_ALWAYS = "TIMESTAMPTZ '1900-01-01 00:00:00+00'"  # what a table says of a subject has held since before any record


@dataclass(frozen=True, slots=True)
class Prepared:
    """Timelines in memory: tables of schema SUBJECTS (`made` 0), ENTRIES and `postings`, and the number of each word.

    `entries` is sorted by (subject, at, kind, id, victim, entered, since); `codes` maps kinds and attributes to
    `entries.kind`.
    """

    subjects: pa.Table
    entries: pa.Table
    postings: pa.Table
    codes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Numbered:
    """The subjects (columns subject, kind, id) that have a number, and the first number that was never given."""

    subjects: pa.Table
    following: int


def prepare_tables(
    tables: Mapping[str, pa.Table], vocabulary: Vocabulary, codes: Mapping[str, int] | None = None
) -> Prepared:
    """Return the timelines of contract tables in memory; what is absent counts as empty."""
    words = number_words(vocabulary, codes or {})
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.register(f"{table.name}_given", _complete(table, tables.get(table.name)))
            connection.execute(f"CREATE TEMP VIEW {table.name} AS SELECT * FROM {table.name}_given")
        prepare(connection, vocabulary, words)
        connection.execute("CREATE TEMP TABLE entries_held AS SELECT * FROM entries")
        known = subjects_with_prints("entries_held", made=0)
        return Prepared(
            _read(connection, f"SELECT * FROM ({known}) ORDER BY subject, entered", SUBJECTS),
            numbered(_read(connection, sorted_entries("entries_held"), STATED)).cast(ENTRIES),
            connection.sql("SELECT DISTINCT * FROM postings ORDER BY ALL").to_arrow_table(),
            words,
        )


def prepare(
    connection: DuckDBPyConnection,
    vocabulary: Vocabulary,
    codes: Mapping[str, int],
    given: Numbered | None = None,
) -> None:
    """Make the views `subjects` and `entries` (unsorted) from views named as the contract's tables.

    The views need all columns of the contract. `codes` numbers every word of the vocabulary; `given` holds the
    subjects of earlier loads, whose numbers stay. New ones follow in order of (kind, id). `subjects` lacks what
    `subjects_with_prints` adds, `entries` what `link_numbers.numbered` adds.
    """
    connection.execute("SET TimeZone = 'UTC'")
    before = given or Numbered(SUBJECTS.empty_table(), 0)
    connection.execute("SET VARIABLE next_subject = $1", [before.following])
    connection.register("subjects_given", before.subjects.select(["subject", "kind", "id"]))
    connection.execute("CREATE OR REPLACE TEMP TABLE subjects_before AS SELECT DISTINCT * FROM subjects_given")
    connection.unregister("subjects_given")
    connection.register("words_given", _words(vocabulary, codes))
    connection.execute("CREATE OR REPLACE TEMP TABLE words AS SELECT * FROM words_given")
    connection.unregister("words_given")
    merge.resolve(connection)
    follow_links(connection)
    reach.trace(connection)
    connection.execute(_SUBJECT_ROWS)
    find_repeats(connection)
    _make_statements(connection, vocabulary)
    connection.execute(_ENTRY_ROWS)


def number_words(vocabulary: Vocabulary, before: Mapping[str, int]) -> dict[str, int]:
    """Return a number for each kind and attribute: those of `before` stay."""
    new = sorted({*vocabulary.kinds, *vocabulary.attributes} - {*before})
    first = max(before.values(), default=-1) + 1
    return {**before, **{name: number for number, name in enumerate(new, first)}}


def sorted_entries(source: str) -> str:
    """SQL for the entries of a view or file in their one total order, columns as in STATED."""
    columns = ", ".join(f'"{name}"' for name in STATED.names)
    return f'SELECT {columns} FROM {source} ORDER BY subject, "at", kind, id, victim, entered, since'


def subjects_with_prints(entries: str, made: int) -> str:
    """SQL for the view `subjects` with what their entries come to, columns as in SUBJECTS.

    `entries` is a table or SQL in brackets, `made` the version that prepares them.
    """
    return f"""
    SELECT s.*, {made}::INTEGER AS made, coalesce(d.print, 0) AS print, coalesce(d.standing, 0) AS standing,
        coalesce(d.entries, 0) AS entries
    FROM subjects s LEFT JOIN ({_PRINTS.format(entries=entries)}) d USING (subject)"""


def bucket_of(subject: str = "subject") -> str:
    """SQL for the bucket of a subject's number."""
    return f"({subject} // {BUCKET})::INTEGER"


def _complete(table: Table, given: pa.Table | None) -> pa.Table:
    schema = arrow_schema(table.name, origin=False)
    if given is None:
        return schema.empty_table()
    columns = [
        given[field.name].cast(field.type) if field.name in given.column_names else pa.nulls(given.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _read(connection: DuckDBPyConnection, query: str, schema: pa.Schema) -> pa.Table:
    return connection.sql(query).to_arrow_table().cast(schema)


def _words(vocabulary: Vocabulary, codes: Mapping[str, int]) -> pa.Table:
    none: list[str] = []
    kinds = [(k.name, codes[k.name], False, k.spreads, [*k.merge_key], [*k.recurs]) for k in vocabulary.kinds.values()]
    attributes = [(name, codes[name], True, False, none, none) for name in vocabulary.attributes]
    names = ("name", "code", "is_fact", "spreads", "merge_key", "recurs")
    types = (pa.string(), pa.int16(), pa.bool_(), pa.bool_(), pa.list_(pa.string()), pa.list_(pa.string()))
    rows = [*kinds, *attributes]
    columns = [pa.array([row[i] for row in rows], kind) for i, kind in enumerate(types)]
    return pa.table(columns, names=list(names))


_SUBJECT_ROWS = """
CREATE OR REPLACE TEMP VIEW subjects AS
SELECT s.subject, s.kind, s.id, s.investigation, s.crime, s.victim, s.person, s.entered, s.withdrawn,
    i.subject AS "within"
FROM subjects_held s LEFT JOIN numbers i ON i.kind = 'investigation' AND i.id = s.investigation
"""

CONTENT = ", ".join(f'e."{name}"' for name in STATED.names if name not in ("subject", "kind", "withdrawn"))
"""SQL for what an entry `e` says, but for its kind: neither numbers that loads give, nor what follows from the rest."""


def digest(hashes: str, where: str = "true") -> str:
    """SQL for a digest of rows, given a hash of each: a sum, which does not depend on their order."""
    return f"(coalesce(sum({hashes}) FILTER ({where}), 0) % 9223372036854775808)::BIGINT"


_PRINTS = f"""
SELECT subject, {digest("hash(said, withdrawn)")} AS print,
    {digest("said", "withdrawn IS NULL")} AS standing,
    count(*)::INTEGER AS entries
FROM (SELECT e.subject, e.withdrawn, hash(w.name, {CONTENT}) AS said
    FROM {{entries}} e JOIN words w ON w.code = e.kind)
GROUP BY subject
"""

_ENTRY_ROWS = f"""
CREATE OR REPLACE TEMP VIEW entries AS
SELECT r.subject, s."at", w.code AS kind, w.is_fact, s.planned, s.id,
    greatest(s.entered, r.entered) AS entered, least(s.withdrawn, r.withdrawn) AS withdrawn,
    r.crime, r.victim,
    {", ".join(f's."{name}"' for name in _TEXTS)},
    CASE WHEN s.since > greatest(s.entered, r.entered) THEN s.since END AS since
FROM said s JOIN words w ON w.name = s.word JOIN reach r ON r.level = s.level AND r.scope = s.scope
WHERE (w.spreads OR NOT r.spread)
    AND coalesce(least(s.withdrawn, r.withdrawn) > greatest(s.entered, r.entered, s.since), true)
"""

_EVENTS = f"""
SELECT CASE WHEN victim IS NOT NULL THEN 3 WHEN crime IS NOT NULL THEN 2 ELSE 1 END AS level,
    coalesce(victim, crime, investigation) AS scope, kind AS word,
    coalesce(occurred_at, scheduled_for) AS "at",
    occurred_at IS NULL AS planned, id, entered, withdrawn, since, {", ".join(f'"{name}"' for name in _TEXTS)}
FROM linked_events
"""
_BLANK = {name: "NULL::VARCHAR" for name in _TEXTS}


def _make_statements(connection: DuckDBPyConnection, vocabulary: Vocabulary) -> None:
    """Make the view `said`: level, scope, word, and the entry's columns, of all that the records say."""
    words: list[Kind | Attribute] = [*vocabulary.kinds.values(), *vocabulary.attributes.values()]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE made AS {_FACTS} LIMIT 0")
    for word in words:
        if word.made_from:
            connection.execute(f"INSERT INTO made BY NAME {_made(word)}")
    said = " UNION ALL BY NAME ".join((_EVENTS, _FACTS, "SELECT * FROM made"))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW said AS {said}")


def _statement(level: str, scope: str, word: str, at: str, ident: str, rows: str, **texts: str) -> str:
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in {**_BLANK, **texts}.items())
    return f"""
    SELECT {level} AS level, {scope} AS scope, {word} AS word, {at} AS "at", false AS planned, {ident} AS id,
        entered, withdrawn, {columns}
    FROM {rows}"""


_LEVEL = " ".join(f"WHEN '{name}' THEN {level}" for name, level in reach.LEVELS.items())
_FACTS = _statement(
    f"CASE subject_kind {_LEVEL} END",
    "subject",
    "attribute",
    "valid_from",
    "id",
    "standing_facts",
    value="value",
    source="source",
)
_FORM_SCOPE = ("CASE WHEN victim IS NULL THEN 1 ELSE 3 END", "coalesce(victim, investigation)")
_SPECIAL = {
    "assessment_made": _statement(
        *_FORM_SCOPE,
        "'assessment_made'",
        "made_at",
        "id",
        "standing_forms",
        value="form",
        item="concat(form, '.', version)",
        source="source",
    ),
    "assessment_field": _statement(
        *_FORM_SCOPE,
        "'assessment_field'",
        "made_at",
        "id",
        "standing_fields",
        value="value",
        item="concat(form, '.', field)",
        result="CASE WHEN trim(coalesce(value, '')) = '' THEN 'blank' ELSE 'answered' END",
        source="source",
    ),
    "repeat_victim": _statement(
        "3",
        "victim",
        "'repeat_victim'",
        _ALWAYS,
        "concat(victim, '.repeat_victim')",
        "repeats",
        value="'true'",
    ),
}


def _made(word: Kind | Attribute) -> str:
    """SQL for what loading makes from a table's column."""
    if word.name in _SPECIAL:
        return _SPECIAL[word.name]
    table, _, column = word.made_from.partition(".")
    level = reach.LEVELS[table.removesuffix("s")]
    rows = f"({merge.history_of(table, column, carried='source')}) WHERE {column} IS NOT NULL"
    ident = f"concat(id, '.{word.name}')"
    if isinstance(word, Kind):
        return _statement(str(level), "id", f"'{word.name}'", column, ident, rows, source="source")
    return _statement(
        str(level),
        "id",
        f"'{word.name}'",
        _ALWAYS,
        ident,
        rows,
        value=_text_of(word, column),
        source="source",
    )


def _text_of(attribute: Attribute, column: str) -> str:
    if attribute.type == "number":
        return f"CASE WHEN {column} = trunc({column}) THEN {column}::BIGINT::VARCHAR ELSE {column}::VARCHAR END"
    return f"{column}::VARCHAR"
