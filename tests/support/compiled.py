"""The compiled evaluator for a timeline in memory, so that tests can give both evaluators the same."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from kept.engine import rows
from kept.engine.compiled.columns import microseconds
from kept.engine.compiled.evaluator import Evaluator
from kept.engine.compiled.subjects import POSTINGS, Held, Known
from kept.engine.entries import Entry, Posting, Subject, Timeline
from kept.engine.obligation import SCHEMA, Evaluation, Obligation
from kept.engine.rules import Rules
from kept.records.link_numbers import numbered
from kept.records.timelines import STATED, SUBJECTS, number_words

_made: dict[int, tuple[Rules, Evaluator, dict[str, int]]] = {}


def evaluate(timeline: Timeline, rules: Rules, clock: datetime | None = None) -> Evaluation:
    """As `reference.evaluate`; states as at `clock`, or at the timeline's own as-of."""
    return together([timeline], rules, clock)


def together(timelines: Sequence[Timeline], rules: Rules, clock: datetime | None = None) -> Evaluation:
    """Several timelines in one pass, in order of their subjects' numbers; each of another investigation, one as-of.

    A subject that was entered only after the as-of has no rows.
    """
    evaluator, codes = _evaluator(rules)
    as_of = microseconds(timelines[0].as_of)
    held = Held.of(pa.concat_tables(_held(one.subject.number, one.postings) for one in timelines), as_of)
    subjects = pa.concat_tables(_subjects([one.subject], one.subject.number) for one in timelines)
    said = numbered(pa.concat_tables(_entries(one.subject.number, _all(one), codes) for one in timelines))
    found = evaluator.evaluate(Known.of(subjects, held, as_of), said, as_of)
    causes = Counter(evaluator.book.causes[cause] for cause in found.omitted.column("cause").to_pylist())
    return Evaluation(_obligations(found.rows, subjects, said, timelines, evaluator, clock), causes)


def _all(timeline: Timeline) -> list[Entry]:
    return [one for kept in (timeline.events, timeline.facts) for found in kept.values() for one in found]


def _obligations(
    stored: pa.Table,
    subjects: pa.Table,
    entries: pa.Table,
    timelines: Sequence[Timeline],
    evaluator: Evaluator,
    clock: datetime | None,
) -> list[Obligation]:
    """Stored rows read as a run's are."""
    if not len(stored):
        return []
    postings = [
        {"investigation": timeline.subject.investigation, **_posting(one)}
        for timeline in timelines
        for one in timeline.postings
    ]
    connection = _connection(evaluator)
    tables = {"stored": stored, "subjects": subjects, "entries": entries}
    tables["postings"] = pa.Table.from_pylist(postings, schema=_HELD)
    for name, table in tables.items():
        connection.register("given", table)
        connection.execute(f"TRUNCATE {name}; INSERT INTO {name} FROM given")
    connection.execute("SET VARIABLE as_of = $1::TIMESTAMPTZ", [timelines[0].as_of.isoformat()])
    connection.execute("SET VARIABLE clock = $1::TIMESTAMPTZ", [(clock or timelines[0].as_of).isoformat()])
    found = connection.sql("EXECUTE obligations_of").to_arrow_table().cast(SCHEMA)
    return [Obligation(**row) for row in found.to_pylist()]


_HELD = pa.schema(
    [
        ("investigation", pa.string()),
        ("from", POSTINGS.field("from").type),
        ("to", POSTINGS.field("to").type),
        *((name, pa.string()) for name in ("officer", "team", "department", "area")),
    ]
)
_EMPTY = {
    "stored": rows.STORED,
    "subjects": SUBJECTS,
    "entries": numbered(STATED.empty_table()).schema,
    "postings": _HELD,
}
_connections: dict[int, tuple[Evaluator, duckdb.DuckDBPyConnection]] = {}


def _connection(evaluator: Evaluator) -> duckdb.DuckDBPyConnection:
    """A connection with the views of a run of this evaluator's rules, and a plan for reading them."""
    if id(evaluator) not in _connections:
        _connections.clear()
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        for name, schema in _EMPTY.items():
            connection.register("given", schema.empty_table())
            connection.execute(f"CREATE TEMP TABLE {name} AS FROM given")
        book = evaluator.book
        rows.make_states(connection, rows.names(book.rules, book.limits, book.missing))
        rows.make_obligations(connection)
        columns = ", ".join(f'"{name}"' for name in SCHEMA.names)
        connection.execute(f"PREPARE obligations_of AS SELECT {columns} FROM obligations ORDER BY subject, row")
        _connections[id(evaluator)] = (evaluator, connection)
    return _connections[id(evaluator)][1]


def _evaluator(rules: Rules) -> tuple[Evaluator, dict[str, int]]:
    if id(rules) not in _made:
        _made.clear()  # one at a time: rules that were thrown away may lend their id to others
        codes = number_words(rules.vocabulary, {})
        _made[id(rules)] = (rules, Evaluator(rules, {code: word for word, code in codes.items()}), codes)
    return _made[id(rules)][1:]


def _held(investigation: int, postings: Sequence[Posting]) -> pa.Table:
    held = [{"subject": investigation, "from": one.start, "to": one.end} for one in postings]
    return pa.Table.from_pylist(held, schema=POSTINGS)


def _posting(one: Posting) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in ("officer", "team", "department", "area")}
    return {"from": one.start, "to": one.end, **said}


def _subjects(subjects: Iterable[Subject], within: int) -> pa.Table:
    blank = {"withdrawn": None, "within": within, "made": 0, "print": 0, "standing": 0, "entries": 0}
    found = [{**blank, "subject": one.number, **_fields(one, SUBJECTS.names)} for one in subjects]
    return pa.Table.from_pylist(found, schema=SUBJECTS)


def _fields(one: Any, names: list[str]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names if hasattr(one, name)}


def _entries(subject: int, entries: list[Entry], codes: Mapping[str, int]) -> pa.Table:
    found = [{**one._asdict(), "subject": subject, "kind": codes[one.kind]} for one in sorted(entries, key=_stored)]
    return pa.Table.from_pylist(found, schema=STATED)


def _stored(one: Entry) -> tuple[object, ...]:
    return (one.at, one.kind, one.id, one.victim or "", one.entered)
