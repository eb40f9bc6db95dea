"""From the contract's tables to obligations: late victims, corrections, second sources, and what an as-of may see."""

from typing import Any

import pytest

from kept.code.model import Duty
from kept.engine.obligation import Obligation
from tests.support.engine import ALWAYS, T, duty, edition, rulebook
from tests.support.tables import Row, evaluated


def moment(name: str, at: float, entered: float | None = None) -> Row:
    return {name: T(at), "entered_at": T(at if entered is None else entered), "source": "custody"}


def happened(ident: str, kind: str, at: float, entered: float | None = None, **fields: Any) -> Row:
    return {"event_id": ident, "kind": kind, **moment("occurred_at", at, entered), **fields}


def held(ident: str, attribute: str, value: str, at: float, entered: float | None = None, **fields: Any) -> Row:
    subject = {"subject_kind": "crime", "subject": "C1"}
    value_of = {"fact_id": ident, "attribute": attribute, "value": value}
    return {**value_of, **subject, **moment("valid_from", at, entered), **fields}


def world(*events: Row, facts: tuple[Row, ...] = (), **more: list[Row]) -> dict[str, list[Row]]:
    return {
        "crimes": [{"crime": "C1", "investigation": "I1", "entered_at": T(-9)}, *more.pop("crimes", [])],
        "victims": [
            {"victim": "V1", "crime": "C1", "person": "P1", "entered_at": T(-9)},
            *more.pop("victims", []),
        ],
        "events": list(events),
        "facts": list(facts),
        **more,
    }


def obligations(what: Duty, records: dict[str, list[Row]], as_of: float = 1000) -> list[Obligation]:
    return evaluated(records, rulebook((edition(what), ALWAYS, None)), T(as_of)).obligations


TOLD = duty()
ARREST = happened("E1", "suspect_arrested", 0, crime="C1", suspect="S1")


def test_an_event_of_a_crime_is_owed_to_each_of_its_victims() -> None:
    records = world(ARREST, victims=[{"victim": "V2", "crime": "C1", "person": "P2", "entered_at": T(-9)}])
    assert [row.victim for row in obligations(TOLD, records)] == ["V1", "V2"]


def test_a_victim_added_later_is_owed_it_but_an_earlier_as_of_does_not_see_them() -> None:
    records = world(ARREST, victims=[{"victim": "V2", "crime": "C1", "person": "P2", "entered_at": T(30)}])
    assert [row.victim for row in obligations(TOLD, records, 29)] == ["V1"]
    assert [row.victim for row in obligations(TOLD, records, 30)] == ["V1", "V2"]


def test_what_another_victim_is_told_answers_nothing() -> None:
    records = world(
        ARREST,
        happened("A", "victim_told", 1, victim="V2"),
        victims=[{"victim": "V2", "crime": "C1", "person": "P2", "entered_at": T(-9)}],
    )
    assert [row.state for row in obligations(TOLD, records)] == ["no_record", "met"]


def test_what_a_person_is_told_counts_for_every_crime_of_theirs_in_the_investigation() -> None:
    records = world(
        happened("E1", "suspect_arrested", 0, investigation="I1"),
        happened("A", "victim_told", 1, victim="V1"),
        crimes=[{"crime": "C2", "investigation": "I1", "entered_at": T(-9)}],
        victims=[{"victim": "V2", "crime": "C2", "person": "P1", "entered_at": T(-9)}],
    )
    assert [(row.victim, row.state) for row in obligations(TOLD, records)] == [("V1", "met"), ("V2", "met")]


def test_an_arrest_from_two_systems_is_one_obligation() -> None:
    records = world(ARREST, happened("B1", "suspect_arrested", 0.1, crime="C1", suspect="S1", source="crime system"))
    assert [row.start_id for row in obligations(TOLD, records)] == ["E1"]


def test_an_arrest_voided_later_is_owed_nothing_from_then_on() -> None:
    voided = {"event_id": "X", "kind": "suspect_arrested", "voids": "E1", "entered_at": T(20), "source": "custody"}
    records = world(ARREST, voided)
    assert [row.state for row in obligations(TOLD, records, 19)] == ["no_record"]
    assert obligations(TOLD, records, 20) == []


ENHANCED = duty(limit={"days": 5, "enhanced": {"days": 1}})


def test_a_reclassification_leaves_what_was_due_as_it_was() -> None:
    reclassified = held("F2", "domestic_abuse", "true", -1, 40)
    records = world(ARREST, facts=(held("F1", "domestic_abuse", "false", -1), reclassified))
    assert {obligations(ENHANCED, records, as_of)[0].limit for as_of in (5, 30, 39, 41, 1000)} == {"5 days"}


