"""Facts as then known, and conditions in three values."""

from typing import Any

import pytest

from kept.code import build
from kept.code.model import Citation, TermDefinition
from kept.contract.vocabulary import standard
from kept.engine.entries import Entry, Subject, Timeline
from kept.engine.reading import Knowledge, Reader
from tests.support.engine import ENHANCED, INVESTIGATION, VICTIM, T, duty, event, fact, only

TERMS = {
    name: TermDefinition(name, name, build.condition(when), "sourced", Citation("test"))
    for name, when in ENHANCED.items()
}
START = event("suspect_arrested", 10, suspect="S1", by=None)


def reader(*facts: Entry, as_of: float = 1000, subject: Subject = VICTIM) -> Reader:
    return Reader(Timeline(subject, facts, (), T(as_of)), standard().attributes, TERMS)


def known(at: float = 10, by: float | None = None, **scope: str) -> Knowledge:
    return Knowledge(T(at), T(at if by is None else by), START, **{"crime": "C1", "victim": "V1", **scope})


def value(*facts: Entry, at: float = 10, by: float | None = None, as_of: float = 1000) -> str | None:
    return reader(*facts, as_of=as_of).value("outcome", known(at, by))


# -- as then known -------------------------------------------------------------------------------------------------


def test_nothing_recorded_is_nothing_known() -> None:
    assert value() is None


def test_the_latest_value_that_held_counts() -> None:
    assert value(fact("outcome", "1", 0), fact("outcome", "2", 5), fact("outcome", "3", 11)) == "2"


def test_a_value_holds_from_its_very_moment() -> None:
    assert value(fact("outcome", "1", 0), fact("outcome", "2", 10)) == "2"


def test_of_two_values_from_one_moment_the_one_entered_later_counts() -> None:
    assert value(fact("outcome", "1", 0, entered=2, id="b"), fact("outcome", "2", 0, entered=1, id="c")) == "1"


def test_a_value_entered_late_fills_a_gap() -> None:
    assert value(fact("outcome", "1", 0, entered=40)) == "1"


def test_a_value_entered_late_never_replaces_what_was_known() -> None:
    assert value(fact("outcome", "1", 0), fact("outcome", "2", 5, entered=40)) == "1"


def test_of_values_entered_late_the_first_entered_fills_the_gap() -> None:
    assert value(fact("outcome", "1", 5, entered=50), fact("outcome", "2", 0, entered=40)) == "2"


def test_a_value_that_holds_only_from_later_fills_no_gap() -> None:
    assert value(fact("outcome", "1", 11, entered=11)) is None


def test_what_was_known_to_be_blank_is_no_gap() -> None:
    assert value(fact("outcome", None, 0), fact("outcome", "1", 5, entered=40)) is None


def test_a_blank_ends_an_earlier_value() -> None:
    assert value(fact("outcome", "1", 0), fact("outcome", None, 5)) is None


def test_a_later_moment_of_entry_lets_more_be_known() -> None:
    facts = (fact("outcome", "1", 0), fact("outcome", "2", 5, entered=40))
    assert value(*facts, by=40) == "2"


def test_an_earlier_as_of_sees_no_later_entry() -> None:
    assert value(fact("outcome", "1", 0, entered=40), as_of=39) is None


def test_a_corrected_value_was_never_so() -> None:
    wrong = fact("outcome", "1", 0, withdrawn=T(40))
    right = fact("outcome", "2", 0, entered=40, id="right")
    assert [value(wrong, right, as_of=as_of) for as_of in (39, 40, 41)] == ["1", "2", "2"]


@pytest.mark.parametrize(
    ("crime", "victim", "read"),
    [(None, None, "1"), ("C1", None, "1"), ("C1", "V1", "1"), ("C2", None, None), ("C1", "V2", None)],
)
def test_on_an_investigation_only_facts_of_what_the_start_is_about_are_read(
    crime: str | None, victim: str | None, read: str | None
) -> None:
    found = reader(fact("outcome", "1", 0, crime=crime, victim=victim), subject=INVESTIGATION)
    assert found.value("outcome", known()) == read


def test_a_start_entered_late_knows_what_had_been_entered_by_then() -> None:
    what = duty(limit={"days": 5, "enhanced": {"days": 1}})
    found = [fact("domestic_abuse", "false", -9), fact("domestic_abuse", "true", -5, entered=20)]
    assert only(what, [*found, event("suspect_arrested", 0)]).limit == "5 days"
    assert only(what, [*found, event("suspect_arrested", 0, entered=20)]).limit == "1 day"


# -- three values --------------------------------------------------------------------------------------------------

YES, NO, UNKNOWN = {"fact": "domestic_abuse"}, {"fact": "hate"}, {"fact": "review_eligible"}
SAID = (fact("domestic_abuse", "true"), fact("age", "17.5"), fact("victim_kind", "person"))


@pytest.mark.parametrize(
    ("content", "holds"),
    [
        (YES, True),
        (NO, False),
        (UNKNOWN, None),
        ({"not": YES}, False),
        ({"not": UNKNOWN}, None),
        ({"all": [YES, UNKNOWN]}, None),
        ({"all": [NO, UNKNOWN]}, False),
        ({"any": [YES, UNKNOWN]}, True),
        ({"any": [NO, UNKNOWN]}, None),
        ({"not": {"any": [NO, {"all": [YES, UNKNOWN]}]}}, None),
        ({"fact": "age", "below": 18}, True),
        ({"fact": "age", "at_least": 17.5}, True),
        ({"fact": "age", "at_least": 18, "below": 60}, False),
        ({"fact": "sentence_length", "at_least": 12}, None),
        ({"fact": "sentence_length", "known": True}, False),
        ({"fact": "age", "known": True}, True),
        ({"fact": "victim_kind", "is": ["person", "spokesperson"]}, True),
        ({"fact": "victim_kind", "is": ["business"]}, False),
        ({"start": {"suspect": ["S1", "S2"]}}, True),
        ({"start": {"by": "cps"}}, False),
        ({"term": "enhanced_gate"}, True),
        ({"term": "enhanced"}, True),
    ],
)
def test_a_condition_holds_or_not_or_cannot_be_told(content: Any, holds: bool | None) -> None:
    assert reader(*SAID).holds(build.condition(content), known()) is holds


def test_no_condition_holds() -> None:
    assert reader().holds(None, known()) is True


def test_what_could_not_be_told_is_named() -> None:
    found = reader()
    assert found.holds(build.condition({"all": [UNKNOWN, {"fact": "outcome", "is": "1"}]}), known()) is None
    assert found.missing == ["review_eligible", "outcome"]


def test_an_unknown_condition_makes_the_obligation_not_measurable_and_names_the_fact() -> None:
    row = only(duty(applies=UNKNOWN), [event("suspect_arrested", 0), event("victim_told", 1)])
    assert (row.state, row.missing) == ("not_measurable", "review_eligible")
