"""The ledger of a bucket, made of what a run stored of its obligations and of who they are owed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.engine.compiled.columns import as_stored, microseconds
from kept.engine.compiled.days import midnights
from kept.measures.catalogue import HELD_BY, populations
from kept.measures.ledger.compiled import sorting
from kept.measures.ledger.compiled.layout import CODES, DAYS, NEVER, NOBODY
from kept.measures.ledger.days import begins_of
from kept.measures.ledger.packed import RATED, counts_of_codes, packed
from kept.measures.ledger.stored import Ledger
from kept.measures.members.bucket import Bucket
from kept.measures.members.coded import CODE, MEASURE, UNKNOWN, Coded, Codes
from kept.measures.names import WHOLE, of_duty, of_right, of_windows
from kept.records.timelines import BUCKET

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
_SHARED = [name for name in populations()["investigations"].breakdowns if name in populations()["victims"].breakdowns]
"""What also a whole investigation is divided by, whose obligations are owed to no single victim."""
_NAMES = ("crime", "victim", "investigation")
_AT_ONCE = 400_000  # rows that are tallied


def make_ledger(bucket: Bucket, codes: Codes, into: Path) -> None:
    """Write the ledger of a bucket, whose populations have been made, into a folder."""
    ledger = Ledger(into, bucket.number)
    measures = _Measures.of(bucket.run.manifest["names"]["rules"], codes)
    known = _known(bucket)
    one_by_one = _Obligations.of(bucket, measures)
    added_up = _tallies(bucket, one_by_one, measures, known)
    _write_owed(ledger, one_by_one, added_up, known["within"], measures)
    ledger.write("known", {"within": known["within"], **_divided(bucket, codes)})
    ledger.write("names", {name: known[name] for name in _NAMES})
    ledger.write("postings", _postings(bucket, codes))


@dataclass(frozen=True, slots=True)
class _Measures:
    """The codes of the measures that a row is counted in, by its rule and, from 0 for the whole, its part.

    `right` and `windows` are those that a row of the whole adds to; 0 is none. `by_case` are all that are of windows.
    """

    of_part: Coded
    right: Coded
    windows: Coded
    whole: int

    @classmethod
    def of(cls, rules: list[dict[str, Any]], codes: Codes) -> _Measures:
        """Of the rules as a run's manifest names them."""
        parts = max((len(rule["parts"]) for rule in rules), default=0) + 1
        of_part = np.zeros((len(rules), parts), CODE)
        for number, rule in enumerate(rules):
            names = [of_duty(rule["edition"], rule["duty"], part) for part in ("", *rule["parts"])]
            of_part[number, : len(names)] = codes.of(MEASURE, names)
        rights = [of_right(rule["right"]) if rule["right"] and rule["holder"] == "police" else None for rule in rules]
        windows = [of_windows(rule["edition"], rule["duty"]) if rule["repeats"] else None for rule in rules]
        whole = int(codes.of(MEASURE, [WHOLE])[0])
        return cls(of_part, codes.of(MEASURE, rights), codes.of(MEASURE, windows), whole)


@dataclass(frozen=True, slots=True)
class _Obligations:
    """The obligations of a bucket as they are stored, by subject and row, as columns of equal length.

    `ripe` is when one is judged that is judged after the run's as-of, else NEVER.
    """

    measure: Coded
    subject: Numbers
    row: Numbers
    rule: npt.NDArray[np.int16]
    part: npt.NDArray[np.int8]
    day: npt.NDArray[np.uint16]
    holder: Numbers
    code: Numbers
    ripe: Integers

    @classmethod
    def of(cls, bucket: Bucket, measures: _Measures) -> _Obligations:
        stored = bucket.stored
        rule, part = stored.column("rule").to_numpy(), stored.column("part").to_numpy()
        subject = (stored.column("subject").to_numpy() - bucket.first).astype(np.int32)
        moments = tuple(as_stored(stored.column(name)) for name in ("judged", "clock_at", "due", "answered_at"))
        holder, code = (np.empty(len(stored), np.int32) for _ in range(2))
        day, ripe = np.empty(len(stored), np.uint16), np.empty(len(stored), np.int64)
        states = (
            stored.column("settled").to_numpy(),
            _truths(stored, "at_best"),
            stored.column("entered_by_due").to_numpy(),
        )
        sorting.coded(states, moments, midnights(), microseconds(bucket.run.as_of), (code, day, ripe))
        sorting.credited(subject, stored.column("posting").to_numpy(), *_first_postings(bucket), holder)
        row = stored.column("row").to_numpy()
        return cls(measures.of_part[rule, part + 1], subject, row, rule, part, day, holder, code, ripe)


