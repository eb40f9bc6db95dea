"""What the entries that were seen say of each member: when something first or last happened, how often, and facts.

What is said of a whole investigation holds for each of its crimes; a fact that is said of no item holds for each item.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kept.measures.members.seen import KEYS, NONE, Integers, Places, Seen
from kept.measures.model import Column, Population
from kept.records.timelines import ENTRIES

_Values: TypeAlias = npt.NDArray[np.int64]
_Gathered: TypeAlias = Callable[[Column], _Values]
_MOMENT = ENTRIES.field("at").type
_ABSENT: Mapping[str, int] = {
    "first": np.iinfo(np.int64).max,
    "last": np.iinfo(np.int64).min,
    "count": 0,
    "who": NONE,
    "fact": NONE,
    "since": np.iinfo(np.int64).min,
}
"""What stands where nothing was said; columns of other kinds are not gathered."""
GATHERED = tuple(_ABSENT)
_MERGED: Mapping[str, Callable[[_Values, _Values], _Values]] = {
    "first": np.minimum,
    "last": np.maximum,
    "count": np.add,
    "who": lambda own, whole: np.where(own == NONE, whole, own),
    "fact": lambda own, whole: np.where(own == NONE, whole, own),
    "since": lambda own, whole: np.where(own == _ABSENT["since"], whole, own),
}
"""How what is said of the whole joins what is said of one of its members."""
_OF_FACTS = ("fact", "since")
TEXT_OF = {"fact": "value", "who": "by"}
"""The text of an entry that a column of texts takes."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """To which of `size` rows each entry belongs; NONE of those that belong to none."""

    of: Places
    size: int


@dataclass(frozen=True, slots=True)
class Gathering:
    """The entries to gather from, and the number of each kind."""

    seen: Seen
    codes: Mapping[str, int]

    def members(self, one: Population, wanted: npt.NDArray[np.bool_], first: int) -> pa.Table:
        """The members of a population among the subjects seen: subject, key, and each column gathered.

        `wanted` says of each number from `first` on whether that subject is of the population. A key is the crime or
        the item that a member is, else null. Facts are texts as they were written.
        """
        here = np.zeros(len(wanted), np.bool_)
        here[self.seen.subject - first] = True
        subjects = np.flatnonzero(here & wanted)
        place = np.full(len(wanted), NONE, np.intp)
        place[subjects] = np.arange(len(subjects))
        return self._members(one, subjects + first, place[self.seen.subject - first])

    def _members(self, one: Population, subjects: Integers, of_subject: Places) -> pa.Table:
        if one.grain in KEYS:
            return self._keyed(one, subjects, of_subject)
        whole = _Rows(of_subject, len(subjects))
        return self._table(one, subjects, pa.nulls(len(subjects), pa.string()), lambda said: self._column(said, whole))

    def _keyed(self, one: Population, subjects: Integers, of_subject: Places) -> pa.Table:
        """As `members`, of those that are named by a text of their entries."""
        text = self.seen.texts[one.grain]
        many = len(text.words) + 1
        key = np.where(np.isin(text.codes, text.among([""])), NONE, text.codes).astype(np.int64)
        told = (key != NONE) & (of_subject != NONE)
        pair = np.where(told, of_subject * many + key, NONE)
        members = np.unique(pair[told & self._names_members(one)])
        own = _Rows(_places(members, pair), len(members))
        whole = _Rows(np.where(key == NONE, of_subject, NONE), len(subjects))
        above = members // many

        def column(said: Column) -> _Values:
            found = self._column(said, own)
            if said.how not in _OF_FACTS and one.grain != "crime":
                return found
            return _MERGED[said.how](found, self._column(said, whole)[above])

        return self._table(one, subjects[above], text.words.take(pa.array(members % many)), column)

    def _names_members(self, one: Population) -> npt.NDArray[np.bool_]:
        """Whether an entry names a member: of some populations only those of some kinds do."""
        found = np.full(len(self.seen.subject), not one.kinds)
        for kind in one.kinds:
            found[self.seen.of_kind(self.codes.get(kind, NONE))] = True
        return found

    def _column(self, said: Column, rows: _Rows) -> _Values:
        """A value for each row, `_ABSENT` where nothing was said; of a fact the code of its text."""
        out = np.full(rows.size, _ABSENT[said.how], np.int64)
        here = self._facts(said) if said.how in _OF_FACTS else self.seen.fitting(said.selectors, self.codes)
        here = here[rows.of[here] != NONE]
        places = rows.of[here]
        if said.how in _OF_FACTS:
            value = self.seen.texts["value"].codes[here]
            since = np.where(self._blank(value), _ABSENT["since"], self.seen.at[here])
            out[places] = value if said.how == "fact" else since  # of several for one row the last one stays
        elif said.how == "who":
            here = self._in_order(here[self.seen.texts[TEXT_OF["who"]].codes[here] != NONE])
            out[rows.of[here]] = self.seen.texts[TEXT_OF["who"]].codes[here]
        elif said.how == "count":
            out += np.bincount(places, minlength=rows.size)
        else:
            _EXTREMES[said.how].at(out, places, self.seen.at[here])
        return out

    def _facts(self, said: Column) -> Places:
        """The entries that say a fact, the longest held first; of equal moments the last entered last."""
        return self._in_order(self.seen.of_kind(self.codes.get(said.text, NONE)))

    def _in_order(self, here: Places) -> Places:
        in_order: Places = here[np.lexsort((self.seen.entered[here], self.seen.at[here]))]
        return in_order

    def _blank(self, value: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Whether a value is blank, which ends the one before."""
        found: npt.NDArray[np.bool_] = (value == NONE) | np.isin(value, self.seen.texts["value"].among([""]))
        return found

    def _table(self, one: Population, subjects: Integers, keys: pa.Array, column: _Gathered) -> pa.Table:
        said = [each for each in one.columns.values() if each.how in _ABSENT]
        columns = {each.name: self._as_arrow(each, column(each)) for each in said}
        return pa.table({"subject": subjects, "key": keys.cast(pa.string()), **columns})

    def _as_arrow(self, said: Column, values: _Values) -> pa.Array:
        if said.how == "count":
            return pa.array(values)
        absent = values == _ABSENT[said.how]
        if said.how in TEXT_OF:
            words = self.seen.texts[TEXT_OF[said.how]].words
            return words.take(pa.array(values, mask=absent)).cast(pa.string())
        return pa.array(values, mask=absent).cast(_MOMENT)


_EXTREMES = {"first": np.minimum, "last": np.maximum}


def _places(among: _Values, wanted: _Values) -> Places:
    """Where each number stands among sorted ones; NONE where it does not."""
    if not len(among):
        return np.full(len(wanted), NONE, np.intp)
    place = np.searchsorted(among, wanted).clip(max=len(among) - 1)
    return np.where(among[place] == wanted, place, NONE)
