"""How fast figures are, on a store of five force years and its last 24 months: each question asked of an opened run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from bench.timing import timed
from kept.code import loader
from kept.demo import AS_OF
from kept.engine.results import Run
from kept.measures.asked import Opened, opened
from kept.measures.cases import cases
from kept.measures.catalogue import breakdowns
from kept.measures.counts import counted
from kept.measures.made import all_measures
from kept.measures.members.reading import Members
from kept.measures.model import OBLIGATIONS, Measure
from kept.measures.question import Question

SINCE, UNTIL = date(2024, 6, 1), date(2026, 5, 31)
"""The last 24 months that were over at the run's as-of."""
QUICK, SLOWER = 50, 500
"""In how many milliseconds a question of the first group must be answered, and any other."""
_PAIRS = (("area", "sex"), ("team", "offence"), ("offence", "ethnicity"), ("age_band", "weekday"))
_DUTIES = (
    ("a duty", "force-standards/FS-RECORDED"),
    ("a part of a duty", "force-standards/FS-INFORMATION:compensation"),
    ("a duty that repeats", "force-standards/FS-CONTACT-PLAN"),
)
_RIGHTS = (("a right", "right-6"), ("the whole Code", "whole-code"))
_CASES = ("force-standards/FS-RECORDED", "force-standards/FS-CONTACT-PLAN", "right-6", "whole-code")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is timed: in words, within how many milliseconds, and what answers it with so many cells."""

    words: str
    must: int
    answer: Callable[[], int]


def asked_of(run: Run, times: int) -> list[dict[str, Any]]:
    """Each question with its median time in milliseconds and how many cells, or cases, it gave."""
    measures = all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK))
    with opened(run, AS_OF) as at, opened(run, AS_OF + timedelta(days=40)) as later:
        return [_timed(one, times) for one in [*_obligations(at, measures), *_rest(at, later, measures)]]


def _timed(one: Asked, times: int) -> dict[str, Any]:
    taken = timed(one.answer, times).as_data()["seconds"]
    listed = sorted(float(seconds) for seconds in taken)  # type: ignore[attr-defined]
    return {
        "words": one.words,
        "must": one.must,
        "milliseconds": round(1_000 * listed[len(listed) // 2], 1),
        "least": round(1_000 * listed[0], 1),
        "cells": one.answer(),
    }


def _obligations(at: Opened, measures: Mapping[str, Measure]) -> Iterator[Asked]:
    for words, name in (*_DUTIES, *_RIGHTS):
        for pair in _PAIRS:
            yield _cells(at, f"{words} by {pair[0]} and {pair[1]}", QUICK, measures[name], pair, "month")
        yield _officers(at, f"{words} by officer of a team", measures[name])
    for words, name in _DUTIES:
        yield _cells(at, f"{words} by team and offence, by week", QUICK, measures[name], _PAIRS[1], "week")
    for name in _CASES:
        yield Asked(f"50 cases of {name}", QUICK, partial(_listed, at, measures[name]))


def _rest(at: Opened, later: Opened, measures: Mapping[str, Measure]) -> Iterator[Asked]:
    for words, name in (*_DUTIES, *_RIGHTS):
        one = measures[name]
        yield _cells(at, f"{words} by area and sex, by quarter", SLOWER, one, _PAIRS[0], "quarter")
        yield _cells(later, f"{words} by area and sex, by a later clock", SLOWER, one, _PAIRS[0], "month")
    for one in measures.values():
        if one.of != OBLIGATIONS:
            by = tuple(name for name in ("area", "offence") if name in breakdowns(one))
            period = "" if one.kind in ("bands", "load") else "month"
            yield _cells(at, f"{one.id} ({one.kind})", SLOWER, one, by, period)


def _cells(at: Opened, words: str, must: int, one: Measure, by: tuple[str, ...], period: str) -> Asked:
    question = Question(by, period, SINCE, UNTIL) if period else Question(by)
    return Asked(words, must, partial(_counted, at.members, one, question))


def _officers(at: Opened, words: str, one: Measure) -> Asked:
    """By officer within the first team of all by name."""
    only = {"team": min(at.members.owed.codes.names["team"])}
    return Asked(words, QUICK, partial(_counted, at.members, one, Question(("officer",), "month", SINCE, UNTIL, only)))


def _listed(at: Opened, one: Measure) -> int:
    return len(cases(at, one, Question()))


def _counted(members: Members, one: Measure, question: Question) -> int:
    return len(counted(members, one, question))
