"""By when something is due, in words that a page shows."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kept.web.day.bands import Band
from kept.web.day.tasks import Task

_LAST_HOUR = 23


def by_when(task: Task) -> str:
    """By when a task is due: `Today by 16:00`, `In 3 days`, `12 days overdue`."""
    if task.days in (0, 1):
        return _within_hours(task)
    if task.days > 0:
        return ngettext("In %(days)s day", "In %(days)s days", task.days) % {"days": task.days}
    return ngettext("%(days)s day overdue", "%(days)s days overdue", -task.days) % {"days": -task.days}


def _within_hours(task: Task) -> str:
    hour = _hour(task.due)
    if not hour:
        return _("Today") if task.days == 0 else _("Tomorrow")
    said = _("Today, since %(hour)s") if task.late else _("Today by %(hour)s")
    return (said if task.days == 0 else _("Tomorrow by %(hour)s")) % {"hour": hour}


def _hour(due: datetime) -> str:
    """The hour of what is due within a day; blank where the whole day is left for it."""
    there = timezone.localtime(due)
    return "" if there.hour == _LAST_HOUR and there.minute == 59 else f"{there:%H:%M}"


def heading(band: Band) -> str:
    """A band as the heading of what stands in it: `Today`, `Overdue by 1–7 days`."""
    if band.overdue:
        return _("Overdue by %(days)s") % {"days": band.title}
    return str(_HEADINGS[band.id])


_HEADINGS = {
    "today": gettext_lazy("Today"),
    "next": gettext_lazy("In the next 7 days"),
    "later": gettext_lazy("Later"),
}
