"""Can two conditions hold at once? Asked of exceptions, because two that do must say which of them wins."""

from collections.abc import Mapping
from itertools import product

from kept.code import conditions as c
from kept.code.model import TermDefinition
from kept.code.terms import opened

Question = tuple[str, str]
"""What a leaf asks about: ("fact", attribute) or ("start", field)."""

_OTHER = "\0other"
_TOO_MANY = 50_000


def can_both_hold(one: c.Condition, other: c.Condition, terms: Mapping[str, TermDefinition]) -> bool:
    """Whether some case satisfies both. Tries one value from each range in which the answers cannot differ.

    Assumes that they can where the cases to try are more than 50,000.
    """
    both = (opened(one, terms), opened(other, terms))
    choices = _values_to_try(both)
    cases = 1
    for values in choices.values():
        cases *= len(values)
    if cases > _TOO_MANY:
        return True
    return any(
        all(_holds(condition, dict(zip(choices, case, strict=True))) for condition in both)
        for case in product(*choices.values())
    )


def _values_to_try(conditions: tuple[c.Condition, ...]) -> dict[Question, list[str | float | None]]:
    found: dict[Question, set[str | float]] = {}
    for condition in conditions:
        for leaf in c.leaves(condition):
            found.setdefault(_question(leaf), {_OTHER}).update(_mentioned(leaf))
    return {question: [None, *sorted(values, key=str)] for question, values in found.items()}


def _question(leaf: c.Condition) -> Question:
    if isinstance(leaf, c.StartIs):
        return ("start", leaf.field)
    assert isinstance(leaf, c.FactIs | c.FactBetween | c.FactKnown)
    return ("fact", leaf.attribute)


def _mentioned(leaf: c.Condition) -> set[str | float]:
    """The values at which this leaf's answer may change."""
    if isinstance(leaf, c.FactIs | c.StartIs):
        return set(leaf.values)
    if isinstance(leaf, c.FactBetween):
        ends = [end for end in (leaf.at_least, leaf.below) if end is not None]
        return {end + step for end in ends for step in (-1.0, 0.0, 1.0)}
    return set()


def _holds(condition: c.Condition, case: Mapping[Question, str | float | None]) -> bool:
    if isinstance(condition, c.All):
        return all(_holds(part, case) for part in condition.of)
    if isinstance(condition, c.Any):
        return any(_holds(part, case) for part in condition.of)
    if isinstance(condition, c.Not):
        return not _holds(condition.of, case)
    value = case[_question(condition)]
    if isinstance(condition, c.FactBetween):
        return _within(value, condition)
    if isinstance(condition, c.FactKnown):
        return value is not None
    assert isinstance(condition, c.FactIs | c.StartIs)
    return value in condition.values


def _within(value: str | float | None, span: c.FactBetween) -> bool:
    try:
        number = float(value) if value is not None else None
    except ValueError:
        return False
    if number is None:
        return False
    return (span.at_least is None or number >= span.at_least) and (span.below is None or number < span.below)
