"""The duties that pages speak of: those of the rulebook by which the latest run was made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kept.code.loader import DEFAULT_RULEBOOK, rulebook
from kept.code.model import Duty
from kept.errors import CodeError
from kept.web.latest import latest

Duties = Mapping[tuple[str, str], Duty]
"""Duties by edition and id."""


def duties() -> Duties:
    """The duties of the latest run's rulebook; where that is none of ours, those of the Code as it comes with Kept."""
    run = latest()
    return _of(str(run.manifest["rulebook"]) if run else DEFAULT_RULEBOOK)


@lru_cache(maxsize=4)
def _of(name: str) -> Duties:
    try:
        found = rulebook(name)
    except CodeError:  # a rulebook read from a file of the force's own, of which a run keeps only the name
        found = rulebook()
    return {(duty.edition, duty.id): duty for duty, _ in found.duties()}
