"""“This is wrong”: what officers say of an obligation, what the analyst answers, and whether it was re-judged since.

What was said of a victim goes where the victim goes: once they are in another case, it is of that case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.code.model import State
from kept.engine.obligation import Obligation
from kept.web.case import models
from kept.web.case.keys import key_of
from kept.web.people.cases import cases
from kept.web.sealing import Sealer, seal_rows_again, sealer

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
    """What was said of a case and of the victims it has now, the newest first, beside the states of its obligations."""
    states = {key_of(row): row.state for row in rows}
    victims = [one.id for one in cases().victims(investigation)]
    found = models.Dispute.objects.filter(Q(investigation=investigation) | Q(victim__in=victims)).order_by("-at")
    return [each for each in _each_read(found, states) if each.investigation == investigation]


def one(dispute: UUID) -> Dispute | None:
    """One by its id; None where there is none."""
    found = models.Dispute.objects.filter(id=dispute).first()
    return _each_read([found])[0] if found else None


def unanswered() -> dict[UUID, str]:
    """What nobody has answered yet, by its id, and the case that it is of now."""
    found = list(models.Dispute.objects.filter(answered_at=None).only("id", "investigation", "victim"))
    return {row.id: investigation for row, investigation in _with_cases(found)}


def some(these: Collection[UUID]) -> list[Dispute]:
    """Those of some ids, the oldest first."""
    return _each_read(models.Dispute.objects.filter(id__in=these).order_by("at"))


def seal_again() -> int:
    """Seal everything with the newest key; returns how many rows were not yet. May be stopped and begun again."""
    every = models.Dispute.objects.all()
    return seal_rows_again(every, _sealer(), lambda row: _bound_to(row.id), ("sealed", "answer"))


def _with_cases(found: Collection[models.Dispute]) -> list[tuple[models.Dispute, str]]:
    """Each with the case that it is of now."""
    now = cases().of_victims({row.victim for row in found if row.victim})
    return [(row, now.get(row.victim, row.investigation)) for row in found]


def _each_read(found: Iterable[models.Dispute], states: dict[str, State] | None = None) -> list[Dispute]:
    return [_read(row, investigation, states) for row, investigation in _with_cases(list(found))]


def _read(row: models.Dispute, investigation: str, states: dict[str, State] | None) -> Dispute:
    return Dispute(
        id=row.id,
        investigation=investigation,
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
