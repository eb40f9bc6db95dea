"""A rulebook as integer tables: one row for each rule, part, limit, exception, conjunct and operation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Any

import numpy as np

from kept.code import conditions as c
from kept.code.model import Answer, Duty, Limit, Selector, TermDefinition
from kept.code.terms import opened
from kept.contract.vocabulary import LINKS, Attribute
from kept.engine.compiled import layout as at
from kept.engine.compiled.words import Words, integers
from kept.engine.rules import Rule, Rules

_KINDS = {"respond": at.RESPOND, "before": at.BEFORE, "repeat": at.REPEAT, "all_of": at.ALL_OF}
_OWED_TO = {"hearing": at.HEARING, "request": at.ITEM}
_WHICH = {"each": at.EACH, "first": at.FIRST, "latest": at.LATEST}
_JUDGED = {"due": at.AT_DUE, "stage": at.AT_STAGE, "maturity": at.AT_MATURITY}
_OPT_OUT = {"survives": at.SURVIVES, "ends": at.ENDS, "letter": at.MOVES, "officer": at.MOVES}
_CREDIT = {
    "holder_at_start": at.HOLDER_AT_START,
    "holder_at_due": at.HOLDER_AT_DUE,
    "recorder": at.RECORDER,
    "agency": at.AGENCY,
}
UNITS = {"hours": at.HOURS, "days": at.DAYS, "working_days": at.WORKING_DAYS, "months": at.MONTHS, "until": at.UNTIL}
_TRUTH = {None: at.UNKNOWN, True: at.TRUE, False: at.FALSE}
_LAST_DAY = date.max.toordinal()


@dataclass(slots=True)
class Book:
    """The tables of a rulebook, and what their numbers stand for."""

    rules: list[Rule] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    parts: list[list[int]] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    limit_rows: list[list[int]] = field(default_factory=list)
    exceptions: list[list[int]] = field(default_factory=list)
    conjuncts: list[int] = field(default_factory=list)
    causes: list[tuple[str, str]] = field(default_factory=list)
    programs: list[int] = field(default_factory=lambda: [0])
    operations: list[list[int]] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    words: Words = field(default_factory=Words)
    numbered: dict[c.Condition, int] = field(default_factory=dict)

    def tables(self) -> dict[str, Any]:
        """The arrays of `Tables` that describe rules."""
        return {
            "rules": _table(self.rows, at.RULE_FIELDS),
            "parts": _table(self.parts, at.PART_FIELDS),
            "limits": _table(self.limit_rows, at.LIMIT_FIELDS),
            "exceptions": _table(self.exceptions, at.EXCEPTION_FIELDS),
            "conjuncts": integers(self.conjuncts),
            "programs": integers(self.programs),
            "operations": np.ascontiguousarray(_table(self.operations, at.OPERATION_FIELDS).T),
            "bounds": np.array(self.bounds, dtype=np.float64).reshape(-1, 2).T.copy(),
        }


def _table(rows: list[list[int]], width: int) -> at.Integers:
    return np.array(rows, dtype=np.int64).reshape(-1, width)


def compiled(rules: Rules) -> Book:
    """The tables of a rulebook that has been made ready."""
    book = Book()
    for level, by_start in rules.by_start.items():
        found = {rule.order: rule for starting in by_start.values() for rule in starting}
        for order in sorted(found):
            _add_rule(_Setting(book, rules.vocabulary.attributes, found[order].edition.terms), level, found[order])
    return book


@dataclass(frozen=True, slots=True)
class _Setting:
    """The tables as they grow, and the words in which a rule's conditions are written."""

    book: Book
    attributes: Mapping[str, Attribute]
    terms: Mapping[str, TermDefinition]

    def word(self, name: str) -> int:
        """The number of the name of something that may be missing."""
        if name not in self.book.missing:
            self.book.missing.append(name)
        return self.book.missing.index(name)


