"""The duties that pages speak of: those of the rulebook by which the latest run was made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from kept.code.loader import DEFAULT_RULEBOOK, rulebook
from kept.code.model import Duty, Rulebook
from kept.errors import CodeError
from kept.web.latest import latest

Duties = Mapping[tuple[str, str], Duty]
"""Duties by edition and id."""


def book() -> Rulebook:
    """The rulebook of the latest run; where that is none of ours, KEPT_RULEBOOK, or the one that comes with Kept."""
    run = latest()
    return _book(str(run.manifest["rulebook"]) if run else "", settings.ENVIRONMENT.rulebook or DEFAULT_RULEBOOK)


def duties() -> Duties:
    """Its duties."""
    return {(duty.edition, duty.id): duty for duty, _ in book().duties()}


def titles() -> dict[tuple[str, str], str]:
    """What its duties are called, by edition and id."""
    return {name: duty.title for name, duty in duties().items()}


@lru_cache(maxsize=4)
def _book(named: str, otherwise: str) -> Rulebook:
    try:
        return rulebook(named or otherwise)
    except CodeError:  # a rulebook read from a file of the force's own, of which a run keeps only the name
        return rulebook(otherwise)
