"""Every worked example of every shipped edition holds, on every engine; a duty without examples is refused."""

import pytest

from kept.code import loader
from kept.engine import reference
from kept.engine.check import Evaluator, check, unexampled
from tests.support import compiled
from tests.support.engine import duty, edition

ENGINES: dict[str, Evaluator] = {"reference": reference.evaluate, "compiled": compiled.evaluate}
"""Each engine evaluates the same examples; a further one is a further line here."""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", loader.SHIPPED)
def test_every_worked_example_holds(name: str, engine: str) -> None:
    checked = check(loader.edition(name), ENGINES[engine])
    assert checked.examples >= checked.duties - _without_examples(name)
    assert not checked.faults, "\n".join(map(str, checked.faults))


@pytest.mark.parametrize("name", loader.SHIPPED)
def test_every_duty_that_is_evaluated_has_an_example(name: str) -> None:
    assert unexampled(loader.edition(name)) == []


def test_a_duty_without_an_example_is_found() -> None:
    (found,) = unexampled(edition(duty(id="D1", answer={"specific": "victim_told"})))
    assert "D1" in found.what


def test_what_cannot_be_measured_needs_no_example() -> None:
    assert unexampled(edition(duty(id="D1", not_measurable="a field that no extract has"))) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_wrong_example_is_said_with_what_is_wrong(engine: str) -> None:
    given = [{"at": "2024-03-04 09:00", "kind": "suspect_arrested"}]
    example = {"name": "wrong", "given": given, "as_of": "2024-06-01 12:00", "then": [{"state": "met"}]}
    checked = check(edition(duty(examples=[example])), ENGINES[engine])
    (fault,) = checked.faults
    assert "D1" in fault.what
    assert "state met" in fault.why
    assert "no_record" in fault.why


def _without_examples(name: str) -> int:
    return sum(not one.examples for one in loader.edition(name).duties.values())
