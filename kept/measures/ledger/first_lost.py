"""The journey through several measures: for how many units everything was kept up to each of them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kept.measures.ledger.compiled.layout import CODES
from kept.measures.ledger.owed import Owed
from kept.measures.ledger.packed import RATED, bits_of, unpacked
from kept.measures.ledger.parts import Part
from kept.measures.ledger.stored import Ledger
from kept.measures.ledger.table import Table
from kept.measures.question import Question

_JUDGED, _LOST, _LOST_AT_BEST = 1, 2, 8
"""The bits of what was judged, was not kept, and was not kept at best (`packed.bits_of`)."""


def kept_up_to(owed: Owed, measures: Sequence[str], question: Question, at_best: bool = False) -> list[int]:
    """To how many victims anything of some tallied measures was owed and judged, and for how many of them everything
    was kept up to and with each measure, in the order given; `at_best` counts as kept what may have been.

    The question is of some days and of some members; what it is by does not matter.
    """
    table = owed.table(measures, Question((), "", question.since, question.until, question.only))
    lost = _LOST_AT_BEST if at_best else _LOST
    found = np.zeros(len(measures) + 1, np.int64)
    for ledger, waiting in zip(owed.ledgers, owed.waiting, strict=True):
        codes = [owed.code_of(one) for one in measures]
        parts = [Part.of(ledger, code, waiting) if code in ledger.measures else None for code in codes]
        found += _of_ledger(ledger, parts, table, lost)
    return [int(count) for count in found]


def _of_ledger(ledger: Ledger, parts: Sequence[Part | None], table: Table, lost: int) -> npt.NDArray[np.int64]:
    units = len(ledger.known["within"])
    judged, first = np.zeros(units, np.bool_), np.full(units, len(parts), np.int64)
    for place, part in enumerate(parts):
        if part is not None:
            subject, bits = _bits(part, table)
            judged[subject[bits & _JUDGED > 0]] = True
            gone = subject[bits & lost > 0]
            first[gone] = np.minimum(first[gone], place)
    reached = np.bincount(first[judged], minlength=len(parts) + 1)
    found: npt.NDArray[np.int64] = np.append(reached.sum(), reached.sum() - np.cumsum(reached[:-1]))
    return found


def _bits(part: Part, table: Table) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Of the rows that are asked about and do not wait, whose each is, and its bits."""
    subject, day, holder, code = (part.owed[name][part.rows] for name in ("subject", "day", "holder", "code"))
    of_day, of_subject, of_posting = part.bases(table)
    asked = of_day[day] + of_subject[subject] + of_posting[holder] >= 0
    first, last = np.searchsorted(part.waiting, [part.rows.start, part.rows.stop])
    asked[part.waiting[first:last] - part.rows.start] = False
    bits = bits_of(unpacked(part.tallies, RATED))
    return subject[asked].astype(np.int64), bits[code[asked] - CODES]
