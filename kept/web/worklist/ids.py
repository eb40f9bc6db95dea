"""Which ids of events the records hold already, without reading the records: a sorted file of digests beside them.

An id stands for one event in the whole store, so whoever sends an event has its id looked up among all. A digest of
64 bits may be shared by chance: what is found here is looked up in the records, and what is not is not there.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from hashlib import md5, sha256
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from kept.records.reading import readable
from kept.records.version import StoreVersion
from kept.web import latest
from kept.web.alone import alone
from kept.web.worklist.current import folder

_UNFINISHED = ".unfinished-ids-"
Digests = npt.NDArray[np.uint64]


def perhaps_held(ids: Collection[str]) -> list[str]:
    """Those of some ids that the latest version of the records may hold; the others it does not."""
    listed = [*dict.fromkeys(ids)]
    if not listed:
        return []
    known = np.load(make(latest.version()), mmap_mode="r")
    asked = np.array([_digest(one) for one in listed], dtype=np.uint64)
    places = np.minimum(np.searchsorted(known, asked), max(known.size - 1, 0))
    found = known[places] == asked if known.size else np.zeros(asked.size, np.bool_)
    return [one for one, there in zip(listed, found.tolist(), strict=True) if there]


def make(version: StoreVersion) -> Path:
    """The file of a version, made where it is not there yet: of an earlier one's, and the rows that came since.

    Those before the one before are deleted: another process may still read that. StoreError where the records cannot
    be read.
    """
    target = _path(version, version.number)
    if not target.exists():
        with alone(folder(), "ids"):
            _make(target, version)
    return target


def _make(target: Path, version: StoreVersion) -> None:
    if not target.exists():  # nobody else has made it while this waited
        earlier = next((one for one in reversed(range(version.number)) if _path(version, one).exists()), None)
        before = np.load(_path(version, earlier)) if earlier else np.empty(0, np.uint64)
        _write(target, np.union1d(before, _since(version, earlier or 0)))
        for other in (*folder().glob("ids-*.npy"), *folder().glob(f"{_UNFINISHED}*")):
            if other not in (target, _path(version, earlier or 0)):
                other.unlink(missing_ok=True)


def _since(version: StoreVersion, load: int) -> Digests:
    events = version.relation("events")
    rows = f"SELECT DISTINCT md5_number_lower(event_id) AS digest FROM ({events}) WHERE _load > {load}"
    with duckdb.connect() as connection, readable(version.files("events")):
        found = connection.sql(rows).to_arrow_table().column("digest")
    return np.asarray(found.to_numpy(), dtype=np.uint64)


def _write(target: Path, digests: Digests) -> None:
    """All at once, so that nobody reads half of it."""
    unfinished = target.with_name(f"{_UNFINISHED}{os.getpid()}.npy")
    np.save(unfinished, digests)
    unfinished.chmod(0o600)
    unfinished.replace(target)


def _digest(ident: str) -> int:
    """As DuckDB's `md5_number_lower`. Nothing is kept secret by it."""
    return int.from_bytes(md5(ident.encode(), usedforsecurity=False).digest()[8:], "little")


def _path(version: StoreVersion, number: int) -> Path:
    """Of a version of the same generation of the store; another generation has other rows."""
    return folder() / f"ids-{sha256(str(version.folder).encode()).hexdigest()[:8]}-{number}.npy"
