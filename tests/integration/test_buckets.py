"""Buckets: a load adds what changed and leaves the rest, and what is read is what counts."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.contract.vocabulary import standard
from kept.errors import DiskError, StoreError
from kept.records.load import load
from kept.records.store import StoreVersion
from kept.records.timelines import ENTRIES, SUBJECTS, Prepared, prepare_tables
from tests.support.forces import NOW, GrowingForce, Rows, crimes, day, event, victims

MANY = [str(number) for number in range(12)]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    """Twelve crimes with a victim each and five events of each victim, in one load."""
    made = GrowingForce(tmp_path_factory.mktemp("buckets"))
    events = [event(f"e{name}-{number}", name) for name in MANY for number in range(5)]
    made.load(crimes=crimes(*MANY), victims=victims(*MANY), events=events)
    return made


@pytest.fixture
def force(grown: GrowingForce, tmp_path: Path) -> GrowingForce:
    return grown.copy(tmp_path / "force")


def stored(version: StoreVersion) -> list[int]:
    """How many rows each file of timelines holds."""
    return [pq.read_metadata(path).num_rows for path in version.files("timelines")]


def logical(version: StoreVersion) -> pa.Table:
    return pa.concat_tables([version.timelines(bucket) for bucket in version.buckets()])


def require_what_preparing_gives(version: StoreVersion) -> None:
    """The same numbers were given to all, in one load."""
    prepared = prepared_anew(version)
    assert logical(version) == prepared.entries
    require_the_same_prints(version, prepared)


def prepared_anew(version: StoreVersion) -> Prepared:
    tables = {name: found for name in ("crimes", "victims", "events") if (found := version.table(name)) is not None}
    return prepare_tables(tables, standard())


def require_the_same_prints(version: StoreVersion, prepared: Prepared) -> None:
    subjects = pa.concat_tables([version.subjects(bucket) for bucket in version.buckets()])
    ours = ["print", "standing", "entries", "id"]
    assert subjects.select(ours).sort_by("id") == prepared.subjects.select(ours).sort_by("id")


def test_a_load_adds_only_the_timelines_that_changed(force: GrowingForce) -> None:
    before = stored(force.latest())
    report = force.load(events=[event("late", "3", 9)])
    version = force.latest()
    changed = sum(row["entries"] for row in version.subjects(0).to_pylist() if row["id"] in ("c3", "v3"))
    assert (report.buckets_written, sorted(stored(version))) == ((0,), sorted([*before, changed]))
    assert {name for name, made in force.made().items() if made == 2} == {"c3", "v3"}
    assert len(version.files("subjects")) == 1
    assert force.store.version(1).timelines(0).num_rows == sum(before)
    require_what_preparing_gives(version)


def test_what_was_touched_and_says_the_same_keeps_its_made(force: GrowingForce) -> None:
    same_person = [{"victim": "vnew", "crime": "cnew", "person": "person-3", "entered_at": day(40)}]
    crime = [{"crime": "cnew", "reported_at": day(-900), "entered_at": day(40)}]
    force.load(crimes=crime, victims=same_person)
    assert {name for name, made in force.made().items() if made == 2} == {"cnew", "vnew"}
    require_the_same_prints(force.latest(), prepared_anew(force.latest()))


def test_other_software_that_prepares_the_same_changes_nothing(
    force: GrowingForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kept.records.commit.installed", lambda _: "another")
    force.load(events=[event("late", "3", 9)])
    assert {name for name, made in force.made().items() if made == 2} == {"c3", "v3"}
    require_what_preparing_gives(force.latest())


def test_a_subject_that_is_known_otherwise_is_made_anew(force: GrowingForce) -> None:
    moved = {"victim": "v3", "crime": "c3", "person": "somebody-else", "entered_at": day(9)}
    force.load(victims=[moved])
    assert force.made()["v3"] == 2
    assert force.made()["v4"] == 1
    require_what_preparing_gives(force.latest())


def test_a_bucket_is_rewritten_when_more_than_a_quarter_is_superseded(force: GrowingForce) -> None:
    files = []
    for number, name in enumerate(MANY[:9], start=10):
        force.load(events=[event(f"late-{name}", name, number)])
        version = force.latest()
        files.append(len(version.files("timelines", 0)))
        superseded = sum(stored(version)) - logical(version).num_rows
        assert superseded <= sum(stored(version)) / 4
    assert files[:2] == [2, 3]
    assert 1 in files
    assert set(force.made().values()) == set(range(1, 11))
    require_what_preparing_gives(force.latest())


def test_random_loads_in_other_batches_give_the_same_timelines(tmp_path: Path) -> None:
    chance = random.Random(5)
    events = [event(f"e{number}", chance.choice(MANY), entered=number / 7) for number in range(90)]
    digests: list[Any] = []
    for batches in (1, 4):
        force = GrowingForce(tmp_path / str(batches))
        force.load(crimes=crimes(*MANY), victims=victims(*MANY))
        rows: Rows = chance.sample(events, len(events))
        for first in range(batches):
            force.load(events=rows[first::batches])
        subjects = force.latest().subjects(0)
        digests.append([logical(force.latest()), subjects.drop("made")])
        require_what_preparing_gives(force.latest())
    assert digests[0] == digests[1]


def test_entries_of_some_subjects_are_those_of_their_timelines(
    force: GrowingForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("timelines", "buckets", "version"):
        monkeypatch.setattr(f"kept.records.{module}.BUCKET", 10)
    in_tens = GrowingForce(force.folder / "tens")
    in_tens.load(crimes=crimes(*MANY), victims=victims(*MANY), events=[event(f"e{one}", one) for one in MANY])
    in_tens.load(events=[event("late", "3", 9), event("later", "7", 9)])
    version, whole = in_tens.latest(), logical(in_tens.latest())
    for numbers in ([0], [3, 15, 4], [23, 9, 9, 10], list(range(24)), [999], []):
        wanted = pa.array(sorted(set(numbers)), pa.int64())
        expected = [row for row in whole.to_pylist() if row["subject"] in wanted.to_pylist()]
        found = version.entries_of(numbers)
        assert (found.schema, found.to_pylist()) == (ENTRIES, expected)


def test_many_numbers_far_apart_are_read_in_one_go(force: GrowingForce, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kept.records.reading._FEW", 2)
    force.load(events=[event("late", "3", 9)])
    found = force.latest().entries_of([0, 5, 9, 15, 20])
    expected = [row for row in logical(force.latest()).to_pylist() if row["subject"] in (0, 5, 9, 15, 20)]
    assert found.to_pylist() == expected


def test_what_changed_since_a_version_is_found(force: GrowingForce) -> None:
    force.load(events=[event("late", "3", 9)])
    force.load(events=[event("later", "7", 10)])
    version = force.latest()
    numbers = {row["id"]: row["subject"] for row in version.subjects(0).to_pylist()}
    expected = {2: ("c7", "v7"), 1: ("c3", "c7", "v3", "v7"), 0: tuple(numbers), 3: ()}
    for number, names in expected.items():
        assert version.changed_since(number).tolist() == sorted(numbers[name] for name in names)


def test_sql_sees_what_counts(force: GrowingForce) -> None:
    force.load(events=[event("late", "3", 9)])
    version = force.latest()
    with duckdb.connect() as connection:
        query = f"SELECT * EXCLUDE (made) FROM ({version.relation('timelines')}) ORDER BY subject, position"
        connection.execute("SET TimeZone = 'UTC'")
        assert connection.sql(query).to_arrow_table().cast(ENTRIES) == logical(version)


def test_a_subject_says_its_investigation_and_how_many_entries_it_has(force: GrowingForce) -> None:
    subjects = {row["id"]: row for row in force.latest().subjects(0).to_pylist()}
    entries = logical(force.latest()).to_pylist()
    assert force.latest().subjects(0).schema == SUBJECTS
    for row in subjects.values():
        assert row["within"] == subjects[row["investigation"]]["subject"]
        assert row["entries"] == sum(entry["subject"] == row["subject"] for entry in entries)


def test_a_correction_changes_what_stands_and_a_later_one_only_what_ever_stood(force: GrowingForce) -> None:
    def prints() -> tuple[int, int]:
        row = next(row for row in force.latest().subjects(0).to_pylist() if row["id"] == "v3")
        return row["print"], row["standing"]

    first = prints()
    force.load(events=[event("wrong", "3", 9)])
    second = prints()
    force.load(events=[{"event_id": "void", "voids": "wrong", "entered_at": day(10), "source": "rms"}])
    third = prints()
    assert len({first[0], second[0], third[0]}) == 3
    assert (first[1] == third[1], first[1] == second[1]) == (True, False)


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("name", ["timelines", "subjects"])
def test_a_damaged_file_is_named(force: GrowingForce, name: str, gone: bool) -> None:
    force.load(events=[event("late", "3", 9)])
    version = force.latest()
    damaged = version.files(name, 0)[-1]
    damaged.unlink() if gone else damaged.write_bytes(damaged.read_bytes()[:50])
    reads: list[Callable[[], Any]] = [lambda: version.timelines(0), lambda: version.entries_of([1])]
    if name == "subjects":
        reads += [lambda: version.subjects(0), lambda: version.changed_since(0), version.numbered]
    for read in reads:
        with pytest.raises(StoreError, match="cannot be read") as error:
            read()
        assert error.value.where == str(damaged)
        assert "Restore it" in error.value.what_to_do


def test_a_disk_that_fills_while_timelines_are_written_leaves_the_last_version(
    force: GrowingForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, staged = logical(force.latest()), force.staged(events=[event("late", "3", 9)])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "write_table", full)
        with pytest.raises(DiskError, match="disk is full"):
            load(force.store, staged, NOW)
    assert (force.store.numbers(), logical(force.latest())) == ([1], before)
    assert load(force.store, staged, NOW).version == 2
    assert len(list((force.store.folder / "tables" / "timelines").rglob("*.parquet"))) == 2
