"""The rows of some measures one by one, in words, as a table that SQL can be asked of."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.engine.states import STATE_NAMES
from kept.measures.catalogue import HELD_BY
from kept.measures.ledger.compiled.layout import CODES
from kept.measures.ledger.days import FIRST_OF_1970
from kept.measures.ledger.owed import Owed
from kept.measures.ledger.packed import ASIDE, RATED, counts_of_codes, of_waiting, state_of_codes, unpacked
from kept.measures.ledger.stored import Ledger
from kept.measures.members.coded import Coded

Integers = npt.NDArray[np.int64]
Few = npt.NDArray[np.int16]
"""Counts of one row, of `packed.MOST` at most: a table of several duties has many rows."""
_STATES = pa.array([*STATE_NAMES])


def rows_of(owed: Owed, measures: Sequence[str], columns: Sequence[str]) -> pa.Table:
    """What is owed under some measures, divided by some columns, as at the clock.

    `measure`, `subject`, `within` (the number of the investigation), `row` (of the obligation in its run, null of a
    tally), `judged_on` (a day; of a tally the first of its month), `waits` (whether it is judged only later), `state`
    (null of a tally), each of the counts `RATED` and `ASIDE`, and the columns as texts, null where unknown.
    """
    parts = [
        _rows(owed, ledger, waiting, measure, columns)
        for ledger, waiting in zip(owed.ledgers, owed.waiting, strict=True)
        for measure in measures
        if owed.code_of(measure) in ledger.measures
    ]
    return pa.concat_tables(parts).unify_dictionaries() if parts else _nothing(columns)


def _rows(owed: Owed, ledger: Ledger, waiting: Integers, measure: str, columns: Sequence[str]) -> pa.Table:
    rows = ledger.rows_of(owed.code_of(measure))
    subject, day, holder, code, row = (ledger.owed[name][rows] for name in ("subject", "day", "holder", "code", "row"))
    waits = _waits(rows, waiting)
    found: dict[str, Any] = {
        "measure": pa.DictionaryArray.from_arrays(np.zeros(len(row), np.int32), [measure]),
        "subject": subject + np.int64(ledger.first),
        "within": ledger.known["within"][subject],
        "row": pa.array(row, mask=row < 0),
        "judged_on": pa.array(day.astype(np.int32) - FIRST_OF_1970, mask=day == 0).cast(pa.date32()),
        "waits": waits,
        "state": _state(code, waits),
        **_counts(ledger, code, waits),
    }
    for name in columns:
        side, at = (ledger.postings, holder) if name in HELD_BY else (ledger.known, subject)
        found[name] = _named(side[name][at], owed.names.get(name, ()))
    return pa.table(found)


def _waits(rows: slice, waiting: Integers) -> npt.NDArray[np.bool_]:
    found = np.zeros(rows.stop - rows.start, np.bool_)
    first, last = np.searchsorted(waiting, [rows.start, rows.stop])
    found[waiting[first:last] - rows.start] = True
    return found


def _state(code: npt.NDArray[np.int32], waits: npt.NDArray[np.bool_]) -> pa.Array:
    """The state at the clock: until it is judged, what turns only by the clock is pending."""
    place = np.where(waits, state_of_codes(waits=True)[code % CODES], state_of_codes(waits=False)[code % CODES])
    return pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32), mask=code >= CODES), _STATES)


def _counts(ledger: Ledger, code: npt.NDArray[np.int32], waits: npt.NDArray[np.bool_]) -> dict[str, Few]:
    """What each row counts as at the clock: what waits is in no rate, and if it is not kept already it is pending."""
    of_code, tallied = counts_of_codes(), unpacked(ledger.tallies, RATED)
    nothing = np.zeros_like(ledger.tallies)
    now = {name: np.append(count, tallied.get(name, nothing)).astype(np.int16)[code] for name, count in of_code.items()}
    later = of_waiting(now)
    return {name: np.where(waits, later[name], now[name]) for name in now}


def _named(codes: Coded, names: Sequence[str]) -> pa.Array:
    indices = pa.array(codes.astype(np.int32) - 1, mask=codes == 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array([*names], pa.string()))


def _nothing(columns: Sequence[str]) -> pa.Table:
    def fields() -> Iterator[tuple[str, pa.DataType]]:
        yield from (("measure", pa.string()), ("subject", pa.int64()), ("within", pa.int64()), ("row", pa.int32()))
        yield from (("judged_on", pa.date32()), ("waits", pa.bool_()), ("state", pa.string()))
        yield from ((name, pa.int16()) for name in (*RATED, *ASIDE))
        yield from ((name, pa.string()) for name in columns)

    return pa.schema([*fields()]).empty_table()
