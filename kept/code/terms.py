"""Terms: conditions that an edition defines under a name, put in the place of the name."""

from collections.abc import Mapping

from kept.code import conditions as c
from kept.code.model import TermDefinition


def opened(condition: c.Condition, terms: Mapping[str, TermDefinition]) -> c.Condition:
    """The condition with every term replaced by its definition, those inside definitions too."""
    if isinstance(condition, c.Term):
        return opened(terms[condition.name].when, terms)
    if isinstance(condition, c.All | c.Any):
        return type(condition)(tuple(opened(part, terms) for part in condition.of))
    if isinstance(condition, c.Not):
        return c.Not(opened(condition.of, terms))
    return condition


def attributes_read(condition: c.Condition, terms: Mapping[str, TermDefinition]) -> set[str]:
    """The attributes that the condition reads, those inside its terms included."""
    return c.attributes(opened(condition, terms))
