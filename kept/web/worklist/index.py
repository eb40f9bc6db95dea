"""The index by which pages find a case in the records: a folder beside them, which every process maps into memory.

To make it takes seconds for a large force, after each load. So the worker makes it, and until it has, pages go on
reading cases of the version before; what was entered here since counts there all the same.
"""

from __future__ import annotations

import shutil
import threading
from hashlib import sha256
from pathlib import Path

from kept.errors import StoreError
from kept.records.lookup import Index
from kept.records.version import StoreVersion
from kept.web import latest
from kept.web.alone import alone
from kept.web.jobs.asking import left_to_worker
from kept.web.worklist.current import folder

_reading = threading.Lock()
_read: list[StoreVersion] = []
"""The version that this process read cases of last, where it did."""


def indexed() -> StoreVersion:
    """The version of the records to read cases of. Raises StoreError where they cannot be read.

    It is the latest once that has its index. Where it has none yet it is the one before, while the worker makes it;
    where no worker lives it is made now.
    """
    newest = latest.version()
    if newest.is_indexed:
        return newest
    earlier = next((one for one in _read if one.folder == newest.folder), None)
    if earlier and not _path(newest).exists() and left_to_worker("index", _path(newest).name):
        return earlier
    with _reading:
        if not newest.is_indexed:
            newest.indexed_by(_opened(newest))
            _read[:] = [newest]
    return newest


def make(version: StoreVersion) -> Path:
    """The folder of a version's index, made where it is not there yet; those of earlier versions are deleted.

    Who reads one of those keeps it open until it has finished. StoreError where the records cannot be read.
    """
    target = _path(version)
    with alone(folder(), "index"):
        if not target.exists():
            unfinished = _emptied(folder() / "unfinished-index")
            Index.of(version).write(unfinished)
            unfinished.rename(target)
            _delete_others(target, version)
    return target


def _opened(version: StoreVersion) -> Index:
    """The index of a version; one that is damaged is made anew, and so is one that was deleted meanwhile."""
    try:
        return Index.read(make(version))
    except StoreError:
        shutil.rmtree(_path(version), ignore_errors=True)
        return Index.read(make(version))


def _emptied(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    return path


def _delete_others(than: Path, version: StoreVersion) -> None:
    """Delete the indices of earlier versions, and of other generations, which may name people who were erased."""
    later = f"{_of_generation(version)}{version.number + 1:08}"
    for other in folder().glob("index-*"):
        if other != than and not (other.name >= later and other.name.startswith(_of_generation(version))):
            shutil.rmtree(other, ignore_errors=True)


def _of_generation(version: StoreVersion) -> str:
    return f"index-{_digest(str(version.folder))}-"


def _path(version: StoreVersion) -> Path:
    """Where the index of a version lies; another store that came to stand in the same place has another."""
    return folder() / f"{_of_generation(version)}{version.number:08}-{_digest(version.manifest.made_at)}"


def _digest(said: str) -> str:
    return sha256(said.encode()).hexdigest()[:8]
