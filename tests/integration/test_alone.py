"""One investigation read on its own says what a run of the whole force says of it, at any as-of."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from kept.code import loader
from kept.engine.alone import read_case
from kept.engine.coverage import rules_for
from kept.engine.entries import Entry
from kept.engine.obligation import Obligation
from kept.engine.results import Run
from kept.engine.rules import Rules
from kept.engine.run import evaluate_store
from kept.errors import AsOfError, NotFoundError
from kept.records.store import Store
from tests.support.forces import GrowingForce, Rows
from tests.support.runs import last_run, table_of

ARRESTED = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def rules_of(run: Run) -> Rules:
    return rules_for(loader.rulebook(), run.version)


def by_investigation(run: Run) -> dict[str, list[Obligation]]:
    found = defaultdict(list)
    for row in table_of(run).to_pylist():
        found[row["investigation"]].append(Obligation(**row))
    return found


def alone(run: Run, investigation: str) -> list[Obligation]:
    found = read_case(run.version, rules_of(run), investigation, run.as_of).obligations()
    return sorted(found, key=lambda row: row.subject)


def test_every_investigation_of_a_force_has_the_rows_of_the_run(force: Path) -> None:
    run = last_run(force / "store")
    expected = by_investigation(run)
    assert len(expected) > 300
    for investigation, rows in expected.items():
        assert alone(run, investigation) == rows, investigation


def test_as_it_was_known_on_an_earlier_day_too(force: Path, tmp_path: Path) -> None:
    last = last_run(force / "store")
    store = Store.open(copytree(force / "store", tmp_path / "store"))
    run = evaluate_store(store, store.latest(), loader.rulebook(), last.as_of - timedelta(days=75))
    expected = by_investigation(run)
    assert len(expected) > 200
    for investigation, rows in expected.items():
        assert alone(run, investigation) == rows, investigation


def arrest(name: str, **about: str) -> dict[str, object]:
    said = {"event_id": name, "kind": "suspect_arrested", "suspect": "S1", "source": "custody"}
    return {**said, "occurred_at": ARRESTED, "entered_at": ARRESTED, **about}


def told(name: str, when: datetime, **about: str) -> dict[str, object]:
    said = {"event_id": name, "kind": "victim_told", "value": "arrest", "result": "told", "suspect": "S1"}
    return {**said, "channel": "phone", "source": "kept", "by": "O1", "occurred_at": when, "entered_at": when, **about}


def entry_of(row: dict[str, object]) -> Entry:
    same = ("kind", "source", "by", "channel", "result", "value", "suspect")
    return Entry(
        at=row["occurred_at"],  # type: ignore[arg-type]
        id=str(row["event_id"]),
        entered=row["entered_at"],  # type: ignore[arg-type]
        **{name: row[name] for name in same if name in row},  # type: ignore[arg-type]
    )


def grown(folder: Path, events: Rows) -> GrowingForce:
    """An investigation of two crimes; the person of V1 and V3 is one."""
    entered = {"entered_at": ARRESTED - timedelta(days=2)}
    before = ARRESTED - timedelta(days=3)
    force = GrowingForce(folder, NOW)
    force.load(
        crimes=[{"crime": c, "investigation": "I1", "reported_at": before, **entered} for c in ("C1", "C2")],
        victims=[
            {"victim": v, "crime": c, "person": p, **entered}
            for v, c, p in (("V1", "C1", "P1"), ("V2", "C1", "P2"), ("V3", "C2", "P1"))
        ],
        events=[arrest("a1", crime="C1"), arrest("a2", crime="C2"), *events],
    )
    return force


@pytest.mark.parametrize(
    ("about", "answers"),
    [({"victim": "V1"}, {"V1", "V3"}), ({"victim": "V2"}, {"V2"}), ({"crime": "C2"}, {"V1", "V3"}),
     ({"investigation": "I1"}, {"V1", "V2", "V3"})],
)  # fmt: skip
def test_fresh_entries_count_as_if_they_had_been_loaded(
    tmp_path: Path, about: dict[str, str], answers: set[str]
) -> None:
    row = told("t1", ARRESTED + timedelta(days=1), **about)
    loaded, store = grown(tmp_path / "loaded", [row]).latest(), grown(tmp_path / "fresh", [])
    rules = rules_for(loader.rulebook(), loaded)
    expected = list(read_case(loaded, rules, "I1", NOW).obligations())
    assert {one.victim for one in expected if one.duty == "R6-1a" and one.answer_id == "t1"} == answers
    (of,) = about.values()
    assert list(read_case(store.latest(), rules, "I1", NOW, [(of, entry_of(row))]).obligations()) == expected


def test_a_fresh_entry_that_the_store_has_meanwhile_counts_once(tmp_path: Path) -> None:
    row = told("t1", ARRESTED + timedelta(days=1), victim="V1")
    version = grown(tmp_path, [row]).latest()
    rules = rules_for(loader.rulebook(), version)
    other = entry_of(row)._replace(at=ARRESTED - timedelta(days=1))
    assert list(read_case(version, rules, "I1", NOW, [("V1", other)]).obligations()) == list(
        read_case(version, rules, "I1", NOW).obligations()
    )


def test_a_victim_that_came_from_another_investigation_was_known_since_it_was_there(tmp_path: Path) -> None:
    moved = NOW - timedelta(days=20)
    force = grown(tmp_path, [])
    force.load(crimes=[{"crime": "C2", "investigation": "I2", "reported_at": ARRESTED, "entered_at": moved}])
    version = force.latest()
    rules = rules_for(loader.rulebook(), version)
    (now,) = read_case(version, rules, "I2", NOW).victims
    assert now.subject.entered == ARRESTED - timedelta(days=2)
    before = read_case(version, rules, "I1", moved - timedelta(days=1))
    assert [one.subject.id for one in before.victims] == ["V1", "V2", "V3"]
    assert [one.subject.id for one in read_case(version, rules, "I1", NOW).victims] == ["V1", "V2"]


def test_what_was_not_known_by_then_is_said(tmp_path: Path) -> None:
    version = grown(tmp_path, []).latest()
    rules = rules_for(loader.rulebook(), version)
    for name in ("I9", "", "I1'; DROP TABLE x --"):
        with pytest.raises(NotFoundError, match="no investigation"):
            read_case(version, rules, name, NOW)
    with pytest.raises(AsOfError, match="cannot look back"):
        read_case(version, rules, "I1", ARRESTED - timedelta(days=900))
