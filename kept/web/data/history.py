"""What was loaded, by whom and through which mapping: the store's reports, with the jobs that made them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kept.errors import StoreError
from kept.records.store import Store, StoreVersion
from kept.web.data.loading import SUMS, summed
from kept.web.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Loaded:
    """One load. `version` is the one that it made, None where it made none; `by` is blank where a command did it.

    `given_up`: it could not be done, and its job says why. `sums` has the rows in, and what became of them; none where
    it was given up, or its report is lost.
    """

    at: datetime
    by: str
    mapping: str
    version: int | None
    sums: dict[str, int]
    job: int | None
    given_up: bool = False


def loads(store: Store, most: int) -> list[Loaded]:
    """The latest loads, by whatever way, the last first."""
    ended = Job.objects.filter(kind="load").exclude(ended=None).order_by("-pk")[:most]
    jobs = [_of_job(job) for job in ended]
    by_job = {one.version for one in jobs if one.version}
    versions = [store.version(number) for number in sorted(store.numbers(), reverse=True)[:most]]
    by_command = [_of_version(one, store) for one in versions if one.number not in by_job]
    found = [*jobs, *(one for one in by_command if one)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def _of_job(job: Job) -> Loaded:
    came_to: dict[str, Any] = job.came_to
    sums = {} if job.given_up else {name: came_to.get(name, 0) for name in SUMS}
    version = came_to["version"] if came_to.get("changed") else None
    at: datetime = job.ended or job.asked
    return Loaded(at, job.asked_by or job.payload.get("origin", ""), _mapping(job), version, sums, job.pk, job.given_up)


def _mapping(job: Job) -> str:
    return str(job.payload.get("mapping", ""))


def _of_version(version: StoreVersion, store: Store) -> Loaded | None:
    """The load that made a version; None where a compaction did."""
    at = datetime.fromisoformat(version.manifest.made_at)
    try:
        report = store.report(version.number)
    except StoreError:
        return Loaded(at, "", "", version.number, {}, None)
    if "rows" not in report:
        return None
    said = summed(report)
    return Loaded(at, "", report["source"], version.number, {name: said[name] for name in SUMS}, None)


def made_by(number: int) -> Job | None:
    """The job that made a version; None where a command did."""
    jobs = Job.objects.filter(kind="load", came_to__version=number, came_to__changed=True)
    return jobs.order_by("-pk").first()