def _tallies(bucket: Bucket, owed: _Obligations, measures: _Measures, known: Mapping[str, Any]) -> Integers:
    """The tallies of a bucket's obligations, a row each (`sorting`), by subject."""
    months = begins_of("month").astype(np.uint16)
    months[0] = 0
    rated = packed(counts_of_codes(), RATED)
    rules = (measures.right, measures.windows)
    of_crime = known["crime"].is_valid().to_numpy(zero_copy_only=False)
    return np.concatenate(
        [
            *_chunks(
                (owed.subject, owed.rule, owed.part, owed.day, owed.holder, owed.ripe, owed.code, months, rated),
                rules,
                measures.whole,
                of_crime,
            )
        ]
    )


def _chunks(rows: tuple[Any, ...], rules: tuple[Any, ...], whole: int, of_crime: Any) -> Iterator[Integers]:
    """Tallies of so many rows at once; of more, where a single subject has more."""
    begin, room = 0, _AT_ONCE
    reached = np.zeros(1, np.int64)
    yield np.empty((0, sorting.COUNTS + 1), np.int64)
    while begin < len(rows[0]):
        out = np.empty((room * sorting.MOST_OF_ONE, sorting.COUNTS + 1), np.int64)
        found = sorting.tallied(begin, rows, rules, whole, of_crime, out, reached)
        room = room if reached[0] > begin else 2 * room
        begin = int(reached[0])
        yield out[:found].copy()


def _write_owed(ledger: Ledger, owed: _Obligations, tallies: Integers, within: Integers, measures: _Measures) -> None:
    """Write rows and tallies, each in the order of their measures, and where the rows of each measure lie."""
    tallies = tallies[_by_unit(tallies, within, measures)]
    rated, code = np.unique(tallies[:, sorting.COUNTS], return_inverse=True)
    parts = (_rows_of(owed), _rows_of_tallies(tallies, code + CODES))
    columns, spans, later = _sorted(parts)
    ledger.write("owed", columns)
    ledger.write("measures", spans)
    ledger.write("later", later)
    ledger.write("tallies", {"rated": rated})
    ledger.write("codes", {"code": np.flatnonzero(np.bincount(owed.code, minlength=CODES))})


def _by_unit(tallies: Integers, within: Integers, measures: _Measures) -> Integers:
    """The order in which those of a unit follow each other, by month; they are nearly in it already."""
    subject = tallies[:, sorting.SUBJECT]
    by_case = np.isin(tallies[:, sorting.MEASURE], measures.windows[measures.windows > 0])
    unit = np.where(by_case, within[subject], subject)
    return np.argsort(unit * DAYS + tallies[:, sorting.MONTH], kind="stable")


_COLUMNS = {"subject": np.int32, "day": np.uint16, "holder": np.int32, "code": np.int32, "row": np.int32}
_Rows: TypeAlias = tuple[Coded, Integers, tuple[npt.NDArray[Any], ...]]
"""Of some rows the measure of each, when it is ripe, and the columns that are stored."""


def _rows_of(owed: _Obligations) -> _Rows:
    return owed.measure, owed.ripe, (owed.subject, owed.day, owed.holder, owed.code, owed.row)


def _rows_of_tallies(tallies: Integers, code: Integers) -> _Rows:
    columns = (tallies[:, sorting.SUBJECT], tallies[:, sorting.MONTH], tallies[:, sorting.HOLDER], code, code * 0 - 1)
    typed = tuple(column.astype(kind) for column, kind in zip(columns, _COLUMNS.values(), strict=True))
    return tallies[:, sorting.MEASURE].astype(CODE), np.ascontiguousarray(tallies[:, sorting.RIPE]), typed


