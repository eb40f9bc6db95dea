"""What is read where it stands: entries as they were written, with who held the investigation then."""

from datetime import timedelta
from typing import Any

import pytest

from kept.code import loader
from kept.engine.run import evaluate_store
from kept.measures.asked import opened
from tests.support.forces import GrowingForce, crimes, day, event, victims

BOOK = loader.rulebook(loader.DEFAULT_RULEBOOK)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The rows of each population that is read in place, as of day 40."""
    force = GrowingForce(tmp_path_factory.mktemp("in_place") / "force")

    def posting(number: float, team: str, officer: str) -> dict[str, Any]:
        return {"investigation": "c1", "from": day(number), "team": team, "area": "North", "officer": officer}

    def field(name: str) -> dict[str, Any]:
        form = {"form": "needs_assessment", "version": "1", "victim": "v1", "field": name, "value": "yes"}
        return form | {"made_at": day(2), "entered_at": day(3), "source": "forms"}

    force.load(
        crimes=crimes("1"),
        victims=victims("1"),
        events=[
            event("first", "1", by="O1", note_digest="abc"),
            event("second", "1", entered=12, by="O2", note_digest="abc"),
            event("corrected", "1", entered=13, supersedes="second"),
            {"event_id": "withdrawn", "voids": "corrected", "entered_at": day(14), "source": "rms"},
            event("charged", "", entered=4, kind="suspect_charged", victim=None, crime="c1", value="charge"),
            event("closed", "", entered=15, kind="investigation_closed", victim=None, investigation="c1"),
            event("planned", "1", kind="victim_interviewed", occurred_at=None, scheduled_for=day(20)),
            event("later", "1", entered=41),
            event("early", "1", entered=0.5, occurred_at=day(0.2)),
        ],
        assessments=[field("risk"), field("supporter")],
        postings=[posting(1, "Response", "O1"), posting(10, "CID", "O2")],
    )
    run = evaluate_store(force.store, force.latest(), BOOK, day(40))
    with opened(run, run.as_of + timedelta(days=1)) as at:
        return {
            name: at.connection.sql(f"FROM {name} ORDER BY ALL").to_arrow_table().to_pylist() for name in ("entries",)
        }


def test_an_entry_is_a_row_that_says_something_as_it_was_written(found: dict[str, list[dict[str, Any]]]) -> None:
    written = sorted((row["entered_at"], row["kind"]) for row in found["entries"])
    assert written == [
        (day(0.5), "statement_taken"),
        (day(3), "assessment_made"),  # one form, whatever its fields
        (day(3), "statement_taken"),
        (day(4), "suspect_charged"),
        (day(12), "statement_taken"),
        (day(13), "statement_taken"),  # the correction, and what it corrects
        (day(15), "investigation_closed"),
    ]


def test_an_entry_belongs_to_the_investigation_and_to_who_held_it_then(found: dict[str, list[dict[str, Any]]]) -> None:
    held = {row["entered_at"]: (row["subject"], row["team"], row["area"]) for row in found["entries"]}
    assert held[day(0.5)] == ("c1", "Response", "North")  # before anybody held it: who held it first
    assert held[day(3)] == held[day(4)] == ("c1", "Response", "North")
    assert held[day(12)] == held[day(15)] == ("c1", "CID", "North")
    noted = {row["entered_at"]: row["text_of_recorder"] for row in found["entries"] if row["text"]}
    assert noted == {day(3): "O1 abc", day(12): "O2 abc"}
