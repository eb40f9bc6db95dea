"""The benchmark's stores hold what loading so much would bring, so what it measures is what a force would see."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import force, further
from kept.cli.records import loaded
from kept.code import loader
from kept.demo import AS_OF, make
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.records import version as versions
from kept.records.store import Store, StoreVersion
from tests.support.runs import table_of

VICTIMS, COPIES = 120, 3
BUCKET = 150  # subjects: the copies begin and end within buckets


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A loaded force, in one bucket."""
    folder = tmp_path_factory.mktemp("base")
    store = Store.create(folder / "store")
    loaded(store, make(folder / "force", victims=VICTIMS).extract, "contract")
    return store


@pytest.fixture(scope="module")
def copies(base: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The force copied, in several buckets."""
    path = tmp_path_factory.mktemp("copies") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(force, "BUCKET", BUCKET)
        patch.setattr(versions, "BUCKET", BUCKET)
        force.copy_force(path, base.latest(), COPIES)
        yield Store.open(path)


def evaluated(store: Store, version: StoreVersion, *, anew: bool = False) -> Run:
    return evaluate_store(store, version, loader.rulebook(), AS_OF, anew=anew)


def of_copy(run: Run, size: int, number: int) -> list[tuple[object, ...]]:
    """What a run says of the subjects of one copy, without names."""
    with run.obligations() as connection:
        query = f"""
            SELECT subject - {number * size}, row, edition, duty, part, state, late_by, entered_by_due
            FROM obligations WHERE subject // {size} = {number} ORDER BY ALL"""
        return connection.sql(query).fetchall()


def test_a_copy_becomes_what_the_force_becomes(base: Store, copies: Store) -> None:
    size = base.latest().manifest.next_subject
    assert len(copies.latest().buckets()) > COPIES
    there, here = evaluated(base, base.latest()), evaluated(copies, copies.version(force.FIRST))
    assert of_copy(here, size, 0) == of_copy(there, size, 0)


def test_copies_share_no_name(copies: Store) -> None:
    version = copies.version(force.FIRST)
    named = [(row["kind"], row["id"]) for bucket in version.buckets() for row in version.subjects(bucket).to_pylist()]
    numbers = {row["subject"] for bucket in version.buckets() for row in version.subjects(bucket).to_pylist()}
    assert len(set(named)) == len(numbers) == version.manifest.next_subject


@pytest.mark.parametrize("name", ["events", "assessments"])
def test_what_was_written_is_copied_with_its_own_names(base: Store, copies: Store, name: str) -> None:
    version = copies.version(force.FIRST)
    there, here = base.latest().table(name), version.table(name)
    assert there is not None
    assert here is not None
    assert len(here) == COPIES * len(there)
    of_subjects = {row["victim"] for bucket in version.buckets() for row in version.subjects(bucket).to_pylist()}
    victims = set(here.column("victim").to_pylist())
    assert victims <= of_subjects | {None}
    assert len(victims - {None}) == COPIES * len(set(there.column("victim").to_pylist()) - {None})


@pytest.mark.parametrize("number", [further.UNIFORM, further.RECENT])
def test_a_further_load_changes_one_subject_in_a_hundred(copies: Store, number: int) -> None:
    version = copies.version(number)
    changed = version.changed_since(number - 1)
    assert len(changed) == pytest.approx(version.manifest.next_subject / 100, abs=2)
    before = copies.version(number - 1).entries_of(changed)
    assert version.entries_of(changed).num_rows == before.num_rows + len(changed)


@pytest.mark.parametrize("number", [further.UNIFORM, further.RECENT])
def test_what_stands_on_the_run_before_is_what_is_evaluated_anew(copies: Store, number: int, tmp_path: Path) -> None:
    evaluated(copies, copies.version(number - 1))
    standing = evaluated(copies, copies.version(number))
    assert len(standing.layers) > 1
    rows = table_of(standing)
    standing.folder.rename(tmp_path / "aside")
    assert table_of(evaluated(copies, copies.version(number), anew=True)).equals(rows)


def test_a_staffed_copy_has_officers_and_teams_of_its_own(base: Store, tmp_path: Path) -> None:
    force.copy_force(tmp_path / "store", base.latest(), COPIES, staffed=True)
    there, here = base.latest().postings(), Store.open(tmp_path / "store").version(force.FIRST).postings()
    assert len(here) == COPIES * len(there)
    for name in ("officer", "team"):
        known = len(there.column(name).drop_null().unique())
        assert known
        assert len(here.column(name).drop_null().unique()) == COPIES * known
    assert here.column("area").unique().sort() == there.column("area").unique().sort()
