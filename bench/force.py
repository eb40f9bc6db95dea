"""Stores of a size that no demo makes: one invented force, copied until a whole force or the country is full.

Each copy has its own subjects and ids and lies some weeks earlier. It stands in the store as loading would have put
it: the same tables, buckets, row groups and order. Only what evaluating, explaining and figures read is copied; the
contract's other tables stay empty. Made once, bucket by bucket or copy by copy in bounded memory, and kept in a cache.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import kept
from bench.copies import NAMES, STAFF, Copy, encoded
from bench.further import load_further
from bench.sizes import BASE
from kept.cli.records import loaded
from kept.demo import AS_OF, make, planted
from kept.records import delta, row_groups
from kept.records.manifest import Manifest, put_manifest
from kept.records.store import Store
from kept.records.stored import SCHEMAS, file_schema, prefix
from kept.records.timelines import BUCKET
from kept.records.version import StoreVersion

FIRST = 1
"""The version of a store that holds all copies; `bench.further` adds the others."""
_ROW_GROUP = 122_880
"""The rows of a row group as DuckDB writes them, which writes these tables when they are loaded."""
_DECIDE_BASE = ("kept/calendar.py", "kept/contract", "kept/demo", "kept/records")
_DECIDE_COPIES = (*_DECIDE_BASE, "bench/copies.py", "bench/force.py", "bench/further.py")


def force_store(cache: Path, copies: int, staffed: bool = False) -> Path:
    """The folder of a store of so many times BASE victims, made unless it is in the cache.

    `staffed`: each copy's cases are held by officers and teams of its own, and not all by those of one small force.
    """
    folder = cache / f"store-{copies * BASE}{'-staffed' * staffed}-{_digest(_DECIDE_COPIES)}"
    if not folder.exists():
        unfinished = _cleared(cache / f".{folder.name}")
        copy_force(unfinished, _base(cache), copies, staffed)
        unfinished.rename(folder)
    return folder


def _digest(parts: Sequence[str]) -> str:
    """Ten hex digits that change whenever these sources do."""
    root = Path(kept.__file__).parents[1]
    digest = hashlib.sha256()
    for path in (root / name for name in parts):
        for source in [path] if path.is_file() else sorted([*path.rglob("*.py"), *path.rglob("*.yaml")]):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:10]


def _cleared(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _base(cache: Path) -> StoreVersion:
    """One invented force, made and loaded as `kept demo` does."""
    folder = cache / f"base-{_digest(_DECIDE_BASE)}"
    if not folder.exists():
        unfinished, examples = _cleared(cache / f".{folder.name}"), planted()
        made = make(unfinished, victims=BASE - examples["victims"].num_rows, planted=examples)
        store = Store.create(unfinished / "store")
        loaded(store, made.extract, "contract")
        loaded(store, made.witness_care, made.witness_care / "mapping.yaml")
        unfinished.rename(folder)
    return Store.open(folder / "store").latest()


@dataclass(frozen=True, slots=True)
class _Copied:
    """A loaded force's tables, the numbers that its subjects take up, how often it is copied, and where to.

    `names`: the columns whose texts are each copy's own.
    """

    entries: pa.Table
    subjects: pa.Table
    written: Mapping[str, pa.Table]
    size: int
    copies: int
    tables: Path
    names: Collection[str]

    @property
    def buckets(self) -> range:
        return range(-(-self.size * self.copies // BUCKET))

    def rows(self, table: pa.Table, bucket: int) -> Iterator[pa.Table]:
        """Copy after copy, the rows of a bucket's subjects; `table` is sorted by subject."""
        first, end = bucket * BUCKET, (bucket + 1) * BUCKET
        for number in range(first // self.size, min(-(-end // self.size), self.copies)):
            yield Copy(number, self.size, self.names).within(table, first, end)

    def write_entries(self, bucket: int) -> delta.NewFile:
        path = self._new("timelines", f"bucket={bucket}/")
        batches = (one for rows in self.rows(self.entries, bucket) for one in rows.to_batches(row_groups.BATCH))
        return delta.NewFile(path, row_groups.write(batches, self.tables / "timelines" / path, _as_it_is), bucket)

    def write_subjects(self, bucket: int) -> delta.NewFile:
        path = self._new("subjects", f"bucket={bucket}/")
        return delta.NewFile(path, self._write("subjects", path, self.rows(self.subjects, bucket)), bucket)

    def write_whole(self, name: str) -> delta.NewFile:
        """One of the tables that have no buckets, copy after copy."""
        path = self._new(name)
        copies = (Copy(number, self.size, self.names) for number in range(self.copies))
        return delta.NewFile(path, self._write(name, path, (one.of(self.written[name]) for one in copies)))

    def _new(self, name: str, folder: str = "") -> str:
        path = f"{folder}{prefix(FIRST)}{uuid.uuid4().hex}.parquet"
        (self.tables / name / path).parent.mkdir(exist_ok=True)
        return path

    def _write(self, name: str, path: str, parts: Iterator[pa.Table]) -> int:
        schema, rows = file_schema(name), 0
        with pq.ParquetWriter(self.tables / name / path, schema, compression="zstd") as writer:
            for part in parts:
                writer.write_table(part.cast(schema), row_group_size=_ROW_GROUP)
                rows += len(part)
        return rows


def _as_it_is(entries: pa.Table) -> pa.Table:
    return entries


def copy_force(path: Path, base: StoreVersion, copies: int, staffed: bool = False) -> None:
    """Make a store of so many copies of a loaded force, and the two further loads of `bench.further`."""
    store = Store.create(path)
    tables = store.folder / "tables"
    names = (*NAMES, *STAFF) if staffed else NAMES
    one = _Copied(*_tables(base, names), base.manifest.next_subject, copies, tables, names)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        subjects, timelines = threads.map(one.write_subjects, one.buckets), threads.map(one.write_entries, one.buckets)
        written = {"subjects": [*subjects], "timelines": [*timelines]}
    written |= {name: [one.write_whole(name)] for name in one.written}
    pinned = dict.fromkeys(SCHEMAS, 0)
    for name, files in written.items():
        pinned[name] = delta.commit(tables / name, SCHEMAS[name], files, {})
    put_manifest(store.folder, _manifest(base.manifest, one, pinned))
    load_further(store, AS_OF)


def _tables(base: StoreVersion, names: Collection[str]) -> tuple[pa.Table, pa.Table, Mapping[str, pa.Table]]:
    """The entries and subjects of a store version, and its tables of the contract, ready to be copied."""
    entries = pa.concat_tables([base.timelines(bucket) for bucket in base.buckets()])
    subjects = pa.concat_tables([base.subjects(bucket) for bucket in base.buckets()])
    made = pa.array([FIRST] * len(entries), pa.int32())
    place = subjects.schema.get_field_index("made")
    return (
        encoded(entries.append_column("made", made), names),
        encoded(subjects.set_column(place, "made", pa.array([FIRST] * len(subjects), pa.int32())), names),
        {name: encoded(_loaded(rows), names) for name, rows in _as_written(base).items()},
    )


def _as_written(base: StoreVersion) -> dict[str, pa.Table]:
    found = {name: base.table(name) for name in ("events", "assessments")}
    return {"postings": base.postings(), **{name: rows for name, rows in found.items() if rows is not None}}


def _loaded(rows: pa.Table) -> pa.Table:
    return rows.append_column("_load", pa.repeat(FIRST, len(rows)).cast(pa.int64()))


def _manifest(base: Manifest, one: _Copied, pinned: dict[str, int]) -> Manifest:
    counts = {name: count * one.copies for name, count in base.counts.items()}
    following = one.size * one.copies
    return replace(base, version=FIRST, previous=None, tables=pinned, counts=counts, next_subject=following)
