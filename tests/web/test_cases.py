"""Lists of cases, asked of all at once, hold the same cases as asking the policy about each."""

from datetime import timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kept.web.people.cases import Cases, cases
from kept.web.people.policy import Denial, Grant, Investigation, Scope, Unit, may_open
from kept.web.people.roles import ROLES
from tests.web.conftest import NOW, ago

IDS = [f"I{number}" for number in range(1, 8)]
units = st.sampled_from(
    [
        Unit("force"),
        Unit("team", "Red"),
        Unit("team", "Blue"),
        Unit("team"),
        Unit("area", "North"),
        Unit("area", "x"),
        Unit("department", "response"),
        *(Unit("investigation", one) for one in (*IDS, "none")),
    ]
)
begun = st.sampled_from([ago(50), ago(1), NOW + timedelta(days=1)])
ended = st.sampled_from([None, None, ago(2), NOW + timedelta(days=2)])
grants = st.builds(Grant, units, begun, ended, st.sampled_from([*ROLES, "nonesuch"]))
scopes = st.builds(
    Scope, st.just(NOW), st.sampled_from(["", "O1", "O2", "O9"]), st.lists(grants, max_size=3).map(tuple),
    st.lists(st.builds(Denial, units, begun, ended), max_size=1).map(tuple),
    st.sampled_from([timedelta(0), timedelta(days=28), timedelta(days=60)]),
)  # fmt: skip


@pytest.fixture
def known() -> Cases:
    return cases()


@cache
def investigations(known: Cases) -> list[Investigation]:
    return [found for one in IDS if (found := known.investigation(one))]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scope=scopes)
def test_a_list_holds_what_the_policy_opens(known: Cases, scope: Scope) -> None:
    assert known.within(scope) == [one.id for one in investigations(known) if may_open(scope, one)]


def test_what_decides_is_read_from_the_store(known: Cases) -> None:
    found = known.investigation("I5")
    assert found is not None
    assert (found.restricted, found.barred) == (True, frozenset({"O1"}))
    assert [one.officer for one in found.postings] == ["O1"]
    assert known.investigation("I8") is None


def test_a_victim_is_found_with_person_and_investigation(known: Cases) -> None:
    found = known.victim("V3")
    assert found is not None
    assert (found.investigation, found.person) == ("I3", "P3")
    assert known.victim("V8") is None
    assert [one.id for one in known.victims("I3")] == ["V3"]


def test_no_more_are_listed_than_asked_for(known: Cases) -> None:
    everything = Scope(NOW, "", (Grant(Unit("force"), ago(1), None, "auditor"),))
    assert len(known.within(everything, 2)) == 2
    assert len(known.within(everything)) == 5
