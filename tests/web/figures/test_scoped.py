"""Whose figures somebody may see: their own units, narrowed, and nothing that a denied unit held."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.measures.asked import Opened
from kept.measures.question import Question
from kept.web.figures.reading import measures_of
from kept.web.figures.scoped import FORCE, Place, asked_within, narrowed, of_unit, only_of, places_of
from kept.web.people.policy import Denial, Grant, Scope, Unit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLACES = [
    Place("North", "response", "Red"),
    Place("North", "response", "Green"),
    Place("South", "response", "Blue"),
    Place("South", "investigations", "Black"),
    Place(),
]
RED, BLUE, NORTH, SOUTH = Unit("team", "Red"), Unit("team", "Blue"), Unit("area", "North"), Unit("area", "South")


def scope(*units: Unit, role: str = "supervisor", denied: tuple[Unit, ...] = ()) -> Scope:
    grants = tuple(Grant(one, NOW, None, role) for one in units)
    return Scope(NOW, "", grants, tuple(Denial(one, NOW) for one in denied))


def test_the_force_is_all_that_is_said_where_it_is_among_the_units() -> None:
    assert only_of(scope(RED, FORCE)) == (FORCE,)
    assert only_of(scope(RED, NORTH)) == (NORTH, RED)


@pytest.mark.parametrize(
    "role", ["investigator", "commissioner", "governance", "administrator", "witness_care", "none"]
)
def test_a_role_without_figures_has_no_units(role: str) -> None:
    assert only_of(scope(FORCE, role=role)) == ()


def test_an_investigation_has_no_figures() -> None:
    assert only_of(scope(Unit("investigation", "I1"))) == ()


def test_another_team_s_figures_are_not_in_scope() -> None:
    assert asked_within(scope(RED), BLUE, {}, PLACES) is None
    assert asked_within(scope(RED), RED, {"team": "Blue"}, PLACES) is None
    assert asked_within(scope(RED), FORCE, {"team": "Red"}, PLACES) is None
    assert asked_within(scope(RED), RED, {"sex": "female"}, PLACES) == {"sex": "female", "team": "Red"}


def test_what_a_denied_unit_held_is_shown_in_no_total() -> None:
    one = scope(FORCE, denied=(BLUE,))
    assert asked_within(one, FORCE, {}, PLACES) is None
    assert asked_within(one, FORCE, {"area": "South"}, PLACES) is None
    assert asked_within(one, FORCE, {"department": "response"}, PLACES) is None
    assert asked_within(one, FORCE, {"area": "North"}, PLACES) == {"area": "North"}
    assert narrowed(one, FORCE, PLACES) == {
        "area": ["North"], "department": ["investigations"], "team": ["Black", "Green", "Red"],
    }  # fmt: skip


def test_a_denial_of_the_force_leaves_nothing() -> None:
    assert asked_within(scope(FORCE, denied=(FORCE,)), FORCE, {"team": "Red"}, PLACES) is None


def test_units_by_which_to_narrow_are_those_of_the_unit() -> None:
    assert narrowed(scope(NORTH), NORTH, PLACES) == {
        "area": ["North"], "department": ["response"], "team": ["Green", "Red"],
    }  # fmt: skip


UNITS = [FORCE, NORTH, SOUTH, RED, BLUE, Unit("department", "response"), Unit("team", "")]
NARROWER = st.dictionaries(st.sampled_from(["area", "department", "team", "sex"]), st.sampled_from(
    ["North", "South", "response", "Red", "Blue", "unknown"]), max_size=3)  # fmt: skip


@given(
    granted=st.lists(st.sampled_from(UNITS), max_size=3),
    denied=st.lists(st.sampled_from(UNITS), max_size=2),
    unit=st.sampled_from(UNITS),
    narrower=NARROWER,
)
def test_every_place_that_is_counted_lies_in_a_unit_given_and_in_none_denied(
    granted: list[Unit], denied: list[Unit], unit: Unit, narrower: dict[str, str]
) -> None:
    only = asked_within(scope(*granted, denied=tuple(denied)), unit, narrower, PLACES)
    if only is None:
        return
    counted = [one for one in PLACES if one.lies_in(only)]
    assert all(any(one.lies_in(of_unit(own)) for own in granted if own.name or own == FORCE) for one in counted)
    assert not any(one.lies_in(of_unit(unit)) for one in counted for unit in denied if unit.name or unit == FORCE)


def test_the_places_of_a_run_are_those_that_its_figures_have(at: Opened) -> None:
    places = places_of(at)
    figures = at.figures(measures_of(at.run)["whole-code"], Question(by=("area", "team")))
    assert {(one.values[0] or "", one.values[1] or "") for one in figures} <= {(one.area, one.team) for one in places}
    assert len({one.team for one in places}) > 3
