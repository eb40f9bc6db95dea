"""Checking one case before a charge: the records of each victim, with what was entered since they were loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone

from kept.calendar import local_day
from kept.engine.alone import Fresh, read_case
from kept.engine.coverage import supplied
from kept.web.charge.asked import Laws, laws
from kept.web.charge.checks import Check, Result, checked, nothing_known, worst
from kept.web.charge.models import ChargeCheck
from kept.web.entered.rows import fresh as entered_since
from kept.web.law import names, rulebook_by
from kept.web.worklist.index import indexed

_SAME = timedelta(hours=1)
"""A page that is opened again within this, and shows the same, is the same check."""


@dataclass(frozen=True, slots=True)
class OfVictim:
    """The checks of one victim, by their id in the records."""

    victim: str
    checks: tuple[Check, ...]

    @property
    def result(self) -> Result:
        return worst(self.checks)


@dataclass(frozen=True, slots=True)
class Checked:
    """The check of a case: as of when, by records loaded when, and of which events the store has none yet."""

    investigation: str
    at: datetime
    loaded: datetime
    victims: tuple[OfVictim, ...]
    unloaded: frozenset[str]

    @property
    def result(self) -> Result:
        return worst([check for one in self.victims for check in one.checks])

    @property
    def lacking(self) -> tuple[str, ...]:
        """The steps that do not pass for every victim, each once."""
        found = (step for one in self.victims for check in one.checks for step in check.found)
        return tuple(dict.fromkeys(one.step for one in found if one.result != "pass"))

    @property
    def digest(self) -> str:
        """SHA-256 of what was found: of each victim and step the reason and the event that shows it."""
        said = [
            [one.victim, found.step, found.because, found.evidence.id if found.evidence else ""]
            for one in self.victims
            for check in one.checks
            for found in check.found
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def check(investigation: str, at: datetime, victims: Sequence[str] = (), sent: Sequence[Fresh] = ()) -> Checked:
    """Check a case as of a moment, all its victims or those named. `sent`: entries that came with the question.

    NotFoundError where the records did not know the investigation by then; StoreError where they cannot be read.
    """
    version = indexed()
    law = _laws(names(), supplied(version), local_day(at))
    news = [*entered_since(investigation, version.number), *sent]
    case = read_case(version, law.prepared, investigation, at, news)
    found = {str(one.subject.id): checked(one.timeline, law) for one in case.victims}
    wanted = dict.fromkeys(victims) or found
    return Checked(
        investigation,
        at,
        datetime.fromisoformat(version.manifest.made_at),
        tuple(OfVictim(victim, found.get(victim, nothing_known(law))) for victim in wanted),
        frozenset(entry.id for _, entry in news),
    )


def keep(found: Checked, by: str) -> ChargeCheck:
    """Keep that somebody checked; the same again within an hour is the one that was kept."""
    now = timezone.now()
    said = {"investigation": found.investigation, "by": by, "digest": found.digest, "loaded": found.loaded}
    same = ChargeCheck.objects.filter(**said, asked__gt=now - _SAME).first()
    return same or ChargeCheck.objects.create(**said, asked=now, result=found.result)


@lru_cache(maxsize=16)
def _laws(law: tuple[str, str], words: frozenset[str], day: date) -> Laws:
    return laws(rulebook_by(*law), words, day)
