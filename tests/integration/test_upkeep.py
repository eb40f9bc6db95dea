"""Compaction and vacuum: less on disk, nothing else said, nothing deleted that anybody needs, whatever is killed."""

import json
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.cli import main
from kept.errors import DiskError, StoreError, UsageError
from kept.records.compact import compact
from kept.records.erase import erase
from kept.records.store import Store, StoreVersion
from kept.records.vacuum import vacuum
from tests.support.forces import NOW, GrowingForce, crimes, event, victims
from tests.support.processes import Begun, begin, say

MANY = [str(number) for number in range(12)]
KILLS = 12


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    """Three versions: the second and third each add to two timelines."""
    made = GrowingForce(tmp_path_factory.mktemp("upkeep"))
    made.load(crimes=crimes(*MANY), victims=victims(*MANY), events=[event(f"e{one}", one) for one in MANY])
    for name in ("3", "7"):
        made.load(events=[event(f"late-{name}", name, 9)])
    return made


@pytest.fixture
def force(grown: GrowingForce, tmp_path: Path) -> GrowingForce:
    return grown.copy(tmp_path / "force")


def said(version: StoreVersion) -> tuple[list[pa.Table], list[pa.Table]]:
    buckets = version.buckets()
    return [version.timelines(bucket) for bucket in buckets], [version.subjects(bucket) for bucket in buckets]


def files(store: Store) -> set[str]:
    return {str(path.relative_to(store.folder)) for path in (store.folder / "tables").rglob("*.parquet")}


def named(version: StoreVersion) -> set[str]:
    """The files that a version names."""
    return {str(path.relative_to(version.folder)) for name in version.manifest.tables for path in version.files(name)}


def evaluated(store: Store, number: int) -> None:
    """A run of a version, as far as a vacuum looks at it."""
    folder = store.run_folder(f"run-{number}")
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"store_version": number}))


def test_compaction_makes_one_file_and_says_the_same(force: GrowingForce) -> None:
    before = force.latest()
    done = compact(force.store)
    after = force.latest()
    assert (done.version, done.buckets, done.files_before, done.files_after) == (4, (0,), 3, 1)
    rows = [sum(pq.read_metadata(path).num_rows for path in one.files("timelines")) for one in (before, after)]
    assert rows[0] - rows[1] == done.superseded > 0
    assert (done.bytes_before, done.bytes_after) == tuple(
        sum(path.stat().st_size for path in one.files("timelines")) for one in (before, after)
    )
    assert said(after) == said(before) == said(force.store.version(3))
    assert after.manifest.made_at == before.manifest.made_at
    assert after.changed_since(3).tolist() == []
    assert force.store.report(4)["superseded"] == done.superseded


def test_what_is_compact_stays_as_it_is(force: GrowingForce) -> None:
    compact(force.store)
    before = files(force.store)
    assert compact(force.store).version is None
    assert (force.store.numbers(), files(force.store)) == ([1, 2, 3, 4], before)


def test_loads_go_on_after_compaction_and_vacuum(force: GrowingForce) -> None:
    compact(force.store)
    vacuum(force.store, 1)
    assert force.load(events=[event("later", "5", 11)]).version == 5
    assert {name for name, made in force.made().items() if made == 5} == {"c5", "v5"}
    assert len(force.latest().files("timelines")) == 2


def test_a_full_disk_leaves_the_last_version(force: GrowingForce, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before, held = said(force.latest()), files(force.store)
    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "write_table", full)
        with pytest.raises(DiskError, match="disk is full"):
            compact(force.store)
    assert (force.store.numbers(), said(force.latest())) == ([1, 2, 3], before)
    assert compact(force.store).version == 4
    assert len(files(force.store) - held) == 1


def test_vacuum_keeps_the_last_versions_and_what_runs_evaluated(force: GrowingForce) -> None:
    compact(force.store)
    evaluated(force.store, 2)
    kept = {number: said(force.store.version(number)) for number in (2, 4)}
    first = force.store.version(1).files("subjects")[0]
    done = vacuum(force.store, 1)
    assert (done.kept, done.deleted, force.store.numbers()) == ((2, 4), (1, 3), [2, 4])
    assert {number: said(force.store.version(number)) for number in (2, 4)} == kept
    assert not first.exists()
    assert files(force.store) == named(force.store.version(2)) | named(force.latest())
    assert vacuum(force.store, 1).files == 0


