"""A run's rows as they are stored, small numbers and moments, and the same rows as obligations.

An entry is given by its position in its subject's timeline, a rule or a limit by its place in the run's names, a
posting by its place among those of the investigation; -1 is none, and 2 a truth that is not known. A row holds the
state in which its obligation settles, `settled`: whether it is still pending, the clock says when the row is read.
"""

import json
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from kept.code.model import Limit
from kept.engine.matching import CLOSENESS
from kept.engine.obligation import MOMENT, SCHEMA
from kept.engine.rules import Rule
from kept.engine.states import STATE_NAMES, TURNING
from kept.records.erase_runs import POSITIONS

_ENTRIES = {
    "e": "event",
    "i": "ident",
    "a": "answer",
    "g": "generic",
    "r": "reason",
    "x": "ended_by",
    "t": "touchpoint",
    "c": "recorded",
}
"""The columns that give an entry by its position, each under the name that the entry has below."""


def _always(name: str, kind: pa.DataType) -> pa.Field:
    """A column that always says something, which is half the work to write and to read."""
    return pa.field(name, kind, nullable=False)


STORED = pa.schema(
    [
        _always("subject", pa.int64()),
        _always("row", pa.int32()),
        _always("rule", pa.int16()),
        _always("part", pa.int8()),
        _always("settled", pa.int8()),
        _always("event", pa.int32()),
        _always("ident", pa.int32()),
        _always("start_at", MOMENT),
        ("clock_at", MOMENT),
        ("due", MOMENT),
        ("judged", MOMENT),
        _always("limit", pa.int16()),
        _always("missing", pa.int16()),
        _always("answer", pa.int32()),
        ("answered_at", MOMENT),
        _always("role", pa.int8()),
        _always("linked", pa.int8()),
        _always("generic", pa.int32()),
        ("late_by", pa.int64()),
        _always("at_best", pa.bool_()),
        _always("entered_by_due", pa.int8()),
        _always("reason", pa.int32()),
        _always("reason_after_due", pa.int8()),
        _always("ended_by", pa.int32()),
        _always("moved", pa.bool_()),
        _always("flag", pa.int8()),
        _always("gate", pa.int8()),
        _always("posting", pa.int32()),
        _always("touchpoint", pa.int32()),
        _always("recorded", pa.int32()),
    ],
    metadata={POSITIONS: json.dumps([*_ENTRIES.values()])},
)
"""The columns of a run's stored rows; (subject, row) names one, and is their order."""

OMITTED = pa.schema([_always("subject", pa.int64()), _always("cause", pa.int16())])
"""One row for each obligation that did not arise; `cause` is its place in the run's names."""

TURNS = pa.schema([_always("subject", pa.int64()), _always("moment", MOMENT)])
"""The subjects of which the clock alone changes what is seen, and when it first does."""

ROLES = ("specific", "reason")


def names(rules: Iterable[Rule], limits: Iterable[Limit], missing: Iterable[str]) -> dict[str, list[Any]]:
    """What the numbers in rows stand for, as a run's manifest keeps it."""
    return {
        "rules": [_said(rule) for rule in rules],
        "limits": [limit.says() for limit in limits],
        "missing": list(missing),
    }


def _said(rule: Rule) -> dict[str, Any]:
    duty = rule.duty
    return {
        "duty": duty.id,
        "edition": duty.edition,
        "right": duty.right,
        "owed_to": duty.owed_to,
        "holder": duty.holder,
        "credit": duty.credit,
        "opt_out": duty.opt_out,
        "repeats": duty.kind == "repeat",
        "parts": [part.id for part in duty.parts],
    }


def make_states(connection: DuckDBPyConnection, said: dict[str, list[Any]]) -> None:
    """Make the view `stated` from a view `stored`: its columns, and of each row the duty, the part and the state.

    The state is that at the moment in the variable `clock`.
    """
    for name, table in _named(said).items():
        connection.register(f"{name}_given", table)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_given")
        connection.unregister(f"{name}_given")
    connection.execute(_STATED)


def make_obligations(connection: DuckDBPyConnection) -> None:
    """Make the view `obligations` (schema `obligation.SCHEMA`) from `stated`, `subjects`, `entries` and `postings`.

    `subjects` and `entries` are as in `records.timelines`, `postings` as in the contract.
    """
    connection.execute(_HELD)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW obligations AS {_obligations()}")


def _named(said: dict[str, list[Any]]) -> dict[str, pa.Table]:
    rules = [{"rule": number, **rule} for number, rule in enumerate(said["rules"])]
    schema = pa.schema(
        [
            ("rule", pa.int16()),
            *((name, pa.string()) for name in ("duty", "edition", "owed_to", "holder", "credit", "opt_out")),
            ("right", pa.int16()),
            ("repeats", pa.bool_()),
            ("parts", pa.list_(pa.string())),
        ]
    )
    return {
        "rules": pa.Table.from_pylist(rules, schema=schema),
        "limits": _numbered(said["limits"]),
        "missing_words": _numbered(said["missing"]),
        "settled_states": _numbered(STATE_NAMES),
        "roles": _numbered(ROLES),
        "closeness": _numbered(CLOSENESS),
    }


