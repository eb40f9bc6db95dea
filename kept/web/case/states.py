"""The states of obligations as pages show them: a word and a colour of a tag for each."""

from __future__ import annotations

from typing import get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.code.model import State

TAGS: dict[State, tuple[str | Promise, str]] = {
    "met": (gettext_lazy("Kept"), "green"),
    "late": (gettext_lazy("Done late"), "orange"),
    "not_done": (gettext_lazy("Not done"), "red"),
    "no_record": (gettext_lazy("Not recorded"), "red"),
    "reasoned": (gettext_lazy("Not kept, with good reason"), "purple"),
    "declined": (gettext_lazy("Victim did not want it"), "grey"),
    "lapsed": (gettext_lazy("No longer needed"), "grey"),
    "pending": (gettext_lazy("Not due yet"), "blue"),
    "not_measurable": (gettext_lazy("Cannot be told"), "yellow"),
}
"""What each state is called on a page, and the colour of its tag."""
assert set(TAGS) == set(get_args(State))
