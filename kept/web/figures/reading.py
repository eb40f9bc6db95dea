"""The latest run, opened once in a process for every figure that is asked of it, from as many threads as ask.

A newer run takes its place without anybody waiting: it is opened beside the one that still answers. What is then left
behind is closed once no request can be reading it any more.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from kept.calendar import end_of_day, local_day
from kept.code.model import Rulebook
from kept.engine.results import Run, runs
from kept.errors import KeptError, NotFoundError
from kept.measures.asked import Opened, opened
from kept.measures.made import all_measures
from kept.measures.members.making import are_made
from kept.measures.model import Measure
from kept.records.reading import readable
from kept.records.store import Store
from kept.web.clock import now
from kept.web.jobs.asking import left_to_worker
from kept.web.latest import latest
from kept.web.law import rulebook_by

_LEAVE = 120.0
"""Seconds after which nobody reads a run any more that another has taken the place of; a request ends after 60."""
_log = logging.getLogger("kept.figures")


@dataclass(frozen=True, slots=True)
class _Held:
    """An open run, the store it is of, and what closes it."""

    store: Path
    at: Opened
    stack: ExitStack

    @classmethod
    def of(cls, store: Path, run: Run) -> _Held:
        stack = ExitStack()
        return cls(store, stack.enter_context(opened(run, run.as_of)), stack)

    def is_of(self, store: Path, run: Run) -> bool:
        return (self.store, self.at.run.id, self.at.run.folder) == (store, run.id, run.folder)

    def close_later(self) -> None:
        timer = threading.Timer(_LEAVE, self.stack.close)
        timer.daemon = True
        timer.start()


class _Kept:
    """One place for an open run; whoever finds another run there than they want opens that, one at a time."""

    def __init__(self) -> None:
        self._held: _Held | None = None
        self._opening = threading.Lock()

    def opened(self, run: Run) -> Opened:
        """The run itself, opened now where it is not yet."""
        store = settings.ENVIRONMENT.store
        held = self._held
        if held and held.is_of(store, run):
            return held.at
        with self._opening:
            return self._put(store, run)

    def newest(self, run: Run) -> Opened:
        """The run if it is open; else the one before it, while the run is opened beside, once it can be read."""
        store = settings.ENVIRONMENT.store
        held = self._held
        if held is None or held.store != store or held.is_of(store, run):
            return self.opened(run)
        if not are_made(run) and left_to_worker("members", run.id, {"run": run.id}):
            return held.at
        if self._opening.acquire(blocking=False):
            threading.Thread(target=self._renew, args=(store, run), daemon=True).start()
        return held.at

    def _renew(self, store: Path, run: Run) -> None:
        """Take the place of an older run; whoever started this holds the lock. A failure is tried again when asked."""
        try:
            self._put(store, run)
        except (KeptError, OSError):
            _log.exception("the latest run cannot be opened")
        finally:
            self._opening.release()

    def _put(self, store: Path, run: Run) -> Opened:
        before = self._held
        if before is None or not before.is_of(store, run):
            self._held = _Held.of(store, run)
            if before:
                before.close_later()
        assert self._held is not None
        return self._held.at


_LATEST, _EARLIER = _Kept(), _Kept()


def opened_run() -> Opened:
    """The latest run, open for figures at its own as-of, for this request alone: no two threads share a connection.

    NotFoundError before there is a run. StoreError where it cannot be read.
    """
    run = latest()
    if run is None:
        raise NotFoundError("There is no run yet.", what_to_do="Run kept evaluate first.")
    return _LATEST.newest(run).apart()


def opened_at(day: date) -> Opened:
    """What was known at the end of a day in London; of earlier runs one is kept open.

    It is the run that looks at the latest moment up to then, the one made last of those that look at the same. A run of
    the day itself is read at its own as-of, an earlier one by the later clock. NotFoundError and StoreError as
    `opened_run`; NotFoundError too for a day before the first run.
    """
    end = end_of_day(day)
    found = [run for run in _runs() if run.as_of <= end]
    if not found:
        raise NotFoundError(f"There is no run as of {day} or before.", what_to_do="Choose a later day.")
    run = max(found, key=lambda one: one.as_of)
    return opened_of(run, None if local_day(run.as_of) == day else end)


def opened_of(run: Run, clock: datetime | None = None) -> Opened:
    """A run at its own as-of, or read by a later clock; StoreError, and AsOfError for a clock too early."""
    last = latest()
    at = opened_run() if last and run.id == last.id else _EARLIER.opened(run).apart()
    return at if clock is None else at.apart(clock)


@contextmanager
def reading(at: Opened) -> Iterator[Opened]:
    """Ask of an open run: a file that is damaged meanwhile is said as StoreError."""
    with readable(at.members.files):
        yield at


def first_day() -> date:
    """The first day as of which there is a run, in London; today's where there is none."""
    return min((local_day(run.as_of) for run in _runs()), default=local_day(now()))


def measures_of(run: Run) -> dict[str, Measure]:
    """The measures of the catalogue and of a run's rulebook, by id, in the order of the law."""
    with _reading_the_law:
        return _measures(*_named(run))


def rulebook_of(run: Run) -> Rulebook:
    """The rulebook of a run: the shipped one of that name, or that which the force has set."""
    return rulebook_by(*_named(run))


_reading_the_law = threading.Lock()
"""Whoever asks meanwhile waits, rather than reading it a second time."""


def _named(run: Run) -> tuple[str, str]:
    return str(run.manifest["rulebook"]), settings.ENVIRONMENT.rulebook


@lru_cache(maxsize=2)
def _measures(name: str, given: str) -> dict[str, Measure]:
    return all_measures(rulebook_by(name, given))


def _runs() -> list[Run]:
    """The runs of the store, the last made first; read anew only once there are others."""
    store = Store.open(settings.ENVIRONMENT.store)
    folder = store.folder / "runs"
    return _runs_of(store.path, folder.stat().st_mtime_ns if folder.is_dir() else 0)


@lru_cache(maxsize=2)
def _runs_of(store: Path, changed: int) -> list[Run]:
    return runs(Store.open(store))
