"""“This is wrong”: what officers say of an obligation, what the analyst answers, and whether it was re-judged since."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.code.model import State
from kept.engine.obligation import Obligation
from kept.web.case import models
from kept.web.case.keys import key_of
from kept.web.sealing import Sealer, sealer

REASONS: dict[str, str | Promise] = {
    "record": gettext_lazy("The record is wrong"),
    "not_recorded": gettext_lazy("It was done, and not recorded"),
    "not_due": gettext_lazy("It does not apply to this victim"),
    "other": gettext_lazy("Something else"),
}
"""Why an obligation is shown wrongly."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """What somebody said of an obligation. `now`: its state now, blank where it is not owed any more or was not asked.

    `was` is its state when it was said; `answer` is blank until it is answered.
    """

    id: UUID
    investigation: str
    victim: str
    key: str
    duty: str
    edition: str
    part: str
    was: State
    reason: str
    words: str
    at: datetime
    by: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    now: State | None = None
    looked: bool = False

    @property
    def rejudged(self) -> bool:
        """Whether the obligation is in another state since, or is not owed any more."""
        return self.looked and self.now != self.was


def raise_one(dispute: UUID, row: Obligation, reason: str, words: str, by: str) -> bool:
    """Say that an obligation is shown wrongly; returns whether it was not said yet.

    Sent twice it is there once, and so is a second one of the same person while the first is open.
    """
    said = {
        "investigation": row.investigation,
        "victim": row.victim or "",
        "key": key_of(row),
        "duty": row.duty,
        "edition": row.edition,
        "part": row.part,
        "state": row.state,
        "reason": reason,
        "sealed": _sealer().seal(words, _bound_to(dispute)),
        "at": timezone.now(),
        "by": by,
    }
    try:
        with transaction.atomic():
            models.Dispute(id=dispute, **said).save(force_insert=True)
    except IntegrityError:
        return False
    return True


def answer(dispute: UUID, words: str, by: str) -> bool:
    """Answer what nobody has answered yet; returns whether it was so."""
    sealed = _sealer().seal(words, _bound_to(dispute))
    found = models.Dispute.objects.filter(id=dispute, answered_at=None)
    return bool(found.update(answer=sealed, answered_at=timezone.now(), answered_by=by))


def of(investigation: str, rows: Iterable[Obligation]) -> list[Dispute]:
    """What was said of a case, the newest first, beside the states of its obligations now."""
    states = {key_of(row): row.state for row in rows}
    found = models.Dispute.objects.filter(investigation=investigation).order_by("-at")
    return [_read(one, states) for one in found]


def one(dispute: UUID) -> Dispute | None:
    """One by its id; None where there is none."""
    found = models.Dispute.objects.filter(id=dispute).first()
    return _read(found) if found else None


def investigations() -> set[str]:
    """The cases of which something was said that nobody has answered."""
    return set(models.Dispute.objects.filter(answered_at=None).values_list("investigation", flat=True))


def waiting(among: Collection[str]) -> list[Dispute]:
    """What nobody has answered yet of some cases, the oldest first."""
    found = models.Dispute.objects.filter(answered_at=None, investigation__in=among).order_by("at")
    return [_read(each) for each in found]


def seal_again() -> int:
    """Seal everything with the newest key; returns how many rows there were. May be stopped and begun again."""
    found = list(models.Dispute.objects.values_list("pk", flat=True))
    for dispute in found:
        with transaction.atomic():
            row = models.Dispute.objects.select_for_update().get(pk=dispute)
            row.sealed, row.answer = (_anew(text, dispute) for text in (row.sealed, row.answer))
            row.save(update_fields=["sealed", "answer"])
    return len(found)


def _anew(sealed: str, dispute: UUID) -> str:
    return _sealer().seal(_sealer().open(sealed, _bound_to(dispute)), _bound_to(dispute)) if sealed else ""


def _read(row: models.Dispute, states: dict[str, State] | None = None) -> Dispute:
    return Dispute(
        id=row.id,
        investigation=row.investigation,
        victim=row.victim,
        key=row.key,
        duty=row.duty,
        edition=row.edition,
        part=row.part,
        was=cast(State, row.state),
        reason=row.reason,
        words=_sealer().open(row.sealed, _bound_to(row.id)),
        at=row.at,
        by=row.by,
        answer=_sealer().open(row.answer, _bound_to(row.id)) if row.answer else "",
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        now=states.get(row.key) if states else None,
        looked=states is not None,
    )


def _bound_to(dispute: UUID) -> str:
    return f"dispute:{dispute}"


def _sealer() -> Sealer:
    return sealer(settings.ENVIRONMENT.sealing_keys)
