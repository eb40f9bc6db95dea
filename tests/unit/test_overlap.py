"""Two exceptions of a duty that can hold at once must say which wins: here, when they can."""

from collections.abc import Mapping

import pytest

from kept.code import conditions as c
from kept.code.model import Citation, TermDefinition
from kept.code.overlap import can_both_hold

HATE = c.FactIs("hate", ("true",))
RAPE = c.FactIs("offence_subgroup", ("rape", "other_sexual"))
THEFT = c.FactIs("offence_subgroup", ("vehicle",))
CHILD = c.FactBetween("age", None, 18)
ADULT = c.FactBetween("age", 18, None)
KNOWN = c.FactKnown("serious_offence")
BY_POLICE = c.StartIs("by", ("police",))
BY_CPS = c.StartIs("by", ("cps",))


def terms(**defined: c.Condition) -> Mapping[str, TermDefinition]:
    return {name: TermDefinition(name, name, when, "sourced", Citation("A rule")) for name, when in defined.items()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HATE, RAPE),
        (CHILD, c.FactBetween("age", 16, None)),
        (c.Any((THEFT, HATE)), RAPE),
        (CHILD, c.FactIs("age", ("17",))),
        (KNOWN, c.FactIs("serious_offence", ("kidnap",))),
        (BY_POLICE, HATE),
        (c.Not(HATE), c.Not(RAPE)),
    ],
)
def test_these_can_both_hold(one: c.Condition, other: c.Condition) -> None:
    assert can_both_hold(one, other, {})
    assert can_both_hold(other, one, {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HATE, c.Not(HATE)),
        (RAPE, THEFT),
        (CHILD, ADULT),
        (CHILD, c.FactIs("age", ("18",))),
        (BY_POLICE, BY_CPS),
        (c.All((HATE, RAPE)), c.All((HATE, THEFT))),
        (c.FactBetween("age", 10, 12), c.FactBetween("age", 12, 14)),
        (c.Not(KNOWN), c.FactIs("serious_offence", ("kidnap",))),
    ],
)
def test_these_cannot(one: c.Condition, other: c.Condition) -> None:
    assert not can_both_hold(one, other, {})
    assert not can_both_hold(other, one, {})


def test_terms_are_opened() -> None:
    defined = terms(young=CHILD, grown=c.Not(c.Term("young")))
    assert not can_both_hold(c.Term("young"), c.All((c.Term("grown"), ADULT)), defined)
    assert can_both_hold(c.Term("young"), HATE, defined)


def test_what_is_too_much_to_try_is_taken_to_hold() -> None:
    many = c.All(tuple(c.FactIs(f"fact_{n}", ("true",)) for n in range(12)))
    assert can_both_hold(many, c.Not(many), {})
