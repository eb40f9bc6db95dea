"""Small groups rolled up: nobody is lost, nobody counted twice, and what is shown is large enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.errors import MeasureError
from kept.measures.statistics.rollup import Group, roll_up

PATHS = st.tuples(st.sampled_from("123"), st.sampled_from("AB"), st.sampled_from("NS"), st.just("Force"))
GROUPS = st.dictionaries(
    PATHS.flatmap(lambda path: st.sampled_from([path, path, path[1:], path[2:]])), st.integers(0, 30), max_size=14
).map(lambda sizes: [Group(path, n) for path, n in sizes.items()])


def group(path: str, n: int) -> Group:
    return Group(tuple(path.split("/")), n)


def shown(groups: list[Group], minimum: int = 10) -> list[tuple[str, int]]:
    return [(one.words, one.n) for one in roll_up(groups, minimum)]


def test_what_is_large_enough_stays() -> None:
    assert shown([group("Jo/A/Force", 30), group("Al/A/Force", 12)]) == [("Jo", 30), ("Al", 12)]


def test_small_groups_go_to_the_nearest_that_is_large_enough() -> None:
    groups = [
        group("Jo/A/North/Force", 30),
        group("Al/A/North/Force", 4),
        group("Bo/A/North/Force", 7),
        group("Cy/B/North/Force", 5),
        group("Di/C/South/Force", 3),
        group("Ed/D/South/Force", 8),
    ]
    found = roll_up(groups, 10)
    assert [(one.words, one.n) for one in found] == [
        ("Jo", 30),
        ("others of A (2 small groups together)", 11),
        ("South (2 small groups together)", 11),
        ("others of Force (1 small group together)", 5),
    ]
    assert [one.too_small for one in found] == [False, False, False, True]
    assert found[1].rolled_up == (("Al", "A", "North", "Force"), ("Bo", "A", "North", "Force"))


def test_teams_of_one_name_are_not_mixed() -> None:
    found = roll_up([group("1/CID/North/Force", 6), group("1/CID/South/Force", 6)], 10)
    assert [(one.path, one.n, one.whole) for one in found] == [(("Force",), 12, True)]


def test_cases_that_belong_to_a_team_alone_are_joined() -> None:
    (found,) = roll_up([group("A/Force", 30), group("Jo/A/Force", 2)], 10)
    assert (found.path, found.n, found.whole) == (("A", "Force"), 32, True)
    assert found.rolled_up == (("Jo", "A", "Force"),)


@given(GROUPS, st.integers(1, 20))
def test_nobody_is_lost_or_counted_twice(groups: list[Group], minimum: int) -> None:
    found = roll_up(groups, minimum)
    assert sum(one.n for one in found) == sum(one.n for one in groups)
    named = [path for one in found for path in one.rolled_up]
    named += [one.path for one in found if one.path in {held.path for held in groups} and one.path not in named]
    assert sorted(named) == sorted(one.path for one in groups)
    sizes = {one.path: one.n for one in groups}
    for one in found:
        own = sizes.get(one.path, 0)
        assert one.n == own + sum(sizes[path] for path in one.rolled_up)
        assert all(path[-len(one.path) :] == one.path for path in one.rolled_up)


@given(GROUPS, st.integers(1, 20))
def test_only_the_top_is_ever_too_small(groups: list[Group], minimum: int) -> None:
    found = roll_up(groups, minimum)
    small = [one for one in found if one.n < minimum]
    assert [one for one in found if one.too_small] == small
    assert all(len(one.path) == 1 for one in small)
    assert len(small) <= 1
    large = {one.path for one in groups if one.n >= minimum}
    assert large <= {one.path for one in roll_up(groups, minimum)}


def test_nothing_shows_nothing() -> None:
    assert roll_up([], 10) == []


@pytest.mark.parametrize(
    ("groups", "minimum"),
    [
        ([Group((), 3)], 10),
        ([Group(("A",), 3), Group(("A",), 4)], 10),
        ([Group(("A",), -1)], 10),
        ([Group(("A",), 1)], 0),
    ],
)
def test_what_cannot_be_is_refused(groups: list[Group], minimum: int) -> None:
    with pytest.raises(MeasureError):
        roll_up(groups, minimum)
