"""The duties that pages speak of: those of the rulebook by which the latest run was made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kept.code.loader import DEFAULT_RULEBOOK, rulebook
from kept.code.model import Duty, Rulebook
from kept.errors import CodeError
from kept.web.latest import latest

Duties = Mapping[tuple[str, str], Duty]
"""Duties by edition and id."""


def duties() -> Duties:
    """The duties of `book`."""
    return _duties(_name())


def book() -> Rulebook:
    """The latest run's rulebook; where that is none of ours, the Code as it comes with Kept."""
    return _book(_name())


def _name() -> str:
    run = latest()
    return str(run.manifest["rulebook"]) if run else DEFAULT_RULEBOOK


@lru_cache(maxsize=4)
def _duties(name: str) -> Duties:
    return {(duty.edition, duty.id): duty for duty, _ in _book(name).duties()}


@lru_cache(maxsize=4)
def _book(name: str) -> Rulebook:
    try:
        return rulebook(name)
    except CodeError:  # a rulebook read from a file of the force's own, of which a run keeps only the name
        return rulebook()
