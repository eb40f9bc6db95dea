"""Loading: what is admitted, what is turned away and why, and that old versions stay as they were."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.contract.vocabulary import standard
from kept.errors import DiskError, StoreError
from kept.records import commit
from kept.records.load import LoadReport, load
from kept.records.mapping import Mapping
from kept.records.schema import arrow_schema
from kept.records.staging import Staged, stage
from kept.records.store import Store
from kept.records.timelines import prepare_tables

Rows = list[dict[str, Any]]
DAWN = datetime(2024, 1, 1, 9, tzinfo=UTC)
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return DAWN + timedelta(days=number)


def crime(name: str, entered: float = 1, **said: Any) -> dict[str, Any]:
    return {"crime": name, "reported_at": day(0), "entered_at": day(entered)} | said


def victim(name: str, of: str, entered: float = 1, **said: Any) -> dict[str, Any]:
    return {"victim": name, "crime": of, "entered_at": day(entered)} | said


def event(name: str, entered: float = 3, **said: Any) -> dict[str, Any]:
    common = {"kind": "statement_taken", "occurred_at": day(2), "source": "rms"}
    return {"event_id": name, "entered_at": day(entered), **common} | said


def void(name: str, of: str) -> dict[str, Any]:
    return {"event_id": name, "voids": of, "entered_at": day(6), "source": "rms"}


BASE: dict[str, Rows] = {"crimes": [crime("c1")], "victims": [victim("v1", "c1", person="p1")]}


class Force:
    """A store, and extracts written for it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        self.store = Store.create(folder / "store")

    def staged(self, tables: dict[str, Rows]) -> Staged:
        self.number += 1
        extract = self.folder / f"extract-{self.number}"
        extract.mkdir()
        for name, rows in tables.items():
            schema = arrow_schema(name, origin=False)
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), extract / f"{name}.parquet")
        return stage(Mapping.load("contract", standard()), extract, self.folder / f"staged-{self.number}", now=NOW)

    def load(self, **tables: Rows) -> LoadReport:
        report = load(self.store, self.staged(tables), NOW)
        assert all(row.holds for row in report.rows)
        return report

    def ids(self, table: str = "events") -> list[str]:
        found = self.store.latest().table(table)
        return [] if found is None else sorted(found[{"events": "event_id", "victims": "victim"}[table]].to_pylist())


@pytest.fixture
def force(tmp_path: Path) -> Force:
    return Force(tmp_path)


def test_a_load_makes_a_version_and_the_same_load_makes_none(force: Force) -> None:
    tables: dict[str, Rows] = BASE | {"events": [event("e1", victim="v1")]}
    first, second = force.load(**tables), force.load(**tables)
    assert (first.version, first.changed, first.total("accepted")) == (1, True, 3)
    assert (second.version, second.changed, second.total("unchanged")) == (1, False, 3)
    assert force.store.numbers() == [1]


def test_rows_turned_away_across_tables_are_set_aside_once(force: Force) -> None:
    tables: dict[str, Rows] = BASE | {"events": [event(f"e{number}", crime="nowhere") for number in range(9)]}
    force.load(**tables)
    second = force.load(**tables)
    assert (second.version, second.changed, second.total("quarantined")) == (1, False, 9)
    quarantine = force.store.latest().table("quarantine")
    assert quarantine is not None
    assert not any("file_row_number" in raw for raw in quarantine.column("raw").to_pylist())


def test_what_is_stored_is_what_was_prepared(force: Force) -> None:
    force.load(**BASE, events=[event("e1", victim="v1"), event("e2", crime="c1")])
    version = force.store.latest()
    tables = {name: found for name in ("crimes", "victims", "events") if (found := version.table(name)) is not None}
    assert version.timelines(0) == prepare_tables(tables, standard()).entries
    assert [row["id"] for row in version.find_crime("c1")] == ["v1", "c1"]


def test_a_victim_is_found_in_the_crime_that_was_then_known(force: Force) -> None:
    force.load(crimes=[crime("c1"), crime("c2")], victims=[victim("v1", "c1"), victim("v1", "c2", 9)])
    version = force.store.latest()
    found = {at: [row["id"] for row in version.find_crime("c1", day(at))] for at in (1, 8.9, 9)}
    assert found == {1: ["v1", "c1"], 8.9: ["v1", "c1"], 9: ["c1"]}
    assert (version.manifest.counts["subjects"], version.manifest.next_subject) == (3, 3)


