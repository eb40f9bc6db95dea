"""Erasing a person: nothing of them is left in any file, and everything else is as it was."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.contract.vocabulary import standard
from kept.errors import NotFoundError, UsageError
from kept.records.erase import erase
from kept.records.erase_runs import POSITIONS
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.schema import arrow_schema
from kept.records.staging import stage
from kept.records.store import Store
from kept.records.timelines import STATED

NOW = datetime(2025, 1, 1, tzinfo=UTC)
DAWN = datetime(2024, 1, 1, tzinfo=UTC)
HERS = (
    "jane",
    "jane-too",
    "victim-jane",
    "victim-other-jane",
    "event-jane",
    "event-crime-jane-void",
    "event-jane-form-void",
)


def day(number: int) -> datetime:
    return DAWN + timedelta(days=number)


def event(name: str, **said: Any) -> dict[str, Any]:
    return {"event_id": name, "kind": "statement_taken", "occurred_at": day(2), "entered_at": day(3)} | said


def load_all(store: Store, folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    folder.mkdir()
    for name, rows in tables.items():
        schema = arrow_schema(name, origin=False)
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{name}.parquet")
    load(store, stage(Mapping.load("contract", standard()), folder, folder / "staged", now=NOW), NOW)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two versions: one with Jane and John, one that merges her two ids and says more of both."""
    folder = tmp_path_factory.mktemp("erase")
    store = Store.create(folder / "store")
    merged = {"fact_id": "m", "subject_kind": "person", "subject": "jane-too", "attribute": "merged_into"}
    crimes = [{"crime": name, "reported_at": day(0), "entered_at": day(1)} for name in ("c1", "c2")]
    victims = [
        {"victim": "victim-jane", "crime": "c1", "person": "jane", "entered_at": day(1)},
        {"victim": "victim-john", "crime": "c1", "person": "john", "entered_at": day(1)},
        {"victim": "victim-other-jane", "crime": "c2", "person": "jane-too", "entered_at": day(1)},
    ]
    events = [
        event("event-jane", victim="victim-jane"),
        event("event-john", victim="victim-john", answers="event-jane"),
        event("event-crime", crime="c2"),
        event("bad", victim="victim-jane", supersedes="nothing"),
    ]
    load_all(store, folder / "one", {"crimes": crimes, "victims": victims, "events": events})
    more = [
        {"event_id": "event-crime-jane-void", "voids": "event-jane", "entered_at": day(5)},
        event("event-john-2", victim="victim-john"),
        event("event-jane-all", crime="c1", supersedes="event-jane", occurred_at=day(1)),
        {"event_id": "event-jane-form-void", "voids": "needs_assessment.1@victim-jane", "entered_at": day(5)},
    ]
    form = {"form": "needs_assessment", "version": "1", "victim": "victim-jane", "field": "risk", "value": "high"}
    fact = merged | {"value": "jane", "valid_from": day(4), "entered_at": day(4)}
    load_all(
        store,
        folder / "two",
        {"events": more, "facts": [fact], "assessments": [form | {"made_at": day(2), "entered_at": day(3)}]},
    )
    evaluate(store)
    return store


@pytest.fixture
def store(loaded: Store, tmp_path: Path) -> Store:
    return Store.open(shutil.copytree(loaded.path, tmp_path / "store"))


def evaluate(store: Store) -> None:
    """Leave a run as an evaluation does: a row for each victim, that began with an event of the victim's timeline."""
    version, run = store.latest(), store.run_folder("r1")
    entries = {(row["subject"], row["id"]): row["position"] for row in version.timelines(0).to_pylist()}
    numbers = {row["victim"]: row["subject"] for row in version.subjects(0).to_pylist() if row["victim"]}
    johns = entries[(numbers["victim-john"], "event-john")]
    began = {"victim-jane": 0, "victim-john": johns}
    rows = [{"subject": numbers[victim], "event": place, "ended_by": -1} for victim, place in began.items()]
    schema = pa.schema([("subject", pa.int64()), ("event", pa.int32()), ("ended_by", pa.int32())])
    run.mkdir()
    marked = schema.with_metadata({POSITIONS: '["event", "ended_by"]'})
    pq.write_table(pa.Table.from_pylist(rows, schema=marked), run / "rows-0.parquet")
    pq.write_table(pa.table({"subject": list(numbers.values())}), run / "turns-0.parquet")
    (run / "run.json").write_text(json.dumps({"store_version": version.number}))


def everything(path: Path) -> str:
    """All that the store's files say, whatever their kind."""
    texts = []
    for file in sorted(path.rglob("*")):
        if file.suffix == ".parquet":
            texts.append(str(pq.ParquetFile(file).read().to_pylist()))
        elif file.is_file():
            texts.append(file.read_bytes().decode(errors="replace"))
    return "\n".join(texts)


def test_nothing_of_the_person_is_left(store: Store) -> None:
    assert [hers for hers in HERS if f"'{hers}'" not in everything(store.path)] == []
    done = erase(store, "jane", NOW, "a court order")
    left = everything(store.path)
    assert [hers for hers in HERS if hers in left] == []
    assert (done.victims, done.quarantined, done.obligations, done.versions) == (2, 1, 1, 2)
    assert done.rows == 8  # two victims, her event, what took its place, its withdrawal, the merge
    assert [stone["why"] for stone in store.tombstones()] == ["a court order"]


