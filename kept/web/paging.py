"""The pages of a list, and what was asked beside the page, for the links that lead on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

One = TypeVar("One")
Row = TypeVar("Row", bound=Model)


def paged(request: HttpRequest, found: Sequence[One] | QuerySet[Row, One], size: int) -> Page[One]:
    """The page that a request asks for, by `size`; the nearest there is where it asks for one that is not."""
    return Paginator(found, size).get_page(request.GET.get("page"))


def asked(request: HttpRequest) -> str:
    """What a request asks beside the page, as a query."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
