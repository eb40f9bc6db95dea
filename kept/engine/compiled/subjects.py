"""Whose timelines are read: the subjects as they were known to be by a moment, and who held each investigation."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kept.engine.compiled import layout as at
from kept.engine.compiled.columns import Turns, integers, looked_up, moments
from kept.engine.obligation import MOMENT

POSTINGS = pa.schema([("subject", pa.int64()), ("from", MOMENT), ("to", MOMENT)])
"""Who held what: the number of the investigation, from when, and up to when."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who held which investigation as of a moment: postings in order of (investigation's number, from).

    `spans` holds from and to of each; those of the investigation in place i of `numbers` are from `firsts[i]` up to
    `ends[i]`. `turning` says for which investigations the clock changes it.
    """

    numbers: at.Integers
    firsts: at.Integers
    ends: at.Integers
    spans: at.Integers
    turning: Turns

    @staticmethod
    def of(postings: pa.Table, as_of: int) -> "Held":
        """From the columns of POSTINGS."""
        numbers = integers(postings.column("subject"))
        spans = np.stack([moments(postings.column("from")), moments(postings.column("to"))])
        turning = Turns.after(as_of, numbers, *spans)
        begun = np.flatnonzero(spans[0] <= as_of)
        numbers, spans = numbers[begun], spans[:, begun]
        if not _in_order(numbers, spans[0]):
            order = np.lexsort((spans[0], numbers))
            numbers, spans = numbers[order], spans[:, order]
        firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
        ends = np.append(firsts[1:], len(numbers))[: len(firsts)]
        return Held(numbers[firsts], firsts, ends, np.ascontiguousarray(spans), turning)


def _in_order(numbers: at.Integers, since: at.Integers) -> bool:
    """Whether postings are by number and then by when they began; to sort a country's takes half a gigabyte."""
    later = numbers[1:] > numbers[:-1]
    return bool(np.all(later | ((numbers[1:] == numbers[:-1]) & (since[1:] >= since[:-1]))))


@dataclass(frozen=True, slots=True)
class Known:
    """Some subjects as they were known to be by a moment, in order of their numbers.

    `since` is when the records first held each, `made` the version that prepared its timeline, `first_posting` and
    `end_posting` what of `held` is its investigation's. `turning` says of which the clock changes any of it.
    """

    numbers: at.Integers
    level: at.Integers
    since: at.Integers
    made: at.Integers
    first_posting: at.Integers
    end_posting: at.Integers
    held: Held
    turning: Turns
    COLUMNS: ClassVar = ("subject", "kind", "entered", "withdrawn", "within", "made")

    @staticmethod
    def of(subjects: pa.Table, held: Held, as_of: int) -> "Known":
        """From the columns COLUMNS of `records.timelines.SUBJECTS`."""
        subjects = subjects.select(Known.COLUMNS).sort_by([("subject", "ascending"), ("entered", "ascending")])
        numbers, entered = integers(subjects.column("subject")), moments(subjects.column("entered"))
        withdrawn = moments(subjects.column("withdrawn"))
        stands = np.flatnonzero((entered <= as_of) & ((withdrawn == at.NEVER) | (as_of < withdrawn)))
        distinct, first = np.unique(numbers, return_index=True)
        known = subjects.take(pa.array(stands))
        within = moments(known.column("within"))
        turning = looked_up(within, held.turning.numbers, held.turning.moments, at.NEVER)
        return Known(
            numbers[stands],
            np.where(pc.equal(known.column("kind"), "investigation").to_numpy(), at.ON_INVESTIGATION, at.ON_VICTIM),
            entered[first][np.searchsorted(distinct, numbers[stands])],
            integers(known.column("made")),
            looked_up(within, held.numbers, held.firsts, 0),
            looked_up(within, held.numbers, held.ends, 0),
            held,
            Turns.soonest(
                [Turns.after(as_of, numbers, entered, withdrawn), Turns.after(as_of, numbers[stands], turning)]
            ),
        )
