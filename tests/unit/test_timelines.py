"""Timelines, case by case: what stands on whose, from when it was known, and what two sources say once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from kept.contract.vocabulary import standard
from kept.records.schema import arrow_schema
from kept.records.timelines import ENTRIES, SUBJECTS, number_words, prepare_tables

Rows = list[dict[str, Any]]
DAWN = datetime(2024, 1, 1, 9, tzinfo=UTC)


def day(number: float) -> datetime:
    return DAWN + timedelta(days=number)


CRIMES: Rows = [
    {"crime": "c1", "investigation": "i1", "reported_at": day(0), "entered_at": day(0)},
    {"crime": "c2", "investigation": "i1", "reported_at": day(10), "entered_at": day(10)},
    {"crime": "c3", "reported_at": day(20), "entered_at": day(20)},
]
VICTIMS: Rows = [
    {"victim": "v1", "crime": "c1", "person": "p1", "entered_at": day(1)},
    {"victim": "v2", "crime": "c2", "person": "p1", "entered_at": day(11)},
    {"victim": "v3", "crime": "c3", "person": "p1", "entered_at": day(21)},
    {"victim": "v4", "crime": "c1", "person": "p2", "entered_at": day(12)},
]


def event(name: str, **said: Any) -> dict[str, Any]:
    return {"event_id": name, "kind": "statement_taken", "occurred_at": day(2), "entered_at": day(3)} | said


def link(attribute: str, kind: str, one: str, other: str) -> dict[str, Any]:
    fact = {"fact_id": attribute, "subject_kind": kind, "subject": one, "attribute": attribute, "value": other}
    return fact | {"valid_from": day(30), "entered_at": day(30)}


def stands(crimes: Rows = CRIMES, victims: Rows = VICTIMS, **tables: Rows) -> dict[str, dict[str, tuple[Any, Any]]]:
    """By subject: the days on which each entry was entered and withdrawn, but for what the tables always say."""
    given = {"crimes": crimes, "victims": victims, **tables}
    arrow = {name: pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False)) for name, rows in given.items()}
    prepared = prepare_tables(arrow, standard())
    names = {row["subject"]: row["id"] for row in prepared.subjects.to_pylist()}
    found: dict[str, dict[str, tuple[Any, Any]]] = {name: {} for name in names.values()}
    for row in prepared.entries.to_pylist():
        found[names[row["subject"]]][row["id"]] = (days(row["entered"]), days(row["withdrawn"]))
    return found


def days(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - DAWN) / timedelta(days=1)


def holders(found: dict[str, dict[str, tuple[Any, Any]]], ident: str) -> dict[str, tuple[Any, Any]]:
    return {subject: entries[ident] for subject, entries in found.items() if ident in entries}


def test_an_event_stands_on_what_it_concerns() -> None:
    found = stands(events=[event("own", victim="v4"), event("crime", crime="c1"), event("all", investigation="i1")])
    assert holders(found, "own") == {"v4": (12, None), "i1": (12, None)}
    assert holders(found, "crime") == {"v1": (3, None), "v4": (12, None), "i1": (3, None)}
    assert holders(found, "all") == {"v1": (3, None), "v2": (11, None), "v4": (12, None), "i1": (3, None)}


def test_contact_counts_for_the_same_person_in_the_investigation() -> None:
    found = stands(events=[event("told", kind="victim_contacted", victim="v1")])
    assert holders(found, "told") == {"v1": (3, None), "v2": (11, None), "i1": (3, None)}


def test_contact_counts_in_linked_crimes_from_the_link_on() -> None:
    told = event("told", kind="victim_contacted", victim="v2")
    found = stands(events=[told], facts=[link("linked_to", "crime", "c2", "c3")])
    assert holders(found, "told") == {"v1": (11, None), "v2": (11, None), "v3": (30, None), "i1": (11, None)}


def test_contact_counts_for_a_merged_person_from_the_merge_on() -> None:
    told = event("told", kind="victim_contacted", victim="v1")
    found = stands(events=[told], facts=[link("merged_into", "person", "p2", "p1")])
    assert holders(found, "told")["v4"] == (30, None)


PAIRS = [
    ({"channel": "phone"}, {"channel": "phone"}, 1),
    ({"channel": "phone"}, {"channel": "email"}, 2),
    ({"occurred_at": day(2)}, {"occurred_at": day(2.5)}, 1),
    ({"occurred_at": day(2)}, {"occurred_at": day(2) + timedelta(hours=15)}, 2),  # past midnight in London
]


@pytest.mark.parametrize(("one", "other", "count"), PAIRS)
def test_two_sources_that_say_one_thing_say_it_once(one: dict[str, Any], other: dict[str, Any], count: int) -> None:
    told = {"kind": "victim_contacted", "victim": "v1"}
    found = stands(events=[event("a", source="rms", **told | one), event("b", source="wcu", **told | other)])
    assert len({"a", "b"} & found["v1"].keys()) == count


def test_a_statement_of_a_second_source_counts_once_and_first_entered_speaks() -> None:
    offered = {"kind": "personal_statement", "value": "offered", "victim": "v1"}
    wcu = event("b", source="wcu", entered_at=day(2.5), **offered)
    found = stands(events=[event("a", source="rms", **offered), wcu])["v1"]
    assert {name: found.get(name) for name in "ab"} == {"a": None, "b": (2.5, None)}


@pytest.mark.parametrize(
    ("value", "later", "count"), [("offered", 3, 1), ("further_offered", 3, 2), ("further_offered", 0.2, 1)]
)
def test_a_further_offer_of_another_day_is_another_whoever_recorded_it(value: str, later: float, count: int) -> None:
    said = {"kind": "personal_statement", "value": value, "victim": "v1"}
    rows = [event("a", source="rms", **said), event("b", source="wcu", occurred_at=day(2 + later), entered=7, **said)]
    assert len({"a", "b"} & stands(events=rows)["v1"].keys()) == count


def test_one_source_that_says_it_twice_means_two() -> None:
    rows = [event("a1", source="rms", victim="v1"), event("a2", source="rms", victim="v1")]
    found = stands(events=[*rows, event("b1", source="wcu", victim="v1", entered_at=day(4))])
    assert found["v1"].keys() & {"a1", "a2", "b1"} == {"a1", "a2"}


def test_the_other_source_speaks_once_the_first_is_withdrawn() -> None:
    rows = [
        event("a", source="rms", victim="v1"),
        event("b", source="wcu", victim="v1", entered_at=day(4)),
        {"event_id": "x", "voids": "a", "entered_at": day(6), "source": "rms"},
    ]
    found = stands(events=rows)["v1"]
    assert (found["a"], found["b"]) == ((3, 6), (6, None))


def test_a_correction_ends_what_it_corrects() -> None:
    rows = [event("a", victim="v1"), event("b", victim="v1", supersedes="a", entered_at=day(5))]
    found = stands(events=rows)["v1"]
    assert (found["a"], found["b"]) == ((3, 5), (5, None))


def test_a_correction_entered_before_what_it_corrects_still_ends_it() -> None:
    rows = [event("a", victim="v1"), event("b", victim="v1", supersedes="a", entered_at=day(2))]
    found = stands(events=rows)["v1"]
    assert {name: found.get(name) for name in "ab"} == {"a": None, "b": (2, None)}


def test_another_value_of_a_column_does_not_enter_the_report_anew() -> None:
    moved = CRIMES[0] | {"place": "north", "entered_at": day(8)}
    found = stands(crimes=[*CRIMES, moved])["v1"]
    assert (found["c1.crime_reported"], found["c1.place"]) == ((1, None), (8, None))


def test_a_repeat_victim_was_a_victim_in_the_year_before() -> None:
    assert holders(stands(), "v2.repeat_victim") == {"v2": (11, None), "i1": (11, None)}
    late = {"crime": "c2", "reported_at": day(400), "entered_at": day(400)}
    assert holders(stands(crimes=[CRIMES[0], late], victims=VICTIMS[:2]), "v2.repeat_victim") == {}


def test_a_form_is_made_once_and_each_field_answered_or_blank() -> None:
    form = {"form": "needs_assessment", "version": "1", "victim": "v1", "made_at": day(2), "entered_at": day(2)}
    found = stands(assessments=[form | {"field": "a", "value": "yes"}, form | {"field": "b", "value": " "}])["v1"]
    assert {name for name in found if name.startswith("needs")} == {
        "needs_assessment.1@v1",
        "needs_assessment.1@v1.a",
        "needs_assessment.1@v1.b",
    }


def test_an_event_withdraws_a_version_of_a_form_with_all_its_fields_until_it_is_said_again() -> None:
    form = {"form": "needs_assessment", "version": "1", "victim": "v1", "made_at": day(2), "field": "a", "value": "yes"}
    written = [form | {"entered_at": day(2)}, form | {"entered_at": day(2), "field": "b"}]
    other = form | {"entered_at": day(2), "version": "2"}
    void = {"event_id": "w", "voids": "needs_assessment.1@v1", "entered_at": day(4)}
    found = stands(assessments=[*written, other], events=[void])["v1"]
    for name in ("needs_assessment.1@v1", "needs_assessment.1@v1.a", "needs_assessment.1@v1.b"):
        assert found[name] == (2, 4)
    assert found["needs_assessment.2@v1"] == found["needs_assessment.2@v1.a"] == (2, None)
    again = form | {"entered_at": day(6), "value": "no"}
    assert stands(assessments=[*written, again], events=[void])["v1"]["needs_assessment.1@v1.a"][1] is None


def test_nothing_makes_nothing() -> None:
    prepared = prepare_tables({}, standard())
    assert (prepared.subjects.schema, prepared.entries.schema) == (SUBJECTS, ENTRIES)
    assert prepared.subjects.num_rows == prepared.entries.num_rows == prepared.postings.num_rows == 0


def test_numbers_of_words_stay() -> None:
    before = {"arrest": 7}
    codes = number_words(standard(), before)
    assert codes["arrest"] == 7
    assert len(set(codes.values())) == len(codes)
    assert min(code for name, code in codes.items() if name != "arrest") == 8


def held_as(crimes: Rows = CRIMES, victims: Rows = VICTIMS, **tables: Rows) -> dict[str, list[tuple[Any, ...]]]:
    """By subject: from and to which day it was known to be of which investigation, crime and person."""
    given = {"crimes": crimes, "victims": victims, **tables}
    arrow = {name: pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False)) for name, rows in given.items()}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in prepare_tables(arrow, standard()).subjects.to_pylist():
        places = (row["investigation"], row["crime"], row["person"])
        found.setdefault(row["id"], []).append((days(row["entered"]), days(row["withdrawn"]), *places))
    return found


def test_a_subject_has_a_row_for_each_time_that_what_it_is_of_was_known() -> None:
    moved = {"victim": "v1", "crime": "c3", "person": "p1", "entered_at": day(40)}
    placed = {"crime": "c3", "investigation": "i3", "reported_at": day(20), "entered_at": day(45)}
    found = held_as([*CRIMES, placed], [*VICTIMS, moved], facts=[link("merged_into", "person", "p1", "p2")])
    assert found["v1"] == [
        (1, 30, "i1", "c1", "p1"),
        (30, 40, "i1", "c1", "p2"),
        (40, 45, "c3", "c3", "p2"),
        (45, None, "i3", "c3", "p2"),
    ]
    assert found["v4"] == [(12, None, "i1", "c1", "p2")]
    assert found["i1"] == [(0, None, "i1", None, None)]


def test_a_victim_whose_crime_is_entered_later_is_of_it_alone_until_then() -> None:
    early = {"victim": "v9", "crime": "c2", "person": "p9", "entered_at": day(4)}
    assert held_as(victims=[early])["v9"] == [(4, 10, "c2", "c2", "p9"), (10, None, "i1", "c2", "p9")]


def links_of(answer: str, *events: dict[str, Any]) -> list[tuple[Any, ...]]:
    """From when to when the row `answer` leads where, on the timeline of v1."""
    given = {"crimes": CRIMES[:1], "victims": VICTIMS[:1], "events": list(events)}
    arrow = {name: pa.Table.from_pylist(rows, schema=arrow_schema(name, origin=False)) for name, rows in given.items()}
    entries = sorted(prepare_tables(arrow, standard()).entries.to_pylist(), key=lambda row: row["since"] or DAWN)
    return [
        (days(row["entered"]), days(row["since"]), days(row["withdrawn"]), row["answers"])
        for row in entries
        if row["id"] == answer and row["subject"] == 1
    ]


def test_a_link_leads_to_what_stands_for_the_row_that_it_names() -> None:
    arrest = {"kind": "suspect_arrested", "crime": "c1", "suspect": "s"}
    told = event("told", kind="victim_told", value="arrest", victim="v1", answers="a1", entered_at=day(4))
    first = event("a1", source="x", **arrest)
    corrected = event("a2", source="x", supersedes="a1", entered_at=day(6), **arrest)
    again = event("a3", source="x", supersedes="a2", entered_at=day(7), **arrest)
    assert links_of("told", told, first) == [(4, None, None, "a1")]
    assert links_of("told", told, first, corrected, again) == [
        (4, None, 6, "a1"),
        (4, 6, 7, "a2"),
        (4, 7, None, "a3"),
    ]


def test_a_link_leads_to_the_source_that_speaks_for_the_row_that_it_names() -> None:
    arrest = {"kind": "suspect_arrested", "crime": "c1", "suspect": "s"}
    first, second = event("a1", source="x", **arrest), event("b1", source="y", entered_at=day(5), **arrest)
    told = event("told", kind="victim_told", value="arrest", victim="v1", answers="b1", entered_at=day(6))
    void = {"event_id": "no", "voids": "a1", "entered_at": day(8)}
    assert links_of("told", told, first, second) == [(6, None, None, "a1")]
    assert links_of("told", told, first, second, void) == [(6, None, 8, "a1"), (6, 8, None, "b1")]
