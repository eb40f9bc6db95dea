"""The rows of one measure in one ledger, as the compiled steps read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kept.measures.ledger.compiled.layout import CODES, OUTSIDE
from kept.measures.ledger.compiled.looking import Bases, Rows
from kept.measures.ledger.stored import Column, Columns, Ledger, as_stored
from kept.measures.ledger.table import Table
from kept.measures.members.coded import CODE

Integers = npt.NDArray[np.int64]
_STRAY = "stray"
"""A column of places: whether one is of an investigation that is counted apart."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one measure as the compiled steps read them, with what they are divided by.

    `first` is the number of the first subject of their bucket.
    """

    first: int
    rows: slice
    owed: Columns
    tallies: Integers
    known: Columns
    postings: Columns
    waiting: Integers

    @classmethod
    def of(cls, ledger: Ledger, measure: int, waiting: Integers) -> "Part":
        """Of a ledger, the rows of a measure by its code."""
        rows = ledger.rows_of(measure)
        return cls(ledger.first, rows, ledger.owed, ledger.tallies, ledger.known, ledger.postings, waiting)

    def coded(self, kinds: npt.NDArray[np.int32]) -> Rows:
        """What the steps read of rows: their columns, and the kinds of codes now and later."""
        return Rows(*(self.owed[name] for name in ("subject", "day", "holder", "code")), *kinds)

    def cases(self) -> Integers:
        """The numbers of the investigations that its rows are of, each once."""
        owed = np.zeros(len(self.known["within"]), np.bool_)
        owed[self.owed["subject"][self.rows]] = True
        found: Integers = np.unique(self.known["within"][owed])
        return found

    def bases(self, table: Table) -> Bases:
        """Where days, subjects and postings lie in a table."""
        return table.bases(self.known, self.postings)


# -- investigations with victims in several buckets ------------------------------------------------------------------


def without_strays(table: Table) -> Table:
    """The table without what `apart` has put elsewhere."""
    return replace(table, columns=(*table.columns, (_STRAY, np.array([0, OUTSIDE], np.int32))))


def apart(parts: Sequence[Part], strays: Integers) -> list[Part]:
    """The parts with the rows of some investigations marked; and these rows from all parts in one, by investigation."""
    marked = [
        replace(one, known={**one.known, _STRAY: np.isin(one.known["within"], strays).astype(CODE)}) for one in parts
    ]
    return [*marked, _gathered(marked)]


def _gathered(parts: Sequence[Part]) -> Part:
    """The marked rows of all parts, those of an investigation together; with a subject and a posting for each row."""
    rows = [one.rows.start + np.flatnonzero(one.known[_STRAY][one.owed["subject"][one.rows]]) for one in parts]

    def taken(column: Callable[[Part, Integers], Column]) -> Column:
        return np.concatenate([column(one, at) for one, at in zip(parts, rows, strict=True)])

    within = taken(lambda one, at: one.known["within"][one.owed["subject"][at]])
    order = np.argsort(within, kind="stable")
    every = as_stored(np.arange(len(order), dtype=np.int32))

    def of_subjects(name: str) -> Column:
        return taken(lambda one, at: one.known[name][one.owed["subject"][at]])[order]

    def of_postings(name: str) -> Column:
        return taken(lambda one, at: one.postings[name][one.owed["holder"][at]])[order]

    day = as_stored(taken(lambda one, at: one.owed["day"][at])[order])
    waits = taken(lambda one, at: np.isin(at, one.waiting))[order]
    return Part(
        0,
        slice(0, len(order)),
        {"subject": every, "day": day, "holder": every, "code": as_stored(every + np.int32(CODES))},
        taken(lambda one, at: one.tallies[one.owed["code"][at] - CODES])[order],
        {name: as_stored(of_subjects(name)) for name in parts[0].known} | {_STRAY: np.zeros(len(order), CODE)},
        {name: of_postings(name) for name in parts[0].postings},
        np.flatnonzero(waits),
    )
