"""Leaving to the worker what a page needs and would be slow to make, where there is a worker to leave it to."""

from __future__ import annotations

from typing import Any

from kept.web.jobs import background, queue

_asked: dict[str, str] = {}
"""By kind of work, what this process asked for last: a page that is opened again asks no second time."""


def left_to_worker(kind: str, key: str, payload: dict[str, Any] | None = None) -> bool:
    """Ask the worker for work of a kind; False where none lives, and whoever asks must see to it.

    Pages are served by few processes, and all of them stand still a little where one is busy.
    """
    if not background.alive():
        return False
    if _asked.get(kind) != key:
        queue.ask(kind, payload, key=key)
        _asked[kind] = key
    return True