def _sorted(parts: Sequence[_Rows]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The rows of all parts by measure, of one as they were: columns, where each measure lies, what is ripe later."""
    most = 1 + max((int(measure.max(initial=0)) for measure, _, _ in parts), default=0)
    many: Integers = np.sum([np.bincount(measure, minlength=most) for measure, _, _ in parts], axis=0)
    begin = np.cumsum(many) - many
    out = tuple(np.empty(int(many.sum()), kind) for kind in _COLUMNS.values())
    days = np.tile(np.array([DAYS, 0], np.int64), (most, 1))
    following, later = begin.copy(), []
    for measure, ripe, columns in parts:
        place = np.empty((int(np.count_nonzero(ripe != NEVER)), 2), np.int64)
        sorting.put(measure, ripe, columns, following, out, days, place)
        later.append(place)
    ripe_later = np.concatenate(later)
    ripe_later = ripe_later[np.argsort(ripe_later[:, 0])]
    here = np.flatnonzero(many)
    first, last = days[here, 0] % DAYS, days[here, 1]
    spans = {"measure": here, "begin": begin[here], "end": following[here], "first": first, "last": last}
    return dict(zip(_COLUMNS, out, strict=True)), spans, {"place": ripe_later[:, 0], "ripe": ripe_later[:, 1]}


# -- who they are owed to --------------------------------------------------------------------------------------------


def _known(bucket: Bucket) -> dict[str, Any]:
    """Of each place of the bucket its crime, victim and investigation, and the number of its investigation."""
    table = bucket.arrow(f"SELECT subject, within, {', '.join(_NAMES)} FROM known")
    place = np.full(BUCKET, -1, np.int64)
    place[_numbers(table, "subject") - bucket.first] = np.arange(len(table))
    there = pa.array(place, mask=place < 0)
    within = np.where(place < 0, NOBODY, np.append(_numbers(table, "within"), NOBODY)[place])
    return {"within": within, **{name: table.column(name).combine_chunks().take(there) for name in _NAMES}}


def _first_postings(bucket: Bucket) -> tuple[Numbers, Numbers]:
    """Of each place of the bucket the first posting of its investigation, and how many there are."""
    table = bucket.arrow("""
        SELECT k.subject, min(h.number) AS first, count(*) AS postings
        FROM known k JOIN held h USING (investigation) GROUP BY k.subject""")
    found = np.zeros((2, BUCKET), np.int32)
    found[:, _numbers(table, "subject") - bucket.first] = _numbers(table, "first"), _numbers(table, "postings")
    return found[0], found[1]


def _divided(bucket: Bucket, codes: Codes) -> dict[str, Coded]:
    """Of each place the code of what its obligations may be divided by."""
    names = [*populations()["victims"].breakdowns]
    shared = [name for name in names if name in _SHARED]
    found = {name: np.zeros(BUCKET, CODE) for name in names}
    for population, columns in (("victims", names), ("investigations", shared)):
        table = bucket.arrow(f"SELECT subject, {', '.join(columns)} FROM {population}")
        places = _numbers(table, "subject") - bucket.first
        for name in columns:
            found[name][places] = codes.coded(name, table.column(name))
    return found


def _postings(bucket: Bucket, codes: Codes) -> dict[str, Coded]:
    """Of each posting the code of each holder; the last place, which NOBODY points at, is unknown."""
    table = bucket.arrow(f"SELECT {', '.join(HELD_BY)} FROM held ORDER BY number")
    return {name: np.append(codes.coded(name, table.column(name)), CODE(UNKNOWN)) for name in HELD_BY}


def _numbers(table: pa.Table, name: str) -> Integers:
    return np.asarray(table.column(name).cast(pa.int64()).fill_null(NOBODY).to_numpy(), np.int64)


def _truths(table: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    return np.asarray(table.column(name).combine_chunks().to_numpy(zero_copy_only=False), np.bool_)
