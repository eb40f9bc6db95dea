"""The duties that pages speak of: those of the rulebook by which the latest run was made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kept.code.loader import DEFAULT_RULEBOOK, rulebook
from kept.code.model import Duty, Rulebook
from kept.engine.coverage import coverage, supplied
from kept.engine.rules import Rules, prepare
from kept.errors import CodeError
from kept.web.latest import latest, version

Duties = Mapping[tuple[str, str], Duty]
"""Duties by edition and id."""


def name_of_rulebook() -> str:
    """The name of the latest run's rulebook; of the one that comes with Kept where there is no run."""
    run = latest()
    return str(run.manifest["rulebook"]) if run else DEFAULT_RULEBOOK


def duties() -> Duties:
    """The duties of the latest run's rulebook; where that is none of ours, those of the Code as it comes with Kept."""
    return _duties(name_of_rulebook())


def rules() -> Rules:
    """That rulebook made ready for the latest records. StoreError where these cannot be read."""
    return _rules(name_of_rulebook(), supplied(version()))


@lru_cache(maxsize=4)
def rulebook_by(name: str) -> Rulebook:
    """A rulebook by its name, or the one that comes with Kept."""
    try:
        return rulebook(name)
    except CodeError:  # one read from a file of the force's own, of which a run keeps only the name
        return rulebook()


@lru_cache(maxsize=4)
def _duties(name: str) -> Duties:
    return {(duty.edition, duty.id): duty for duty, _ in rulebook_by(name).duties()}


@lru_cache(maxsize=4)
def _rules(name: str, words: frozenset[str]) -> Rules:
    covered = coverage(rulebook_by(name), words)
    return prepare(rulebook_by(name), [one.name for one in covered if not one.measurable])
