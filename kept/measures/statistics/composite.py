"""Composites: the share of cases in which every one of some questions was answered as it should be.

A composite is data: its questions, the answers that pass, and whether each question is in it. One force's paper listed
six questions and noted that the fifth was not in the overall figure; both figures were printed under one name. So both
readings are computed, and each says which questions it holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kept.errors import Fault, MeasureError
from kept.measures.statistics.intervals import share_of
from kept.measures.statistics.values import CONFIDENCE, Estimate, require_part

Answers = Mapping[str, str | None]
"""One case: question → answer; None, blank or missing where it was not answered. Case and spaces do not matter."""


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """A question of an audit: its id, the answers that pass and those that fail, and whether it is in the composite."""

    id: str
    passing: tuple[str, ...]
    failing: tuple[str, ...] = ("no",)
    in_composite: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a composite, over all the cases.

    passed      cases that pass every question; at_best, those that fail none: what was not answered counts as passed
    share       passed ÷ cases, with Wilson's interval; share_at_best likewise; None without cases
    """

    questions: tuple[str, ...]
    cases: int
    passed: int
    at_best: int
    share: Estimate | None
    share_at_best: Estimate | None

    @property
    def words(self) -> str:
        """ "412 of 520 cases pass all of: acknowledged, updated"; the questions are part of the figure's name."""
        return f"{self.passed:,} of {self.cases:,} cases pass all of: {', '.join(self.questions)}"


@dataclass(frozen=True, slots=True)
class Composite:
    """Both readings: of every question listed, and of those said to be in the composite."""

    listed: Reading
    included: Reading

    @property
    def differ(self) -> bool:
        """Whether the two readings are of different questions, so that a figure must say which it is."""
        return self.listed.questions != self.included.questions


def composite(
    questions: Sequence[AuditQuestion], cases: Sequence[Answers], confidence: float = CONFIDENCE
) -> Composite:
    """Return both readings of a composite. A question more never raises a share.

    Raises MeasureError for a question listed twice, one without a passing answer, and every answer that is neither
    passing nor failing: a misspelt "yes" must not count as a failure.
    """
    _require_questions(questions)
    _require_answers(questions, cases)
    included = [question for question in questions if question.in_composite]
    return Composite(reading(questions, cases, confidence), reading(included, cases, confidence))


def reading(questions: Sequence[AuditQuestion], cases: Sequence[Answers], confidence: float = CONFIDENCE) -> Reading:
    """Return the share of cases that pass all of these questions; all of none are passed by every case."""
    outcomes = [[_passes(question, case) for question in questions] for case in cases]
    passed = sum(all(outcome) for outcome in outcomes)
    at_best = sum(False not in outcome for outcome in outcomes)
    return reading_of(tuple(question.id for question in questions), len(cases), passed, at_best, confidence)


def reading_of(
    questions: tuple[str, ...], cases: int, passed: int, at_best: int, confidence: float = CONFIDENCE
) -> Reading:
    """Return a reading of cases that were counted elsewhere; MeasureError unless passed ≤ at best ≤ cases."""
    require_part(passed, at_best)
    return Reading(
        questions,
        cases,
        passed,
        at_best,
        share_of(passed, cases, confidence),
        share_of(at_best, cases, confidence),
    )


def _passes(question: AuditQuestion, case: Answers) -> bool | None:
    """Whether the answer passes; None where there is none."""
    answer = _plain(case.get(question.id))
    return answer in map(_plain, question.passing) if answer else None


def _plain(answer: str | None) -> str:
    return (answer or "").strip().casefold()


def _require_questions(questions: Sequence[AuditQuestion]) -> None:
    ids = [question.id for question in questions]
    faults = [
        Fault(f"The question “{id_}” is listed twice.") for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1})
    ]
    faults += [
        Fault(f"No answer passes the question “{question.id}”.", why="then no case can pass")
        for question in questions
        if not question.passing
    ]
    if faults:
        raise MeasureError.of(faults)


def _require_answers(questions: Sequence[AuditQuestion], cases: Sequence[Answers]) -> None:
    known = {question.id: {"", *map(_plain, (*question.passing, *question.failing))} for question in questions}
    faults = [
        Fault(
            f"“{case[id_]}” is no answer to “{id_}”.",
            where=f"case {number}",
            why="it is listed neither as passing nor as failing",
            what_to_do="correct the answer, or list it with the question",
        )
        for number, case in enumerate(cases, 1)
        for id_, answers in known.items()
        if _plain(case.get(id_)) not in answers
    ]
    if faults:
        raise MeasureError.of(faults)
