"""A job as who does it sees it: what was asked, what is settled already, and a way to say how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from kept.web.jobs import notices, queue
from kept.web.jobs.models import Job

_OFTEN_ENOUGH = 1.0  # seconds between two writes of how far it is


class Task:
    """One try at a job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._said = 0.0
        self._done = 0
        self._following: list[Callable[[], object]] = []

    @property
    def payload(self) -> Mapping[str, Any]:
        """What was asked for."""
        asked: Mapping[str, Any] = self.job.payload
        return asked

    def settled(self, name: str, choose: Callable[[], Any]) -> Any:
        """A value that the first try chooses and every later one keeps, so that a job done twice gives the same."""
        if name not in self.job.kept:
            self.job.kept = {**self.job.kept, name: choose()}
            queue.held(self.job).update(kept=self.job.kept)
        return self.job.kept[name]

    def step(self, name: str, of: int = 0) -> None:
        """Begin a step of the work; `of` is how much there is to do in it."""
        self._done, self.job.step = 0, {"name": name, "done": 0, "of": of}
        self._write()

    def moved(self, count: int) -> None:
        """So much more of the step is done."""
        self._done += count
        if time.monotonic() - self._said > _OFTEN_ENOUGH:
            self.job.step = {**self.job.step, "done": self._done}
            self._write()

    def then(self, kind: str, payload: dict[str, Any] | None = None, key: str = "") -> None:
        """Ask for further work once this is done, in the name of who asked for this."""
        self._following.append(lambda: queue.ask(kind, payload, key=key, by=self.job.asked_by))

    def tell(self, says: str, link: str = "", **values: Any) -> None:
        """Tell who asked for it, once it is done (`kept.web.jobs.notices.tell`)."""
        self._following.append(lambda: notices.tell(self.job.asked_by, says, link, **values))

    def follow(self) -> None:
        """Do what was to follow; whoever ends the job calls it in the same transaction."""
        for one in self._following:
            one()

    def _write(self) -> None:
        self._said = time.monotonic()
        queue.held(self.job).update(step=self.job.step)