def _add_rule(to: _Setting, level: str, rule: Rule) -> None:
    duty, words = rule.duty, to.book.words
    assert duty.kind
    assert duty.judged_at
    applies = _conjuncts(to, duty.id, "", duty.applies)
    exceptions = _exceptions(to, duty)
    parts = _parts(to, duty)
    row = {
        at.RULE_LEVEL: at.ON_INVESTIGATION if level == "investigation" else at.ON_VICTIM,
        at.KIND: _KINDS[duty.kind],
        at.LINK_OWED_TO: _OWED_TO.get(duty.owed_to, 0),
        at.WHICH: _WHICH[duty.which],
        at.OWED_SET: words.selected(duty.owed_when),
        at.CLOCK_SET: words.selected(duty.clock_from),
        at.CLOCK_WORD: to.word(duty.clock_from[0].kind) if duty.clock_from else at.NOTHING,
        at.BEFORE_SET: words.selected(duty.before),
        at.PLANNED_SET: words.selected(duty.before, happened=False, planned=True),
        at.APPLIES: applies[0],
        at.APPLIES_END: applies[1],
        at.APPLIES_AT_DUE: duty.applies_at == "due",
        at.LIMIT: _limit(to, duty.limit),
        at.ENHANCED_LIMIT: _limit(to, duty.enhanced_limit),
        at.EXCEPTIONS: exceptions[0],
        at.EXCEPTIONS_END: exceptions[1],
        at.JUDGED_AT: _JUDGED[duty.judged_at.at],
        at.STAGE_SET: words.selected(duty.judged_at.stage),
        at.MATURITY: duty.judged_at.days,
        at.PARTS: parts[0],
        at.PARTS_END: parts[1],
        at.OR_REASON_SET: words.selected(duty.or_reason),
        at.DECLINED_SET: words.selected(duty.declined),
        at.ENDS_SET: words.selected(duty.ends),
        at.EXTINGUISHED_SET: words.selected(duty.extinguished_by),
        at.REASON_SET: words.selected((Selector("good_reason", item=(duty.id,)),), planned=True),
        at.REFUSAL_SET: words.selected((Selector("victim_declined", item=(duty.id,)),), planned=True),
        at.OPT_OUT: _OPT_OUT[duty.opt_out],
        at.CREDIT: _CREDIT[duty.credit],
        at.RECORDED_SET: words.selected((Selector("crime_recorded"),), planned=True),
        at.TOUCHPOINT_SET: words.facts("touchpoint"),
        at.OPTED_OUT_SET: words.facts("opted_out"),
        at.FLAG_PROGRAM: _program(to, c.FactIs("enhanced", ("true",))) if "enhanced" in to.terms else at.NOTHING,
        at.GATE_PROGRAM: _program(to, c.Term("enhanced_gate")) if "enhanced_gate" in to.terms else at.NOTHING,
        at.ENHANCED_PROGRAM: _program(to, c.Term("enhanced")) if duty.enhanced_limit else at.NOTHING,
        at.LIMITED: duty.limit is not None or duty.kind == "before",
        at.FIRST_DAY: rule.first_day.toordinal() - 1,
        at.DAY_AFTER: (rule.day_after.toordinal() if rule.day_after else _LAST_DAY + 2) - 1,
    }
    to.book.rules.append(rule)
    to.book.rows.append([int(row[column]) for column in range(len(row))])


def _parts(to: _Setting, duty: Duty) -> tuple[int, int]:
    parts, first = duty.parts, len(to.book.parts)
    if duty.answer:
        to.book.parts.append(_part(to, duty.answer, (0, 0), duty.not_done, 0))
    ranks = {ident: rank for rank, ident in enumerate(sorted(part.id for part in parts))}
    for part in parts:
        applies = _conjuncts(to, duty.id, f"{part.id} ", part.applies)
        to.book.parts.append(_part(to, part.answer, applies, part.not_done, ranks[part.id]))
    return first, len(to.book.parts)


