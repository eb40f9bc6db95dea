"""What is put in a store is what comes out of it; what is not there or is damaged says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kept.errors import MappingError, NotFoundError, StoreError
from kept.measures.series.importing import Imported
from kept.measures.series.stored import FOLDER, Change, open_series, put_series, stored_ids
from kept.records.store import Store

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
MAPPING = (
    "mapping: calls\nsource: Yr ystafell reoli\nperiod: {month: Month}\n"
    "series:\n  - {id: good, title: Good, unit: '%', holds: percentages, value: Good, n: Calls, direction: higher}\n"
)


@pytest.fixture
def found(bring_in: Callable[[str, str], Imported]) -> Imported:
    return bring_in("Month,Good,Calls\n2026-01,79.8,40\n2026-02,80,\n", MAPPING)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")


def test_what_is_put_comes_out_again(store: Store, found: Imported) -> None:
    assert put_series(store, found.series, NOW) == [Change("good", 2, 0, 0)]
    assert open_series(store, "good") == found.series[0]
    assert stored_ids(store) == ["good"]


def test_a_new_import_keeps_what_it_replaces(store: Store, found: Imported) -> None:
    put_series(store, found.series, NOW)
    [before] = found.series
    first, second = before.points
    after = replace(before, points=(replace(first, since=LATER), replace(second, value=81.5, since=LATER)))
    assert put_series(store, [after], LATER) == [Change("good", 1, 1, 1)]
    stands = open_series(store, "good")
    assert stands.standing == (first, replace(second, value=81.5, since=LATER))
    assert stands.revised == (replace(second, revised_at=LATER),)
    assert put_series(store, [after], LATER + timedelta(days=1)) == [Change("good", 0, 0, 2)]
    assert open_series(store, "good") == stands


def test_ids_are_in_the_order_of_their_numbers(store: Store, found: Imported) -> None:
    assert stored_ids(store) == []
    names = ("outcome-2", "good", "outcome-10", "outcome", "outcome-1")
    put_series(store, [replace(found.series[0], id=name) for name in names], NOW)
    assert stored_ids(store) == ["good", "outcome", "outcome-1", "outcome-2", "outcome-10"]


@pytest.mark.parametrize("name", ["goods", "../CURRENT", "", "GOOD"])
def test_what_is_not_there_is_not_found(store: Store, found: Imported, name: str) -> None:
    put_series(store, found.series, NOW)
    with pytest.raises(NotFoundError, match="kept series list"):
        open_series(store, name)


def test_a_near_id_is_offered(store: Store, found: Imported) -> None:
    put_series(store, found.series, NOW)
    with pytest.raises(NotFoundError, match="Near it: good"):
        open_series(store, "goods")


def test_a_damaged_series_says_so_and_nothing_is_put_in_its_place(store: Store, found: Imported) -> None:
    put_series(store, found.series, NOW)
    file = store.path / FOLDER / "good.parquet"
    file.write_bytes(file.read_bytes()[:100])
    for attempt in (lambda: open_series(store, "good"), lambda: put_series(store, found.series, LATER)):
        with pytest.raises(StoreError, match="is damaged"):
            attempt()
    assert len(file.read_bytes()) == 100


def test_a_series_stays_what_it_is_counted_in(store: Store, found: Imported) -> None:
    put_series(store, found.series, NOW)
    [one] = found.series
    others = [replace(one, id="new"), replace(one, holds="counts", unit="calls")]
    with pytest.raises(MappingError, match="It holds percentages in %, and the mapping says counts in calls"):
        put_series(store, others, LATER)
    assert stored_ids(store) == ["good"]
    assert open_series(store, "good") == one


def test_nothing_unfinished_is_left_and_the_store_opens(store: Store, found: Imported) -> None:
    put_series(store, found.series, NOW)
    assert [path.name for path in (store.path / FOLDER).iterdir()] == ["good.parquet"]
    assert Store.open(store.path).numbers() == []
