"""Two further loads of a copied force: each brings one contact for one subject in a hundred.

The second version has them everywhere, the third among the subjects that came last. They are written as a load
writes them: a file of the changed timelines, the bucket's subjects anew, one commit a table, the manifest last.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kept.records import delta, row_groups
from kept.records.buckets import replaced
from kept.records.link_numbers import numbered
from kept.records.manifest import put_manifest
from kept.records.store import Store
from kept.records.stored import SCHEMAS, file_schema, prefix
from kept.records.timelines import STATED
from kept.records.version import StoreVersion

UNIFORM, RECENT = 2, 3
"""The versions that a store has after the two further loads."""
_ONE_IN = 100
_KIND = "victim_contacted"
_ORDER = ("subject", "at", "kind", "id", "victim", "entered", "since")
Numbers: TypeAlias = npt.NDArray[np.int64]


def load_further(store: Store, as_of: datetime) -> None:
    """Add both versions to a store that has one; what they bring was entered an hour before `as_of`."""
    recent_from = store.latest().manifest.next_subject * (_ONE_IN - 1) // _ONE_IN
    _load(store, as_of, lambda numbers: numbers[numbers % _ONE_IN == _ONE_IN // 2])
    _load(store, as_of, lambda numbers: numbers[numbers >= recent_from])


def _load(store: Store, as_of: datetime, chosen: Callable[[Numbers], Numbers]) -> None:
    before = store.latest()
    number = before.number + 1
    tables, pinned = before.folder / "tables", dict(before.manifest.tables)
    added: dict[str, list[delta.NewFile]] = {"timelines": [], "subjects": []}
    removed: dict[str, int | None] = {}
    for bucket, wanted in _by_bucket(before, chosen):
        added["timelines"].append(_timelines(before, number, bucket, wanted, as_of - timedelta(hours=1)))
        added["subjects"].append(_subjects(before, number, bucket, wanted))
        removed |= replaced(before.files("subjects", bucket), tables / "subjects", bucket)
    pinned["timelines"] = delta.commit(tables / "timelines", SCHEMAS["timelines"], added["timelines"], {})
    pinned["subjects"] = delta.commit(tables / "subjects", SCHEMAS["subjects"], added["subjects"], removed)
    put_manifest(store.folder, replace(before.manifest, version=number, previous=before.number, tables=pinned))


def _by_bucket(version: StoreVersion, chosen: Callable[[Numbers], Numbers]) -> Iterator[tuple[int, Numbers]]:
    for bucket in version.buckets():
        wanted = chosen(np.unique(version.subjects(bucket).column("subject").to_numpy()))
        if len(wanted):
            yield bucket, wanted


def _timelines(before: StoreVersion, number: int, bucket: int, wanted: Numbers, when: datetime) -> delta.NewFile:
    stated = before.entries_of(wanted).select(STATED.names)
    entries = pa.concat_tables([stated, _contacts(stated, before.codes[_KIND], number, when)])
    entries = numbered(entries.sort_by([(name, "ascending") for name in _ORDER]))
    entries = entries.append_column("made", pa.array(np.full(len(entries), number), pa.int32()))
    path = _new_path(before, "timelines", number, bucket)
    rows = row_groups.write(entries.to_batches(row_groups.BATCH), _file(before, "timelines", path), lambda one: one)
    return delta.NewFile(path, rows, bucket)


def _contacts(stated: pa.Table, kind: int, number: int, when: datetime) -> pa.Table:
    """An entry for each subject: it was in contact at a moment, and that was entered at once."""
    subjects = pc.unique(stated.column("subject"))
    said = {
        "subject": subjects,
        "id": pc.binary_join_element_wise(f"contact-{number}-", subjects.cast(pa.string()), ""),
    }
    alike = {"at": when, "entered": when, "kind": kind, "is_fact": False, "planned": False}
    columns = [
        said[field.name]
        if field.name in said
        else pa.repeat(pa.scalar(alike.get(field.name), field.type), len(subjects))
        for field in STATED
    ]
    return pa.table(columns, schema=STATED)


def _subjects(before: StoreVersion, number: int, bucket: int, wanted: Numbers) -> delta.NewFile:
    subjects = before.subjects(bucket)
    changed = np.isin(subjects.column("subject").to_numpy(), wanted)
    for name, new in (("made", lambda old: number), ("print", _other), ("standing", _other), ("entries", _one_more)):
        old = subjects.column(name).to_numpy()
        values = pa.array(np.where(changed, new(old), old), subjects.schema.field(name).type)
        subjects = subjects.set_column(subjects.schema.get_field_index(name), subjects.schema.field(name), values)
    path = _new_path(before, "subjects", number, bucket)
    pq.write_table(subjects.cast(file_schema("subjects")), _file(before, "subjects", path), compression="zstd")
    return delta.NewFile(path, len(subjects), bucket)


def _other(digests: Numbers) -> Numbers:
    return digests ^ 1


def _one_more(counts: Numbers) -> Numbers:
    return counts + 1


def _new_path(version: StoreVersion, name: str, number: int, bucket: int) -> str:
    return f"bucket={bucket}/{prefix(number)}{uuid.uuid4().hex}.parquet"


def _file(version: StoreVersion, name: str, path: str) -> Path:
    return version.folder / "tables" / name / path
