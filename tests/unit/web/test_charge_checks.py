"""The check at charge: what passes, what is missing, and that nothing unknown ever passes."""

from collections.abc import Iterable
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.code import loader
from kept.contract.vocabulary import standard
from kept.engine.entries import Entry, Timeline
from kept.web.charge.asked import ASKED, Laws, laws
from kept.web.charge.checks import BECAUSE, RESULTS, Check, checked, nothing_known, worst
from tests.support.engine import VICTIM, T, event, fact

EVERYTHING = frozenset(standard().kinds) | frozenset(standard().attributes)
PERSON = fact("victim_kind", "person")
STATEMENT = event("personal_statement", 3, value="offered", result="done")
AGREED = (fact("contact_interval", "28", -1), event("contact_agreed", 0))
CONTACT = event("victim_contacted", 20, result="reached")
CONSIDERED = event("assessment_field", 1, item="needs_assessment.special_measures", value="none", result="answered")
ASSESSED = event("assessment_made", 1, value="needs_assessment")
REVIEWED = event("action_noted", 5, value="needs_assessment")
ALL_DONE = (PERSON, STATEMENT, *AGREED, CONTACT, CONSIDERED, ASSESSED, REVIEWED)


@cache
def of(supplied: frozenset[str] = EVERYTHING) -> Laws:
    return laws(loader.rulebook(), supplied, date(2026, 4, 1))


def check(entries: Iterable[Entry], at: float = 30, supplied: frozenset[str] = EVERYTHING) -> dict[str, Check]:
    found = checked(Timeline(VICTIM, entries, (), T(at)), of(supplied))
    return {one.ask.id: one for one in found}


def because(entries: Iterable[Entry], ask: str, at: float = 30, supplied: frozenset[str] = EVERYTHING) -> list[str]:
    return [one.because for one in check(entries, at, supplied)[ask].found]


def test_everything_done_passes_and_names_its_evidence_and_law() -> None:
    found = check(ALL_DONE)
    assert {one: check.result for one, check in found.items()} == {ask.id: "pass" for ask in ASKED}
    assert found["statement"].found[0].evidence == STATEMENT
    assert "Right 7 of 12" in found["statement"].found[0].law[0].source
    assert [one.evidence for one in found["needs"].found] == [ASSESSED, REVIEWED]
    assert worst(tuple(found.values())) == "pass"


@pytest.mark.parametrize(
    ("left_out", "ask", "why"),
    [
        (STATEMENT, "statement", ["silence"]),
        (CONTACT, "contact", ["overdue"]),
        (AGREED[1], "contact", ["no_interval"]),
        (AGREED[0], "contact", ["no_interval"]),
        (CONSIDERED, "special_measures", ["silence"]),
        (ASSESSED, "needs", ["silence", "evidenced"]),
        (REVIEWED, "needs", ["evidenced", "silence"]),
        (PERSON, "statement", ["evidenced"]),
    ],
    ids=str,
)
def test_what_is_not_on_record(left_out: Entry, ask: str, why: list[str]) -> None:
    assert because([one for one in ALL_DONE if one != left_out], ask) == why


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        (event("personal_statement", 3, value="offered", result="not_done"), "not_done"),
        (event("personal_statement", 3, value="considered", result="done"), "silence"),
        (event("personal_statement", 3, value="declined", result="done"), "evidenced"),
        (event("victim_declined", 3, item="R7-2"), "declined"),
        (event("good_reason", 3, item="R7-2"), "reasoned"),
        (event("good_reason", 3, item="R7-1"), "silence"),
        (event("personal_statement", 31, value="offered", result="done", entered=2), "silence"),
        (event("personal_statement", 3, value="offered", result="done", entered=31), "silence"),
    ],
    ids=str,
)
def test_what_counts_as_an_offer(instead: Entry, why: str) -> None:
    assert because([PERSON, instead], "statement") == [why]


def test_a_business_is_not_asked_for_a_statement() -> None:
    assert "statement" not in check([fact("victim_kind", "business")])


def test_who_the_records_do_not_say_it_of_is_unknown() -> None:
    assert because([], "statement") == ["not_told"]


def test_a_review_before_the_assessment_is_none() -> None:
    assert because([ASSESSED, event("action_noted", 0.5, value="needs_assessment")], "needs") == [
        "evidenced",
        "silence",
    ]