def _numbered(texts: Iterable[str]) -> pa.Table:
    listed = list(texts)
    return pa.table({"number": pa.array(range(len(listed)), pa.int16()), "text": pa.array(listed, pa.string())})


_TURNING = ", ".join(f"'{state}'" for state in TURNING)
_STATED = f"""
CREATE OR REPLACE TEMP VIEW stated AS
SELECT * REPLACE (
    CASE WHEN state <> 'pending' THEN late_by END AS late_by,
    state <> 'pending' AND at_best AS at_best), at_best AS settled_at_best
FROM (
    SELECT s.* EXCLUDE (part, "limit", settled, linked), n.text AS settled, u.duty, u.edition, u."right", u.owed_to,
        u.holder, u.credit, u.opt_out, u.repeats, s."limit" AS limit_number, s.linked AS linked_number,
        CASE WHEN s.part < 0 THEN '' ELSE u.parts[s.part + 1] END AS part,
        CASE WHEN n.text IN ({_TURNING}) AND NOT coalesce(s.judged <= getvariable('clock'), false)
            THEN 'pending' ELSE n.text END AS state
    FROM stored s JOIN rules u USING (rule) JOIN settled_states n ON n.number = s.settled)
"""
_HELD = """
CREATE OR REPLACE TEMP VIEW held AS
SELECT *, row_number() OVER (PARTITION BY investigation ORDER BY "from") - 1 AS place FROM postings
"""
_TRUTH = "CASE {} WHEN 0 THEN false WHEN 1 THEN true END"
_COLUMNS = {
    "subject": "s.subject",
    "subject_kind": "s.owed_to",
    "subject_id": """CASE s.owed_to WHEN 'hearing' THEN coalesce(nullif(e.hearing, ''), e.id)
        WHEN 'request' THEN coalesce(nullif(e.item, ''), e.id) ELSE w.id END""",
    "investigation": "w.investigation",
    "crime": "coalesce(w.crime, e.crime)",
    "victim": "coalesce(w.victim, e.victim)",
    "person": "w.person",
    "start_id": "i.id",
    "limit": "coalesce(l.text, '')",
    "missing": "coalesce(m.text, '')",
    "answer_id": "a.id",
    "answer_entered": "a.entered",
    "answered_by": "CASE WHEN s.answer < 0 THEN '' ELSE o.text END",
    "linked": "CASE WHEN s.answer < 0 THEN '' ELSE k.text END",
    "generic_id": "g.id",
    "generic_at": 'g."at"',
    "entered_by_due": _TRUTH.format("s.entered_by_due"),
    "reason_id": "r.id",
    "reason_after_due": _TRUTH.format("s.reason_after_due"),
    "ended_by": "x.id",
    "moved_to": "CASE WHEN s.moved THEN s.opt_out ELSE '' END",
    "enhanced_flag": _TRUTH.format("s.flag"),
    "enhanced_gate": _TRUTH.format("s.gate"),
    "credited_to": """CASE s.credit WHEN 'agency' THEN s.holder WHEN 'recorder' THEN coalesce(t.value, '')
        ELSE CASE WHEN h.place IS NULL THEN '' WHEN coalesce(h.officer, '') = '' THEN 'unallocated'
            ELSE coalesce(h.team, '') END END""",
    "credited_officer": """CASE s.credit WHEN 'agency' THEN NULL WHEN 'recorder' THEN c."by"
        ELSE nullif(h.officer, '') END""",
}
"""Each column of an obligation that is not one of `stated`."""


def _obligations() -> str:
    given = {name: f's."{name}"' for name in SCHEMA.names} | _COLUMNS
    columns = ", ".join(f'{given[name]} AS "{name}"' for name in SCHEMA.names)
    joined = " ".join(
        f'LEFT JOIN entries {alias} ON {alias}.subject = s.subject AND {alias}."position" = s.{column}'
        for alias, column in _ENTRIES.items()
    )
    return f"""
    SELECT {columns}, s.row AS row
    FROM stated s JOIN subjects w ON w.subject = s.subject
        AND w.entered <= getvariable('as_of') AND coalesce(w.withdrawn > getvariable('as_of'), true)
    {joined}
    LEFT JOIN held h ON h.investigation = w.investigation AND h.place = s.posting
    LEFT JOIN limits l ON l.number = s.limit_number
    LEFT JOIN missing_words m ON m.number = s.missing
    LEFT JOIN roles o ON o.number = s.role
    LEFT JOIN closeness k ON k.number = s.linked_number"""