def _part(
    to: _Setting, answer: Answer, applies: tuple[int, int], not_done: tuple[Selector, ...], rank: int
) -> list[int]:
    words = to.book.words
    row = {
        at.SPECIFIC_SET: words.selected(answer.specific),
        at.GENERIC_SET: words.selected(answer.generic),
        at.FIRST_EVER: answer.first_ever,
        at.MATCH: sum(1 << LINKS.index(link) for link in answer.match),
        at.UNLINKED_COUNTS: answer.unlinked,
        at.SHARED: answer.shared,
        at.PART_APPLIES: applies[0],
        at.PART_APPLIES_END: applies[1],
        at.NOT_DONE_SET: words.selected(not_done),
        at.PART_RANK: rank,
    }
    return [int(row[column]) for column in range(len(row))]


def _limit(to: _Setting, limit: Limit | None) -> int:
    if limit is None:
        return at.NOTHING
    to.book.limits.append(limit)
    to.book.limit_rows.append(
        [
            UNITS[limit.unit],
            at.NOTHING if limit.amount is None else limit.amount,
            to.book.words.facts(limit.attribute),
            to.word(limit.attribute) if limit.attribute else at.NOTHING,
            limit.rounding == "up",
            limit.to_end_of_day,
        ]
    )
    return len(to.book.limits) - 1


def _exceptions(to: _Setting, duty: Duty) -> tuple[int, int]:
    first = len(to.book.exceptions)
    for one in duty.exceptions:
        to.book.exceptions.append([_program(to, one.when), _limit(to, one.limit), one.priority or 0])
    return first, len(to.book.exceptions)


def _conjuncts(to: _Setting, duty: str, part: str, condition: c.Condition | None) -> tuple[int, int]:
    """The conditions that all must hold, each with the cause that is counted where it does not."""
    first = len(to.book.conjuncts)
    for one in condition.of if isinstance(condition, c.All) else (condition,) if condition else ():
        to.book.conjuncts.append(_program(to, one))
        to.book.causes.append((duty, f"{part}not so: {one.says()}"))
    return first, len(to.book.conjuncts)


def _program(to: _Setting, condition: c.Condition) -> int:
    """A condition as operations on a stack, with every term opened; one that was met before has its number."""
    plain = opened(condition, to.terms)
    if plain not in to.book.numbered:
        to.book.numbered[plain] = len(to.book.numbered)
        for operation, bounds in _operations(to, plain):
            to.book.operations.append([int(value) for value in operation])
            to.book.bounds.append(bounds)
        to.book.programs.append(len(to.book.operations))
    return to.book.numbered[plain]


_Operation = tuple[list[int], tuple[float, float]]
_ANYTHING = (-inf, inf)


def _operations(to: _Setting, condition: c.Condition) -> Iterable[_Operation]:
    if isinstance(condition, c.All | c.Any):
        for part in condition.of:
            yield from _operations(to, part)
        yield [at.ALL if isinstance(condition, c.All) else at.ANY, len(condition.of), 0, 0, 0], _ANYTHING
    elif isinstance(condition, c.Not):
        yield from _operations(to, condition.of)
        yield [at.NOT, 0, 0, 0, 0], _ANYTHING
    elif isinstance(condition, c.StartIs):
        yield [at.START_IS, 0, to.book.words.test(condition.field, condition.values), 0, 0], _ANYTHING
    elif not isinstance(condition, c.Term):
        yield _fact_operation(to, condition)


def _fact_operation(to: _Setting, leaf: c.FactIs | c.FactBetween | c.FactKnown) -> _Operation:
    facts, word = to.book.words.facts(leaf.attribute), to.word(leaf.attribute)
    if isinstance(leaf, c.FactKnown):
        return [at.FACT_KNOWN, facts, 0, 0, word], _ANYTHING
    absent = to.attributes[leaf.attribute].absent
    if isinstance(leaf, c.FactIs):
        held = None if absent is None else ("true" if absent else "false") in leaf.values
        return [at.FACT_IS, facts, to.book.words.test("value", leaf.values), _TRUTH[held], word], _ANYTHING
    least = -inf if leaf.at_least is None else leaf.at_least
    below = inf if leaf.below is None else leaf.below
    return [at.FACT_BETWEEN, facts, 0, at.UNKNOWN, word], (least, below)
