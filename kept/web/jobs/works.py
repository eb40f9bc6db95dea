"""What does the work of each kind. An app that has some writes it in a module `work` of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.module_loading import autodiscover_modules

from kept.web.jobs.task import Task

Run = Callable[[Task], "dict[str, Any] | None"]
Next = Callable[[datetime], "datetime | None"]


@dataclass(frozen=True, slots=True)
class Work:
    """What does the jobs of a kind, and, of what is done again and again, when it is next due after a moment.

    `after` gives None where it is not to be done any more.
    """

    kind: str
    run: Run
    after: Next | None = None


_KNOWN: dict[str, Work] = {}


def does(kind: str, again: Next | None = None) -> Callable[[Run], Run]:
    """Register what does the jobs of a kind; what it returns is kept as what the job came to.

    It must bear to be done twice: whoever did it may be killed before it could say so. With `again` it is done for
    ever, at the moments that this gives.
    """

    def register(run: Run) -> Run:
        _KNOWN[kind] = Work(kind, run, again)
        return run

    return register


def works() -> dict[str, Work]:
    """Every kind of work, by its name."""
    autodiscover_modules("work")
    return dict(_KNOWN)
