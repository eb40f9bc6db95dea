"""A run that stands on an earlier one has the rows of one that evaluated everything, after any load, at any clock."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from kept.code import loader
from kept.contract.vocabulary import standard
from kept.demo import make
from kept.engine.compaction import CompactedRun, compact_last_run
from kept.engine.results import Run, runs
from kept.engine.run import evaluate_store
from kept.records.load import load
from kept.records.mapping import Mapping
from kept.records.staging import stage
from kept.records.store import Store
from tests.support.runs import table_of

VICTIMS = 250
LOADS = 4
BOOK = loader.rulebook(loader.DEFAULT_RULEBOOK)


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """An invented force's records in parts: nearly all, then the rest in a random order. Its as-of is in 2026."""
    folder = tmp_path_factory.mktemp("force")
    force = make(folder / "force", victims=VICTIMS, seed=5)
    chance = random.Random(5)
    parts = [folder / f"part-{number}" for number in range(LOADS)]
    for part in parts:
        part.mkdir()
    for path in sorted(force.extract.glob("*.parquet")):
        table = pq.read_table(path)
        alone = path.stem in ("events", "facts", "postings")
        which = [chance.choices(range(LOADS), (99.4, 0.2, 0.2, 0.2))[0] if alone else 0 for _ in range(len(table))]
        for number, part in enumerate(parts):
            some = table.filter(pa.array([one == number for one in which], pa.bool_()))
            if len(some):
                pq.write_table(some, part / path.name)
    return parts


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


def add(store: Store, part: Path, folder: Path) -> None:
    now = datetime.now(UTC)
    load(store, stage(Mapping.load("contract", standard()), part, folder / part.name, now=now), now)


def run_at(store: Store, as_of: datetime, *, anew: bool = False) -> Run:
    return evaluate_store(store, store.latest(), BOOK, as_of, anew=anew)


def assert_as_if_anew(store: Store, run: Run) -> None:
    """The run is what an evaluation of everything gives, in its rows, their order, and what did not arise."""
    said, found = run.manifest, table_of(run)
    aside = run.folder.with_name(f".aside-{run.id}")
    run.folder.rename(aside)
    whole = run_at(store, run.as_of, anew=True)
    assert table_of(whole) == found
    assert [whole.manifest[name] for name in ("id", "obligations", "not_arisen", "omitted")] == [
        said[name] for name in ("id", "obligations", "not_arisen", "omitted")
    ]
    assert len(whole.layers) == 1
    whole.folder.rename(aside.with_name(f".whole-{run.id}"))
    aside.rename(run.folder)


def moments() -> Iterator[datetime]:
    chance = random.Random(9)
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    while True:
        yield at
        at += timedelta(days=chance.choice((0.25, 1, 1, 7)), seconds=chance.randrange(3600))


def test_load_after_load_and_day_after_day(store: Store, extracts: list[Path], tmp_path: Path) -> None:
    clock, layers = moments(), []
    for part in extracts:
        add(store, part, tmp_path)
        for _ in range(2):
            run = run_at(store, next(clock))
            layers.append(len(run.layers))
            if len(run.layers) > 1:
                assert run.manifest["evaluated"] < 0.3 * run.manifest["subjects"]
            assert_as_if_anew(store, run)
    assert layers == list(range(1, len(layers) + 1))
    assert_compaction_changes_nothing(store, next(clock))


def assert_compaction_changes_nothing(store: Store, later: datetime) -> None:
    before = runs(store)
    rows = {run.id: table_of(run) for run in before}
    done = compact_last_run(store)
    assert done == CompactedRun(before[0].id, len(before[0].layers))
    assert compact_last_run(store) is None
    assert {run.id: table_of(run) for run in runs(store)} == rows
    after = run_at(store, later)
    assert len(after.layers) == 2
    assert_as_if_anew(store, after)


def test_what_no_longer_arises_is_gone(store: Store, extracts: list[Path], tmp_path: Path) -> None:
    add(store, extracts[0], tmp_path)
    as_of = datetime(2026, 6, 1, tzinfo=UTC)
    before = run_at(store, as_of)
    events = pq.read_table(extracts[0] / "events.parquet")
    started = pc.is_in(events.column("event_id"), table_of(before).column("start_id").combine_chunks())
    voided = events.filter(started).slice(0, 3).to_pylist()
    rows = [
        {"event_id": f"void-{one['event_id']}", "kind": one["kind"], "entered_at": as_of, "voids": one["event_id"]}
        | {"source": one["source"]}
        for one in voided
    ]
    (tmp_path / "void").mkdir()
    pq.write_table(pa.Table.from_pylist(rows, schema=events.schema), tmp_path / "void" / "events.parquet")
    add(store, tmp_path / "void", tmp_path / "staged")
    after = run_at(store, as_of + timedelta(hours=1))
    gone = {one["event_id"] for one in voided}
    assert gone.isdisjoint(table_of(after).column("start_id").to_pylist())
    assert len(after.layers) == 2
    assert_as_if_anew(store, after)
    assert gone <= set(table_of(before).column("start_id").to_pylist())  # the earlier run stays as it was


def test_the_same_question_gives_the_run_that_is_there(store: Store, extracts: list[Path], tmp_path: Path) -> None:
    add(store, extracts[0], tmp_path)
    as_of = datetime(2026, 6, 1, tzinfo=UTC)
    run = run_at(store, as_of)
    made = (run.folder / "run.json").stat().st_mtime_ns
    assert run_at(store, as_of).folder == run.folder
    assert (run.folder / "run.json").stat().st_mtime_ns == made


def test_a_later_clock_judges_what_was_pending(store: Store, extracts: list[Path], tmp_path: Path) -> None:
    """By the clock alone, save for windows of contact, of which the clock opens more."""
    add(store, extracts[0], tmp_path)
    first, later = datetime(2026, 6, 25, tzinfo=UTC), datetime(2026, 6, 30, 12, tzinfo=UTC)
    run = run_at(store, first)
    turning = set(_turning(run, later))
    read = [row for row in table_of(run, later).to_pylist() if row["subject"] not in turning]
    evaluated = [row for row in table_of(run_at(store, later, anew=True)).to_pylist() if row["subject"] not in turning]
    assert read == evaluated
    before = [row for row in table_of(run).to_pylist() if row["subject"] not in turning]
    turned = [now["state"] for was, now in zip(before, read, strict=True) if was["state"] != now["state"]]
    assert turned
    assert set(turned) <= {"no_record", "late", "not_done", "reasoned"}


def _turning(run: Run, until: datetime) -> list[int]:
    query = f"""
        SELECT subject FROM ({run.relation("turns")}) WHERE moment <= $1
        UNION SELECT subject FROM stated WHERE repeats AND state = 'pending' AND due <= $1"""
    with run.reading() as connection:
        return [int(row[0]) for row in connection.execute(query, [until]).fetchall()]
