"""Leaving to the worker what a page needs and would be slow to make, where there is a worker to leave it to."""

from __future__ import annotations

import time
from typing import Any

from kept.web.jobs import background, queue

_AGAIN = 600.0
"""Seconds after which the same is asked for once more: the work may have been given up."""
_asked: dict[str, tuple[str, float]] = {}
"""By kind of work, what this process asked for last, and when: a page that is opened again asks no second time."""


def left_to_worker(kind: str, key: str, payload: dict[str, Any] | None = None) -> bool:
    """Ask the worker for work of a kind; False where none lives, and whoever asks must see to it.

    Pages are served by few processes, and all of them stand still a little where one is busy.
    """
    if not background.alive():
        return False
    last, since = _asked.get(kind, ("", 0.0))
    if last != key or time.monotonic() - since > _AGAIN:
        queue.ask(kind, payload, key=key)
        _asked[kind] = key, time.monotonic()
    return True
