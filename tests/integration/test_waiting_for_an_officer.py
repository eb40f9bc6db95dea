"""How long until somebody was given a case: who was never given one waits, and does not drop out of the figure."""

from pathlib import Path
from typing import Any

from kept.code import loader
from kept.engine.run import evaluate_store
from kept.measures.asked import opened
from kept.measures.question import Question
from tests.support.forces import GrowingForce, crimes, day, event, victims
from tests.support.members import MEASURES

BOOK = loader.rulebook(loader.DEFAULT_RULEBOOK)


def test_a_crime_that_nobody_was_given_waits_unless_it_was_decided(tmp_path: Path) -> None:
    force = GrowingForce(tmp_path / "force")
    named = ("soon", "late", "never", "filed", "cancelled")
    recorded = [row | {"recorded_at": day(1)} for row in crimes(*named)]
    force.load(
        crimes=[*recorded, *crimes("unrecorded")],
        victims=victims(*named, "unrecorded"),
        facts=[outcome("filed", 3)],
        events=[given("soon", 2), given("late", 9), cancelled("cancelled", 3)],
    )
    run = evaluate_store(force.store, force.latest(), BOOK, day(40))
    with opened(run, run.as_of) as at:
        (found,) = at.figures(MEASURES["record-to-allocate"], Question())
    assert (found.n, found.more["waiting"], found.more["within"]) == (3, 1, 1 / 3)


def given(of: str, number: float) -> dict[str, Any]:
    said = {"kind": "investigation_allocated", "victim": None, "investigation": f"c{of}", "occurred_at": day(number)}
    return event(f"given {of}", of, number) | said


def cancelled(of: str, number: float) -> dict[str, Any]:
    said = {"kind": "crime_cancelled", "victim": None, "crime": f"c{of}", "occurred_at": day(number)}
    return event(f"cancelled {of}", of, number) | said


def outcome(of: str, number: float) -> dict[str, Any]:
    told = {"fact_id": f"outcome {of}", "subject_kind": "crime", "subject": f"c{of}", "attribute": "outcome"}
    return told | {"value": "18", "valid_from": day(number), "entered_at": day(number), "source": "rms"}
