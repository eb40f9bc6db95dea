"""First supervisors' reviews: what a supervisor found of each topic, and which entries of the record they saw."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from kept.web.day import models
from kept.web.sealing import Sealer, seal_rows_again, sealer


@dataclass(frozen=True, slots=True)
class Finding:
    """What a supervisor found of a topic: whether the record is right and enough, and in words what is missing."""

    right: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A review: the finding of each topic (`kept.web.day.topics.TOPICS`) by its id, and the ids of the entries seen."""

    findings: Mapping[str, Finding] = field(default_factory=dict)
    saw: tuple[str, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Known:
    """The review of a case, who wrote it last and when, and the count of changes that it stands at; 0 where none is."""

    review: Review
    written: int
    by: str = ""
    at: datetime | None = None


def read(investigation: str) -> Known:
    """The review of a case. ServiceError where it cannot be opened."""
    row = models.Review.objects.filter(investigation=investigation).first()
    if row is None:
        return Known(Review(), 0)
    return Known(_from_json(_sealer().open(row.sealed, _bound_to(investigation))), row.written, row.by, row.at)


def write(investigation: str, review: Review, by: str, written: int) -> bool:
    """Put a review in place of the one before, only where nobody has changed it since that count was read.

    Returns whether it was done.
    """
    said = {"sealed": _sealer().seal(review.to_json(), _bound_to(investigation)), "at": timezone.now(), "by": by}
    found = models.Review.objects.filter(investigation=investigation, written=written)
    if written:
        return found.update(written=written + 1, **said) > 0
    try:
        with transaction.atomic():
            models.Review.objects.create(investigation=investigation, **said)
    except IntegrityError:  # somebody else was first
        return False
    return True


def done(investigations: Collection[str]) -> set[str]:
    """Those of some cases that have a review here."""
    found = models.Review.objects.filter(investigation__in=investigations)
    return set(found.values_list("investigation", flat=True))


def seal_again() -> int:
    """Seal every review with the newest key; returns how many were not yet. May be stopped and begun again."""
    return seal_rows_again(models.Review.objects.all(), _sealer(), lambda row: _bound_to(row.investigation))


def _from_json(text: str) -> Review:
    said = json.loads(text)
    return Review({topic: Finding(**one) for topic, one in said["findings"].items()}, tuple(said["saw"]))


def _bound_to(investigation: str) -> str:
    return f"review:{investigation}"


def _sealer() -> Sealer:
    return sealer(settings.ENVIRONMENT.sealing_keys)
