"""Suppression by known answers: what is hidden, for which reason, and what is refused."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kept.errors import MeasureError
from kept.release.attacker import Attacker
from kept.release.cells import RANGE, TOTAL, Breakdown, Cell, Period, Place, Table
from kept.release.disclosure import Protected, protect, verify
from kept.release.knowledge import Span, System, gather
from kept.release.markers import Suppressed
from kept.release.periods import stretches
from kept.release.policy import Policy
from kept.release.register import Register
from kept.release.secondary import further
from kept.release.tables import write_log
from tests.unit.release.by_hand import AREA, SEX, SPRING, TEAM, table

POLICY = Policy("Westshire Police", "Publication scheme 2025, section 4")
KEPT = Breakdown("kept", ("met", "not met"), unprinted=frozenset({"not met"}))
LATER = replace(SPRING, as_of="2025-10-01T00:00:00+01:00")
YEAR = replace(SPRING, period=Period(date(2024, 6, 1), date(2025, 5, 31)))
NEXT_YEAR = replace(SPRING, period=Period(date(2024, 9, 1), date(2025, 8, 31)))
HATE = replace(SPRING, population=(("flag", "hate"),))


def hidden(protected: Protected, of: Table) -> set[Place]:
    return {place for place in of.layout.printed() if protected.figure(of, place) == Suppressed()}


def register_of(protected: Protected) -> Register:
    return Register().with_tables(protected.released("spring"))


def test_a_small_count_takes_the_smallest_other_that_covers_it() -> None:
    of = table({("red",): 3, ("green",): 40, ("blue",): 50}, TEAM)
    protected = protect([of], POLICY)
    assert hidden(protected, of) == {("red",), ("green",)}
    assert [(decision.reason, decision.protects) for decision in protected.log] == [
        ("small count", ""),
        ("protects another cell", str(of.layout.cell(("red",)))),
    ]


def test_two_small_counts_that_add_up_to_a_small_one_take_a_third() -> None:
    of = table({("red",): 3, ("green",): 4, ("blue",): 50}, TEAM)
    assert hidden(protect([of], POLICY), of) >= {("red",), ("green",), ("blue",)}


def test_a_rate_gives_away_how_many_were_not_told() -> None:
    of = table(
        {("North", "met"): 47, ("North", "not met"): 3, ("South", "met"): 60, ("South", "not met"): 60}, AREA, KEPT
    )
    protected = protect([of], POLICY)
    assert {("North", "met"), ("North", TOTAL)} & hidden(protected, of)
    assert protected.log[0].protects == str(of.layout.cell(("North", "not met")))
    assert (TOTAL, TOTAL) not in hidden(protected, of)


def test_so_does_a_range_by_what_lies_between_its_ends() -> None:
    of = table({("met",): 40, ("silent",): 4, ("missed",): 30}, RANGE)
    protected = protect([of], POLICY)
    assert {("met",), ("at best",)} & hidden(protected, of)
    assert verify(replace(protected, hidden=frozenset())) != []


def test_zeros_are_shown_unless_the_policy_says_otherwise() -> None:
    of = table({("red",): 0, ("green",): 40, ("blue",): 50}, TEAM)
    assert hidden(protect([of], POLICY), of) == set()
    assert ("red",) in hidden(protect([of], replace(POLICY, zeros="suppressed")), of)


def test_a_small_total_takes_all_its_parts() -> None:
    of = table({("red",): 3, ("green",): 0, ("blue",): 4}, TEAM)
    assert hidden(protect([of], POLICY), of) == {("red",), ("blue",), (TOTAL,)}


def test_many_ones_under_a_shown_total_are_not_given_away_by_the_rule() -> None:
    """A suppressed count is at least 1 where zeros are shown: ten of them under a total of 10 would be known."""
    ten = Breakdown("team", tuple("abcdefghij"))
    of = table({(team,): 1 for team in ten.values}, ten)
    assert (TOTAL,) in hidden(protect([of], POLICY), of)


def test_rounding_makes_fewer_further_cells_necessary() -> None:
    of = table({("red",): 3, ("green",): 40, ("blue",): 50}, TEAM)
    rounded = protect([of], replace(POLICY, rounding_base=5))
    assert hidden(rounded, of) == {("red",)}
    assert [rounded.figure(of, (team,)) for team in ("green", "blue", TOTAL)] == [40, 50, 95]


def test_groups_of_values_are_protected_with_their_parts() -> None:
    teams = Breakdown("team", ("a", "b", "c", "d"), {"North": ("a", "b"), "South": ("c", "d")})
    of = table({("a",): 3, ("b",): 40, ("c",): 50, ("d",): 60}, teams)
    assert hidden(protect([of], POLICY), of) == {("a",), ("b",)}


def test_three_breakdowns_are_protected_as_well() -> None:
    third = Breakdown("age", ("under 18", "18 and over"))
    counts: dict[Place, int] = {(a, s, t): 20 for a in AREA.values for s in SEX.values for t in third.values}
    of = table({**counts, ("North", "male", "under 18"): 2}, AREA, SEX, third)
    protected = protect([of], POLICY)
    assert len(hidden(protected, of)) == 8
    assert verify(protected) == []


def test_a_check_needs_nothing_but_the_tables() -> None:
    of = table({("red",): 3, ("green",): 40, ("blue",): 50}, TEAM)
    by_hand = Protected((of,), POLICY, frozenset({of.layout.cell(("red",))}))
    assert [str(finding) for finding in verify(by_hand)] == [f"{of.layout.cell(('red',))} is known to be 3"]
    too_near = Protected((of,), replace(POLICY, protection=50), protect([of], POLICY).hidden)
    assert str(verify(too_near)[0]).endswith("is known to lie from 1 to 42")
    assert len(verify(Protected((of,), POLICY, frozenset()))) == 1


def test_the_same_period_as_of_a_later_moment() -> None:
    old = table({("red",): 45, ("green",): 20, ("blue",): 50}, TEAM)
    new = table({("red",): 48, ("green",): 30, ("blue",): 50}, TEAM, scope=LATER)
    register = register_of(protect([old], POLICY))
    protected = protect([new], POLICY, register)
    assert hidden(protected, new) == {("red",), ("green",)}
    assert protected.log[0].reason == "differs from an earlier release by a small number"
    assert verify(Protected((new,), POLICY, frozenset()), register) != []


def test_what_was_hidden_as_of_an_earlier_moment_is_hidden_first() -> None:
    """Blue has fewest now. But green was hidden before, and shown it would tell those who think it has not changed."""
    old = table({("red",): 3, ("green",): 40, ("blue",): 50}, TEAM)
    new = table({("red",): 3, ("green",): 60, ("blue",): 50}, TEAM, scope=LATER)
    assert hidden(protect([new], POLICY), new) == {("red",), ("blue",)}
    assert hidden(protect([new], POLICY, register_of(protect([old], POLICY))), new) == {("red",), ("green",)}


def test_a_population_with_one_filter_more() -> None:
    everybody, hate = (
        table({("North",): 60, ("South",): 70}, AREA),
        table({("North",): 57, ("South",): 20}, AREA, scope=HATE),
    )
    protected = protect([hate], POLICY, register_of(protect([everybody], POLICY)))
    assert ("North",) in hidden(protected, hate)
    assert {decision.reason for decision in protected.log} == {"differs from an earlier release by a small number"}


@pytest.mark.parametrize(("as_of", "span"), [(SPRING.as_of, Span(1, 12)), (LATER.as_of, Span(1, 51))])
def test_who_meets_a_filter_is_no_more_than_who_may(as_of: str, span: Span) -> None:
    """As of the same moment the suppressed 5 are among the 12 released before; as of a later one they may be more."""
    hate = table({(): 5}, scope=replace(HATE, as_of=as_of))
    system = gather([hate], POLICY, register_of(protect([table({(): 12})], POLICY)))
    cell = hate.layout.cell(())
    assert Attacker(system, {cell}).span(cell, 50) == span


def test_periods_that_overlap() -> None:
    old, new = table({(): 400}, scope=YEAR), table({(): 405}, scope=NEXT_YEAR)
    assert hidden(protect([new], POLICY, register_of(protect([old], POLICY))), new) == {()}
    apart = table({(): 405}, scope=replace(SPRING, period=Period(date(2026, 1, 1), date(2026, 3, 1))))
    assert hidden(protect([apart], POLICY, register_of(protect([old], POLICY))), apart) == set()


def test_tables_that_leave_together_are_set_against_each_other() -> None:
    quarter, year = table({(): 400}), table({(): 404}, scope=YEAR)
    protected = protect([quarter, year], POLICY)
    assert len(hidden(protected, quarter) | hidden(protected, year)) == 1
    assert protected.log[0].reason == "differs from another table of this release by a small number"


def test_another_measure_is_another_matter() -> None:
    old, new = table({(): 400}), table({(): 404}, scope=replace(LATER, measure="R6-1b"))
    assert hidden(protect([new], POLICY, register_of(protect([old], POLICY))), new) == set()


def test_rounded_figures_a_little_apart_give_nothing_away() -> None:
    rounded = replace(POLICY, rounding_base=5)
    old, new = table({(): 401}), table({(): 404}, scope=LATER)
    assert hidden(protect([new], rounded, register_of(protect([old], rounded))), new) == set()


def test_what_an_earlier_release_gave_away_stops_no_later_one() -> None:
    of = table({("red",): 3, ("green",): 40, ("blue",): 50}, TEAM)
    careless = Register().with_tables(Protected((of,), replace(POLICY, threshold=2), frozenset()).released("careless"))
    protected = protect([of], POLICY, careless)
    assert hidden(protected, of) == {("red",)}
    assert verify(protected, careless) == []


def test_what_was_suppressed_is_not_opened_by_a_table_without_it() -> None:
    """Red is not in the second table, and its count is not known to who releases that: it is still protected."""
    old = table({("red",): 3, ("green",): 40, ("blue",): 50}, TEAM)
    register = register_of(protect([old], POLICY))
    green = table({(): 40}, scope=replace(SPRING, population=(("team", "green"),)))
    protected = protect([green], POLICY, register)
    assert hidden(protected, green) == {()}
    assert verify(Protected((green,), POLICY, frozenset()), register) != []


def test_one_definition_with_two_figures_is_refused() -> None:
    register = register_of(protect([table({(): 40})], POLICY))
    with pytest.raises(MeasureError, match="two different figures"):
        protect([table({(): 41})], POLICY, register)
    rounded = register_of(protect([table({(): 40})], replace(POLICY, rounding_base=5)))
    with pytest.raises(MeasureError, match="two different figures"):
        protect([table({(): 90})], POLICY, rounded)
    with pytest.raises(MeasureError, match="two different figures"):
        protect([table({("North",): 40}, AREA), table({("North",): 41}, AREA)], POLICY)


RED, GREEN, THREE = (Cell(colour, (), SPRING.period, SPRING.as_of) for colour in ("red", "green", "three"))


def twice_red_and_green_are_three(**truths: int) -> System:
    """The programme says that red is up to 1.5."""
    return System(
        {RED: Span(0, 9), GREEN: Span(0, 9), THREE: Span(3, 3)},
        truths={{"red": RED, "green": GREEN}[name]: truth for name, truth in truths.items()},
        equations=[((RED, 2), (GREEN, 1), (THREE, -1))],
    )


def test_an_end_that_only_fractions_reach_is_sought_in_whole_numbers() -> None:
    assert Attacker(twice_red_and_green_are_three(), ()).span(RED, 8) == Span(0, 1)


@pytest.mark.parametrize(("truths", "high"), [({"red": 0, "green": 3}, 0), ({"red": 1, "green": 1}, 1), ({}, 1)])
def test_where_no_whole_numbers_are_found_the_truth_stands_in_or_the_number_below(
    truths: dict[str, int], high: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kept.release.attacker.whole_end", lambda *given: None)
    assert Attacker(twice_red_and_green_are_three(**truths), ()).span(RED, 8) == Span(0, high)


def test_where_no_solution_reaches_far_enough_the_nearest_figure_goes_first() -> None:
    red, three, far = (Cell(colour, (), SPRING.period, SPRING.as_of) for colour in ("red", "three", "far"))
    system = System(
        {red: Span(0, 9), three: Span(1, 4), far: Span(1, 99)},
        printed={far: Span(12, 12), three: Span(3, 3)},
        truths={red: 3, three: 3, far: 12},
        equations=[((red, 1), (three, -1))],
    )
    attacker = Attacker(system, ())
    for expected in (three, far):
        assert further(attacker, red, attacker.span(red, 8), 8) == [expected]
        attacker.hide(expected)
    assert further(attacker, red, attacker.span(red, 8), 8) == []


def test_a_register_that_does_not_add_up_is_refused() -> None:
    of = table({("red",): 3, ("green",): 40, ("blue",): 50}, TEAM)
    protected = Protected((of,), POLICY, frozenset({of.layout.cell(("red",))}))
    wrong = [replace(each, figures={**each.figures, (TOTAL,): 80}) for each in protected.released("spring")]
    later = replace(of, layout=replace(of.layout, scope=LATER))
    with pytest.raises(MeasureError, match="does not add up"):
        protect([later], POLICY, Register().with_tables(wrong))


def test_no_tables_are_no_decision() -> None:
    assert protect([], POLICY) == Protected((), POLICY, frozenset())
    assert verify(protect([], POLICY)) == []


def test_months_that_left_one_by_one_and_then_the_quarter() -> None:
    months = [Period(date(2025, 3, 1), date(2025, 3, 31)), Period(date(2025, 4, 1), date(2025, 4, 30))]
    earlier = [table({(): 40 + at}, scope=replace(SPRING, period=period)) for at, period in enumerate(months)]
    register = register_of(protect(earlier, POLICY))
    quarter = table({(): 40 + 41 + 3})
    assert hidden(protect([quarter], POLICY, register), quarter) == {()}
    larger = table({(): 40 + 41 + 30})
    assert hidden(protect([larger], POLICY, register), larger) == set()


def test_a_period_is_cut_where_others_begin_and_end() -> None:
    def cell(first: tuple[int, int], last: tuple[int, int], as_of: str = "now") -> Cell:
        return Cell("R6-1a", (), Period(date(2025, *first), date(2025, *last)), as_of)

    year, june, autumn = cell((1, 1), (12, 31)), cell((6, 1), (6, 30)), cell((9, 1), (12, 31))
    cut = dict(stretches([autumn, year, june, cell((1, 1), (3, 31), "then")]))
    assert cut == {year: (cell((1, 1), (5, 31)), june, cell((7, 1), (8, 31)), autumn)}
    assert list(stretches([june, autumn])) == []
    half = cell((1, 1), (6, 30))
    assert dict(stretches([year, half])) == {year: (half, cell((7, 1), (12, 31)))}


def test_the_log_is_written_apart(tmp_path: Path) -> None:
    of = table({("red",): 3, ("green",): 40, ("blue",): 50}, TEAM)
    write_log(tmp_path / "log.jsonl", protect([of], POLICY))
    said = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["reason"] for line in said] == ["small count", "protects another cell"]
    assert said[1]["protects"] == said[0]["cell"] == str(of.layout.cell(("red",)))
