"""Obligations counted by all that is known of each: rows that are alike as one, with how many there are."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.engine.states import STATE_NAMES
from kept.measures.ledger.compiled import counting
from kept.measures.ledger.compiled.layout import ANSWERED, AT_BEST, ENTERED, JUDGED
from kept.measures.ledger.compiled.looking import Waiting
from kept.measures.ledger.counted import new_block, places_of, slots_of
from kept.measures.ledger.owed import Kinds, Owed, at_once
from kept.measures.ledger.packed import ANSWERS, has, state_of_codes
from kept.measures.ledger.parts import Part
from kept.measures.ledger.table import Table
from kept.measures.question import Question

Integers = npt.NDArray[np.int64]
PERIOD = "period"
DUTY, REPEATS = "duty", "repeats"


def grouped(owed: Owed, duties: Mapping[str, bool], question: Question) -> pa.Table:
    """The obligations of some duties, and of each whether it repeats, as rows that are alike; `times` says how many.

    Beside the breakdowns asked for, and the first day of the `period`, each row says `state` at the clock, `answered`
    (`packed.ANSWERS`, null where no time was allowed or no answer came), `entered_by_due`, `repeats`, and whether it
    `waits` for the moment from which it counts, and is kept `at_best` once that has come. A duty is told apart where
    the question is by it, or of one.
    """
    asked = {*question.by, *question.only, *(level for one in question.merged.values() for level in one.levels)}
    by = tuple(sorted(asked - {DUTY}))
    table = owed.table([*duties], Question(by, question.period, question.since, question.until))
    groups = [*dict.fromkeys(_group(name, repeats, DUTY in asked) for name, repeats in duties.items())]
    jobs = [
        (part, groups.index(_group(name, repeats, DUTY in asked)) * table.size)
        for name, repeats in duties.items()
        for _, part in owed.parts(name)
    ]
    size = len(groups) * table.size * len(owed.kinds.codes)
    alike = at_once(lambda share: _alike(share, table, owed.kinds, size), jobs)
    return _as_table(alike, owed.kinds, groups, table, by)


def _group(duty: str, repeats: bool, apart: bool) -> tuple[str | None, bool]:
    return (duty if apart else None), repeats


def _alike(jobs: Sequence[tuple[Part, int]], table: Table, kinds: Kinds, size: int) -> tuple[Integers, Integers]:
    """The places of what is found, each cell divided by kinds, and how many there are at each."""
    slots, cells = slots_of([part for part, _ in jobs], size, _OWN_SLOTS)
    times, block = np.zeros(cells, np.int64), new_block()
    for part, base in jobs:
        begin, end, waiting = part.rows.start, part.rows.stop, Waiting(part.waiting, table.periods is not None)
        rows, bases = part.coded(kinds.of_code), part.bases(table)
        counting.add_alike(rows, begin, end, bases, base, waiting, (block, slots), times, len(kinds.codes))
    places, found = places_of(slots, np.flatnonzero(times))
    return places, times[found]


_OWN_SLOTS = 1 << 22
"""How many places of a table are a cell each; of more, most would be of nothing."""


def _as_table(
    alike: Sequence[tuple[Integers, Integers]],
    kinds: Kinds,
    groups: Sequence[tuple[str | None, bool]],
    table: Table,
    by: Sequence[str],
) -> pa.Table:
    """What was found by each processor, put together."""
    found_at, which = np.unique(np.concatenate([places for places, _ in alike]), return_inverse=True)
    times = np.zeros(len(found_at), np.int64)
    np.add.at(times, which, np.concatenate([times for _, times in alike]))
    place, kind = np.divmod(found_at, max(len(kinds.codes), 1))
    waits, code = kind >= len(kinds.codes) // 2, kinds.codes[kind]
    state = np.where(waits, state_of_codes(waits=True)[code], state_of_codes(waits=False)[code])
    of_group = [groups[one] for one in (place // max(table.size, 1)).tolist()]
    cells = table.along(place % max(table.size, 1))
    found: dict[str, Any] = {
        "times": times,
        DUTY: pa.array([duty for duty, _ in of_group], pa.string()),
        REPEATS: pa.array([repeats for _, repeats in of_group], pa.bool_()),
        "state": pa.array([STATE_NAMES[one] for one in state.tolist()], pa.string()),
        "answered": pa.array([ANSWERS[one] or None for one in (code >> ANSWERED).tolist()], pa.string()),
        "at_best": has(code, AT_BEST),
        "entered_by_due": has(code, ENTERED),
        "waits": waits | ~has(code, JUDGED),
        PERIOD: pa.array([None] * len(times) if cells.periods is None else cells.periods, pa.date32()),
        **{name: pa.array(values, pa.string()) for name, values in zip(by, cells.values, strict=True)},
    }
    return pa.table(found)
