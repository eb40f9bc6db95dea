"""Measures that count the same people: what one tells of the other is protected, in one release and across two."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.errors import MeasureError
from kept.release import overlap as overlaps
from kept.release.basis import Basis
from kept.release.cells import TOTAL, Breakdown, Place, Table
from kept.release.disclosure import Protected, protect, verify
from kept.release.markers import Suppressed
from kept.release.overlap import Overlap, Pattern
from kept.release.register import Register
from kept.release.tables import write_release
from tests.unit.release.by_hand import POLICY, SPRING, fits
from tests.unit.release.test_tables import ABOUT, TABLE

ANSWERS = Breakdown("answer", ("yes", "no"))
PARTS = Breakdown("part", ("a", "b", "c"))
OTHER = replace(SPRING, measure="R6-1b")
LATER = "2025-10-01T00:00:00+01:00"
VICTIMS = Basis("victims", (), (("of", "victims"),))

People = Mapping[tuple[str, str], int]
"""How many people there are of each answer to one measure and each part of the other."""


def tables_of(people: People) -> tuple[Table, Table]:
    """What each of the two measures counts."""
    first: dict[Place, int] = {}
    second: dict[Place, int] = {}
    for (answer, part), number in people.items():
        first[answer,] = first.get((answer,), 0) + number
        second[part,] = second.get((part,), 0) + number
    return Table.of(SPRING, (ANSWERS,), first, VICTIMS), Table.of(OTHER, (PARTS,), second, VICTIMS)


def overlap_of(people: People, one: Table, other: Table) -> Overlap:
    counted: dict[Pattern, int] = {
        ((0, (answer,), 1), (1, (part,), 1)): number for (answer, part), number in people.items() if number
    }
    return Overlap((one, other), counted)


def hidden(protected: Protected, of: Table) -> set[Place]:
    return {place for place in of.layout.printed() if protected.figure(of, place) == Suppressed()}


SAME_AS_B = {("no", "a"): 3, ("yes", "b"): 40, ("no", "c"): 50}
"""Part a is small, and b is hidden for its sake. Those who said yes are those of part b."""


def test_what_one_measure_hides_is_not_shown_by_another_that_leaves_later() -> None:
    yes, parts = tables_of(SAME_AS_B)
    before = protect([parts], POLICY)
    assert hidden(before, parts) == {("a",), ("b",)}
    register, together = Register().with_tables(before.released("spring")), overlap_of(SAME_AS_B, yes, parts)
    assert hidden(protect([yes], POLICY, register), yes) == set()
    protected = protect([yes], POLICY, register, [together])
    assert ("yes",) in hidden(protected, yes)
    assert verify(protected, register) == []
    assert verify(Protected((yes,), POLICY, frozenset(), (), (together,)), register) != []


def test_a_count_that_is_another_less_a_few_is_hidden() -> None:
    people = {("yes", "a"): 40, ("no", "a"): 3, ("no", "b"): 60, ("no", "c"): 50}
    yes, parts = tables_of(people)
    register = Register().with_tables(protect([parts], POLICY).released("spring"))
    assert hidden(protect([yes], POLICY, register), yes) == set()
    protected = protect([yes], POLICY, register, [overlap_of(people, yes, parts)])
    assert ("yes",) in hidden(protected, yes)
    assert {decision.reason for decision in protected.log} == {"differs from an earlier release by a small number"}
    both = protect([yes, parts], POLICY, overlaps=[overlap_of(people, yes, parts)])
    assert "differs from another table of this release by a small number" in {each.reason for each in both.log}


def test_an_earlier_release_as_of_another_moment_is_counted_again() -> None:
    """Three more people have come since; what is left over between the two totals tells of them."""
    people = {("yes", "a"): 40, ("no", "b"): 60, ("no", "c"): 50}
    old = tables_of(people)[1]
    register = Register().with_tables(protect([old], POLICY).released("spring"))
    now = {**people, ("no", "c"): 53}
    yes, parts = (
        replace(table, layout=replace(table.layout, scope=replace(table.layout.scope, as_of=LATER)))
        for table in tables_of(now)
    )
    assert hidden(protect([yes], POLICY, register), yes) == set()
    protected = protect([yes], POLICY, register, [overlap_of(now, yes, parts)])
    assert hidden(protected, yes) & {(TOTAL,), ("no",)}
    assert verify(protected, register) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=6, max_size=6), st.booleans())
def test_nothing_hidden_can_be_recovered_from_two_measures_together(numbers: list[int], at_once: bool) -> None:
    """Held against all people that there could be, of whom both tables would have been printed like this."""
    people = dict(zip(product(ANSWERS.values, PARTS.values), numbers, strict=True))
    one, other = tables_of(people)
    together = [overlap_of(people, one, other)]
    if at_once:
        first = second = protect([one, other], POLICY, overlaps=together)
        assert verify(first) == []
    else:
        first = protect([one], POLICY)
        register = Register().with_tables(first.released("spring"))
        second = protect([other], POLICY, register, together)
        assert verify(second, register) == []
    tried = _possible(first, one, second, other)
    for table, counts in ((one, tried[0]), (other, tried[1])):
        for place, found in counts.items():
            if POLICY.is_small(table.counts[place]):
                assert np.ptp(found) >= POLICY.width, (table.layout.scope.measure, place)


def _possible(first: Protected, one: Table, second: Protected, other: Table) -> tuple[dict[Place, Any], ...]:
    tried = np.indices((9,) * 6).reshape(2, 3, -1)
    ours = {("yes",): tried[0].sum(0), ("no",): tried[1].sum(0), (TOTAL,): tried.sum((0, 1))}
    theirs = {(part,): tried[:, at].sum(0) for at, part in enumerate(PARTS.values)} | {(TOTAL,): tried.sum((0, 1))}
    same = np.ones(tried.shape[-1], dtype=bool)
    for protected, table, counts in ((first, one, ours), (second, other, theirs)):
        for place, found in counts.items():
            same &= fits(protected, table, place, found)
    return tuple({place: found[same] for place, found in counts.items()} for counts in (ours, theirs))


def test_what_was_not_counted_together_does_not_leave(tmp_path: Path) -> None:
    yes, parts = tables_of({("yes", "a"): 40, ("no", "b"): 60, ("no", "c"): 50})
    apart = protect([yes, parts], POLICY)
    with pytest.raises(MeasureError, match="may count the same people as another measure"):
        write_release([TABLE], tmp_path / "out", ABOUT, apart)
    register = tmp_path / "register.json"
    Register().with_tables(protect([parts], POLICY).released("spring")).save(register)
    alone = protect([yes], POLICY)
    with pytest.raises(MeasureError, match="may count the same people as another measure"):
        write_release([TABLE], tmp_path / "out", ABOUT, alone, register)
    assert [path.name for path in tmp_path.iterdir()] == ["register.json"]


def test_too_much_together_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlaps, "MOST_PATTERNS", 2)
    with pytest.raises(MeasureError, match="too much to be checked"):
        overlap_of(SAME_AS_B, *tables_of(SAME_AS_B))
