"""The moment that pages speak of: now, or for an invented force the moment at which its records stand."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from kept.web.latest import latest


def now() -> datetime:
    """The moment by which obligations are read as due, overdue or still to come; UTC.

    An invented force stands still: its clock shows the as-of of its last run, so that its days look like days.
    """
    run = latest() if settings.ENVIRONMENT.demo else None
    return run.as_of if run else timezone.now()
