"""What must always hold of suppression, held against every table that there could be (`by_hand`)."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kept.release.cells import TOTAL, Breakdown, Place, Table
from kept.release.disclosure import Protected, protect, verify
from kept.release.markers import Suppressed
from kept.release.policy import Policy
from kept.release.register import Register
from tests.unit.release.by_hand import AREA, POLICY, SEX, SPRING, TEAM, fits, possible, table, whole

ROUNDED = replace(POLICY, rounding_base=3)
WITHOUT_ZEROS = replace(POLICY, zeros="suppressed")
KEPT = Breakdown("kept", ("met", "not met"), unprinted=frozenset({"not met"}))
RANGE = Breakdown("kept", ("met", "silent", "missed"), {"at best": ("met", "silent")}, frozenset({"silent", "missed"}))
LATER = replace(SPRING, as_of="2025-10-01T00:00:00+01:00")
NARROWER = replace(SPRING, population=(("flag", "hate"),))
LAYOUTS: list[tuple[Breakdown, ...]] = [(AREA, SEX), (TEAM,), (AREA, KEPT), (RANGE,)]

layouts = st.sampled_from(LAYOUTS)
policies = st.sampled_from([POLICY, ROUNDED, WITHOUT_ZEROS])


@st.composite
def tables(draw: st.DrawFn, most: int = 9) -> Table:
    """A small table with small counts, so that every other can be tried."""
    breakdowns = draw(layouts)
    innermost = list(table({}, *breakdowns).layout.innermost())
    return table({place: draw(st.integers(0, most)) for place in innermost}, *breakdowns)


def small_places(protected: Protected, of: Table) -> list[Place]:
    return [place for place in of.layout.places() if protected.policy.is_small(of.counts[place])]


@settings(max_examples=50, deadline=None)
@given(tables(), policies)
def test_no_small_count_can_be_placed_more_narrowly_than_the_policy_says(of: Table, policy: Policy) -> None:
    protected = protect([of], policy)
    tried = possible(protected, of)
    for place in small_places(protected, of):
        assert np.ptp(tried[place]) >= policy.width, place
    assert verify(protected) == []


@settings(max_examples=40, deadline=None)
@given(tables())
def test_what_is_printed_is_not_small_and_parts_add_up(of: Table) -> None:
    protected = protect([of], POLICY)
    figures = {place: protected.figure(of, place) for place in of.layout.printed()}
    assert all(figure == of.counts[place] for place, figure in figures.items() if isinstance(figure, int))
    for place, parts in of.layout.sums():
        shown = [figures.get(at) for at in (place, *parts)]
        if all(isinstance(figure, int) for figure in shown):
            assert shown[0] == sum(figure for figure in shown[1:] if isinstance(figure, int))


@settings(max_examples=40, deadline=None)
@given(tables(), policies)
def test_suppression_is_logged_once_a_cell_and_never_hides_a_shown_zero(of: Table, policy: Policy) -> None:
    protected = protect([of], policy)
    assert sorted(decision.cell for decision in protected.log) == sorted(protected.hidden)
    assert protected.hidden <= {of.layout.cell(place) for place in of.layout.printed()}
    if policy.zeros == "shown":
        assert not [at for at in of.layout.printed() if of.layout.cell(at) in protected.hidden and not of.counts[at]]


@settings(max_examples=40, deadline=None)
@given(tables(most=40), policies)
def test_nothing_is_suppressed_where_nothing_is_small(of: Table, policy: Policy) -> None:
    raised = {place: of.counts[place] + policy.threshold for place in of.layout.innermost()}
    of = table(raised, *of.layout.breakdowns)
    assert protect([of], policy).hidden == frozenset()


@settings(max_examples=40, deadline=None)
@given(tables(), st.data())
def test_a_check_finds_what_a_careless_hand_shows_again(of: Table, data: st.DataObject) -> None:
    """Whatever is taken back from the suppressed: either the check objects, or trying every table finds no harm."""
    protected = protect([of], POLICY)
    assume(protected.hidden)
    shown = data.draw(st.sampled_from(sorted(protected.hidden)))
    careless = replace(protected, hidden=protected.hidden - {shown})
    if not verify(careless):
        tried = possible(careless, of)
        assert all(np.ptp(tried[place]) >= POLICY.width for place in small_places(careless, of))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.sampled_from([POLICY, ROUNDED]))
def test_two_releases_of_a_later_moment_do_not_give_away_a_small_change(counts: list[int], policy: Policy) -> None:
    old = table({(team,): count for team, count in zip(TEAM.values, counts[:3], strict=True)}, TEAM)
    new = table({(team,): count for team, count in zip(TEAM.values, counts[3:], strict=True)}, TEAM, scope=LATER)
    before = protect([old], policy)
    after = protect([new], policy, Register().with_tables(before.released("spring")))
    then, now = possible(before, old), possible(after, new)
    for place in new.layout.places():
        if 0 < abs(new.counts[place] - old.counts[place]) < policy.threshold:
            assert np.ptp(then[place]) + np.ptp(now[place]) >= policy.width


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_a_population_with_one_filter_more_does_not_give_away_the_others(counts: list[int]) -> None:
    inside, outside = counts[:3], counts[3:]
    everybody = [ours + theirs for ours, theirs in zip(inside, outside, strict=True)]
    old = table(dict(zip([(team,) for team in TEAM.values], everybody, strict=True)), TEAM)
    new = table(dict(zip([(team,) for team in TEAM.values], inside, strict=True)), TEAM, scope=NARROWER)
    before = protect([old], POLICY)
    register = Register().with_tables(before.released("spring"))
    after = protect([new], POLICY, register)
    assert verify(after, register) == []
    rest = _left_over(before, old, after, new)
    for place in new.layout.places():
        if 0 < old.counts[place] - new.counts[place] < POLICY.threshold:
            assert np.ptp(rest[place]) >= POLICY.width, place
        if 0 < new.counts[place] < POLICY.threshold:
            assert after.figure(new, place) == Suppressed()


def _left_over(before: Protected, old: Table, after: Protected, new: Table) -> dict[Place, np.ndarray]:
    """What may be left over at each place, over every pair of tables of which the one is within the other."""
    then, now = possible(before, old), possible(after, new)
    within = np.ones((len(then[whole(old)]), len(now[whole(new)])), dtype=bool)
    for place in old.layout.innermost():
        within &= then[place][:, None] >= now[place][None, :]
    return {place: (then[place][:, None] - now[place][None, :])[within] for place in old.layout.places()}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_tables_that_share_margins_do_not_give_each_other_away(counts: list[int]) -> None:
    crossed = table(dict(zip([(a, s) for a in AREA.values for s in SEX.values], counts, strict=True)), AREA, SEX)
    by_area = table({(area,): crossed.counts[area, TOTAL] for area in AREA.values}, AREA)
    protected = protect([crossed, by_area], POLICY)
    for area in (*AREA.values, TOTAL):
        assert protected.figure(by_area, (area,)) == protected.figure(crossed, (area, TOTAL))
    assert verify(protected) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 2, 5, 20]), min_size=12, max_size=12), policies)
def test_three_breakdowns_leave_nothing_to_be_found(counts: list[int], policy: Policy) -> None:
    places = table({}, AREA, SEX, TEAM).layout.innermost()
    of = table(dict(zip(places, counts, strict=True)), AREA, SEX, TEAM)
    assert verify(protect([of], policy)) == []


OFFENCE = Breakdown("offence", tuple("abcde"))
STATION = Breakdown("station", tuple("pqrs"))


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False), policies)
def test_what_was_protected_always_passes_the_check(random: Random, policy: Policy) -> None:
    """Ranges by two breakdowns: there programmes end in fractions, and a check that gave up sooner would object."""
    counts = {
        place: random.choice((0, 0, 1, 2, 6, 30)) for place in table({}, OFFENCE, STATION, RANGE).layout.innermost()
    }
    crossed = table(counts, OFFENCE, STATION, RANGE)
    by_station = table({(at,): crossed.counts[TOTAL, at, TOTAL] for at in STATION.values}, STATION)
    later = table(
        {(at,): crossed.counts[TOTAL, at, TOTAL] + random.choice((0, 1, 9)) for at in STATION.values},
        STATION,
        scope=LATER,
    )
    register = Register().with_tables(protect([by_station], policy).released("spring"))
    assert verify(protect([crossed], policy)) == []
    assert verify(protect([crossed, later], policy, register), register) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_a_release_by_area_does_not_open_an_earlier_one_by_area_and_sex(counts: list[int]) -> None:
    crossed = table(dict(zip([(a, s) for a in AREA.values for s in SEX.values], counts, strict=True)), AREA, SEX)
    by_sex = table({(sex,): crossed.counts[TOTAL, sex] for sex in SEX.values}, SEX)
    before = protect([crossed], POLICY)
    after = protect([by_sex], POLICY, Register().with_tables(before.released("spring")))
    tried = possible(before, crossed)
    both = np.ones(len(tried[whole(crossed)]), dtype=bool)
    for (sex,) in by_sex.layout.places():
        both &= fits(after, by_sex, (sex,), tried[TOTAL, sex])
    for place in small_places(before, crossed):
        assert np.ptp(tried[place][both]) >= POLICY.width, place


@pytest.mark.parametrize("earlier_hides", [("red", "green"), ("green", "blue")])
def test_a_second_pattern_over_the_same_figures_does_not_open_the_first(earlier_hides: tuple[str, str]) -> None:
    of = table({("red",): 2, ("green",): 20, ("blue",): 30}, TEAM)
    hidden = frozenset(of.layout.cell((team,)) for team in (*earlier_hides, "red"))
    register = Register().with_tables(Protected((of,), POLICY, hidden).released("spring"))
    again = protect([of], POLICY, register)
    assert again.figure(of, ("green",)) == Suppressed()
    assert verify(again, register) == []
