"""Marks, policies, cells and the register: what they are, and what they refuse."""

import json
import operator
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kept.errors import MeasureError
from kept.release.cells import RANGE, TOTAL, Breakdown, Layout, Period, Scope, Table
from kept.release.disclosure import protect
from kept.release.markers import MARKERS, Suppressed
from kept.release.policy import Policy, load_policy, policy_of
from kept.release.register import Register
from tests.unit.release.by_hand import AREA, POLICY, SEX, SPRING, TEAM, table

UNARY: list[Callable[[Any], Any]] = [operator.neg, abs, round, int, float, bool, operator.index]
BINARY = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.pow,
    operator.lt, operator.le, operator.gt, operator.ge,
]  # fmt: skip


@pytest.mark.parametrize("operation", UNARY)
def test_nothing_is_calculated_from_a_mark(operation: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"\[c\] is not a number"):
        operation(Suppressed())


@pytest.mark.parametrize("operation", BINARY)
@pytest.mark.parametrize("swapped", [False, True])
def test_nor_with_one(operation: Callable[[Any, Any], Any], swapped: bool) -> None:
    numbers: list[Any] = [1, Suppressed()]
    with pytest.raises(TypeError, match=r"\[c\] is not a number"):
        operation(*((3, Suppressed()) if swapped else (Suppressed(), 3)))
    with pytest.raises(TypeError, match="is not a number"):
        sum(numbers)


def test_marks_are_letters_and_equal_only_their_own_kind() -> None:
    assert [f"{marker()}" for marker in MARKERS] == ["[c]", "[x]", "[z]"]
    assert f"{Suppressed():>5}" == "  [c]"
    assert Suppressed() != 0
    assert len({marker() for marker in MARKERS} | {Suppressed()}) == 3


BAD_POLICIES: dict[str, dict[str, Any]] = {
    "names no publisher": {"publisher": " "},
    "no citation": {"citation": ""},
    "hides nothing": {"threshold": 1},
    "does not go with a threshold": {"rounding_base": 11},
    "Rounding to 1": {"rounding_base": 1},
    "Zeros cannot be": {"zeros": "hidden"},
    "A protection of 0": {"protection": 0},
    "no field": {"treshold": 10},
    "cannot be '10'": {"threshold": "10"},
    "cannot be True": {"threshold": True},
}


@pytest.mark.parametrize("said", BAD_POLICIES)
def test_a_policy_that_cannot_be_kept_is_refused(said: str) -> None:
    with pytest.raises(MeasureError, match=said):
        policy_of({"publisher": "Westshire", "citation": "Scheme 4", **BAD_POLICIES[said]})


def test_a_policy_needs_its_publisher_and_its_citation() -> None:
    with pytest.raises(MeasureError) as refused:
        policy_of({})
    assert len(refused.value.faults) == 2


def test_a_policy_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("publisher: Westshire\ncitation: Scheme 4\nrounding_base: 5\n")
    policy = load_policy(path)
    assert (policy.threshold, policy.width, policy.rounding_base) == (10, 8, 5)
    assert [policy.rounded(count) for count in (0, 10, 12, 13, 17, 18)] == [0, 10, 10, 15, 15, 20]
    for text in ("threshold: [", "- 10", "\x00"):
        path.write_text(text)
        with pytest.raises(MeasureError, match="policy"):
            load_policy(path)
    with pytest.raises(MeasureError, match="cannot be read"):
        load_policy(tmp_path / "none.yaml")


@pytest.mark.parametrize("base", [None, 2, 3, 5, 10])
def test_what_a_printed_figure_can_mean_is_what_is_printed_so(base: int | None) -> None:
    policy = Policy("Westshire", "Scheme 4", rounding_base=base)
    for count in range(policy.threshold, 200):
        low, high = policy.meant(policy.rounded(count))
        same = [other for other in range(policy.threshold, 300) if policy.rounded(other) == policy.rounded(count)]
        assert (low, high) == (same[0], same[-1])


def test_totals_and_groups_are_added_up() -> None:
    of = table(
        {("North", "met"): 5, ("North", "silent"): 3, ("North", "missed"): 2, ("South", "silent"): 7}, AREA, RANGE
    )
    assert of.counts["North", "at best"] == 8
    assert of.counts[TOTAL, "at best"] == 15
    assert of.counts[TOTAL, TOTAL] == 17
    assert of.counts["South", "met"] == 0
    assert all(of.counts[whole] == sum(of.counts[part] for part in parts) for whole, parts in of.layout.sums())
    assert list(of.layout.printed())[:3] == [("North", "met"), ("North", "at best"), ("North", TOTAL)]


