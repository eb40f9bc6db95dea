"""The members of populations: what they know of a victim, and that a night makes only those anew that have changed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kept.code import loader
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.measures.asked import opened
from kept.measures.catalogue import HOLDERS, populations
from kept.measures.made import all_measures
from kept.measures.members.making import members_of
from kept.measures.names import duties_in
from kept.measures.question import Question
from tests.support.forces import GrowingForce, crimes, day, event, victims

COLUMNS = (*populations()["victims"].breakdowns, *HOLDERS)
BOOK = loader.rulebook(loader.DEFAULT_RULEBOOK)


def fact(name: str, of: str, attribute: str, value: str, since: float, entered: float = 3) -> dict[str, Any]:
    told = {"fact_id": name, "subject_kind": "victim", "subject": f"v{of}", "attribute": attribute, "value": value}
    return told | {"valid_from": day(since), "entered_at": day(entered), "source": "rms"}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    made = GrowingForce(tmp_path_factory.mktemp("members"))
    made.load(
        crimes=crimes("1", "2"),
        victims=[row | {"sex": "female"} for row in victims("1", "2")],
        events=[
            event("needed", "1", kind="need_found", value="support"),
            event("planned", "2", kind="victim_interviewed", occurred_at=None, scheduled_for=day(20)),
            event("late", "2", kind="victim_contacted", result="reached", channel="phone", entered=45),
        ],
        facts=[fact("phone", "1", "has_phone", "true", 50)],
    )
    return made


@pytest.fixture
def force(grown: GrowingForce, tmp_path: Path) -> GrowingForce:
    return grown.copy(tmp_path / "force")


def run_at(force: GrowingForce, number: float) -> Run:
    return evaluate_store(force.store, force.latest(), BOOK, day(number))


def rows(run: Run, population: str = "victims") -> list[dict[str, Any]]:
    with opened(run, run.as_of) as at:
        columns = "COLUMNS(lambda name: name <> 'clock')"
        found = at.connection.sql(f"SELECT {columns} FROM {population} ORDER BY ALL").to_arrow_table()
    listed: list[dict[str, Any]] = found.to_pylist()
    return listed


def owed_in(run: Run) -> list[dict[str, Any]]:
    """Each obligation and tally, with all that it may be divided by."""
    with opened(run, run.as_of) as at:
        found = at.connection.sql(f"FROM {at.members.rows(at.members.owed.names['measure'], COLUMNS)} ORDER BY ALL")
        listed: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
    return listed


def test_a_member_knows_what_had_been_entered_and_held_by_the_as_of(force: GrowingForce) -> None:
    first, second = sorted(rows(run_at(force, 40)), key=lambda row: row["crime"])
    assert (first["need_found_at"], second["need_found_at"]) == (day(2), None)
    assert (first["has_phone"], first["digital"]) == (False, False)  # the fact holds only from a later day
    assert (second["sex"], second["contacted_at"]) == ("female", None)  # it was written down only later


def test_moments_that_the_clock_has_passed_are_seen_although_no_rule_reads_them(force: GrowingForce) -> None:
    members_of(run_at(force, 40))
    first, second = sorted(rows(run_at(force, 60)), key=lambda row: row["crime"])
    assert (first["has_phone"], first["digital"]) == (True, True)
    assert second["contacted_at"] == day(2)


def test_a_field_is_answered_if_something_stood_in_it_in_the_last_form(force: GrowingForce) -> None:
    def said(field: str, value: str | None, number: float, form: str = "needs_assessment") -> dict[str, Any]:
        version = {
            "form": form,
            "version": str(number),
            "victim": "v1",
            "made_at": day(number),
            "entered_at": day(number),
        }
        return version | {"field": field, "value": value, "source": "rms"}

    force.load(
        assessments=[
            said("risk", "high", 5),
            said("supporter", " ", 5),
            said("risk", "", 6),
            said("supporter", "no", 6),
            said("amended", "no", 7, "needs_assessment_review"),
            said("risk", "low", 50),
        ]
    )
    found = {(row["form"], row["field"]): row for row in rows(run_at(force, 40), "fields")}
    assert {name: row["answered"] for name, row in found.items()} == {
        ("needs_assessment", "risk"): False,
        ("needs_assessment", "supporter"): True,
        ("needs_assessment_review", "amended"): True,
    }
    assert found["needs_assessment", "risk"]["asked_at"] == day(6)


def test_a_case_counts_for_the_team_that_held_it_when_it_was_judged(force: GrowingForce) -> None:
    """It was with Response until day 15, when it was allocated on day 2, and with CID at its outcome on day 20."""

    def held(number: float, team: str) -> dict[str, Any]:
        return {"investigation": "c1", "from": day(number), "team": team, "officer": "O1", "source": "hr"}

    force.load(
        postings=[held(1, "Response"), held(15, "CID"), held(30, "Cold cases"), held(50, "Not yet known")],
        facts=[fact("ended", "1", "outcome", "16", 20) | {"subject_kind": "crime", "subject": "c1"}],
        events=[event("allocated", "", kind="investigation_allocated", victim=None, investigation="c1")],
    )
    run, measures = run_at(force, 40), all_measures(BOOK)

    def teams(measure: str) -> dict[Any, float | int | None]:
        found = at.figures(measures[measure], Question(by=("team",)))
        return {one.values[0]: one.n for one in found}

    with opened(run, run.as_of + timedelta(days=100)) as at:
        assert teams("outcome-16") == {"CID": 1}
        assert teams("first-supervisor-review") == {"Response": 1}
        assert teams("caseload") == {"Cold cases": 1}  # who held it as far as is known
        assert teams("statement-considered") == {"Cold cases": 1}  # not yet judged


def test_who_did_the_last_of_some_events_is_known(force: GrowingForce) -> None:
    def heard(name: str, by: str, number: float) -> dict[str, Any]:
        of_crime = {"victim": None, "crime": "c1", "hearing": name, "kind": "court_result_received", "value": "bail"}
        return event(name, "", number + 1, by=by, occurred_at=day(number), **of_crime)

    force.load(events=[heard("h1", "W2", 6), heard("h2", "W1", 5), heard("h3", "W3", 50)])
    found = {row["investigation"]: row["carer"] for row in rows(run_at(force, 40), "investigations")}
    assert found == {"c1": "W2", "c2": None}


def test_since_when_a_fact_has_held_is_when_its_last_value_came_and_a_blank_ends_it(force: GrowingForce) -> None:
    force.load(
        facts=[
            fact("first", "1", "outcome", "18", 10) | {"subject_kind": "crime", "subject": "c1"},
            fact("then", "1", "outcome", "16", 20) | {"subject_kind": "crime", "subject": "c1"},
            fact("given", "2", "outcome", "16", 10) | {"subject_kind": "crime", "subject": "c2"},
            fact("ended", "2", "outcome", "", 20) | {"subject_kind": "crime", "subject": "c2"},
        ]
    )
    run = run_at(force, 40)
    for population in ("victims", "crimes"):
        first, second = sorted(rows(run, population), key=lambda row: row["crime"])
        assert (first["outcome"], first["outcome_at"]) == ("16", day(20))
        assert (second["outcome"], second["outcome_at"]) == (None, None)


def test_a_night_in_which_nothing_happened_makes_nothing_anew(force: GrowingForce) -> None:
    before = members_of(run_at(force, 60))
    after = members_of(run_at(force, 61))
    assert before != after
    for path in before.glob("*.parquet"):
        assert (after / path.name).samefile(path)


def test_what_is_carried_over_is_what_would_be_made(force: GrowingForce) -> None:
    members_of(run_at(force, 40))
    force.load(events=[event("told", "1", kind="victim_contacted", result="reached", channel="phone", entered=41)])
    for number in (42, 43, 60):
        run = run_at(force, number)
        populations = ("victims", "crimes", "investigations")
        carried, owed = {name: rows(run, name) for name in populations}, owed_in(run)
        for folder in members_of(run).parent.iterdir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
        assert ({name: rows(run, name) for name in populations}, owed_in(run)) == (carried, owed)
        members_of(run)


def test_a_crime_has_what_was_said_of_its_whole_investigation(force: GrowingForce) -> None:
    force.load(
        crimes=[
            {"crime": name, "investigation": "i", "recorded_at": day(1), "entered_at": day(1)} for name in ("a", "b")
        ],
        victims=[{"victim": "va", "crime": "a", "entered_at": day(1)}],
        events=[
            event("given", "", kind="investigation_allocated", victim=None, investigation="i"),
            event("charged", "", kind="suspect_charged", victim=None, crime="b", value="charge"),
        ],
    )
    found = {row["crime"]: row for row in rows(run_at(force, 40), "crimes")}
    assert found["a"]["allocated_at"] == found["b"]["allocated_at"] == day(2)
    assert (found["a"]["charged_at"], found["b"]["charged_at"]) == (None, day(2))


def test_a_later_clock_turns_what_is_pending(force: GrowingForce) -> None:
    run = run_at(force, 5)
    states = []
    for later in (0, 400):
        with opened(run, run.as_of + timedelta(days=later)) as at:
            owed = at.members.rows([*duties_in(at.members.owed.names["measure"])], ())
            states.append(dict(at.connection.sql(f"SELECT state, count(*) FROM {owed} GROUP BY 1").fetchall()))
    assert states[0].get("pending", 0) > states[1].get("pending", 0)
    assert sum(states[0].values()) == sum(states[1].values())
