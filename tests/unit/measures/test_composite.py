"""Composites: both readings of the compliance calculation of 2021, silence as a range, and misspelt answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.errors import MeasureError
from kept.measures.statistics.composite import Answers, AuditQuestion, Composite, composite, reading

COMPLIANCE_2021 = (
    AuditQuestion("acknowledged", passing=("Yes", "NA")),
    AuditQuestion("updates timely", passing=("Yes",), failing=("No", "NA")),
    AuditQuestion("statement offered", passing=("Yes", "NA")),
    AuditQuestion("referred in 2 days", passing=("Yes", "NA")),
    AuditQuestion("told of the Code with link", passing=("Yes",), failing=("No", "NA"), in_composite=False),
    AuditQuestion("end of journey", passing=("Yes", "NA")),
)
"""Row 61 of the board papers: six questions, of which the paper's own note leaves out the fifth."""

PASSES = {question.id: "Yes" for question in COMPLIANCE_2021}
ANSWERS = st.sampled_from(["Yes", "No", "NA", None])
QUESTIONS = st.lists(st.sampled_from("abcdef"), min_size=1, unique=True).map(
    lambda ids: [AuditQuestion(id_, ("Yes",), ("No", "NA")) for id_ in ids]
)
CASES = st.lists(st.dictionaries(st.sampled_from("abcdef"), ANSWERS), max_size=20)


def audited(*different: Answers) -> Composite:
    """The composite of ten cases, all passing but for what is different in some of them."""
    cases = [{**PASSES, **answers} for answers in different]
    return composite(COMPLIANCE_2021, [*cases, *[PASSES] * (10 - len(cases))])


def test_both_readings_of_2021() -> None:
    """Of ten cases three were not told of the Code; one of them, and one more, had untimely updates."""
    told, late = {"told of the Code with link": "No"}, {"updates timely": "No"}
    found = audited(told, told, {**told, **late}, late)
    assert (found.listed.passed, found.included.passed, found.listed.cases) == (6, 8, 10)
    assert found.differ
    assert found.listed.questions == tuple(question.id for question in COMPLIANCE_2021)
    assert found.included.words == (
        "8 of 10 cases pass all of: acknowledged, updates timely, statement offered, referred in 2 days, end of journey"
    )


def test_an_answer_passes_only_where_it_is_said_to() -> None:
    assert audited({"acknowledged": "NA"}).listed.passed == 10
    assert audited({"updates timely": "NA"}).listed.passed == 9
    assert audited({"acknowledged": " yes "}, {"acknowledged": "na"}).listed.passed == 10


def test_what_was_not_answered_has_two_readings() -> None:
    found = audited({"end of journey": None}, {"end of journey": ""}, {"end of journey": "No"})
    assert (found.listed.passed, found.listed.at_best) == (7, 9)
    assert found.listed.share is not None
    assert found.listed.share_at_best is not None
    assert (found.listed.share.value, found.listed.share_at_best.value) == (0.7, 0.9)


@given(QUESTIONS, CASES, st.integers(0, 5))
def test_a_question_more_never_raises_the_share(
    questions: list[AuditQuestion], cases: list[dict[str, str | None]], fewer: int
) -> None:
    all_, some = reading(questions, cases), reading(questions[:fewer], cases)
    assert all_.passed <= some.passed
    assert all_.at_best <= some.at_best
    assert 0 <= all_.passed <= all_.at_best <= all_.cases


def test_no_case_has_no_share() -> None:
    found = composite(COMPLIANCE_2021, [])
    assert (found.listed.share, found.listed.share_at_best, found.listed.passed) == (None, None, 0)


def test_one_reading_where_every_question_is_in_it() -> None:
    assert not composite(COMPLIANCE_2021[:4], [PASSES]).differ


def test_every_misspelt_answer_is_named() -> None:
    with pytest.raises(MeasureError) as raised:
        audited({"acknowledged": "Yess"}, {}, {"updates timely": "Perhaps"})
    assert [(fault.what, fault.where) for fault in raised.value.faults] == [
        ("“Yess” is no answer to “acknowledged”.", "case 1"),
        ("“Perhaps” is no answer to “updates timely”.", "case 3"),
    ]


@pytest.mark.parametrize(
    "questions", [[AuditQuestion("a", ("Yes",)), AuditQuestion("a", ("No",))], [AuditQuestion("a", ())]]
)
def test_questions_that_cannot_be_are_refused(questions: list[AuditQuestion]) -> None:
    with pytest.raises(MeasureError):
        composite(questions, [])
