"""What rules read of a timeline. The rest stays unread: most of a timeline concerns no rule of its level."""

from collections.abc import Iterator

from kept.code.model import SELECTOR_FIELDS, Duty, Limit, Selector
from kept.code.terms import attributes_read
from kept.contract.vocabulary import Vocabulary
from kept.engine.rules import Rule, Rules

_ALWAYS = frozenset({"good_reason", "victim_declined", "crime_recorded", "opted_out", "enhanced", "touchpoint"})
"""What every duty may turn on, whatever it says: its reasons, opt-outs, Enhanced Rights and credit."""
_ENHANCED = ("enhanced", "enhanced_gate")
"""The terms that choose a limit and are stored with every row, though no duty names them."""


def words_read(rules: Rules, subject_kind: str) -> frozenset[str]:
    """The kinds of event and the attributes that the rules for a kind of subject read."""
    found = set(_ALWAYS)
    for starting in rules.by_start[subject_kind].values():
        for rule in starting:
            found |= _kinds(rule.duty, rules.vocabulary) | _attributes(rule)
    return frozenset(found)


def _kinds(duty: Duty, words: Vocabulary) -> set[str]:
    kinds = {selector.kind for selector in _selectors(duty)}
    return kinds | {words.kinds[kind].vacated_by for kind in kinds if words.kinds[kind].vacated_by}


def _selectors(duty: Duty) -> Iterator[Selector]:
    for name in SELECTOR_FIELDS:
        yield from getattr(duty, name)
    yield from duty.extinguished_by
    yield from duty.judged_at.stage if duty.judged_at else ()
    for answer in duty.answers():
        yield from (*answer.specific, *answer.generic)
    for part in duty.parts:
        yield from part.not_done


def _attributes(rule: Rule) -> set[str]:
    duty, terms = rule.duty, rule.edition.terms
    conditions = [duty.applies, *(part.applies for part in duty.parts), *(one.when for one in duty.exceptions)]
    conditions += [terms[name].when for name in _ENHANCED if name in terms]
    found: set[str] = set()
    for condition in conditions:
        found |= attributes_read(condition, terms) if condition is not None else set()
    return found | {limit.attribute for limit in _limits(duty) if limit.attribute}


def _limits(duty: Duty) -> Iterator[Limit]:
    yield from filter(None, (duty.limit, duty.enhanced_limit))
    yield from (exception.limit for exception in duty.exceptions)
