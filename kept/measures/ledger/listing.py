"""Listing what is owed row by row: the first so many that settle in some way, by the day on which they are judged."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from kept.engine.states import STATE_NAMES
from kept.measures.ledger.compiled import counting
from kept.measures.ledger.compiled.layout import CODES, DAYS
from kept.measures.ledger.compiled.looking import Waiting
from kept.measures.ledger.days import day_of
from kept.measures.ledger.owed import Owed, at_once
from kept.measures.ledger.packed import RATED, among, state_of_codes, unpacked
from kept.measures.ledger.parts import Part
from kept.measures.ledger.stored import Ledger
from kept.measures.ledger.table import Table
from kept.measures.question import Question

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """One obligation, or all of a right that somebody owed to a victim in a month, and who is credited with it.

    `state` is that of the obligation at the clock; of a right it is how many were kept of how many. `day` is that on
    which it was judged, of a right the first of the month. `row` names an obligation in its run.
    """

    crime: str
    victim: str
    investigation: str
    state: str
    day: date | None
    area: str | None
    team: str | None
    subject: int
    row: int | None


def listed(owed: Owed, measure: str, question: Question, states: frozenset[str], most: int) -> list[Case]:
    """The first rows of a measure by day, subject and row: of a duty in some states, else where all was not kept."""
    table = owed.table([measure], Question((), "", question.since, question.until, question.only))
    parts = [*owed.parts(measure)]

    def first(share: Sequence[tuple[Ledger, Part]]) -> list[_Key]:
        so_far, days = np.array([DAYS - 1, 0], np.int64), np.zeros(DAYS, np.int64)
        found = (
            _keys(ledger, _rows(part, table, _wanted(part, states, bool(question.period)), most, so_far, days))
            for ledger, part in share
        )
        return heapq.nsmallest(most, chain.from_iterable(found))

    at = {ledger.bucket: (ledger, part) for ledger, part in parts}
    keys = heapq.nsmallest(most, chain.from_iterable(at_once(first, parts)))
    cases: dict[tuple[int, int], Case] = {}
    for bucket, (ledger, part) in at.items():
        places = [place for _, of, _, _, place in keys if of == bucket]
        cases |= {(bucket, place): case for place, case in _listed(owed, ledger, part, places)}
    return [cases[bucket, place] for _, bucket, _, _, place in keys]


_Key: TypeAlias = tuple[int, int, int, int, int]
"""By what rows are put in order, over all buckets: day, bucket, subject, row; and the row's place."""


def _rows(
    part: Part, table: Table, wanted: npt.NDArray[np.int32], most: int, so_far: Integers, days: Integers
) -> Integers:
    """The places of the rows that are among the first by day, of this part and those looked at before."""
    begin, end = part.rows.start, part.rows.stop
    out = np.empty(end - begin, np.int64)
    waiting = Waiting(part.waiting, False)
    n = counting.listed(part.coded(wanted), begin, end, part.bases(table), waiting, most, so_far, days, out)
    day = (part.owed["day"][out[:n]].astype(np.int64) - 1) % DAYS
    found: Integers = out[:n][day <= so_far[0]]
    return found


def _wanted(part: Part, states: frozenset[str], leave: bool) -> npt.NDArray[np.int32]:
    """Whether rows of each code are listed, first of those that do not wait. What is kept early is in no rate yet."""
    every = np.arange(CODES, dtype=np.int64)
    places = [STATE_NAMES.index(state) for state in states]
    now, later = (np.isin(state_of_codes(waits=waits), places) for waits in (False, True))
    later &= ~among(every, ("met",)) & (not leave)
    kept = unpacked(part.tallies, RATED)
    lost = kept["met"] < kept["judged"]
    return np.stack([np.append(now, lost), np.append(later, np.zeros_like(lost))]).astype(np.int32)


def _keys(ledger: Ledger, places: Integers) -> Iterator[_Key]:
    day = (ledger.owed["day"][places].astype(np.int64) - 1) % DAYS
    columns = (day, ledger.owed["subject"][places], ledger.owed["row"][places], places)
    for when, subject, row, place in zip(*(column.tolist() for column in columns), strict=True):
        yield when, ledger.bucket, subject, row, place


def _listed(owed: Owed, ledger: Ledger, part: Part, places: Sequence[int]) -> Iterator[tuple[int, Case]]:
    """The cases at some places of a ledger, each with its place."""
    columns = [ledger.owed[name][places].tolist() for name in ("subject", "day", "holder", "code", "row")]
    names = ledger.names(columns[0])
    for place, known, subject, day, holder, code, row in zip(places, names, *columns, strict=True):
        area, team = (_name(owed, name, int(ledger.postings[name][holder])) for name in ("area", "team"))
        yield (
            place,
            Case(
                subject=subject + ledger.first,
                row=row if code < CODES else None,
                state=_state(part, code, place),
                day=day_of(day) if day else None,
                area=area,
                team=team,
                **known,
            ),
        )


def _state(part: Part, code: int, place: int) -> str:
    if code >= CODES:
        kept = unpacked(part.tallies[code - CODES : code - CODES + 1], RATED)
        return f"{kept['met'][0]} of {kept['judged'][0]} kept"
    at = int(np.searchsorted(part.waiting, place))
    waits = at < len(part.waiting) and int(part.waiting[at]) == place
    return STATE_NAMES[int(state_of_codes(waits)[code])]


def _name(owed: Owed, column: str, code: int) -> str | None:
    return owed.names[column][code - 1] if code else None
