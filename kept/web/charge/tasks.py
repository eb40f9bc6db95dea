"""Charges that came without their check: a task for who holds the case, from the load that brought them.

Where something is missing the task stands until it is mended. Where nothing is, and only nobody had asked, it is light:
all of somebody's light ones are one line of their day, which one click puts away, and no notice is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from kept.engine.entries import Posting
from kept.errors import NotFoundError
from kept.records.version import StoreVersion
from kept.web import latest
from kept.web.charge.asking import Checked, check
from kept.web.charge.models import ChargeCheck, ChargesRead, ChargeTask
from kept.web.clock import now
from kept.web.jobs import notices
from kept.web.people.cases import cases
from kept.web.people.models import User
from kept.web.worklist import index
from kept.web.worklist.current import current

FIRST_TIME = timedelta(days=7)
"""How far back charges are looked at when nothing was read before: older ones are nobody's task any more."""
BEFORE = timedelta(days=28)
"""How long before a charge a check of the case still counts as the check before it."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge as an event of the records."""

    event: str
    investigation: str
    at: datetime


def of(officer: str) -> list[ChargeTask]:
    """The open tasks of the cases that an officer holds now, those charged longest ago first."""
    if not officer:
        return []
    held = current().rows('SELECT DISTINCT investigation FROM posting WHERE officer = ? AND "end" IS NULL', [officer])
    return list(ChargeTask.objects.filter(done=None, investigation__in=[row["investigation"] for row in held]))


def lacking(found: Iterable[ChargeTask]) -> list[ChargeTask]:
    """Those of some tasks of which something is missing."""
    return [one for one in found if one.lacking]


def light(found: Iterable[ChargeTask]) -> list[ChargeTask]:
    """Those of which nothing is missing, and nobody had asked; after `BEFORE` they are nobody's task any more."""
    return [one for one in found if not one.lacking and one.charged > now() - BEFORE]


def put_away(officer: str, upto: datetime) -> list[str]:
    """End the light tasks of what an officer holds that were made by a moment; the cases of which there were some."""
    found = [one for one in light(of(officer)) if one.made <= upto]
    ChargeTask.objects.filter(pk__in=[one.pk for one in found], lacking="").update(done=timezone.now())
    return sorted({one.investigation for one in found})


def of_case(investigation: str) -> list[ChargeTask]:
    """The open tasks of one case."""
    return list(ChargeTask.objects.filter(done=None, investigation=investigation))


def read_charges() -> int:
    """Look at the charges that are new since this was last done; returns of how many a task was made.

    It may be done twice: a charge has one task. Tasks of which nothing is lacking any more are ended.
    """
    version = latest.version()
    index.make(version)  # else the charges that are new would be looked for in the version before
    read = ChargesRead.objects.filter(pk=1).first()
    made = sum(map(_make, _new(version, read.version if read else None)))
    _look_again()
    ChargesRead.objects.update_or_create(pk=1, defaults={"version": version.number})
    return made


def settle(found: Checked) -> None:
    """Bring the open tasks of a case in line with a check that somebody asked for, which ends the light ones."""
    _bring_in_line(found, ChargeTask.objects.filter(investigation=found.investigation, done=None))


def _bring_in_line(found: Checked, open_ones: QuerySet[ChargeTask]) -> None:
    if found.result == "pass":
        open_ones.update(done=timezone.now())
    else:
        open_ones.update(lacking=" ".join(found.lacking))


def _new(version: StoreVersion, since: int | None) -> list[Charge]:
    """The charges that came with versions after one; with none read before, those of the last days."""
    if since is not None and since >= version.number:
        return []
    events, subjects = version.relation("events"), version.relation("subjects")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TEMP VIEW events AS {events}")
        connection.execute(f"CREATE TEMP VIEW subjects AS {subjects}")
        rows = connection.sql(_CHARGES, params={"since": since or 0}).to_arrow_table().to_pylist()
    found = [Charge(row["event"], row["investigation"], row["at"].astimezone(UTC)) for row in rows]
    return [one for one in found if since is not None or one.at >= now() - FIRST_TIME]


_CHARGES = """
SELECT e.event_id AS event, coalesce(min(e.investigation), min(s.investigation)) AS investigation,
    min(e.occurred_at) AS at
FROM events e LEFT JOIN subjects s ON s.withdrawn IS NULL AND (s.crime = e.crime OR s.id = e.victim)
WHERE e.kind = 'suspect_charged' AND e._load > $since AND e.occurred_at IS NOT NULL
GROUP BY e.event_id HAVING coalesce(min(e.investigation), min(s.investigation)) IS NOT NULL
"""


def _make(charge: Charge) -> bool:
    """Make the task of a charge where something is lacking, or nobody had checked; whether one was made."""
    if ChargeTask.objects.filter(event=charge.event).exists():
        return False
    found = _checked(charge.investigation)
    before = {"asked__gt": charge.at - BEFORE, "asked__lte": charge.at}
    was_checked = ChargeCheck.objects.filter(investigation=charge.investigation, **before).exists()
    if found is None or (found.result == "pass" and was_checked):
        return False
    said = {"investigation": charge.investigation, "charged": charge.at, "lacking": " ".join(found.lacking)}
    made = ChargeTask.objects.get_or_create(
        event=charge.event, defaults={**said, "made": timezone.now(), "checked": was_checked}
    )[1]
    if made and found.lacking:
        _tell(charge.investigation)
    return made


def _look_again() -> None:
    """What was mended since is ended; nobody has asked for anything, so the light ones stay."""
    open_ones = ChargeTask.objects.filter(done=None).exclude(lacking="")
    for investigation in open_ones.values_list("investigation", flat=True).distinct():
        if found := _checked(investigation):
            _bring_in_line(found, open_ones.filter(investigation=investigation))


def _checked(investigation: str) -> Checked | None:
    """The check of a case now; None of one that has left the records."""
    try:
        return check(investigation, now())
    except NotFoundError:
        return None


def _tell(investigation: str) -> None:
    """Tell who holds the case that a charge came; the notice names no case, since it outlives their holding it."""
    found = cases().investigation(investigation)
    officers = {one.officer for one in _holding(found.postings if found else ()) if one.officer}
    for user in User.objects.filter(officer__in=officers, is_active=True):
        notices.tell(user.name, gettext_noop("Somebody was charged in a case of yours without all checks done."), "/")


def _holding(postings: Iterable[Posting]) -> list[Posting]:
    return [one for one in postings if one.end is None]