def test_late_rows_make_a_new_version_and_leave_the_old_one(force: Force) -> None:
    force.load(**BASE, events=[event("e1", victim="v1")])
    old = force.store.latest()
    before = old.timelines(0)
    report = force.load(crimes=[crime("c0")], victims=[victim("v0", "c0")], events=[event("e2", victim="v0")])
    assert report.version == 2
    assert force.store.version(1).timelines(0) == before
    numbers = {row["id"]: row["subject"] for row in force.store.latest().subjects(0).to_pylist()}
    assert numbers == {"c1": 0, "v1": 1, "c0": 2, "v0": 3}
    assert old.codes == force.store.latest().codes


def test_a_load_in_two_parts_says_what_one_load_says(force: Force, tmp_path: Path) -> None:
    force.load(**BASE, events=[event("e1", victim="v1")])
    force.load(events=[event("e1", entered=5, victim="v1", occurred_at=day(1)), void("e2", "e1")])
    (tmp_path / "other").mkdir()
    other = Force(tmp_path / "other")
    other.load(
        **BASE,
        events=[
            void("e2", "e1"),
            event("e1", entered=5, victim="v1", occurred_at=day(1)),
            event("e1", victim="v1"),
        ],
    )
    assert force.store.latest().timelines(0) == other.store.latest().timelines(0)
    entries = [row for row in force.store.latest().timelines(0).to_pylist() if row["id"] == "e1"]
    assert {(row["entered"], row["withdrawn"]) for row in entries} == {(day(3), day(5)), (day(5), day(6))}


UNKNOWN = [
    ("victims", [victim("v9", "nowhere")], "crime that is not in the records"),
    ("events", [event("e9", victim="nobody")], "victim that is not in the records"),
    ("events", [event("e9", crime="nowhere")], "crime that is not in the records"),
    ("events", [event("e9", investigation="none")], "investigation that is not in the records"),
    (
        "facts",
        [
            {
                "fact_id": "f9",
                "subject_kind": "victim",
                "subject": "nobody",
                "attribute": "enhanced",
                "value": "true",
                "valid_from": day(1),
                "entered_at": day(1),
            }
        ],
        "victim that is not in the records",
    ),
    (
        "assessments",
        [
            {
                "form": "needs_assessment",
                "version": "1",
                "victim": "nobody",
                "field": "a",
                "made_at": day(1),
                "entered_at": day(1),
            }
        ],
        "victim that is not in the records",
    ),
    ("postings", [{"investigation": "none", "from": day(1)}], "investigation that is not in the records"),
    ("events", [event("e9", victim="v1", supersedes="none")], "corrects a row that is not in the records"),
    (
        "events",
        [{"event_id": "e9", "voids": "needs_assessment.1@v1", "entered_at": day(3)}],
        "corrects a row that is not in the records",
    ),
    (
        "events",
        [event("e8", victim="v1", supersedes="e9"), event("e9", victim="v1", supersedes="e8")],
        "corrects itself by way of other corrections",
    ),
    (
        "events",
        [event("e9", victim="v1"), event("e9", victim="v1", occurred_at=day(1))],
        "stands for something else too",
    ),
]


@pytest.mark.parametrize(("table", "rows", "reason"), UNKNOWN)
def test_what_does_not_fit_the_other_rows_is_turned_away(force: Force, table: str, rows: Rows, reason: str) -> None:
    tables = BASE | {table: [*BASE.get(table, []), *rows]}
    report = force.load(**tables)
    assert report.total("quarantined") == len(rows)
    assert [reason in said for said in report.reasons] == [True]
    kept = force.store.latest().scan("quarantine").to_table().to_pylist()
    assert [row["table"] for row in kept] == [table] * len(rows)
    again = force.load(**tables)
    assert not again.changed


def test_what_was_turned_away_is_admitted_once_it_fits(force: Force) -> None:
    late = [event("e1", victim="v2")]
    assert force.load(**BASE, events=late).total("quarantined") == 1
    report = force.load(victims=[victim("v2", "c1")], events=late)
    assert (report.total("quarantined"), force.ids()) == (0, ["e1"])


def test_a_row_of_what_was_turned_away_is_turned_away(force: Force) -> None:
    report = force.load(**BASE, events=[event("e1", victim="nobody"), event("e2", victim="v1", supersedes="e1")])
    assert report.total("quarantined") == 2


def test_one_id_entered_later_is_a_new_version(force: Force) -> None:
    force.load(**BASE, events=[event("e1", victim="v1")])
    report = force.load(events=[event("e1", victim="v1"), event("e1", entered=9, victim="v1", occurred_at=day(1))])
    assert (report.total("unchanged"), report.total("accepted")) == (1, 1)
    entries = [row for row in force.store.latest().timelines(0).to_pylist() if row["id"] == "e1"]
    assert {(row["entered"], row["withdrawn"]) for row in entries} == {(day(3), day(9)), (day(9), None)}


