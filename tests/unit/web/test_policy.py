"""Who may see what, for whatever was given and denied: the promises that hold for all scopes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.engine.entries import Posting
from kept.web.people.policy import (
    BECAUSE,
    NOBODY,
    Denial,
    Grant,
    Investigation,
    Scope,
    Unit,
    decide,
    holds_now,
    may,
    may_in,
    may_open,
    named,
    units_opened,
)
from kept.web.people.roles import ABILITIES, LEVELS, ROLES

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
OFFICERS = ("", "O1", "O2")
NAMES = ("", "A", "B")

moments = st.integers(-60, 5).map(lambda days: NOW + timedelta(days=days))
ends = st.none() | moments
units = st.builds(Unit, st.sampled_from(LEVELS), st.sampled_from((*NAMES, "I1")))
grants = st.builds(Grant, units, moments, ends, st.sampled_from(tuple(ROLES)))
denials = st.builds(Denial, units, moments, ends)
scopes = st.builds(
    Scope, st.just(NOW), st.sampled_from(OFFICERS), st.lists(grants, max_size=4).map(tuple),
    st.lists(denials, max_size=1).map(tuple), st.integers(0, 40).map(lambda days: timedelta(days=days)),
)  # fmt: skip
names = st.none() | st.sampled_from(NAMES)
postings = st.builds(Posting, moments, ends, st.none() | st.sampled_from(OFFICERS), names, names, names)
investigations = st.builds(
    Investigation, st.sampled_from(("I1", "I2")), st.lists(postings, max_size=3).map(tuple), st.booleans(),
    st.frozensets(st.sampled_from(OFFICERS[1:]), max_size=1),
)  # fmt: skip


def test_what_touches_everybody_is_had_for_the_whole_force_alone() -> None:
    for role, ability in {"administrator": "people", "governance": "log", "analyst": "records"}.items():
        whole, part = (Grant(unit, NOW, role=role) for unit in (Unit("force"), Unit("team", "A")))
        assert may(Scope(NOW, grants=(whole,)), ability)
        assert not may(Scope(NOW, grants=(part,)), ability)
        assert may(Scope(NOW, grants=(part, whole)), ability)


def scope(*given: Grant, officer: str = "O1", denied: tuple[Denial, ...] = (), days: int = 28) -> Scope:
    return Scope(NOW, officer, given, denied, timedelta(days=days))


def grant(role: str, level: str = "force", name: str = "") -> Grant:
    return Grant(Unit(level, name), NOW - timedelta(days=9), None, role)


def held(officer: str, ended: int | None = None, team: str = "A") -> Posting:
    end = None if ended is None else NOW - timedelta(days=ended)
    return Posting(NOW - timedelta(days=90), end, officer, team, "response", "North")


@given(investigations)
def test_who_was_given_nothing_sees_nothing(found: Investigation) -> None:
    for nobody in (NOBODY, scope(officer="O1"), scope(officer="")):
        assert not may_open(nobody, found)
        assert not holds_now(nobody, found)
        assert not any(may(nobody, ability) for ability in ABILITIES)


@given(scopes, investigations)
def test_deny_wins(one: Scope, found: Investigation) -> None:
    for unit in (Unit("force"), Unit("investigation", found.id)):
        denied = replace(one, denials=(Denial(unit, NOW - timedelta(days=1)),))
        assert not may_open(denied, found)


@given(scopes, investigations, denials)
def test_a_denial_never_opens_anything(one: Scope, found: Investigation, denial: Denial) -> None:
    assert may_open(one, found) or not may_open(replace(one, denials=(*one.denials, denial)), found)


@given(scopes, investigations)
def test_nobody_sees_a_restricted_case_without_being_named_for_it(one: Scope, found: Investigation) -> None:
    restricted = replace(found, restricted=True)
    assert named(one, restricted) or not may_open(one, restricted)


@given(scopes, investigations)
def test_who_is_barred_never_sees_it(one: Scope, found: Investigation) -> None:
    assert not one.officer or not may_open(one, replace(found, barred=frozenset({one.officer})))


@given(scopes, investigations, grants)
def test_a_further_role_never_takes_anything_away(one: Scope, found: Investigation, more: Grant) -> None:
    wider = replace(one, grants=(*one.grants, more))
    assert may_open(wider, found) or not may_open(one, found)
    assert all(may(wider, ability) for ability in ABILITIES if may(one, ability))


@given(scopes, investigations)
def test_a_role_for_the_force_loses_nothing_that_it_gave_for_a_part(one: Scope, found: Investigation) -> None:
    open_to_all = replace(found, restricted=False)
    parts = tuple(replace(given, unit=Unit("force")) for given in one.grants)
    assert may_open(replace(one, grants=parts), open_to_all) or not may_open(one, open_to_all) or _by_name(one, found)


def _by_name(one: Scope, found: Investigation) -> bool:
    """An investigator named for a case that they never held sees it by that name alone."""
    return named(one, found)


@given(scopes, investigations)
def test_the_commissioner_s_office_gets_cells_and_no_case(one: Scope, found: Investigation) -> None:
    office = replace(one, grants=tuple(replace(given, role="commissioner") for given in one.grants))
    assert not may_open(office, found)
    assert {ability for ability in ABILITIES if may(office, ability)} <= {"cells"}


@given(scopes, investigations)
def test_who_holds_it_now_is_an_officer_in_scope(one: Scope, found: Investigation) -> None:
    if holds_now(one, found):
        assert may_open(one, found)
        assert one.officer in {posting.officer for posting in found.postings}


@given(scopes, investigations)
def test_a_decision_says_why(one: Scope, found: Investigation) -> None:
    made = decide(one, found)
    assert made.because in BECAUSE
    assert made.opens == (made.because in ("named", "role"))


@pytest.mark.parametrize(("ended", "opens"), [(None, True), (0, True), (27, True), (28, False), (29, False)], ids=str)
def test_a_case_stays_in_sight_for_so_many_days(ended: int | None, opens: bool) -> None:
    found = Investigation("I1", (held("O1", ended), held("O2")))
    assert may_open(scope(grant("investigator")), found) is opens
    assert holds_now(scope(grant("investigator")), found) is (ended is None)


def test_an_investigator_opens_what_they_hold_and_a_supervisor_what_the_team_does() -> None:
    of_o2 = Investigation("I1", (held("O2"),))
    assert not may_open(scope(grant("investigator")), of_o2)
    assert may_open(scope(grant("supervisor", "team", "A")), of_o2)
    assert not may_open(scope(grant("supervisor", "team", "B")), of_o2)
    assert not holds_now(scope(grant("supervisor", "team", "A")), of_o2)


def test_a_posting_that_has_not_begun_opens_nothing() -> None:
    later = Posting(NOW + timedelta(days=1), None, "O1", "A")
    assert not may_open(scope(grant("investigator")), Investigation("I1", (later,)))


def test_a_role_holds_from_its_first_moment_and_not_at_its_last() -> None:
    found = Investigation("I1")
    dated = grant("auditor")
    assert may_open(scope(replace(dated, since=NOW)), found)
    assert not may_open(scope(replace(dated, until=NOW)), found)
    assert not may_open(scope(replace(dated, since=NOW + timedelta(seconds=1))), found)


def test_who_is_named_sees_a_restricted_case_and_no_other() -> None:
    one = scope(grant("supervisor", "investigation", "I1"), grant("supervisor"))
    assert may_open(one, Investigation("I1", restricted=True))
    assert not may_open(one, Investigation("I2", restricted=True))
    assert not may_open(scope(grant("administrator", "investigation", "I1")), Investigation("I1"))


def test_a_denied_team_is_denied_for_what_it_once_held() -> None:
    denied = (Denial(Unit("team", "B"), NOW - timedelta(days=1)),)
    found = Investigation("I1", (held("O1"), held("O2", 80, team="B")))
    assert not may_open(scope(grant("investigator"), denied=denied), found)


def test_a_role_that_is_not_known_gives_nothing() -> None:
    assert not may_open(scope(grant("nonesuch")), Investigation("I1", (held("O1"),)))


def test_every_ability_is_some_role_s_and_every_role_s_ability_is_known() -> None:
    assert {ability for role in ROLES.values() for ability in role.abilities} == set(ABILITIES)


@given(scopes, investigations, st.sampled_from(tuple(ABILITIES)))
def test_an_ability_in_a_case_asks_for_the_case_and_for_the_ability(
    one: Scope, found: Investigation, ability: str
) -> None:
    if may_in(one, ability, found):
        assert may_open(one, found)
        assert may(one, ability)


def test_a_supervisor_of_one_team_supervises_no_case_that_another_role_opens() -> None:
    elsewhere, here = Investigation("I1", (held("O1", team="B"),)), Investigation("I2", (held("O2", team="A"),))
    both = scope(grant("supervisor", "team", "A"), grant("investigator"))
    assert may_open(both, elsewhere)
    assert not may_in(both, "supervise", elsewhere)
    assert may_in(both, "supervise", here)


def test_units_are_those_of_roles_that_open_them_and_have_the_ability() -> None:
    both = scope(grant("supervisor", "team", "A"), grant("champion", "area", "North"), grant("witness_care"))
    assert units_opened(both, "figures") == [Unit("team", "A")]
