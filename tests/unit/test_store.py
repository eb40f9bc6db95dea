"""The store's folder: made, opened, refused."""

import json
from pathlib import Path

import pytest

from kept.errors import StoreError
from kept.records.manifest import Manifest, put_manifest
from kept.records.store import Store
from kept.records.stored import SCHEMAS


def manifest(number: int = 1) -> Manifest:
    return Manifest(
        version=number,
        made_at="2025-01-01T00:00:00+00:00",
        previous=None,
        tables=dict.fromkeys(SCHEMAS, 0),
        codes={"arrest": 3},
        words=[],
        supplies={"tables": ["events"], "kinds": ["arrest"], "attributes": []},
        sources={"rms": {"looks_back": False}},
        nation="scotland",
        counts={},
        earliest_entry=None,
        next_subject=0,
        software="0",
    )


def test_a_store_is_made_once(tmp_path: Path) -> None:
    Store.create(tmp_path / "store")
    with pytest.raises(StoreError, match="not empty"):
        Store.create(tmp_path / "store")
    assert Store.open(tmp_path / "store").numbers() == []


def test_what_is_no_store_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store here"):
        Store.open(tmp_path)


def test_an_empty_store_has_no_latest_version(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="empty"):
        Store.create(tmp_path / "store").latest()


def test_a_version_says_what_its_manifest_says(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    put_manifest(store.folder, manifest())
    version = store.latest()
    assert (version.number, version.codes, version.nation) == (1, {"arrest": 3}, "scotland")
    assert version.supplies.kinds == {"arrest"}
    assert not version.looks_back
    assert (version.table("events"), version.buckets(), version.postings().num_rows) == (None, [], 0)


def test_a_version_that_is_not_there_is_named(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    put_manifest(store.folder, manifest())
    with pytest.raises(StoreError, match="no version 7") as error:
        store.version(7)
    assert error.value.what_to_do == "It has 1."


def test_another_format_and_a_damaged_manifest_are_refused(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    put_manifest(store.folder, manifest())
    path = store.folder / "versions" / "000001.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(StoreError, match="newer Kept"):
        Store.open(store.path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 1}))
    with pytest.raises(StoreError, match="older Kept") as error:
        Store.open(store.path)
    assert error.value.what_to_do == "Load the extracts again into a new store."
    path.write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        Store.open(store.path)
