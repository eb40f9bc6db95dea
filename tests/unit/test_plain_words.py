"""Duties in the words of whoever must do them."""

from dataclasses import replace

import pytest

from kept.code.loader import rulebook
from kept.code.model import Duty, Selector
from kept.code.plain_words import ONLY_IN_GENERAL, SINCE_THE_LAST, counts_as_done, why_owed, words
from kept.contract.vocabulary import standard

DUTIES = [duty for duty, _ in rulebook().duties() if duty.kind]


def duty(name: str) -> Duty:
    return next(one for one in DUTIES if one.id == name)


@pytest.mark.parametrize("one", DUTIES, ids=lambda one: f"{one.edition}/{one.id}")
def test_every_duty_of_the_code_is_said_in_whole_words(one: Duty) -> None:
    said = [why_owed(one), *counts_as_done(one), *(line for part in one.parts for line in counts_as_done(one, part.id))]
    assert all(line and line[0].isupper() and not set("_{}") & set(line) and "  " not in line for line in said)
    for selectors, how in ((one.owed_when, "happened"), (one.before, "awaited"), (one.or_reason, "done")):
        assert all(getattr(words()[selector.kind], how) for selector in selectors)
    assert all(words()[selector.kind].done for answer in one.answers() for selector in answer.specific)


def test_every_phrase_is_of_a_kind_and_of_values_that_the_vocabulary_has() -> None:
    for kind, said in words().items():
        known = standard().kinds[kind]
        assert known.open_values or set(said.values) - {""} <= set(known.values)
        assert {one for key in said.results for one in key.split()} <= set(known.results)


def test_a_duty_says_what_counts_and_that_a_general_contact_does_not() -> None:
    assert why_owed(duty("R6-1a")) == "A suspect was arrested"
    assert counts_as_done(duty("R6-1a")) == ["The victim is told that a suspect was arrested", ONLY_IN_GENERAL]


def test_one_part_says_its_own_way_and_the_whole_all_of_them() -> None:
    review = duty("FS-OFFICER-REVIEW")
    whole = ["The victim is reached, or you tried to reach them", "What you did about the needs assessment is noted"]
    assert counts_as_done(review) == whole
    assert [counts_as_done(review, part.id) for part in review.parts] == [[line] for line in whole]


def test_a_reason_told_is_a_way_of_its_own() -> None:
    assert counts_as_done(duty("R1-4")) == [
        "The person of their choice is allowed to be with them",
        "Or the victim is told why the person they chose could not be present",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("R2-5", "It must be done before the victim is interviewed"),
        (
            "FS-CONTACT-AGREED",
            "The crime was recorded; it must be done before the case is allocated or the case is closed",
        ),
        ("FS-CONTACT-PLAN", SINCE_THE_LAST),
        ("R6-2", "It was decided not to investigate"),
    ],
)
def test_why_names_what_it_must_come_before(name: str, said: str) -> None:
    assert why_owed(duty(name)) == said


def test_a_kind_without_words_is_said_by_its_name() -> None:
    local = replace(duty("R6-1a"), owed_when=(Selector("dogs_called", value=("two_dogs",)),))
    assert why_owed(local) == "Dogs called (two dogs)"
