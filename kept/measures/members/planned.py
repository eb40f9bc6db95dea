"""What is to be gathered from entries for the columns of populations, as the tables that the compiled pass reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kept.code.model import Selector
from kept.measures.members.compiled import telling
from kept.measures.members.compiled.telling import NONE, Integers
from kept.measures.model import Column, Grain, Population

GATHERED = ("first", "last", "count", "who", "fact", "since")
"""The ways in which a column comes from entries, by their numbers in the compiled pass."""
TEXT_OF = {"fact": "value", "who": "by"}
"""The text of an entry that a column of texts takes."""
LEVELS = ("victim", "investigation")
"""The kinds of subject, by their numbers."""
LEVEL_OF: Mapping[Grain, str] = {
    "victim": "victim",
    "investigation": "investigation",
    "crime": "investigation",
    "item": "victim",
}
"""On whose timelines the members of a grain are found."""
KEYS = ("crime", "item")
"""The texts of an entry by which it may belong to one of several members on its timeline."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """That an entry of a kind is told by a column of a population, if each of some texts is among some words."""

    population: int
    kind: int
    column: int
    conditions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Planned:
    """The columns to be gathered, population after population, the texts that are read for them, and their rules."""

    populations: Sequence[Population]
    columns: Sequence[Column]
    texts: Sequence[str]
    kinds: Mapping[str, int]
    rules: Sequence[_Rule]

    @classmethod
    def of(cls, populations: Iterable[Population], kinds: Mapping[str, int]) -> "Planned":
        """`kinds` are the numbers of kinds and attributes in timelines; what is not among them is in no entry."""
        wanted = list(populations)
        columns = [column for one in wanted for column in gathered(one)]
        taken = {TEXT_OF[column.how] for column in columns if column.how in TEXT_OF}
        asked = {name for column in columns for each in column.selectors for name in each.fields()}
        texts = sorted({*TEXT_OF.values(), *KEYS, *taken, *asked})
        return cls(wanted, columns, texts, kinds, _rules(wanted, kinds))

    def span(self, number: int) -> slice:
        """Which of all columns are those of a population, by its number."""
        ends = [0, *accumulate(len(gathered(one)) for one in self.populations)]
        return slice(ends[number], ends[number + 1])

    def tables(self) -> "Tables":
        """What does not change from row group to row group."""
        size, count = max(self.kinds.values(), default=0) + 1, len(self.populations)
        places = np.array([one.population * size + one.kind for one in self.rules], np.int64)
        bounds = np.searchsorted(places, np.arange(count * size + 1)).astype(np.int64)
        said = [(name, words) for one in self.rules for name, words in one.conditions.items()]
        ends = [0, *accumulate(len(one.conditions) for one in self.rules)]
        rules = [(one.column, *ends[place : place + 2]) for place, one in enumerate(self.rules)]
        wanted = np.zeros(size, np.bool_)
        wanted[[one.kind for one in self.rules]] = True
        wanted[[self.kinds[kind] for one in self.populations for kind in one.kinds if kind in self.kinds]] = True
        return Tables(
            wanted,
            np.array([self._naming(one, size) for one in self.populations], np.bool_).reshape(count, size),
            np.array([self._population(number) for number in range(count)], np.int64).reshape(count, 5),
            np.array([GATHERED.index(column.how) for column in self.columns], np.int64),
            bounds[:-1].reshape(count, size).copy(),
            bounds[1:].reshape(count, size).copy(),
            np.array(rules, np.int64).reshape(-1, 3),
            [(self.texts.index(name), words) for name, words in said],
            (self.texts.index(TEXT_OF["fact"]), self.texts.index(TEXT_OF["who"])),
        )

    def _naming(self, one: Population, size: int) -> npt.NDArray[np.bool_]:
        """Whether entries of each kind name members: of some populations only those of some kinds do."""
        found = np.full(size, not one.kinds)
        found[[self.kinds[kind] for kind in one.kinds if kind in self.kinds]] = True
        return found

    def _population(self, number: int) -> tuple[int, ...]:
        one, span = self.populations[number], self.span(number)
        key = self.texts.index(one.grain) if one.grain in KEYS else NONE
        return LEVELS.index(LEVEL_OF[one.grain]), key, span.start, span.stop, int(one.grain == "crime")


@dataclass(frozen=True, slots=True)
class Tables:
    """As `telling.Plan`, but for the words, whose codes differ from row group to row group."""

    wanted: npt.NDArray[np.bool_]
    names: npt.NDArray[np.bool_]
    populations: Integers
    hows: Integers
    firsts: Integers
    ends: Integers
    rules: Integers
    conditions: Sequence[tuple[int, tuple[str, ...]]]
    value_and_by: tuple[int, int]

    def plan(self, words: Sequence[pa.Array]) -> telling.Plan:
        """The plan for entries whose texts have these words, by their codes."""
        ends = [0, *accumulate(len(words[text]) for text, _ in self.conditions)]
        allowed = [_among(words[text], wanted) for text, wanted in self.conditions]
        blanks = [pc.index(one, "").as_py() for one in words]
        return telling.Plan(
            self.wanted,
            self.names | (self.firsts < self.ends),
            self.names,
            self.populations,
            self.hows,
            self.firsts,
            self.ends,
            self.rules,
            np.array([(text, end) for (text, _), end in zip(self.conditions, ends, strict=False)]).reshape(-1, 2),
            np.concatenate([*allowed, np.zeros(0, np.bool_)]),
            *self.value_and_by,
            np.array(blanks, np.int64),
        )


def gathered(one: Population) -> list[Column]:
    """The columns of a population that come from entries."""
    return [column for column in one.columns.values() if column.how in GATHERED]


def _rules(populations: Sequence[Population], kinds: Mapping[str, int]) -> list[_Rule]:
    """In order of population, kind and column."""
    found, column = [], 0
    for number, one in enumerate(populations):
        for said in gathered(one):
            for each in said.selectors or (Selector(said.text),):
                if each.kind in kinds:
                    found.append(_Rule(number, kinds[each.kind], column, each.fields()))
            column += 1
    return sorted(found, key=lambda rule: (rule.population, rule.kind, rule.column))


def _among(words: pa.Array, wanted: Iterable[str]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = pc.is_in(words, pa.array(map(str, wanted), pa.string())).to_numpy(False)
    return found