def test_vacuum_of_nothing_deletes_nothing(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    assert vacuum(store, 1).kept == ()


def test_nothing_is_deleted_under_a_reader(force: GrowingForce) -> None:
    reader = force.store.version(1)
    before = files(force.store)
    with pytest.raises(StoreError, match="Somebody is reading this store"):
        vacuum(force.store, 1, wait=0.1)
    assert (force.store.numbers(), files(force.store)) == ([1, 2, 3], before)
    assert reader.timelines(0).num_rows > 0
    del reader
    assert vacuum(force.store, 1, wait=0.1).deleted == (1, 2)


def test_a_copy_of_a_version_is_a_reader_too(force: GrowingForce) -> None:
    copies = [pickle.loads(pickle.dumps(force.store.version(1)))]
    with pytest.raises(StoreError, match="Somebody is reading this store"):
        vacuum(force.store, 1, wait=0.1)
    assert said(copies.pop()) == said(force.store.version(1))
    assert vacuum(force.store, 1, wait=0.1).deleted == (1, 2)


def test_nothing_is_deleted_under_a_reader_in_another_process(force: GrowingForce) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom kept.records.store import Store\n"
        "version = Store.open(Path(sys.argv[1])).version(1)\nprint('ready', flush=True)\nsys.stdin.read()\n"
        "print(version.timelines(0).num_rows)"
    )
    command = [sys.executable, "-c", code, str(force.store.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        with pytest.raises(StoreError, match="Somebody is reading this store"):
            vacuum(force.store, 1, wait=0.1)
        assert int(reader.communicate()[0]) > 0
    assert vacuum(force.store, 1, wait=0.1).deleted == (1, 2)


def test_a_reader_waits_for_the_vacuum_to_end(force: GrowingForce, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody begins to read between a look at who reads and the deletion."""
    code = "import sys, pathlib, kept.records.store as stores; stores.Store(pathlib.Path(sys.argv[1])).latest()"
    readers = []

    def beginning(folder: Path, number: int) -> Path:
        reader = subprocess.Popen([sys.executable, "-c", code, str(force.store.path)])
        with pytest.raises(subprocess.TimeoutExpired):
            reader.wait(2)
        readers.append(reader)
        return folder / "versions" / f"{number:06}.json"

    monkeypatch.setattr("kept.records.vacuum.path_of", beginning)
    vacuum(force.store, 2)
    assert [reader.wait(60) for reader in readers] == [0]


def test_a_run_that_cannot_be_read_stops_the_vacuum(force: GrowingForce) -> None:
    evaluated(force.store, 1)
    (force.store.run_folder("run-1") / "run.json").write_text("{")
    with pytest.raises(StoreError, match="run-1"):
        vacuum(force.store, 1)
    assert force.store.numbers() == [1, 2, 3]


def test_not_even_the_last_version(force: GrowingForce) -> None:
    with pytest.raises(UsageError, match="the last version"):
        vacuum(force.store, 0)


@pytest.mark.parametrize("tidied", [False, True])
def test_a_person_is_erased_from_every_file(force: GrowingForce, tidied: bool) -> None:
    if tidied:
        compact(force.store)
        vacuum(force.store, 1)
    numbers = force.store.numbers()
    kept = [row["id"] for row in force.latest().timelines(0).to_pylist() if row["victim"] not in ("v7", None)]
    erase(force.store, "person-7", NOW, "asked")
    left = [str(pq.ParquetFile(path).read().to_pylist()) for path in force.store.path.rglob("*.parquet")]
    assert [hers for hers in ("person-7", "'v7'", "late-7") if any(hers in one for one in left)] == []
    assert force.store.numbers() == numbers
    found = [row["id"] for row in force.latest().timelines(0).to_pylist() if row["victim"] not in ("v7", None)]
    assert found == kept
    assert force.load(events=[event("later", "5", 11)]).version == numbers[-1] + 1


def test_the_commands_say_what_they_did(force: GrowingForce, capsys: pytest.CaptureFixture[str]) -> None:
    for command, says in (
        (["compact"], "3 files of 1 buckets became 1, without"),
        (["compact"], "Nothing to compact"),
        (["vacuum", "--keep-versions", "1"], "3 versions deleted, and 5 files with"),
        (["vacuum", "--json"], '"deleted": []'),
    ):
        assert main([*command, "--store", str(force.store.path)]) == 0
        assert says in capsys.readouterr().out
    assert main(["vacuum", "--keep-versions", "0", "--store", str(force.store.path)]) == 2


def tidy(store: Path) -> None:
    opened = Store.open(store)
    say("ready")
    compact(opened)
    vacuum(opened, 1)


@pytest.mark.slow
def test_kills_lose_nothing(force: GrowingForce, tmp_path: Path) -> None:
    delays, expected, killed = random.Random(12), said(force.latest()), 0
    length = _seconds(_copy(force.store, tmp_path / "timed"))
    for number in range(KILLS):
        store = _copy(force.store, tmp_path / str(number))
        worker = _start(store)
        time.sleep(delays.uniform(0, length))
        killed += worker.send(signal.SIGKILL) == -signal.SIGKILL
        assert said(store.latest()) == expected
        compact(store)
        vacuum(store, 1)
        assert said(store.latest()) == expected
        assert len(store.latest().files("timelines")) == 1
        assert files(store) == named(store.latest())
    assert killed > KILLS // 2


def _copy(store: Store, to: Path) -> Store:
    return Store.open(shutil.copytree(store.path, to))


def _start(store: Store) -> Begun:
    worker = begin(tidy, store.path, into=store.path.parent)
    worker.wait_until_it_says("ready")
    return worker


def _seconds(store: Store) -> float:
    worker, began = _start(store), time.monotonic()
    assert worker.wait() == 0
    return time.monotonic() - began
