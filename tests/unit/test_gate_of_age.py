"""The Code's gate of age: a child has the short limit though nobody wrote down what kind of victim they are."""

import pytest

from kept.code import loader
from tests.support.engine import ALWAYS, event, fact, rulebook, run


@pytest.mark.parametrize(
    ("facts", "limit", "gate"),
    [
        ({"age": "16"}, "1 working day", True),
        ({"age": "16", "victim_kind": "person"}, "1 working day", True),
        ({"age": "40", "victim_kind": "person", "offence_subgroup": "shoplifting"}, "5 working days", False),
        ({"victim_kind": "business", "offence_subgroup": "shoplifting"}, "5 working days", False),
        ({"victim_kind": "person", "offence_subgroup": "shoplifting"}, "5 working days", None),
    ],
    ids=["child of no kind", "child", "adult", "business has no age", "person of unknown age"],
)
def test_the_gate_of_age(facts: dict[str, str], limit: str, gate: bool | None) -> None:
    book = rulebook((loader.edition("code-2020"), ALWAYS, None))
    entries = [*(fact(name, value) for name, value in facts.items()), event("suspect_arrested", 0)]
    told = [row for row in run(book, entries).obligations if row.duty == "R6-1a"]
    assert [(row.limit, row.enhanced_gate) for row in told] == [(limit, gate)]
