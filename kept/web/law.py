"""The law that pages speak of: the rulebook by which the latest run was made, its duties and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from kept.code.loader import DEFAULT_RULEBOOK, rulebook
from kept.code.model import Duty, Rulebook
from kept.engine.coverage import rules_by, supplied
from kept.engine.rules import Rules
from kept.errors import CodeError
from kept.web.latest import latest, version

Duties = Mapping[tuple[str, str], Duty]
"""Duties by edition and id."""


def in_force() -> Rulebook:
    """The rulebook of the latest run; where none is known by its name, that of KEPT_RULEBOOK or the one of Kept."""
    return rulebook_by(*names())


def duties() -> Duties:
    """The duties of that rulebook."""
    return _duties(*names())


def titles() -> dict[tuple[str, str], str]:
    """What those duties are called, by edition and id."""
    return {name: duty.title for name, duty in duties().items()}


def rules() -> Rules:
    """That rulebook made ready for the latest records. StoreError where these cannot be read."""
    return _rules(*names(), supplied(version()))


def names() -> tuple[str, str]:
    """What the latest run says of its rulebook, and what KEPT_RULEBOOK says: all that decides which law is in force."""
    run = latest()
    return str(run.manifest["rulebook"]) if run else "", settings.ENVIRONMENT.rulebook


@lru_cache(maxsize=4)
def rulebook_by(name: str, given: str) -> Rulebook:
    """A run keeps only the name of its rulebook: one of the force's own is read from the file that is given."""
    own = rulebook(given or DEFAULT_RULEBOOK)
    if name in ("", own.id):
        return own
    try:
        return rulebook(name)
    except CodeError:
        return own


@lru_cache(maxsize=4)
def _duties(name: str, given: str) -> Duties:
    return {(duty.edition, duty.id): duty for duty, _ in rulebook_by(name, given).duties()}


@lru_cache(maxsize=4)
def _rules(name: str, given: str, words: frozenset[str]) -> Rules:
    return rules_by(rulebook_by(name, given), words)
