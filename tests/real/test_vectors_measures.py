"""Statistics against answers that others worked out (`vectors/`, each file with its source)."""

import json
from pathlib import Path
from typing import Any

import pytest

from kept.measures.statistics import process_rules as rules
from kept.measures.statistics.funnel_limits import poisson_limits
from kept.measures.statistics.intervals import wilson
from kept.measures.statistics.process_limits import natural_limits


@pytest.fixture(scope="module")
def vectors(real_data: Path) -> Path:
    return real_data / "vectors"


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def covered(spans: list[rules.Span], length: int) -> list[int]:
    """1 for each position that a span holds."""
    held = {position for span in spans for position in span.positions}
    return [int(position in held) for position in range(length)]


def test_wilson(vectors: Path) -> None:
    cases = read(vectors / "wilson_newcombe.json")["cases"]
    assert len(cases) == 4
    for case in cases:
        found = wilson(case["x"], case["n"])
        assert found is not None
        assert (found.low, found.high) == pytest.approx((case["lower_calc"], case["upper_calc"]), abs=1e-12)
        assert (round(found.low, 4), round(found.high, 4)) == (case["lower"], case["upper"])


def test_process_limits(vectors: Path) -> None:
    cases = read(vectors / "xmr_nhsrplotthedots.json")["cases"]
    assert {case["screen_outliers"] for case in cases} == {True, False}
    for case in cases:
        found = natural_limits(case["y"], screen=case["screen_outliers"])
        expected = (case["mean"], case["lpl"], case["upl"])
        assert (found.mean, found.lower, found.upper) == pytest.approx(expected, abs=1e-6)


def test_seven_on_one_side(vectors: Path) -> None:
    for sides, expected in read(vectors / "spc_rules.json")["seven_point_one_side_mean"]["cases"]:
        assert [abs(side) for side in rules.completed_shifts(sides)] == expected


def test_seven_that_rise_or_fall(vectors: Path) -> None:
    for values, expected in read(vectors / "spc_rules.json")["seven_point_trend"]["cases"]:
        assert rules.completed_trends(values) == expected


def test_what_belongs_to_seven(vectors: Path) -> None:
    for completed, expected in read(vectors / "spc_rules.json")["part_of_seven_trend"]["cases"]:
        assert covered(rules.spans(completed), len(completed)) == expected


def test_two_in_three(vectors: Path) -> None:
    for close, sides, expected in read(vectors / "spc_rules.json")["two_in_three"]["cases"]:
        assert rules.two_in_three(close, sides) == expected


def test_every_rule_has_its_vector(vectors: Path) -> None:
    names = set(read(vectors / "spc_rules.json")) - {"source"}
    assert names == {"seven_point_one_side_mean", "part_of_seven_trend", "seven_point_trend", "two_in_three"}


def test_poisson_funnel_limits(vectors: Path) -> None:
    cases = read(vectors / "funnel_poisson.json")["poisson_limits_unadjusted"]
    assert cases
    for case in cases:
        found = poisson_limits(case["expected"])
        limits = (found.alert.low, found.alert.high, found.alarm.low, found.alarm.high)
        assert limits == pytest.approx([case[name] for name in ("ll95", "ul95", "ll998", "ul998")], rel=1e-6)
