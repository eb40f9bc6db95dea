"""The page of figures says what was measured, and what was reached, missed or not measured."""

import pytest

from bench.page import Goal
from bench.results import FLOOR, Results


@pytest.mark.parametrize(
    ("reached", "verdict"),
    [(0.8, "aim reached"), (0.81, "reached"), (1.5, "reached"), (1.51, "**missed**"), (None, "–")],
)
def test_a_goal_is_held_against_its_bounds(reached: float | None, verdict: str) -> None:
    assert Goal("a ratio", reached, must=1.5, aim=0.8).row()[-1] == verdict


@pytest.mark.parametrize(("reached", "verdict"), [(8, "aim reached"), (5, "reached"), (4.9, "**missed**")])
def test_what_must_be_so_much_at_least_is_held_the_other_way(reached: float, verdict: str) -> None:
    row = Goal("queries ÷ engine", reached, must=5, aim=8, at_least=True).row()
    assert (row[2], row[-1]) == ("≥ 5 ×", verdict)


def test_a_part_that_stands_for_the_whole_is_scaled() -> None:
    results = Results({"one query a duty": {"median": 2.0, "scale": 7.1}, FLOOR: {"median": 4.0}})
    assert results.seconds("one query a duty") == pytest.approx(14.2)
    assert results.ratio("one query a duty", FLOOR) == pytest.approx(3.55)


def test_what_was_not_measured_is_none_and_so_is_what_follows_from_it() -> None:
    results = Results({"spark": {"skipped": "no Java"}, "police": {"median": 1.0}})
    assert results.seconds("spark") is None
    assert results.ratio("spark", "police") is None
    assert results.peak_mb("police") is None
