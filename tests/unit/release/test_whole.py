"""Solutions of whole numbers: what is found adds up and lies within bounds, and is found among many unknowns too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from kept.release import whole
from kept.release.whole import Numbers, Programme, is_whole, solve, whole_end

PATTERNS = 12


@st.composite
def counted(draw: st.DrawFn) -> tuple[Programme, Numbers]:
    """Cells that each count some patterns, once or several times, all printed to within 2 but one; and the truth."""
    truth = np.array(draw(st.lists(st.integers(0, 9), min_size=PATTERNS, max_size=PATTERNS)), float)
    rows = draw(st.lists(st.lists(st.integers(0, 3), min_size=PATTERNS, max_size=PATTERNS), min_size=2, max_size=5))
    times = np.array(rows, float)
    cells = times @ truth
    matrix = csr_array(np.hstack((np.eye(len(rows)), -times)))
    slack = draw(st.integers(0, 2))
    shown = np.column_stack((np.clip(cells - slack, 0, None), cells + slack))
    shown[0] = 0, cells[0] + 9
    bounds = np.vstack((shown, np.tile((0.0, np.inf), (PATTERNS, 1))))
    return Programme(matrix, bounds, 0, draw(st.sampled_from((1, -1)))), np.concatenate((cells, truth))


@given(counted())
def test_what_is_found_is_whole_adds_up_and_lies_within_bounds_and_before_the_end(
    given: tuple[Programme, Numbers],
) -> None:
    asked, truth = given
    ends = solve(asked.aim, asked.matrix, asked.bounds)
    assert ends is not None
    found = whole_end(asked, ends[0], truth, np.arange(len(truth)) >= len(truth) - PATTERNS)
    if found is not None:
        assert is_whole(found)
        assert not (asked.matrix @ found).any()
        assert (found >= asked.bounds[:, 0]).all()
        assert (found <= asked.bounds[:, 1]).all()
        assert asked.sign * (found[0] - ends[0]) >= -whole.ALMOST


def halves(many: int) -> tuple[Programme, Numbers]:
    """A hidden cell, a printed one of 3, and twice the first and the second pattern in it; all others count nowhere."""
    matrix = np.zeros((2, 2 + many))
    matrix[0, :3] = 1, 0, -1
    matrix[1, 1:4] = 1, -2, -1
    bounds = np.vstack(([0, 9], [3, 3], np.tile((0.0, np.inf), (many, 1))))
    truth = np.zeros(2 + many)
    truth[1], truth[3] = 3, 3
    return Programme(csr_array(matrix), bounds, 0, -1), truth


@pytest.mark.parametrize("many", [2, 2 * whole.MOST_AT_ONCE])
def test_an_end_that_only_fractions_reach_is_found_in_whole_numbers_below_it(many: int) -> None:
    asked, truth = halves(many)
    ends = solve(asked.aim, asked.matrix, asked.bounds)
    assert ends is not None
    assert ends[0] == 1.5
    found = whole_end(asked, 1.5, truth, np.arange(len(truth)) > 1)
    assert found is not None
    assert (found[0], found[3]) == (1, 1)


def test_of_many_unknowns_nothing_but_what_is_near_is_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, truth = halves(2 * whole.MOST_AT_ONCE)
    monkeypatch.setattr(whole, "_nearest", lambda *given: None)
    assert whole_end(asked, 1.5, truth, np.arange(len(truth)) > 1) is None
    few, little = halves(2)
    assert whole_end(few, 1.5, little, np.arange(len(little)) > 1) is not None
