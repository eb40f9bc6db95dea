"""From what the compiled pass writes to the rows of a run, as they are stored (`engine.rows.STORED`)."""

from typing import Any

import numpy as np
import pyarrow as pa

from kept.engine.compiled import layout as at
from kept.engine.obligation import MOMENT
from kept.engine.rows import STORED

_SMALL = {
    "rule": at.ROW_RULE,
    "part": at.ROW_PART,
    "event": at.ROW_EVENT,
    "ident": at.ROW_IDENT,
    "limit": at.ROW_LIMIT,
    "settled": at.ROW_SETTLED,
    "missing": at.ROW_MISSING,
    "answer": at.ROW_ANSWER,
    "role": at.ROW_ROLE,
    "linked": at.ROW_LINKED,
    "generic": at.ROW_GENERIC,
    "at_best": at.ROW_AT_BEST,
    "entered_by_due": at.ROW_ENTERED_BY_DUE,
    "reason": at.ROW_REASON,
    "reason_after_due": at.ROW_REASON_AFTER_DUE,
    "ended_by": at.ROW_ENDED_BY,
    "moved": at.ROW_MOVED,
    "flag": at.ROW_FLAG,
    "gate": at.ROW_GATE,
    "posting": at.ROW_POSTING,
    "touchpoint": at.ROW_TOUCHPOINT,
    "recorded": at.ROW_RECORDED,
}
_MOMENTS = {
    "start_at": at.ROW_START,
    "clock_at": at.ROW_CLOCK,
    "due": at.ROW_DUE,
    "judged": at.ROW_JUDGED,
    "answered_at": at.ROW_ANSWERED,
}


def stored(numbers: at.Integers, out: Any, moments: at.Integers) -> pa.Table:
    """The rows of some subjects, whose numbers these are, from the small and the long fields of the pass."""
    place = out[at.ROW_SUBJECT]
    first = np.searchsorted(place, np.arange(len(numbers)))
    late = moments[at.ROW_LATE_BY].copy()  # its room is used again
    found = {
        "subject": pa.array(numbers[place]),
        "row": pa.array((np.arange(len(place)) - first[place]).astype(np.int32)),
        **{name: _small(out[field], STORED.field(name).type) for name, field in _SMALL.items()},
        **{name: _moments(moments[field]) for name, field in _MOMENTS.items()},
        "late_by": pa.array(late, mask=late == at.NEVER),
    }
    return pa.table([found[name] for name in STORED.names], schema=STORED)


def _small(values: Any, kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(kind):
        return pa.array(values == 1)
    return pa.array(values.astype(kind.to_pandas_dtype()))


def _moments(values: at.Integers) -> pa.Array:
    missing = values == at.NEVER
    return pa.array(values.copy(), mask=missing if missing.any() else None).view(MOMENT)  # its room is used again
