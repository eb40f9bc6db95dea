"""The shipped editions show by an example every state that each of their duties can reach, and every row of the law."""

import re
from pathlib import Path

import pytest

from kept.code import loader
from kept.code.reachable import reachable


@pytest.mark.parametrize("name", loader.SHIPPED)
def test_every_reachable_state_has_an_example(name: str) -> None:
    edition = loader.edition(name)
    unshown = {}
    for duty in edition.duties.values():
        shown = {line["state"] for example in duty.examples for line in example.then}
        if missing := reachable(duty, edition, edition.vocabulary) - shown:
            unshown[duty.id] = sorted(missing)
    assert unshown == {}


def test_every_row_of_the_laws_tables_is_a_duty(real_data: Path) -> None:
    """The ids in the duty tables of the law's facts, section 1, are all duties of code-2020."""
    reference = real_data.parent / "reference" / "victims-code.md"
    if not reference.exists():
        pytest.skip("the facts of the law are not beside this checkout")
    section = reference.read_text(encoding="utf-8").split("### 1.13")[0]
    rows = set(re.findall(r"^\| (R\d+-\d+[a-z]?) \|", section, flags=re.MULTILINE))
    assert len(rows) > 60
    assert rows - set(loader.edition("code-2020").duties) == set()


def test_the_rights_measured_today_are_marked() -> None:
    duties = loader.edition("code-2020").duties.values()
    assert {duty.right for duty in duties} == set(range(1, 13))
    assert {duty.right for duty in duties if duty.measured_now} == {1, 2, 3, 4, 5, 6, 7, 12}
