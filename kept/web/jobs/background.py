"""How the work in the background stands: whether a worker lives, what waits, what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Max, Q
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from kept.web.jobs.models import Job, Worker

HEARTBEAT = "worker-seen"
"""The file in the home that a worker touches whenever its heart beats."""
_LATELY = timedelta(days=7)
_QUIET = timedelta(minutes=5)  # a worker that is replaced by a newer one need alarm nobody


@dataclass(frozen=True, slots=True)
class Background:
    """`seen`: when a worker was last heard, None where there never was one. `waiting`: due now, and not begun.

    `going_wrong`: failed at the last try, and to be tried again; `given_up`: in the last week.
    """

    at: datetime
    seen: datetime | None
    alive: bool
    waiting: int
    at_work: int
    going_wrong: int
    given_up: int


def state() -> Background:
    """How it stands now. DatabaseError where the database cannot be asked."""
    now = timezone.now()
    workers = Worker.objects.aggregate(
        last=Max("seen"), alive=Count("pk", filter=Q(ended=None, seen__gt=now - settings.ENVIRONMENT.lease))
    )
    counted = Job.objects.filter(Q(ended=None) | Q(ended__gt=now - _LATELY)).aggregate(
        waiting=Count("pk", filter=Q(ended=None, due__lte=now, lease=None)),
        at_work=Count("pk", filter=Q(ended=None, lease__gt=now)),
        going_wrong=Count("pk", filter=Q(ended=None) & ~Q(says="")),
        given_up=Count("pk", filter=Q(given_up=True)),
    )
    return Background(at=now, seen=workers["last"], alive=bool(workers["alive"]), **counted)


def state_if_known() -> Background | None:
    """How it stands; None where the database cannot be asked."""
    try:
        return state()
    except DatabaseError:
        return None


def silent_since() -> datetime | None:
    """When a worker was last heard, where that is too long ago; None while one lives, or where there never was one."""
    seen = _heard()
    return seen if seen and timezone.now() - seen > max(_QUIET, settings.ENVIRONMENT.lease) else None


def alive() -> bool:
    """Whether a worker was heard within the time of a lease."""
    seen = _heard()
    return seen is not None and timezone.now() - seen <= settings.ENVIRONMENT.lease


def _heard() -> datetime | None:
    """When a worker was last heard; None where there never was one.

    For every page: it asks the home, not the database, and so answers while that cannot be reached.
    """
    try:
        return datetime.fromtimestamp((settings.ENVIRONMENT.home / HEARTBEAT).stat().st_mtime, UTC)
    except OSError:
        return None


class Measured(Collector):
    """The same for Prometheus."""

    def collect(self) -> Iterator[Metric]:
        found = state_if_known()
        if found is None:
            return
        jobs = GaugeMetricFamily("kept_jobs", "Jobs in the background.", labels=["state"])
        for name in ("waiting", "at_work", "going_wrong", "given_up"):
            jobs.add_metric([name], getattr(found, name))
        yield jobs
        if found.seen:
            age = (found.at - found.seen).total_seconds()
            yield GaugeMetricFamily("kept_worker_silent_seconds", "Since a worker was last heard.", value=age)