def test_a_correction_says_what_should_have_been_known() -> None:
    corrected = held("F2", "domestic_abuse", "true", -1, 40, supersedes="F1")
    records = world(ARREST, facts=(held("F1", "domestic_abuse", "false", -1), corrected))
    limits = [obligations(ENHANCED, records, as_of)[0].limit for as_of in (5, 30, 39, 40, 1000)]
    assert limits == ["5 days", "5 days", "5 days", "1 day", "1 day"]


def test_an_answer_linked_to_a_start_that_was_corrected_still_answers_it() -> None:
    records = world(
        ARREST,
        happened("E2", "suspect_arrested", 0.1, 3, crime="C1", suspect="S1", supersedes="E1"),
        happened("A", "victim_told", 2, victim="V1", answers="E1"),
    )
    assert [row.state for row in obligations(TOLD, records, 2.5)] == ["met"]
    assert [(row.state, row.linked) for row in obligations(TOLD, records)] == [("met", "explicit")]


def test_an_answer_linked_to_a_start_that_stands_under_its_second_sources_id_still_answers_it() -> None:
    records = world(
        ARREST,
        happened("B1", "suspect_arrested", 0.1, 0.2, crime="C1", suspect="S1", source="crime system"),
        happened("A", "victim_told", 2, victim="V1", answers="B1"),
    )
    assert [(row.state, row.linked) for row in obligations(TOLD, records)] == [("met", "explicit")]


def test_what_was_said_of_one_crimes_arrest_does_not_answer_that_of_another() -> None:
    records = world(
        ARREST,
        happened("E2", "suspect_arrested", 0, crime="C2", suspect="S2"),
        happened("A", "victim_told", 1, victim="V1", answers="E1"),
        crimes=[{"crime": "C2", "investigation": "I1", "entered_at": T(-9)}],
        victims=[{"victim": "V2", "crime": "C2", "person": "P1", "entered_at": T(-9)}],
    )
    assert [(row.victim, row.state) for row in obligations(TOLD, records)] == [("V1", "met"), ("V2", "no_record")]


POSTINGS = [
    {"investigation": "I1", "from": T(-9), "officer": "O1", "team": "team 1", "source": "hr"},
    {"investigation": "I2", "from": T(-9), "officer": "O2", "team": "team 2", "source": "hr"},
]


def test_a_crime_moved_to_another_investigation_later_stays_where_it_was_then_known_to_be() -> None:
    moved = {"crime": "C1", "investigation": "I2", "entered_at": T(40)}
    before, after = world(ARREST, postings=POSTINGS), world(ARREST, crimes=[moved], postings=POSTINGS)
    (was,), (now,) = obligations(TOLD, before, 30), obligations(TOLD, after, 30)
    assert (now.investigation, now.credited_to) == (was.investigation, was.credited_to) == ("I1", "team 1")


def moved_to_another_crime(entered: float | None) -> list[Obligation]:
    """What is owed as of day 30 to a victim of domestic abuse who, if `entered`, was then moved to another crime."""
    crimes = [{"crime": "C2", "investigation": "I1", "entered_at": T(-9)}]
    moved = [{"victim": "V1", "crime": "C2", "person": "P1", "entered_at": T(entered)}] if entered else []
    facts = (held("F1", "domestic_abuse", "true", -9),)
    return obligations(ENHANCED, world(ARREST, facts=facts, crimes=crimes, victims=moved), 30)


def test_a_victim_moved_to_another_crime_later_keeps_the_limit_that_was_known() -> None:
    assert [row.limit for row in moved_to_another_crime(40)] == ["1 day"]
    assert [row.limit for row in moved_to_another_crime(None)] == ["1 day"]


def test_a_victim_moved_to_another_crime_later_is_shown_in_the_one_then_known() -> None:
    assert [row.crime for row in moved_to_another_crime(40)] == ["C1"]


def test_persons_found_to_be_one_later_are_two_as_of_before() -> None:
    merged: dict[str, Any] = {"subject_kind": "person", "subject": "P1"}
    facts = (held("F1", "merged_into", "P2", 40, **merged),)
    assert [row.person for row in obligations(TOLD, world(ARREST, facts=facts), 30)] == ["P1"]


INVESTIGATED = duty(owed_to="investigation", owed_when="crime_recorded", answer={"specific": "supervisor_reviewed"})


@pytest.mark.parametrize("number", [0, 1, 5])
def test_what_is_owed_to_an_investigation_is_owed_once_however_many_victims(number: int) -> None:
    records = world(happened("A", "supervisor_reviewed", 2, investigation="I1"))
    records["crimes"][0]["recorded_at"] = T(0)
    records["victims"] = [
        {"victim": f"V{n}", "crime": "C1", "person": f"P{n}", "entered_at": T(-9)} for n in range(number)
    ]
    assert [(row.subject_id, row.state) for row in obligations(INVESTIGATED, records)] == [("I1", "met")]