@pytest.mark.parametrize(("at", "why"), [(10, "not_due_yet"), (29, "overdue")])
def test_the_first_contact_is_not_due_before_its_interval(at: float, why: str) -> None:
    assert because(AGREED, "contact", at) == [why]


def test_a_contact_after_a_missed_one_is_up_to_date() -> None:
    late = event("victim_contacted", 40, result="reached")
    assert because([*AGREED, late], "contact", 41) == ["evidenced"]
    assert because([*AGREED, late], "contact", 70) == ["overdue"]


def test_a_general_contact_is_no_offer() -> None:
    assert because([PERSON, CONTACT], "statement") == ["silence"]


@pytest.mark.parametrize("ask", [ask.id for ask in ASKED])
def test_silence_of_records_that_cannot_speak_is_unknown(ask: str) -> None:
    assert check([PERSON], supplied=frozenset({"victim_kind"}))[ask].result == "unknown"


def test_one_source_among_several_that_is_not_loaded_makes_silence_unknown() -> None:
    assert because([PERSON], "special_measures", supplied=EVERYTHING - {"assessment_field"}) == ["not_supplied"]


def test_a_victim_whom_nobody_knows_is_unknown_throughout() -> None:
    assert {one.result for one in nothing_known(of())} == {"unknown"}
    assert worst(()) == "unknown"


def test_the_law_is_that_of_the_day() -> None:
    before_reviews = laws(loader.rulebook(), EVERYTHING, date(2025, 11, 1))
    (needs,) = [one for one in checked(Timeline(VICTIM, ALL_DONE, (), T(30)), before_reviews) if one.ask.id == "needs"]
    assert [one.step for one in needs.found] == ["assessed"]


_TALK = st.sampled_from(
    [
        ("personal_statement", {"value": "offered", "result": "done"}),
        ("personal_statement", {"value": "offered", "result": "not_done"}),
        ("victim_contacted", {"result": "reached"}),
        ("victim_contacted", {"result": "attempted"}),
        ("contact_agreed", {}),
        ("investigation_closed", {}),
        ("need_found", {"value": "special_measures"}),
        ("special_measures_requested", {}),
        ("assessment_made", {"value": "needs_assessment"}),
        ("assessment_field", {"item": "needs_assessment.special_measures", "result": "blank"}),
        ("action_noted", {"value": "needs_assessment"}),
        ("victim_declined", {"item": "R7-2"}),
        ("victim_declined", {"item": "FS-CONTACT-PLAN"}),
        ("good_reason", {"item": "FS-CONTACT-PLAN"}),
    ]
)
_MOMENT = st.integers(0, 60)


@st.composite
def timelines(draw: st.DrawFn) -> list[Entry]:
    said = draw(st.lists(st.tuples(_TALK, _MOMENT, _MOMENT, st.booleans()), max_size=12))
    events = [
        event(kind, at, entered=entered, planned=planned, id=f"e{place}", **fields)
        for place, ((kind, fields), at, entered, planned) in enumerate(said)
    ]
    facts = draw(st.lists(st.sampled_from([PERSON, fact("contact_interval", "14", -1)]), unique=True))
    return [*events, *facts]


@given(entries=timelines(), at=_MOMENT, lost=st.sets(st.sampled_from(sorted(EVERYTHING))))
def test_nothing_unknown_passes(entries: list[Entry], at: int, lost: set[str]) -> None:
    """What passes has evidence that happened and was entered by then, and is gone once that event is."""
    supplied = EVERYTHING - lost
    for one in check(entries, at, supplied).values():
        for found in one.found:
            if found.result != "pass":
                continue
            assert found.evidence is not None
            assert max(found.evidence.at, found.evidence.entered) <= T(at)
            assert not found.evidence.planned
        if one.result == "pass":
            assert {found.result for found in one.found} == {"pass"}
            known = [entry for entry in entries if entry not in {found.evidence for found in one.found}]
            later = {found.evidence for found in check(known, at, supplied)[one.ask.id].found}
            assert not later & {found.evidence for found in one.found}


@given(entries=timelines(), at=_MOMENT)
def test_without_a_source_there_is_no_missing_by_silence(entries: list[Entry], at: int) -> None:
    found = [found for one in check(entries, at, frozenset()).values() for found in one.found]
    assert not {one.because for one in found} & {"silence", "overdue"}


def test_every_reason_has_a_result() -> None:
    assert {result for result, _ in BECAUSE.values()} == set(RESULTS)