def test_a_table_without_breakdowns_is_one_figure() -> None:
    assert protect([table({(): 3})], POLICY).figure(table({(): 3}), ()) == Suppressed()
    assert protect([table({(): 30})], POLICY).figure(table({(): 30}), ()) == 30


@pytest.mark.parametrize("count", [-1, 2.5, True, None])
def test_what_is_no_count_is_refused(count: Any) -> None:
    with pytest.raises(MeasureError, match="is no count"):
        table({("North",): count}, AREA)


def test_a_count_at_no_place_is_refused() -> None:
    with pytest.raises(MeasureError, match="no place"):
        table({("East",): 12, (TOTAL,): 12}, AREA)


def test_breakdowns_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(MeasureError, match="taken"):
        Breakdown("area", ("North", "North"))
    with pytest.raises(MeasureError, match="taken"):
        Breakdown("area", ("North", TOTAL))
    with pytest.raises(MeasureError, match="no values"):
        Breakdown("area", ())
    with pytest.raises(MeasureError, match="no value"):
        Breakdown("area", ("North",), {"all": ("North", "East")})
    with pytest.raises(MeasureError, match="cannot be broken down"):
        Layout(SPRING, (AREA, AREA))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(MeasureError, match="ends before"):
        Scope("R6-1a", Period(date(2025, 2, 1), date(2025, 1, 1)), "2025-04-01")


@pytest.mark.parametrize("as_of", ["2025-04-01", "2025-04-01T00:00:00", "spring", ""])
def test_an_as_of_without_a_time_zone_is_refused(as_of: str) -> None:
    with pytest.raises(MeasureError, match="no moment with a time zone"):
        replace(SPRING, as_of=as_of)


def test_one_moment_is_one_cell_however_it_is_written() -> None:
    summer_time, utc = replace(SPRING, as_of="2025-07-01T00:00:00+01:00"), replace(SPRING, as_of="2025-06-30T23:00:00Z")
    assert Layout(summer_time, ()).cell(()) == Layout(utc, ()).cell(())


def test_a_filter_and_a_breakdown_value_make_the_same_cell() -> None:
    filtered = Layout(replace(SPRING, population=(("area", "North"),)), (SEX,))
    crossed = Layout(SPRING, (SEX, AREA))
    assert filtered.cell(("female",)) == crossed.cell(("female", "North"))


def test_a_register_is_read_as_it_was_written_and_holds_no_secret(tmp_path: Path) -> None:
    of = table({("red",): 2, ("green",): 20, ("blue",): 31}, replace(TEAM, groups={"warm": ("red",)}))
    protected = protect([of], POLICY)
    register, path = Register().with_tables(protected.released("spring")), tmp_path / "register.json"
    register.save(path)
    assert Register.load(path) == register
    figures = dict((place[0], figure) for place, figure in json.loads(path.read_text())["tables"][0]["figures"])
    assert figures == {"red": None, "green": None, "blue": 31, "warm": None, TOTAL: 53}


def test_an_absent_register_is_empty_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    assert Register.load(path) == Register()
    for text in ("{", '{"format": 1, "tables": []}', '{"format": 2}', '{"format": 2, "tables": [{}]}', "[]"):
        path.write_text(text)
        with pytest.raises(MeasureError, match="cannot be read"):
            Register.load(path)


def test_one_release_at_a_time_holds_the_register(tmp_path: Path) -> None:
    path, order = tmp_path / "register.json", list[str]()

    def second() -> None:
        with Register.held(path):
            order.append("second")

    waiting = threading.Thread(target=second)
    with Register.held(path):
        waiting.start()
        waiting.join(0.1)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_a_register_with_a_figure_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    Register().with_tables(protect([table({("North",): 12}, AREA)], POLICY).released("spring")).save(path)
    said = json.loads(path.read_text())
    said["tables"][0]["figures"].pop()
    path.write_text(json.dumps(said))
    with pytest.raises(MeasureError, match="cannot be read"):
        Register.load(path)


def test_totals_that_are_not_the_sum_of_their_parts_are_refused() -> None:
    layout = Layout(SPRING, (AREA,))
    with pytest.raises(MeasureError, match="not the sum of its parts"):
        Table(layout, {("North",): 20, ("South",): 30, (TOTAL,): 45})
    with pytest.raises(MeasureError, match="None is no count"):
        Table(layout, {("North",): 20, ("South",): 30})


def test_table_of_needs_no_counts() -> None:
    assert set(Table.of(SPRING, (AREA,), {}).counts.values()) == {0}
