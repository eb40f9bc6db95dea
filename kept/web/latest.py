"""What of the store pages show: its latest version, and its latest run."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from kept.engine.results import Run, runs
from kept.records.store import CURRENT, Store
from kept.records.version import StoreVersion


def latest() -> Run | None:
    """The run made last of the store's runs, None before there is one; looked for anew only once there are others."""
    store = _store()
    folder = store.folder / "runs"
    return _latest(store.path, folder.stat().st_mtime_ns if folder.is_dir() else 0)


def version() -> StoreVersion:
    """The latest version of the records, the same object while there is none later: what it has looked up is kept.

    StoreError where the store cannot be read, or nothing was loaded yet.
    """
    store = _store()
    numbers = store.numbers()
    return _version(store.path, str(store.folder), numbers[-1]) if numbers else store.latest()


def _store() -> Store:
    """The store, opened anew only where it became another: a page asks a dozen times. StoreError where none is."""
    current = settings.ENVIRONMENT.store / CURRENT
    return _opened(settings.ENVIRONMENT.store, current.stat().st_mtime_ns if current.is_file() else 0)


@lru_cache(maxsize=2)
def _opened(store: Path, changed: int) -> Store:
    """`changed` is when another generation was last put in place."""
    return Store.open(store)


@lru_cache(maxsize=2)
def _version(store: Path, generation: str, number: int) -> StoreVersion:
    return Store.open(store).version(number)


@lru_cache(maxsize=2)
def _latest(store: Path, changed: int) -> Run | None:
    """`changed` is when a run was last put into the store's folder of runs or taken from it."""
    return next(iter(runs(Store.open(store))), None)