def test_one_id_at_one_moment_keeps_what_was_there(force: Force) -> None:
    force.load(**BASE, events=[event("e1", victim="v1")])
    report = force.load(events=[event("e1", victim="v1", occurred_at=day(1))])
    assert report.total("quarantined") == 1
    assert force.ids() == ["e1"]


def test_a_source_that_cannot_look_back_enters_a_change_when_it_is_seen(force: Force) -> None:
    force.load(**BASE, events=[event("e1", victim="v1")])
    staged = force.staged({"events": [event("e1", victim="v1", occurred_at=day(1))]})
    blind = replace(staged, looks_back=False)
    report = load(force.store, blind, NOW)
    assert report.total("accepted") == 1
    entries = [row for row in force.store.latest().timelines(0).to_pylist() if row["id"] == "e1"]
    assert {(row["at"], row["entered"]) for row in entries} == {(day(2), day(3)), (day(1), NOW)}
    assert not load(force.store, blind, NOW + timedelta(days=1)).changed
    assert not force.store.latest().looks_back


def test_only_a_full_snapshot_withdraws_what_it_lacks(force: Force) -> None:
    force.load(
        **BASE,
        events=[
            event("e1", victim="v1"),
            event("e2", victim="v1"),
            event("e3", victim="v1", source="x", occurred_at=day(0)),
        ],
    )
    staged = force.staged({"events": [event("e1", victim="v1")]})
    assert not load(force.store, staged, NOW).changed
    full = replace(staged, snapshot=True)
    assert load(force.store, full, NOW).withdrawn == 1
    ended = {row["id"]: row["withdrawn"] for row in force.store.latest().timelines(0).to_pylist()}
    assert (ended["e1"], ended["e2"], ended["e3"]) == (None, NOW, None)
    assert not load(force.store, full, NOW + timedelta(days=1)).changed


def test_what_a_snapshot_lacked_stands_again_once_it_is_back(force: Force) -> None:
    both = [event("e1", victim="v1"), event("e2", victim="v1")]
    force.load(**BASE, events=both)
    for number, held in enumerate((both[:1], both, both, both[:1], both)):
        full = replace(force.staged({"events": held}), snapshot=True)
        report = load(force.store, full, NOW + timedelta(days=number))
        assert report.changed == (number != 2)
    entries = [row for row in force.store.latest().timelines(0).to_pylist() if row["id"] == "e2"]
    stood = [(row["entered"], row["withdrawn"]) for row in entries if row["subject"] == 1]
    gone = [NOW + timedelta(days=number) for number in (0, 1, 3, 4)]
    assert stood == [(day(3), gone[0]), (gone[1], gone[2]), (gone[3], None)]


def test_a_posting_that_ends_replaces_the_one_that_lasted(force: Force) -> None:
    posting = {"investigation": "c1", "from": day(1), "officer": "o1"}
    force.load(**BASE, postings=[posting])
    force.load(postings=[posting | {"to": day(9)}])
    assert [row["to"] for row in force.store.latest().postings().to_pylist()] == [day(9)]


def test_only_buckets_that_changed_are_written(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("timelines", "buckets", "version"):
        monkeypatch.setattr(f"kept.records.{module}.BUCKET", 2)
    many = {"crimes": [crime(f"c{i}") for i in range(3)], "victims": [victim(f"v{i}", f"c{i}") for i in range(3)]}
    assert force.load(**many).buckets_written == (0, 1, 2)
    report = force.load(events=[event("e1", victim="v2")])
    assert report.buckets_written == (1, 2)  # the investigation c2 is number 2, the victim v2 number 5
    version = force.store.latest()
    stored = pa.concat_tables(version.timelines(bucket) for bucket in version.buckets())
    tables = {name: found for name in ("crimes", "victims", "events") if (found := version.table(name)) is not None}
    assert stored == prepare_tables(tables, standard()).entries


def test_a_full_disk_leaves_the_last_version(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    force.load(**BASE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(commit, "make_version", full)
    with pytest.raises(DiskError, match="disk is full"):
        force.load(events=[event("e1", victim="v1")])
    monkeypatch.undo()
    assert force.store.numbers() == [1]
    assert force.load(events=[event("e1", victim="v1")]).version == 2
    assert force.ids() == ["e1"]


def test_two_loads_at_once(force: Force) -> None:
    staged = force.staged({**BASE})
    with force.store.locked(0), pytest.raises(StoreError, match="at work"):
        load(force.store, staged, NOW, wait=0.1)
    assert load(force.store, staged, NOW).version == 1
