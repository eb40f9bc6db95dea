"""The forms of a case: as of an earlier day, that something is wrong, and the answer to it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web.case.disputes import REASONS
from kept.web.clock import now
from kept.web.forms import Form, Words
from kept.web.forms import day as day_field

_LONGEST = 1000  # characters
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")
"""How a day may be typed."""


class AsOf(Form):
    """A day, and perhaps an hour of it, that has passed; London time. Without an hour: the end of the day."""

    day = day_field(
        gettext_lazy("Day"),
        gettext_lazy("Enter a day that there is, such as 2026-03-31"),
        gettext_lazy("Enter a day, such as 2026-03-31"),
        DAYS,
    )
    hour = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"invalid": gettext_lazy("Enter a time of day, such as 14:30")},
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and self.moment(said) > now():
            self.add_error("day", _("Enter a day that has passed: what will be known is not known yet"))
        return said

    def moment(self, said: dict[str, Any]) -> datetime:
        """The moment that was asked for; of a whole day its last minute, but never one still to come."""
        asked = timezone.make_aware(datetime.combine(said["day"], said["hour"] or time(23, 59)))
        whole_day = said["hour"] is None and said["day"] == timezone.localtime(now()).date()
        return min(asked, now()) if whole_day else asked


class Wrong(Form):
    """What is wrong, in one of a few ways and in words. `id` is new with each form, so that it is said once."""

    reason = forms.ChoiceField(
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is wrong")},
    )
    words = Words(max_length=_LONGEST, error_messages={"required": gettext_lazy("Say in your words what is wrong")})
    id = forms.UUIDField(widget=forms.HiddenInput)


class Answer(Form):
    """What the analyst found."""

    words = Words(max_length=_LONGEST, error_messages={"required": gettext_lazy("Write an answer")})
