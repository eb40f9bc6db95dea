"""The worker: takes what is due, does it, and says what it came to. Several may run at once."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType

from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from kept.errors import AsOfError, CodeError, KeptError, MappingError, NotFoundError, RecordsError, UsageError
from kept.web.jobs import notices, queue
from kept.web.jobs.heart import Heart
from kept.web.jobs.models import Job
from kept.web.jobs.task import Task
from kept.web.jobs.works import Work, works

_log = logging.getLogger("kept.worker")
_PAUSE = 1.0  # seconds between two looks at an empty queue
_AFTER_A_FAULT = 10.0  # seconds until the database is tried again
_HOPELESS = (MappingError, RecordsError, UsageError, CodeError, AsOfError, NotFoundError)
"""What trying again cannot mend: somebody must change what was asked for."""


class _StoppedError(BaseException):
    """The worker was told to stop; passes through whatever is at work, which takes back what it had begun."""


class Worker:
    """One worker. `run` works until it is told to stop, `run_once` until nothing is due."""

    def __init__(self) -> None:
        self.works = works()
        self.heart = Heart()
        self._stop = threading.Event()
        self._interruptible = False

    def run(self, ready: Callable[[], None]) -> None:
        """Work until SIGTERM or SIGINT. What is at work then is given back, and nothing of it is left behind.

        `ready` is called once the worker can be told to stop.
        """
        with _told_by_signals(self._told_to_stop), self.heart:
            ready()
            while not self._stop.is_set():
                self._turn()

    def run_once(self) -> int:
        """Do all that is due, and what comes of it; returns how many jobs that were."""
        with _told_by_signals(self._told_to_stop), self.heart:
            self.require_recurring()
            count = 0
            while not self._stop.is_set() and self._next():
                count += 1
            return count

    def require_recurring(self) -> None:
        """See to it that what is done again and again waits in the queue."""
        there = set(Job.objects.filter(ended=None).values_list("kind", flat=True))
        for work in self.works.values():
            if work.kind not in there and (due := _next_time(work)):
                queue.ask(work.kind, key="again", due=due)

    def _turn(self) -> None:
        try:
            self.require_recurring()
            if not self._next():
                self._stop.wait(_PAUSE)
        except DatabaseError:
            _log.warning("the database cannot be reached", exc_info=True)
            connection.close()
            self._stop.wait(_AFTER_A_FAULT)

    def _next(self) -> bool:
        job = queue.take(self.heart.name)
        if job is None:
            return False
        self.heart.holding = job
        try:
            self.heart.beat()
            self._do(job)
        finally:
            self.heart.holding = None
        return True

    def _do(self, job: Job) -> None:
        work = self.works.get(job.kind)
        if work is None:
            self._give_up(job, "This version of Kept does not know how to do this.")
            return
        task = Task(job)
        try:
            came_to = self._tried(work, task)
        except _StoppedError:
            queue.give_back(job)
        except KeptError as error:
            self._failed(work, job, str(error), hopeless=isinstance(error, _HOPELESS))
        except Exception as error:  # whatever it is, the worker goes on, and the job says that it went wrong
            _log.exception("a job went wrong", extra={"job": job.kind})
            if not connection.in_atomic_block:  # within one its end says what becomes of the connection
                connection.close_if_unusable_or_obsolete()  # what comes next asks a sound one
            self._failed(work, job, f"Something went wrong in Kept itself ({type(error).__name__}).", hopeless=False)
        else:
            self._done(work, task, came_to)

    def _tried(self, work: Work, task: Task) -> dict[str, object]:
        self._interruptible = True
        try:
            if self._stop.is_set():
                raise _StoppedError
            return work.run(task) or {}
        finally:
            self._interruptible = False

    def _done(self, work: Work, task: Task, came_to: dict[str, object]) -> None:
        """End it together with what follows from it, so that neither is there without the other."""
        with transaction.atomic():
            due = _next_time(work)
            if queue.put_off(task.job, due) if due else queue.finish(task.job, came_to):
                task.follow()

    def _failed(self, work: Work, job: Job, says: str, *, hopeless: bool) -> None:
        if due := _next_time(work):
            queue.put_off(job, due, says)
        elif hopeless or job.tries >= queue.MOST_TRIES:
            self._give_up(job, says)
        else:
            queue.try_again(job, says)

    def _give_up(self, job: Job, says: str) -> None:
        with transaction.atomic():
            if queue.give_up(job, says):
                link = reverse("data-job", kwargs={"number": job.pk})
                notices.tell(job.asked_by, gettext_noop("What you asked for could not be done."), link)

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()
        if self._interruptible:
            self._interruptible = False
            raise _StoppedError


def _next_time(work: Work) -> datetime | None:
    return work.after(timezone.now()) if work.after else None


@contextmanager
def _told_by_signals(handler: object) -> Iterator[None]:
    """SIGTERM and SIGINT reach a handler; outside the main thread nothing can be told."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in (signal.SIGTERM, signal.SIGINT)}  # type: ignore[arg-type]
    try:
        yield
    finally:
        for number, one in before.items():
            signal.signal(number, one)
