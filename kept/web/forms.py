"""Forms as GOV.UK pages show them: an error summary that leads to the fields, and every word typed kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy

from kept.web import unseen

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

    def direction(self, name: str) -> dict[str, str]:
        """The direction in which a field is written, as an attribute; none where the page's own is right."""
        said = getattr(self.fields[name], "direction", "")
        return {"dir": said} if said else {}

    def typed(self, name: str) -> Any:
        """What stands in a field: what was typed, else what it begins with."""
        return self[name].value() or ""


_BY_HAND = gettext_lazy("Clear this and type it by hand: it holds characters that cannot be seen")


class Words(forms.CharField):
    """A field of words, on several lines: what is not seen is left out of them (`kept.web.unseen`)."""

    read = staticmethod(unseen.words)
    direction = "auto"

    def to_python(self, value: Any) -> Any:
        return super().to_python(self.read(value) if isinstance(value, str) else value)


class Line(Words):
    """The same on one line."""

    read = staticmethod(unseen.line)


class Exact(forms.CharField):
    """A field for what is taken to the letter, such as a number or an id: refused where it holds what is not seen.

    It is written from left to right on every page: on one from right to left, the groups of a telephone number that
    was typed with spaces would stand in reverse.
    """

    direction = "ltr"

    def validate(self, value: Any) -> None:
        super().validate(value)
        if unseen.has_unseen(value):
            raise forms.ValidationError(_BY_HAND, code="unseen")


class Telephone(Exact):
    """A field for a telephone number."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(unseen.plain_spaces(value) if isinstance(value, str) else value)


class Email(Exact, forms.EmailField):
    """A field for an address of e-mail."""


def text(label: _StrOrPromise, longest: int = 150, required: _StrOrPromise = "") -> Line:
    """A field of words on one line. `required` is what is said where it was left empty; blank where it may be."""
    return Line(label=label, max_length=longest, **_required(required))


def exact(label: _StrOrPromise, longest: int = 150, required: _StrOrPromise = "") -> Exact:
    """A field of one line for what is taken to the letter. `required` as for `text`."""
    return Exact(label=label, max_length=longest, **_required(required))


def _required(says: _StrOrPromise) -> dict[str, Any]:
    return {"required": bool(says), "error_messages": {"required": says} if says else {}}


def day(
    label: _StrOrPromise, invalid: _StrOrPromise, required: _StrOrPromise = "", formats: Sequence[str] | None = None
) -> forms.DateField:
    """A field for a day. `invalid` is what is said of what is none; `required` and `formats` as Django has them."""
    messages = {"invalid": invalid, **({"required": required} if required else {})}
    return forms.DateField(
        label=label, required=bool(required), error_messages=messages, input_formats=formats, validators=_NEAR
    )
