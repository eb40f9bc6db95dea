"""Forms as GOV.UK pages show them: an error summary that leads to the fields, and every word typed kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrOrPromise


_BEYOND = gettext_lazy("Enter a year between 1900 and 2199")
_NEAR = [MinValueValidator(date(1900, 1, 1), _BEYOND), MaxValueValidator(date(2199, 12, 31), _BEYOND)]
"""The days that a field takes: what is beyond is a slip of the pen, and no calendar reaches there."""


class Form(forms.Form):
    """A form whose fields are drawn by the components of GOV.UK Frontend."""

    use_required_attribute = False

    def summary(self) -> list[dict[str, str]]:
        """What is wrong, for the summary at the top: each with the field that it leads to."""
        return [
            {"text": str(error), "href": f"#{name}" if name in self.fields else f"#{next(iter(self.fields))}"}
            for name, errors in self.errors.items()
            for error in errors
        ]

    def wrong(self, name: str) -> dict[str, str] | None:
        """What is wrong with a field, as its component wants it."""
        found = self.errors.get(name)
        return {"text": str(found[0])} if found else None

    def typed(self, name: str) -> Any:
        """What stands in a field: what was typed, else what it begins with."""
        return self[name].value() or ""


def text(label: _StrOrPromise, longest: int = 150, required: _StrOrPromise = "") -> forms.CharField:
    """A field of one line. `required` is what is said where it was left empty; blank where it may be."""
    messages = {"required": required} if required else {}
    return forms.CharField(
        label=label, max_length=longest, required=bool(required), error_messages=messages, strip=True
    )


def day(
    label: _StrOrPromise, invalid: _StrOrPromise, required: _StrOrPromise = "", formats: Sequence[str] | None = None
) -> forms.DateField:
    """A field for a day. `invalid` is what is said of what is none; `required` and `formats` as Django has them."""
    messages = {"invalid": invalid, **({"required": required} if required else {})}
    return forms.DateField(
        label=label, required=bool(required), error_messages=messages, input_formats=formats, validators=_NEAR
    )
