"""What is added up of ledgers is what is counted one by one, whoever holds a case and in whichever bucket it lies."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.measures.catalogue import HOLDERS
from kept.measures.groups import Counts
from kept.measures.ledger.compiled.layout import CODES
from kept.measures.ledger.counted import added_up
from kept.measures.ledger.days import day_of, number_of
from kept.measures.ledger.owed import Owed
from kept.measures.ledger.packed import KEPT, RATED, packed
from kept.measures.ledger.stored import Ledger
from kept.measures.members.coded import CODE, Codes
from kept.measures.question import Merged, Question
from kept.records.timelines import BUCKET

MEASURE, CLOCK = "code/D:investigations", 100
SEXES, TEAMS = ("male", "female"), ("b", "a")
FIRST = date(2025, 11, 20)


@dataclass(frozen=True)
class Tally:
    """One tally: of which bucket and place, who holds it, and what was judged and kept."""

    bucket: int
    place: int
    day: int
    holder: int
    judged: int
    met: int
    ripe: int


tallies = st.lists(
    st.builds(
        lambda judged, met, **more: Tally(judged=judged, met=min(met, judged), **more),
        bucket=st.integers(0, 1),
        place=st.integers(0, 3),
        day=st.integers(0, 60),
        holder=st.integers(-1, 1),
        judged=st.integers(0, 2),
        met=st.integers(0, 2),
        ripe=st.sampled_from([0, CLOCK, CLOCK + 1]),
    ),
    max_size=14,
)
within = st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=2, max_size=2)
"""Of each place of two buckets its investigation, which may be of the other bucket."""
questions = st.builds(
    Question,
    by=st.sampled_from([(), ("sex",), ("team",), ("team", "sex")]),
    period=st.sampled_from(["", "month", "quarter"]),
    since=st.sampled_from([None, date(2025, 12, 1)]),
    only=st.sampled_from([{}, {"sex": "male"}, {"team": "unknown"}, {"team": "not there"}]),
)


def unit_of(case: int) -> int:
    """The number of an investigation: the odd ones lie in the second bucket."""
    return 100 + case + (case % 2) * BUCKET


def written(folder: Path, rows: list[Tally], cases: list[list[int]]) -> Owed:
    codes = Codes()
    codes.of("measure", [MEASURE])
    codes.of("sex", SEXES)
    for name in HOLDERS:
        codes.of(name, TEAMS)
    for bucket in (0, 1):
        numbers = np.full(BUCKET, -1, np.int64)
        numbers[:4] = [unit_of(case) for case in cases[bucket]]
        here = sorted((row for row in rows if row.bucket == bucket), key=lambda row: numbers[row.place])
        write(Ledger(folder, bucket), here, numbers)
    return Owed([Ledger(folder, bucket) for bucket in (0, 1)], codes, CLOCK)


def write(ledger: Ledger, rows: list[Tally], numbers: Any) -> None:
    counts = {name: np.array([row.judged if name == "judged" else row.met for row in rows], np.int64) for name in RATED}
    counts["reasoned"] = np.zeros(len(rows), np.int64)
    rated, code = np.unique(packed(counts, RATED), return_inverse=True)
    columns = {"subject": np.int32, "day": np.uint16, "holder": np.int32}
    values = {"subject": "place", "day": "day", "holder": "holder"}
    found = {name: np.array([number(row, values[name]) for row in rows], kind) for name, kind in columns.items()}
    ledger.write("owed", {**found, "code": (code + CODES).astype(np.int32), "row": np.full(len(rows), -1, np.int32)})
    ledger.write("tallies", {"rated": rated})
    ledger.write("codes", {"code": np.zeros(0, np.int64)})
    later = [(place, row.ripe) for place, row in enumerate(rows) if row.ripe]
    ledger.write(
        "later",
        {"place": np.array([one for one, _ in later], np.int64), "ripe": np.array([at for _, at in later], np.int64)},
    )
    days = [one for one in found["day"].tolist() if one]
    measures = {"begin": [0], "end": [len(rows)], "first": [min(days, default=0)], "last": [max(days, default=0)]}
    ledger.write("measures", {"measure": np.array([1], CODE), **measures})
    sexes = np.zeros(BUCKET, CODE)
    sexes[:4] = [1, 2, 0, 1]
    ledger.write("known", {"within": numbers, "sex": sexes})
    ledger.write("postings", {name: np.array([1, 2, 0], CODE) for name in HOLDERS})


def number(row: Tally, name: str) -> int:
    value: int = getattr(row, name)
    return number_of(FIRST) + value if name == "day" and value else value


def one_by_one(rows: list[Tally], cases: list[list[int]], question: Question) -> dict[Any, tuple[int, ...]]:
    """What is counted, each tally looked at by itself."""
    held: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        waits, day = row.ripe > CLOCK, day_of(number(row, "day")) if row.day else None
        said = {"sex": (*SEXES, None)[[0, 1, 2, 0][row.place]], "team": (*TEAMS, None)[row.holder]}
        if (question.period and (waits or day is None)) or (question.since and (day is None or day < question.since)):
            continue
        if any((said[name] or "unknown") != value for name, value in question.only.items()):
            continue
        months = {"": None, "month": 1, "quarter": 3}[question.period]
        period = date(day.year, (day.month - 1) // months * months + 1, 1) if months and day else None
        cell = (tuple(said[name] for name in question.by), period)
        unit = held[cell, unit_of(cases[row.bucket][row.place])]
        unit[0] += 0 if waits else row.judged
        unit[1] += 0 if waits else row.met
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for (cell, _), (judged, met) in held.items():
        found[cell][0] += judged > 0
        found[cell][1] += judged > 0 and met == judged
    return {cell: (judged, met, met, met) for cell, (judged, met) in found.items()}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as made:
        yield Path(made)


@given(rows=tallies, cases=within, question=questions)
@settings(deadline=None, max_examples=60)
def test_investigations_count_once_wherever_their_victims_are(
    rows: list[Tally], cases: list[list[int]], question: Question
) -> None:
    with TemporaryDirectory() as made:
        found = added_up(written(Path(made), rows, cases), MEASURE, question, all_of_it=True, by_case=True)
        counts = Counts(found.cells.values, found.cells.periods, found.sums, found.cells.size)
    wanted = one_by_one(rows, cases, question) or (
        {((), None): (0, 0, 0, 0)} if not (question.by or question.period) else {}
    )
    assert {(one.values, one.period): tuple(one.counts[name] for name in KEPT) for one in counts} == wanted


def test_values_that_are_put_together_count_as_one(folder: Path) -> None:
    rows = [Tally(0, 0, 1, holder, 1, 1, 0) for holder in (-1, 0, 1)] + [Tally(0, 1, 1, 0, 1, 0, 0)]
    merged = Merged(("team", "area"), {("a", "a"): "a and b", ("b", "b"): "a and b"})
    question = Question(("team",), merged={"team": merged})
    found = added_up(written(folder, rows, [[0, 0, 0, 0]] * 2), MEASURE, question, all_of_it=True, by_case=True)
    assert [one.tolist() for one in found.cells.values] == [["a and b", None]]
    assert (found.sums["judged"].tolist(), found.sums["met"].tolist()) == ([1, 1], [0, 1])
