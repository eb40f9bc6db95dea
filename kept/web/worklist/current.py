"""Which worklist pages read: that of the store's latest version and run, once it is made."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from kept.errors import KeptError
from kept.web import latest
from kept.web.jobs.asking import left_to_worker
from kept.web.worklist.filed import FORMAT, Restrictions, Worklist
from kept.web.worklist.making import make, name_of

_log = logging.getLogger("kept.worklist")
_making = threading.Lock()


def folder() -> Path:
    """Where the service keeps the worklists of its store; those of another store lie elsewhere."""
    store, home = settings.ENVIRONMENT.store, settings.ENVIRONMENT.home
    return Path(home) / "worklist" / sha256(str(store).encode()).hexdigest()[:8]


def current() -> Worklist:
    """The worklist to read.

    The worker makes it after each load and run. Where there is none yet it is made now; where an older one is there,
    that one is read while a new one is made: by the worker, or beside the pages where none lives. Until then it goes by
    the restrictions of the latest version. Raises StoreError where the store cannot be read.
    """
    version, run = latest.version(), latest.latest()
    wanted = folder() / name_of(version, run)
    if wanted.exists():
        return _opened(wanted)
    older = max(folder().glob(f"worklist-{FORMAT}-*.sqlite"), key=lambda path: path.stat().st_mtime, default=None)
    if older is None:
        return _opened(make(folder(), version, run))
    if not left_to_worker("worklist", wanted.name):
        _make_beside()
    return _opened(older, version.restrictions)


def make_now() -> Path:
    """Make the worklist of what is latest, as the worker does after a load or a run."""
    return make(folder(), latest.version(), latest.latest())


def _make_beside() -> None:
    if _making.acquire(blocking=False):
        threading.Thread(target=_make_and_let_go, name="worklist", daemon=True).start()


def _make_and_let_go() -> None:
    try:
        make_now()
    except (KeptError, OSError):
        _log.exception("the worklist could not be made")
    finally:
        _making.release()


@lru_cache(maxsize=4)
def _opened(path: Path, restrictions: Restrictions | None = None) -> Worklist:
    return Worklist(path, restrictions)