def test_the_others_stay_as_they_were(store: Store) -> None:
    before = {number: store.version(number) for number in store.numbers()}
    subjects = before[1].subjects(0).to_pylist()
    entries = [row for row in before[2].timelines(0).to_pylist() if row["victim"] == "victim-john"]
    erase(store, "jane-too", NOW, "asked")
    after = store.latest()
    assert store.numbers() == [1, 2]
    kept = [_who(row) for row in subjects if row["person"] in ("john", None)]
    assert [_who(row) for row in store.version(1).subjects(0).to_pylist()] == kept
    found = [_said(row) for row in after.timelines(0).to_pylist() if row["victim"] == "victim-john"]
    assert found == [_said(row) | {"answers": None} for row in entries]
    events = after.table("events")
    assert events is not None
    assert sorted(events["event_id"].to_pylist()) == ["event-crime", "event-john", "event-john-2"]


def test_a_run_keeps_the_rows_of_others_and_what_they_point_to(store: Store) -> None:
    john = next(row["subject"] for row in store.latest().subjects(0).to_pylist() if row["victim"] == "victim-john")
    before = {row["id"]: row["position"] for row in store.latest().entries_of([john]).to_pylist()}
    erase(store, "jane", NOW, "asked")
    after = {row["id"]: row["position"] for row in store.latest().entries_of([john]).to_pylist()}
    rows = pq.read_table(store.run_folder("r1") / "rows-0.parquet")
    assert rows.to_pylist() == [{"subject": john, "event": after["event-john"], "ended_by": -1}]
    assert before["event-john"] != after["event-john"]
    assert json.loads(rows.schema.metadata[POSITIONS]) == ["event", "ended_by"]
    assert json.loads((store.run_folder("r1") / "run.json").read_text())["erased"] == 1
    gone = pq.read_table(store.run_folder("r1") / "turns-0.parquet")["subject"].to_pylist()
    assert set(gone) == {row["subject"] for row in store.latest().subjects(0).to_pylist() if row["victim"]}


def _who(subject: dict[str, Any]) -> dict[str, Any]:
    """A subject without what its timeline comes to."""
    return {name: said for name, said in subject.items() if name not in ("print", "standing", "entries")}


def _said(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without its place and the numbers of its texts, which depend on the others of the timeline."""
    return {name: entry[name] for name in STATED.names}


def test_an_unknown_person_changes_nothing(store: Store) -> None:
    before = everything(store.path)
    with pytest.raises(NotFoundError, match="no person nobody"):
        erase(store, "nobody", NOW, "asked")
    assert everything(store.path) == before


def test_an_erasure_that_ends_in_the_middle_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(store.folder)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kept.records.erase.put_json", killed)
    with pytest.raises(KeyboardInterrupt):
        erase(store, "jane", NOW, "asked")
    monkeypatch.undo()
    assert everything(store.folder) == before
    erase(store, "jane", NOW, "asked")
    assert [path.name for path in store.path.glob("gen-*")] == ["gen-0002"]


def test_what_is_left_of_the_old_generation_is_deleted_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    remove = shutil.rmtree

    def remove_others(path: Path, **how: Any) -> None:
        if "gen-0001" not in str(path):
            remove(path, **how)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", remove_others)
        erase(store, "jane", NOW, "asked")
    assert "victim-jane" in everything(store.path)
    with store.locked(0):
        pass
    assert "victim-jane" not in everything(store.path)


def test_loading_goes_on_after_an_erasure(store: Store, tmp_path: Path) -> None:
    erase(store, "jane", NOW, "asked")
    load_all(store, tmp_path / "three", {"events": [event("event-john-3", victim="victim-john")]})
    assert store.numbers() == [1, 2, 3]
    ids = [row["id"] for row in store.latest().timelines(0).to_pylist()]
    assert "event-john-3" in ids


def test_the_number_of_an_erased_subject_is_not_given_again(store: Store, tmp_path: Path) -> None:
    late = {"victim": "victim-late", "crime": "c2", "person": "late", "entered_at": day(6)}
    load_all(store, tmp_path / "three", {"victims": [late]})
    (number,) = [row["subject"] for row in store.latest().subjects(0).to_pylist() if row["id"] == "victim-late"]
    erase(store, "late", NOW, "they asked")
    load_all(store, tmp_path / "four", {"victims": [late | {"victim": "victim-new", "person": "new"}]})
    numbers = {row["id"]: row["subject"] for row in store.latest().subjects(0).to_pylist()}
    assert number == max(numbers.values()) - 1
    assert numbers["victim-new"] == number + 1
    assert "victim-late" not in numbers


def test_a_merge_that_was_withdrawn_joins_nobody(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    crimes = [{"crime": "c1", "reported_at": day(0), "entered_at": day(1)}]
    victims = [
        {"victim": f"victim-{name}", "crime": "c1", "person": name, "entered_at": day(1)} for name in ("anna", "bob")
    ]
    merge = {"fact_id": "m", "subject_kind": "person", "subject": "anna", "attribute": "merged_into", "value": "bob"}
    times = {"valid_from": day(2), "entered_at": day(2)}
    voided = {**merge, "fact_id": "v", "value": None, "voids": "m", "valid_from": day(3), "entered_at": day(3)}
    load_all(store, tmp_path / "one", {"crimes": crimes, "victims": victims, "facts": [{**merge, **times}, voided]})
    erase(store, "anna", NOW, "by request 12")
    left = store.latest().table("victims")
    assert left is not None
    assert left.column("person").to_pylist() == ["bob"]


def test_the_reason_may_not_name_the_person(store: Store) -> None:
    with pytest.raises(UsageError, match="names the person"):
        erase(store, "jane", NOW, "jane asked for it")
    assert store.tombstones() == []
