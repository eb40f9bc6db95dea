"""Which measures may leave: each kind does or says why not, and what is for auditors stays."""

from typing import get_args

import pytest

from kept.errors import MeasureError
from kept.measures.model import Kind, Measure
from kept.release.placing import answer_of
from tests.support.members import MEASURES

FIRST_OF_KIND = {
    one.kind: one
    for one in reversed(MEASURES.values())
    if one.audience == "everyone" and (one.within or one.kind != "time")
}
AUDITED = [one for one in MEASURES.values() if one.audience == "auditors"]


STAY = ("load", "themes", "every", "soon", "composite", "not_arisen")


@pytest.mark.parametrize("kind", STAY)
def test_a_kind_that_cannot_leave_says_why(kind: Kind) -> None:
    with pytest.raises(MeasureError, match="cannot be released as a table of counts") as refused:
        answer_of(FIRST_OF_KIND[kind])
    assert refused.value.why


@pytest.mark.parametrize("kind", [kind for kind in FIRST_OF_KIND if kind not in STAY])
def test_a_measure_of_any_other_kind_may_leave(kind: Kind) -> None:
    assert answer_of(FIRST_OF_KIND[kind]).counts_if


def test_the_catalogue_has_a_measure_of_every_kind_that_is_not_for_auditors_alone() -> None:
    assert {*FIRST_OF_KIND, *(one.kind for one in AUDITED)} == {*get_args(Kind)}


@pytest.mark.parametrize("measure", AUDITED, ids=lambda one: one.id)
def test_what_is_for_auditors_does_not_leave(measure: Measure) -> None:
    with pytest.raises(MeasureError, match="cannot be released") as refused:
        answer_of(measure)
    assert "for auditors" in refused.value.why
