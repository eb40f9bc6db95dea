"""Where series are kept: one file each in the folder `series` of a store, beside its generations.

They are the force's own figures and nobody's personal data, so erasing a person leaves them as they are. A file is
put in place whole, and holds every point with those that were revised.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kept.errors import Fault, MappingError, NotFoundError, StoreError
from kept.measures.series.periods import Period
from kept.measures.series.values import Point, Series, revise
from kept.records import manifest
from kept.records.store import Store

FOLDER = "series"
SCHEMA = pa.schema(
    [
        ("first", pa.date32()),
        ("last", pa.date32()),
        ("value", pa.float64()),
        ("n", pa.int64()),
        ("rows", pa.int64()),
        ("missing", pa.int64()),
        ("since", pa.timestamp("us", "UTC")),
        ("revised_at", pa.timestamp("us", "UTC")),
    ]
)
"""The points of a series as stored; the rest of it is JSON in the file's metadata."""
_ABOUT = b"kept.series"
_TEXTS = ("id", "title", "unit", "source", "direction", "holds", "of")
_ID = re.compile("[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Change:
    """What an import did to one series: how many points came, were revised, and stand as they stood."""

    id: str
    new: int
    revised: int
    unchanged: int


def stored_ids(store: Store) -> list[str]:
    """The ids of the series of a store, in order, outcome-2 before outcome-10."""
    ids = (path.stem for path in (store.path / FOLDER).glob("[a-z]*.parquet"))
    return sorted(ids, key=lambda one: [(len(part), part) if part.isdigit() else (0, part) for part in one.split("-")])


def open_series(store: Store, series: str) -> Series:
    """A series by its id; NotFoundError, with the nearest ids, where there is none, StoreError where it is damaged."""
    path = _path(store, series)
    if not _ID.fullmatch(series) or not path.is_file():
        near = get_close_matches(series, stored_ids(store), 5, 0.5)
        why = f"Near it: {', '.join(near)}." if near else ""
        raise NotFoundError(f"There is no series {series}.", str(store.path), why, "See kept series list.")
    try:
        return _read(path)
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        do = "Restore the file from a copy of the store, or delete it and import the series again."
        raise StoreError(f"The series {series} is damaged.", str(path), str(error).partition("\n")[0], do) from None


def put_series(store: Store, series: Iterable[Series], now: datetime, wait: float = 0.0) -> list[Change]:
    """Put newly imported series in place of the earlier of their ids, whose points are kept as revised at `now`.

    Raises StoreError if another works on the store for longer than `wait` seconds, or an earlier series is damaged,
    MappingError where one is now counted in something else; nothing is changed then.
    """
    with store.locked(wait):
        pairs = [(_earlier(store, one), one) for one in series]
        if faults := [fault for earlier, one in pairs if earlier for fault in _changed_kind(earlier, one)]:
            raise MappingError.of(faults)
        revised = [(earlier, revise(earlier, one, now)) for earlier, one in pairs]
        files = [(_path(store, after.id), _as_parquet(after)) for _, after in revised]
        (store.path / FOLDER).mkdir(exist_ok=True)
        for path, content in files:
            manifest.put_bytes(path, content)
    return [_change(earlier, after, now) for earlier, after in revised]


def _path(store: Store, series: str) -> Path:
    return store.path / FOLDER / f"{series}.parquet"


def _earlier(store: Store, series: Series) -> Series | None:
    return open_series(store, series.id) if _path(store, series.id).is_file() else None


def _changed_kind(earlier: Series, new: Series) -> Iterator[Fault]:
    before, after = (f"{one.holds} in {one.unit}" for one in (earlier, new))
    if before != after:
        why = f"It holds {before}, and the mapping says {after}."
        do = "Give the series another id, or the mapping what it said before."
        yield Fault(f"The series {new.id} is of another kind in this store.", None, why, do)


def _change(earlier: Series | None, after: Series, now: datetime) -> Change:
    revised = sum(point.revised_at == now for point in after.points)
    before = len(earlier.standing) if earlier else 0
    unchanged = before - revised
    return Change(after.id, len(after.standing) - unchanged, revised, unchanged)


def _as_parquet(series: Series) -> bytes:
    about = json.dumps({name: getattr(series, name) for name in _TEXTS}, ensure_ascii=False)
    table = pa.Table.from_pylist([_as_row(point) for point in series.points], SCHEMA.with_metadata({_ABOUT: about}))
    with pa.BufferOutputStream() as out:
        pq.write_table(table, out)
        return bytes(out.getvalue().to_pybytes())


def _as_row(point: Point) -> dict[str, Any]:
    named = {name: getattr(point, name) for name in SCHEMA.names[2:]}
    return {"first": point.period.first, "last": point.period.last, **named}


def _read(path: Path) -> Series:
    table = pq.read_table(path)
    about = json.loads(table.schema.metadata[_ABOUT])
    return Series(**about, points=tuple(map(_point, table.to_pylist())))


def _point(row: Mapping[str, Any]) -> Point:
    return Point(Period(row["first"], row["last"]), *(row[name] for name in SCHEMA.names[2:]))
