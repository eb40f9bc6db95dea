"""The queue: rows with a due moment, taken by compare-and-set and held by a lease.

A row is taken by one UPDATE that says in its WHERE what was seen of it, so that of two workers one gets it, on SQLite
and on PostgreSQL. A worker that was killed renews nothing, and its row is taken by another once the lease is past.
Whoever lost a row cannot end it any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kept.web.jobs.models import Job

MOST_TRIES = 5
"""After so many tries a job is given up."""
_LONGEST_WAIT = timedelta(hours=1)
_AT_ONCE = 20  # rows looked at before nothing is said to be due: as many rivals may be quicker
_STOPPED = "Whoever was at work on it stopped without a word, each time."


def ask(
    kind: str, payload: dict[str, Any] | None = None, due: datetime | None = None, key: str = "", by: str = ""
) -> Job:
    """Ask for work of a kind, from `due` on, or now. `by` is who asked, by the name they sign in with.

    While one with this `key` waits to be begun, it is the one that is asked for; its due moment moves to the earlier.
    """
    now = timezone.now()
    when = due or now
    try:
        with transaction.atomic():
            return Job.objects.create(kind=kind, key=key, payload=payload or {}, asked=now, asked_by=by, due=when)
    except IntegrityError:
        if key and (waiting := _waiting(kind, key).first()):
            _waiting(kind, key).filter(due__gt=when).update(due=when)
            return waiting
    return ask(kind, payload, due, key, by)  # begun in between, so that no other waits


def _waiting(kind: str, key: str) -> QuerySet[Job]:
    return Job.objects.filter(kind=kind, key=key, tries=0, ended=None)


def take(worker: str, now: datetime | None = None) -> Job | None:
    """Take what has been due longest, for as long as a lease; None where nothing is due."""
    at = now or timezone.now()
    due = Job.objects.filter(_free(at), ended=None, due__lte=at).order_by("due", "pk")
    for job in due[:_AT_ONCE]:
        if job.tries >= MOST_TRIES:
            _end(Job.objects.filter(_free(at), pk=job.pk, tries=job.tries), given_up=True, says=job.says or _STOPPED)
        elif _taken(job, worker, at):
            return Job.objects.get(pk=job.pk)
    return None


def _free(at: datetime) -> Q:
    return Q(lease=None) | Q(lease__lte=at)


def _taken(job: Job, worker: str, at: datetime) -> bool:
    same = Job.objects.filter(_free(at), pk=job.pk, tries=job.tries, ended=None, due__lte=at)
    return bool(same.update(lease=at + settings.ENVIRONMENT.lease, taken_by=worker, tries=F("tries") + 1))


def held(job: Job) -> QuerySet[Job]:
    """The row of a job as long as whoever took it has it: nothing once another took it over."""
    return Job.objects.filter(pk=job.pk, taken_by=job.taken_by, tries=job.tries, ended=None)


def renew(job: Job) -> bool:
    """Hold a job for another lease; False where it is lost."""
    return bool(held(job).update(lease=timezone.now() + settings.ENVIRONMENT.lease))


def finish(job: Job, came_to: dict[str, Any]) -> bool:
    """End a job as done, with what it came to; False where it was lost to another."""
    return _end(held(job), came_to=came_to, says="")


def give_up(job: Job, says: str) -> bool:
    """End a job that trying again cannot help, with a sentence that says why."""
    return _end(held(job), given_up=True, says=says)


def try_again(job: Job, says: str) -> bool:
    """Leave a job that went wrong for later: 30 s, then twice as long each time; given up after `MOST_TRIES`."""
    if job.tries >= MOST_TRIES:
        return give_up(job, says)
    wait = min(timedelta(seconds=15) * 2**job.tries, _LONGEST_WAIT)
    return bool(held(job).update(lease=None, due=timezone.now() + wait, says=says, step={}))


def give_back(job: Job) -> None:
    """Leave a job that was begun to another worker, as if it had not been taken."""
    mine = held(job)
    try:
        with transaction.atomic():
            mine.update(lease=None, step={}, tries=F("tries") - 1)
    except IntegrityError:  # another of its key waits: both are to be done
        mine.update(lease=None, step={})


def put_off(job: Job, due: datetime, says: str = "") -> bool:
    """Let a job that is done again and again wait for its next time; `says` is what went wrong this time.

    False where it was lost to another.
    """
    mine = held(job)
    try:
        with transaction.atomic():
            return bool(mine.update(lease=None, step={}, kept={}, tries=0, due=due, says=says))
    except IntegrityError:  # it was asked for meanwhile, and that one will be put off in its turn
        return _end(mine, says=says)


def _end(rows: QuerySet[Job], **values: Any) -> bool:
    return bool(rows.filter(ended=None).update(ended=timezone.now(), lease=None, step={}, **values))
