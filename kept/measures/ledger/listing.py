"""Listing what is owed row by row: the first so many that settle in some way, by the day on which they are judged."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from kept.measures.ledger import adding
from kept.measures.ledger.counted import Owed, at_once
from kept.measures.ledger.days import DAYS, day_of
from kept.measures.ledger.packed import CODES, RATED, STATE_NAMES, among, state_of_codes, unpacked
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

    def by_day(share: Sequence[tuple[Ledger, Part]]) -> Integers:
        found: Integers = np.sum([_NO_DAYS, *(_rows(part, table, states, question)[0] for _, part in share)], axis=0)
        return found

    days = np.sum(at_once(by_day, parts), axis=0)
    until = min(int(np.searchsorted(np.cumsum(days), most)), DAYS - 1)
    room = int(days[: until + 1].sum())

    def first(share: Sequence[tuple[Ledger, Part]]) -> list[_Key]:
        found = (_keys(ledger, _rows(part, table, states, question, until, room)[1]) for ledger, part in share)
        return heapq.nsmallest(most, chain.from_iterable(found))

    at = {ledger.bucket: (ledger, part) for ledger, part in parts}
    keys = heapq.nsmallest(most, chain.from_iterable(at_once(first, parts)))
    return [_listed(owed, *at[bucket], place) for _, bucket, _, _, place in keys]


_NO_DAYS = np.zeros(DAYS, np.int64)
_Key: TypeAlias = tuple[int, int, int, int, int]
"""By what rows are put in order, over all buckets: day, bucket, subject, row; and the row's place."""


def _rows(
    part: Part, table: Table, states: frozenset[str], question: Question, until: int = -1, room: int = 0
) -> tuple[Integers, Integers]:
    """How many rows there are of every day, and the places of those judged until one, for so many of which is room."""
    days, out = np.zeros(DAYS, np.int64), np.empty(room, np.int64)
    rows = part.coded(_wanted(part, states, bool(question.period)))
    begin, end = part.rows.start, part.rows.stop
    n = adding.listed(rows, begin, end, part.bases(table), part.waiting, until, out, days)
    return days, out[:n]


def _wanted(part: Part, states: frozenset[str], leave: bool) -> Integers:
    """Whether rows of each code are listed, first of those that do not wait. What is kept early is in no rate yet."""
    every = np.arange(CODES, dtype=np.int64)
    places = [STATE_NAMES.index(state) for state in states]
    now, later = (np.isin(state_of_codes(waits=waits), places) for waits in (False, True))
    later &= ~among(every, ("met",)) & (not leave)
    kept = unpacked(part.tallies, RATED)
    lost = kept["met"] < kept["judged"]
    return np.stack([np.append(now, lost), np.append(later, np.zeros_like(lost))]).astype(np.int64)


def _keys(ledger: Ledger, places: Integers) -> Iterator[_Key]:
    day = (ledger.owed["day"][places].astype(np.int64) - 1) % DAYS
    columns = (day, ledger.owed["subject"][places], ledger.owed["row"][places], places)
    for when, subject, row, place in zip(*(column.tolist() for column in columns), strict=True):
        yield when, ledger.bucket, subject, row, place


def _listed(owed: Owed, ledger: Ledger, part: Part, place: int) -> Case:
    subject, day, holder, code, row = (
        int(ledger.owed[name][place]) for name in ("subject", "day", "holder", "code", "row")
    )
    (known,) = ledger.names([subject])
    area, team = (_name(owed, name, int(ledger.postings[name][holder])) for name in ("area", "team"))
    return Case(
        subject=subject + ledger.first,
        row=row if code < CODES else None,
        state=_state(part, code, place),
        day=day_of(day) if day else None,
        area=area,
        team=team,
        **known,
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
