"""What was written, as its measures are counted from it: always what their SQL finds where the rows stand."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kept.code import loader
from kept.engine.run import evaluate_store
from kept.errors import StoreError
from kept.measures import counts
from kept.measures.asked import Opened, opened
from kept.measures.figures import figures
from kept.measures.made import all_measures
from kept.measures.model import ENTRIES, FIELDS, Measure
from kept.measures.question import Merged, Question
from kept.measures.written.narrow import narrow
from tests.support.forces import GrowingForce, crimes, day, event, victims
from tests.support.members import MEASURES

BOOK = loader.rulebook(loader.DEFAULT_RULEBOOK)
OF_WRITTEN = [one for one in MEASURES.values() if one.of in ("entries", "fields")]
COMPLETE = MEASURES["needs-complete"]
QUESTIONS = [
    Question(),
    Question(("area",), "month"),
    Question(("team",), "week", since=date(2025, 9, 3), until=date(2026, 2, 20)),
    Question(("department", "team"), only={"area": "unknown"}),
    Question(("team",), merged={"team": Merged(("area",), {("unknown",): "none", ("North",): "one"})}),
]
MORE = {
    "entries": [Question(("kind", "team"), "year"), Question((), "quarter", only={"kind": "assessment_made"})],
    "fields": [
        Question(("field", "offence"), "month"),
        Question(("form",), only={"enhanced": "true"}),
        Question((), "month", only={"field": "risk"}),
    ],
}
ASKED = [(one, question) for one in OF_WRITTEN for question in (*QUESTIONS, *MORE[one.of])]


def agree(at: Opened, measure: Measure, question: Question) -> int:
    """A measure comes to the same where the rows stand; how many figures it has."""
    found = figures(measure, counts.counted(at.members, measure, question))
    assert found == figures(measure, counts.of_views(at.members, measure, question))
    return len(found)


@pytest.mark.parametrize(("measure", "question"), ASKED, ids=lambda one: getattr(one, "id", None))
def test_of_an_invented_force_it_is_what_the_sql_finds(at: Opened, measure: Measure, question: Question) -> None:
    agree(at, measure, question)


def test_by_a_later_clock_what_could_be_in_time_is_more(at: Opened) -> None:
    later = at.apart(at.clock + timedelta(days=2))
    for one in OF_WRITTEN:
        assert agree(later, one, Question(("area",), "month"))


def test_parts_of_forms_are_counted_too(at: Opened) -> None:
    blank = replace(COMPLETE, id="blank", kind="share", counts="NOT answered", where="field <> 'risk'")
    told = replace(COMPLETE, id="told", counts="value = 'yes'")
    for one in (blank, told, replace(COMPLETE, where="asked_at <= clock"), replace(COMPLETE, counts="enhanced")):
        assert agree(at, one, Question(("area",), "month"))


@pytest.mark.parametrize(
    ("change", "less"), [({}, True), ({"counts": "value = 'yes'"}, False), ({"of": "victims"}, False)]
)
def test_only_what_stood_in_a_field_is_left_where_it_stands(change: dict[str, Any], less: bool) -> None:
    assert bool(narrow(replace(COMPLETE, **change), Question())) is less


@pytest.fixture
def growing(tmp_path: Path) -> GrowingForce:
    """Two investigations; forms filled in once, twice and in part; entries of what nobody knows."""
    made = GrowingForce(tmp_path / "force")

    def posting(of: str, number: float, team: str) -> dict[str, Any]:
        return {"investigation": f"c{of}", "from": day(number), "team": team, "area": "North", "officer": "O1"}

    made.load(
        crimes=crimes("1", "2"),
        victims=victims("1", "2"),
        events=[
            event("first", "1", by="O1", note_digest="abc"),
            event("again", "2", entered=12, by="O1", note_digest="abc"),
            event("alone", "2", entered=12, by="O1", note_digest="def"),
            event("late", "1", entered=41, by="O1", note_digest="def"),
            event("long ago", "2", entered=13, occurred_at=day(-40_000)),
            event("closed", "", entered=15, kind="investigation_closed", victim=None, investigation="c1"),
        ],
        assessments=[
            *(field("1", "1", name, value, 2) for name, value in (("risk", "yes"), ("support", " "), ("phone", None))),
            *(field("1", "2", name, "no", 5) for name in ("support", "phone")),
            *(field("2", "1", name, "no", 5) for name in ("support", "phone", "risk")),
        ],
        postings=[posting("1", 1, "Response"), posting("1", 10, "CID"), posting("2", 30, "CID")],
    )
    return made


def field(of: str, version: str, name: str, value: str | None, made: float) -> dict[str, Any]:
    form = {"form": "needs_assessment", "version": version, "victim": f"v{of}", "field": name, "value": value}
    return form | {"made_at": day(made), "entered_at": day(made + 1), "source": "forms"}


def test_a_field_stands_as_it_was_last_filled_in(growing: GrowingForce) -> None:
    run = evaluate_store(growing.store, growing.latest(), BOOK, day(5))  # the second form was not yet entered
    with opened(run, run.as_of) as at:
        assert [one.value for one in at.figures(COMPLETE, Question())] == [0]
    run = evaluate_store(growing.store, growing.latest(), BOOK, day(40))
    with opened(run, run.as_of) as at:
        assert [one.value for one in at.figures(COMPLETE, Question())] == [1]


def test_after_another_load_it_is_what_the_sql_finds_then(growing: GrowingForce) -> None:
    for number in (40, 50):
        run = evaluate_store(growing.store, growing.latest(), BOOK, day(number))
        with opened(run, run.as_of) as at:
            for one in OF_WRITTEN:
                for question in (Question(), Question(("team",), "month")):
                    assert agree(at, one, question)
        growing.load(
            events=[event("third", "2", entered=42, by="O1", note_digest="def")],
            assessments=[field("2", "2", "risk", "", 43)],
            postings=[{"investigation": "c2", "from": day(2), "team": "Response", "officer": "O3"}],
        )


def test_only_what_was_written_is_counted_from_it() -> None:
    for measure in all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK)).values():
        assert narrow(measure, Question()) is None or measure.of in (ENTRIES, FIELDS), measure.id


def test_where_nothing_was_written_there_is_nothing(tmp_path: Path) -> None:
    made = GrowingForce(tmp_path / "force")
    made.load(crimes=crimes("1"), victims=victims("1"), events=[])
    run = evaluate_store(made.store, made.latest(), BOOK, day(40))
    with opened(run, run.as_of) as at:
        for one in OF_WRITTEN:
            assert agree(at, one, Question()) == 1
            assert agree(at, one, Question(("area",), "month")) == 0


@pytest.mark.parametrize("name", ["noted", "sheets", "shapes"])
def test_a_table_that_cannot_be_read_is_named(growing: GrowingForce, name: str) -> None:
    run = evaluate_store(growing.store, growing.latest(), BOOK, day(40))
    with opened(run, run.as_of) as at:
        path = at.members.written().path(name)
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(StoreError, match=path.name):
            at.figures(COMPLETE, Question())


def test_what_is_made_once_is_found_again(growing: GrowingForce) -> None:
    run = evaluate_store(growing.store, growing.latest(), BOOK, day(40))
    with opened(run, run.as_of) as at:
        made = at.members.written().folder.stat().st_ino
    with opened(run, run.as_of) as again:
        assert again.members.written().folder.stat().st_ino == made


@pytest.mark.parametrize(
    ("question", "of", "shared"),
    [(Question(), 3, 2), (Question(until=day(5).date()), 1, 1), (Question(only={"team": "CID"}), 2, 1)],
    ids=["all", "before the other was written", "of one team"],
)
def test_a_text_is_compared_with_those_of_all_times_and_teams(
    growing: GrowingForce, question: Question, of: int, shared: int
) -> None:
    measure = MEASURES["identical-texts"]
    run = evaluate_store(growing.store, growing.latest(), BOOK, day(40))
    with opened(run, run.as_of) as at:
        (found,) = at.figures(measure, question)
        assert (found.n, found.more["counted"]) == (of, shared)
        agree(at, measure, question)
