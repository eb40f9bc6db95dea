"""Jinja as the pages use it: the components of GOV.UK Frontend, translations, and what every page knows."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone, translation
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from whitenoise.storage import CompressedManifestStaticFilesStorage

from kept.web.jobs import background
from kept.web.people import policy
from kept.web.people.scoping import scope

_HERE = Path(__file__).parent / "templates"
_GOVUK = "govuk_frontend_jinja"


class Assets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Files by a name that changes with what is in them; before they are built, by their own."""

    manifest_strict = False
    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        return str(super().hashed_name(name, content, filename)) if self.exists(filename or name) else name


def environment(**options: Any) -> Environment:
    """The Jinja environment: our pages first, then the components of GOV.UK Frontend."""
    options.pop("loader", None)
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(_HERE), PrefixLoader({_GOVUK: PackageLoader(_GOVUK)})]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    made.globals |= {"url": _address, "asset": staticfiles_storage.url, "languages": settings.LANGUAGES}
    made.filters |= {"moment": moment, "day": day}
    return made


def of_the_request(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: the language it is in and its direction, who asks, and what they may do."""
    held = scope(request)
    return {
        "here": request.path,
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "person": request.user if request.user.is_authenticated else None,
        "may": lambda ability: policy.may(held, ability),
        "demo": settings.ENVIRONMENT.demo,
        "silent_since": background.silent_since,
    }


def moment(at: datetime) -> str:
    """A moment in London time, in the language of the page: `30 June 2026, 12:00`."""
    there = timezone.localtime(at)
    return f"{_written(there.date(), 'j F Y', translation.get_language())}, {there:%H:%M}"


def day(at: datetime) -> str:
    """The day of a moment in London: `Tue 30 June 2026`."""
    return _written(timezone.localtime(at).date(), "D j F Y", translation.get_language())


@lru_cache(maxsize=10_000)
def _written(at: date, form: str, language: str | None) -> str:
    """A day as its form says, in the language of the page. A page writes hundreds of days, and mostly the same."""
    return str(formats.date_format(at, form))


def _address(view: str, **values: Any) -> str:
    return reverse(view, kwargs=values)
