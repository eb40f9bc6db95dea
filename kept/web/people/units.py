"""The part of a form that names a unit, as administrators give roles and tokens for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kept.web.forms import Form, exact
from kept.web.people.cases import cases
from kept.web.people.roles import LEVELS


class OfUnit(Form):
    """A level and the name of a unit of it, which the records know; the force has no name."""

    level = forms.ChoiceField(label=gettext_lazy("Of"), choices=[(level, level) for level in LEVELS])
    unit = exact(gettext_lazy("Name of the unit, or id of the investigation"), 200)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        level, unit = said.get("level"), said.get("unit", "")
        if level == "force":
            said["unit"] = ""
        elif level and not _is_known(level, unit):
            self.add_error("unit", _("The records know no unit or investigation of this name"))
        return said


def _is_known(level: str, unit: str) -> bool:
    known = cases()
    if level == "investigation":
        return known.investigation(unit) is not None
    return unit in known.units()[level]
