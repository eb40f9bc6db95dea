"""Who held each investigation, and from when: read once for all buckets of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.engine.compiled.columns import encoded, integers, microseconds, moments
from kept.engine.results import Run
from kept.measures.catalogue import HELD_BY
from kept.measures.members.compiled.telling import Integers
from kept.records.reading import readable
from kept.records.timelines import ENTRIES

HELD_SINCE = "held_since"
"""The column of members that says from when each holder but the first held it; `HELD_BY` are lists beside it."""
_MOMENT = ENTRIES.field("at").type


@dataclass(frozen=True, slots=True)
class Held:
    """The postings of all investigations, by the investigation's number and time.

    numbers   of the investigations that anybody held
    firsts    where the postings of each begin, and `ends` where they end
    begun     where those end that had begun by the run's as-of
    since     from when each posting is; `holders` who held it then, as codes of words
    """

    numbers: Integers
    firsts: Integers
    ends: Integers
    begun: Integers
    since: Integers
    holders: Mapping[str, pa.DictionaryArray]

    @classmethod
    def of(cls, run: Run) -> Held:
        """Raises StoreError where a file of the store cannot be read."""
        found = _read(run)
        subject, since = integers(found.column("subject")), moments(found.column("from"))
        order = np.lexsort((since, subject))
        subject, since = subject[order], since[order]
        numbers, firsts = np.unique(subject, return_index=True)
        ends = np.append(firsts[1:], len(subject))[: len(firsts)]
        known = np.concatenate([[0], np.cumsum(since <= microseconds(run.as_of))])
        holders = {name: encoded(found.column(name)).take(pa.array(order)) for name in HELD_BY}
        return cls(numbers, firsts, ends, firsts + known[ends] - known[firsts], since, holders)

    def all_of(self, numbers: Integers) -> tuple[Integers, Integers]:
        """The places of all postings of some investigations, one after another, and whose each is, by place."""
        firsts, counts = self._spans(numbers, self.ends)
        return _flat(firsts, counts), np.repeat(np.arange(len(numbers)), counts)

    def lists(self, numbers: Integers) -> dict[str, pa.Array]:
        """For each of some investigations who held it by the as-of, in order, and from when all but the first did.

        Columns HELD_SINCE and HELD_BY; null of one that nobody held by then.
        """
        firsts, counts = self._spans(numbers, self.begun)
        nobody, later = counts == 0, np.maximum(counts - 1, 0)
        places = pa.array(_flat(firsts, counts))
        changed = pa.array(self.since[_flat(firsts + 1, later)]).cast(_MOMENT)
        holders = {name: _listed(counts, self.holders[name].take(places), nobody) for name in HELD_BY}
        return {HELD_SINCE: _listed(later, changed, nobody), **holders}

    def _spans(self, numbers: Integers, ends: Integers) -> tuple[Integers, Integers]:
        """Where the postings of each investigation begin, and how many there are up to one of `ends`."""
        if not len(self.numbers):
            return np.zeros_like(numbers), np.zeros_like(numbers)
        place = np.searchsorted(self.numbers, numbers).clip(max=len(self.numbers) - 1)
        counts = np.where(self.numbers[place] == numbers, ends[place] - self.firsts[place], 0)
        return self.firsts[place], counts


def _read(run: Run) -> pa.Table:
    version = run.version
    with duckdb.connect() as connection, readable([*version.files("postings"), *version.files("subjects")]):
        connection.execute("SET TimeZone = 'UTC'")
        holders = ", ".join(f"h.{name}" for name in HELD_BY)
        return connection.sql(f"""
            SELECT s.subject, h."from", {holders} FROM ({version.latest_postings()}) h JOIN (
                SELECT DISTINCT id AS investigation, subject FROM ({version.relation("subjects")})
                WHERE kind = 'investigation') s USING (investigation)""").to_arrow_table()


def _flat(firsts: Integers, counts: Integers) -> Integers:
    """The places from each of `firsts` on, as many as `counts` says, one after another."""
    ends = np.cumsum(counts)
    return np.repeat(firsts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)


def _listed(counts: Integers, values: pa.Array, nobody: npt.NDArray[np.bool_]) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(nobody))
