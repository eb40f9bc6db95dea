"""A worker's heartbeat: while it beats, the worker is seen to live and holds what it has taken."""

from __future__ import annotations

import logging
import os
import socket
import threading
from secrets import token_hex
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from kept.web.jobs import background, queue
from kept.web.jobs.models import Job, Worker

_log = logging.getLogger("kept.worker")
_BEATS = 4  # in the time of a lease, so that one or two may fail


class Heart:
    """Beats in a thread of its own from entering to leaving; `holding` is the job whose lease it renews."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:60]}-{os.getpid()}-{token_hex(4)}"
        self.holding: Job | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        now = timezone.now()
        Worker.objects.create(name=self.name, began=now, seen=now)
        self.beat()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        Worker.objects.filter(name=self.name).update(ended=timezone.now(), doing=None)

    def beat(self) -> None:
        """Be seen, and hold on to what was taken."""
        job = self.holding
        (settings.ENVIRONMENT.home / background.HEARTBEAT).touch()
        Worker.objects.filter(name=self.name).update(seen=timezone.now(), doing=job)
        if job and not queue.renew(job) and self.holding is job:
            _log.warning("a job was lost to another worker")

    def _beat_on(self) -> None:
        try:
            while not self._ended.wait(settings.ENVIRONMENT.lease.total_seconds() / _BEATS):
                try:
                    self.beat()
                except DatabaseError:
                    _log.warning("the heartbeat was not heard", exc_info=True)
                    connection.close()
        finally:
            connection.close()
