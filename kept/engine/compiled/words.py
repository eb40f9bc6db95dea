"""What the rules ask of a single entry, numbered: the sets that it may belong to, the tests that it may pass.

Entries that look alike to every rule form a class; a set or a test is decided once for a class, by the same
functions that the reference uses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from kept.code.model import START_FIELDS, Selector
from kept.contract.vocabulary import Vocabulary
from kept.engine.compiled.columns import moment_of
from kept.engine.compiled.layout import NO_SET, TEST_BLANK, TEST_TRUE, Integers
from kept.engine.entries import Entry, fits

_OTHER = "\0"
"""Stands for every text that no rule names."""


class Wanted(NamedTuple):
    """A set of entries: what selectors want, of what happened, is planned, or both; or the values of a fact."""

    selectors: tuple[Selector, ...] = ()
    attribute: str = ""
    happened: bool = True
    planned: bool = False

    def takes(self, entry: Entry) -> bool:
        if self.attribute:
            return entry.is_fact and entry.kind == self.attribute
        if entry.is_fact or not (self.planned if entry.planned else self.happened):
            return False
        return any(one.kind == entry.kind and fits(entry, one) for one in self.selectors)

    def words(self) -> set[str]:
        return {self.attribute} if self.attribute else {one.kind for one in self.selectors}


class Asked(NamedTuple):
    """What a condition asks of an entry: that a field has one of these values; of a fact `value`."""

    field: str
    values: tuple[str, ...]


@dataclass(slots=True)
class Words:
    """The numbered sets and tests of a rulebook."""

    sets: dict[Wanted, int] = field(default_factory=lambda: {Wanted(): NO_SET})
    tests: dict[Asked, int] = field(
        default_factory=lambda: {Asked("value", ("",)): TEST_BLANK, Asked("value", ("true",)): TEST_TRUE}
    )

    def selected(self, selectors: Sequence[Selector], *, happened: bool = True, planned: bool = False) -> int:
        """The number of the set that the selectors want."""
        return self._set(Wanted(tuple(selectors), "", happened, planned)) if selectors else NO_SET

    def facts(self, attribute: str) -> int:
        """The number of the set of an attribute's values."""
        return self._set(Wanted((), attribute)) if attribute else NO_SET

    def test(self, name: str, values: Iterable[str]) -> int:
        """The number of a test."""
        return self.tests.setdefault(Asked(name, tuple(values)), len(self.tests))

    def _set(self, wanted: Wanted) -> int:
        return self.sets.setdefault(wanted, len(self.sets))

    def asked(self) -> dict[str, list[str]]:
        """For each field of an entry that is asked about, the texts that are named, in order."""
        found: dict[str, set[str]] = {name: set() for name in START_FIELDS}
        for wanted in self.sets:
            for selector in wanted.selectors:
                for name, values in selector.fields().items():
                    found[name].update(values)
        for test in self.tests:
            found[test.field].update(test.values)
        return {name: sorted(values) for name, values in found.items() if values}


@dataclass(slots=True)
class Classes:
    """The classes met so far, numbered by a key of their codes, and the sets and tests of each."""

    words: Words
    vocabulary: Vocabulary
    numbers: dict[int, int] = field(default_factory=dict)
    sets: list[list[int]] = field(default_factory=list)
    passed: list[list[bool]] = field(default_factory=list)
    vacating: list[int] = field(default_factory=list)
    asked: Mapping[str, list[str]] = field(init=False)
    by_word: Mapping[str, list[tuple[Wanted, int]]] = field(init=False)
    cancelling: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        by_word: dict[str, list[tuple[Wanted, int]]] = {}
        kinds = {word for wanted in self.words.sets if wanted.planned for word in wanted.words()}
        vacated_by = {kind: self.vocabulary.kinds[kind].vacated_by for kind in kinds if kind in self.vocabulary.kinds}
        self.cancelling = {
            kind: self.words.selected((Selector(by),), planned=True) for kind, by in vacated_by.items() if by
        }
        for wanted, number in self.words.sets.items():
            for word in wanted.words():
                by_word.setdefault(word, []).append((wanted, number))
        self.by_word = by_word
        self.asked = self.words.asked()

    def add(self, key: int, entry: Entry) -> int:
        """The number of a new class, of which `entry` is an example."""
        self.sets.append([number for wanted, number in self.by_word.get(entry.kind, ()) if wanted.takes(entry)])
        self.passed.append([(getattr(entry, test.field) or "") in test.values for test in self.words.tests])
        self.vacating.append(self.cancelling.get(entry.kind, NO_SET) if not entry.is_fact else NO_SET)
        return self.numbers.setdefault(key, len(self.numbers))

    def tables(self) -> dict[str, Any]:
        """The arrays of `Tables` that describe classes."""
        lengths = [len(one) for one in self.sets]
        tests = np.array(self.passed, dtype=np.bool_).reshape(len(self.passed), len(self.words.tests))
        return {
            "sets_from": np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64),
            "sets": integers(number for one in self.sets for number in one),
            "holds": np.ascontiguousarray(tests.T),
            "vacating": integers(self.vacating),
        }


def like(word: str, *, is_fact: bool, planned: bool, texts: Mapping[str, Any]) -> Entry:
    """An example of a class."""
    some_day = moment_of(0)
    found = Entry(at=some_day, kind=word, id="", entered=some_day, is_fact=is_fact, planned=planned)
    return found._replace(**texts)


def text_of(named: Sequence[str], code: int) -> str | None:
    """The text behind a code: one that the rules name, another, or none."""
    if code < len(named):
        return named[code]
    return _OTHER if code == len(named) else None


def integers(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int64)
