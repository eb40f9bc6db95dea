"""Upkeep: what the service need not keep any longer is deleted, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from kept.web.data import extracts, inbox
from kept.web.jobs.models import Job, Notice, Worker
from kept.web.jobs.task import Task
from kept.web.jobs.works import does
from kept.web.people.models import Failures, SignIn

_DAY = timedelta(days=1)
JOBS, NOTICES, WORKERS, SIGN_INS = 90 * _DAY, 90 * _DAY, 7 * _DAY, 365 * _DAY
"""For how long each is kept once it is over. Loads and evaluations are kept: they say by whom records came in."""
_HISTORY = ("load", "evaluate")


@does("clean", again=lambda after: after + _DAY)
def clean(task: Task) -> None:
    """Delete what has had its time: sessions, with what was held in them; notices; jobs; extracts that were loaded."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    SignIn.objects.filter(began__lt=now - SIGN_INS).delete()
    Failures.objects.filter(last__lt=now - _DAY).delete()
    Notice.objects.filter(Q(at__lt=now - NOTICES) | Q(put_away__lt=now - _DAY)).delete()
    Worker.objects.filter(seen__lt=now - WORKERS).delete()
    Job.objects.filter(ended__lt=now - JOBS).exclude(kind__in=_HISTORY).delete()
    _clean_extracts(now)


def _clean_extracts(now: datetime) -> None:
    environment = settings.ENVIRONMENT
    open_loads = Job.objects.filter(kind="load", ended=None).values_list("payload", flat=True)
    extracts.delete_before(now - environment.extract_days, {Path(said["folder"]) for said in open_loads})
    if environment.inbox:
        inbox.delete_before(environment.inbox, now - environment.extract_days)
    for left in environment.home.glob("*.upload*"):  # what a browser was sending when the service was killed
        if left.stat().st_mtime < (now - _DAY).timestamp():
            left.unlink()
