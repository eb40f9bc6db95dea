"""From the integers that the compiled pass writes to the rows of a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.engine.compiled import layout as at
from kept.engine.compiled.entries import Held, Shaped
from kept.engine.compiled.rulebook import Book
from kept.engine.matching import CLOSENESS
from kept.engine.obligation import MOMENT, SCHEMA
from kept.engine.rules import Rule
from kept.engine.states import STATES

_ROLES = ("specific", "reason")
_OF_RULE: dict[str, Callable[[Rule], Any]] = {
    "subject_kind": lambda rule: rule.duty.owed_to,
    "duty": lambda rule: rule.duty.id,
    "right": lambda rule: rule.duty.right,
    "edition": lambda rule: rule.duty.edition,
    "holder": lambda rule: rule.duty.holder,
}


@dataclass(frozen=True, slots=True)
class _Rows:
    """The written rows, and what their numbers stand for."""

    out: at.Integers
    shaped: Shaped
    held: Held
    book: Book

    def moments(self, field: int) -> pa.Array:
        values = self.out[field]
        return pa.array(values, pa.int64(), mask=values == at.NEVER).cast(MOMENT)

    def subject(self, name: str) -> pa.Array:
        return _taken(self.shaped.subjects.column(name), self.out[at.ROW_SUBJECT])

    def entry(self, field: int, name: str) -> pa.Array:
        return _taken(self.shaped.entries.column(name), self.out[field])

    def rule(self, read: Callable[[Rule], Any], kind: pa.DataType) -> pa.Array:
        return _named([read(rule) for rule in self.book.rules], self.out[at.ROW_RULE], kind)

    def truth(self, field: int) -> pa.Array:
        values = self.out[field]
        return pa.array(values == at.TRUE, pa.bool_(), mask=values == at.UNKNOWN)

    def words(self, names: Sequence[str], values: Any) -> pa.Array:
        """A name for each number; blank where there is none."""
        return _named([*names, ""], np.where(values == at.NOTHING, len(names), values), pa.string())


def rows(out: at.Integers, shaped: Shaped, held: Held, book: Book) -> pa.Table:
    """The rows of `obligation.SCHEMA`."""
    written = _Rows(out, shaped, held, book)
    found = {
        **{name: written.subject(name) for name in ("subject", "investigation", "person")},
        **{name: written.rule(read, SCHEMA.field(name).type) for name, read in _OF_RULE.items()},
        **_start_columns(written),
        **_evidence_columns(written),
        **_credit_columns(written),
    }
    return pa.table([found[name].cast(SCHEMA.field(name).type) for name in SCHEMA.names], schema=SCHEMA)


def _start_columns(written: _Rows) -> Mapping[str, pa.Array]:
    out, book = written.out, written.book
    return {
        "subject_id": _subject_ids(written),
        "crime": pc.coalesce(written.subject("crime"), written.entry(at.ROW_EVENT, "crime")),
        "victim": pc.coalesce(written.subject("victim"), written.entry(at.ROW_EVENT, "victim")),
        "part": _parts(written),
        "start_id": written.entry(at.ROW_IDENT, "id"),
        "start_at": written.moments(at.ROW_START),
        "clock_at": written.moments(at.ROW_CLOCK),
        "limit": written.words([limit.says() for limit in book.limits], out[at.ROW_LIMIT]),
        "due": written.moments(at.ROW_DUE),
        "judged": written.moments(at.ROW_JUDGED),
        "state": _named([row.state for row in STATES], out[at.ROW_STATE], pa.string()),
        "missing": written.words(book.missing, out[at.ROW_MISSING]),
        "enhanced_flag": written.truth(at.ROW_FLAG),
        "enhanced_gate": written.truth(at.ROW_GATE),
    }


def _evidence_columns(written: _Rows) -> Mapping[str, pa.Array]:
    out = written.out
    answered = out[at.ROW_ANSWER] != at.NOTHING
    late = out[at.ROW_LATE_BY]
    moves = _named([rule.duty.opt_out for rule in written.book.rules], out[at.ROW_RULE], pa.string())
    return {
        "answer_id": written.entry(at.ROW_ANSWER, "id"),
        "answered_at": written.entry(at.ROW_ANSWER, "at"),
        "answer_entered": written.entry(at.ROW_ANSWER, "entered"),
        "answered_by": written.words(_ROLES, np.where(answered, out[at.ROW_ROLE], at.NOTHING)),
        "linked": written.words(CLOSENESS, np.where(answered, out[at.ROW_LINKED], at.NOTHING)),
        "generic_id": written.entry(at.ROW_GENERIC, "id"),
        "generic_at": written.entry(at.ROW_GENERIC, "at"),
        "late_by": pa.array(late, pa.int64(), mask=late == at.NEVER),
        "at_best": pa.array(out[at.ROW_AT_BEST] == 1),
        "entered_by_due": written.truth(at.ROW_ENTERED_BY_DUE),
        "reason_id": written.entry(at.ROW_REASON, "id"),
        "reason_after_due": written.truth(at.ROW_REASON_AFTER_DUE),
        "ended_by": written.entry(at.ROW_ENDED_BY, "id"),
        "moved_to": pc.if_else(pa.array(out[at.ROW_MOVED] == 1), moves, ""),
    }


def _credit_columns(written: _Rows) -> Mapping[str, pa.Array]:
    """Who answers for it: an agency, where it was recorded and by whom, or who held the investigation."""
    out, postings = written.out, written.held.postings
    credit = np.array([row[at.CREDIT] for row in written.book.rows], dtype=np.int64)[out[at.ROW_RULE]]
    agency, recorder = pa.array(credit == at.AGENCY), pa.array(credit == at.RECORDER)
    teams = [(one.team or "") if one.officer else "unallocated" for one in postings]
    officers = pa.array([one.officer or None for one in postings], pa.string())
    touchpoint = pc.fill_null(written.entry(at.ROW_TOUCHPOINT, "value"), "")
    holder = written.rule(lambda rule: rule.duty.holder, pa.string())
    team = written.words(teams, out[at.ROW_POSTING])
    officer = _taken(pa.chunked_array([officers]), out[at.ROW_POSTING])
    nobody = pa.nulls(out.shape[1], pa.string())
    return {
        "credited_to": pc.case_when(
            pa.StructArray.from_arrays([agency, recorder], ["a", "r"]), holder, touchpoint, team
        ),
        "credited_officer": pc.case_when(
            pa.StructArray.from_arrays([agency, recorder], ["a", "r"]),
            nobody,
            written.entry(at.ROW_RECORDED, "by"),
            officer,
        ),
    }


def _subject_ids(written: _Rows) -> pa.Array:
    """The hearing or request it is about, else the start itself; for all other duties the subject."""
    link = np.array([row[at.LINK_OWED_TO] for row in written.book.rows], dtype=np.int64)[written.out[at.ROW_RULE]]
    own = written.entry(at.ROW_EVENT, "id")
    hearing = pc.coalesce(written.entry(at.ROW_EVENT, "hearing"), own)
    item = pc.coalesce(written.entry(at.ROW_EVENT, "item"), own)
    choice = pa.StructArray.from_arrays([pa.array(link == at.HEARING), pa.array(link == at.ITEM)], ["h", "i"])
    return pc.case_when(choice, hearing, item, written.subject("id"))


def _parts(written: _Rows) -> pa.Array:
    """The part's id; blank for a duty as a whole."""
    names = [part.id for rule in written.book.rules for part in (rule.duty.parts or (None,)) if part] or [""]
    counts = [len(rule.duty.parts) for rule in written.book.rules]
    first = np.concatenate(([0], np.cumsum(counts)))[written.out[at.ROW_RULE]]
    part = written.out[at.ROW_PART]
    return written.words(names, np.where(part == at.WHOLE, at.NOTHING, first + part))


def _taken(column: pa.ChunkedArray, places: Any) -> pa.Array:
    taken = column.take(pa.array(places, pa.int64(), mask=places == at.NOTHING))
    return taken.combine_chunks() if isinstance(taken, pa.ChunkedArray) else taken


def _named(names: Sequence[Any], places: Any, kind: pa.DataType) -> pa.Array:
    return pa.array(names, kind).take(pa.array(places, pa.int64()))
