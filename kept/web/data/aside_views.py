"""The pages of rows set aside: by reason, the rows of a reason, and the list of them as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from kept.records.store import Store
from kept.records.version import StoreVersion
from kept.web.access import able, note, note_looks, seen_by
from kept.web.data import aside
from kept.web.paging import paged
from kept.web.people.cases import cases
from kept.web.people.scoping import scope

PAGE = 25
_AT_ONCE = 5000
_HEADINGS = ("load", "file", "row", "table", "reason")


@seen_by(able("records"))
def reasons(request: HttpRequest) -> HttpResponse:
    """Why rows were set aside, the most frequent reason first."""
    found = aside.reasons(_version())
    return render(request, "data/reasons.html", {"reasons": found, "found": sum(one.count for one in found)})


@seen_by(able("records"))
def rows(request: HttpRequest) -> HttpResponse:
    """The rows of a reason; what stood in them where the reader has the case in scope, and then it is logged."""
    version, reason = _version(), _reason(request)
    count = sum(one.count for one in aside.reasons(version) if reason in ("", one.says))
    page = paged(request, range(count), PAGE)
    found = aside.rows(version, reason, page.start_index() - 1 if count else 0, PAGE)
    seen = list(aside.shown(found, scope(request), cases()))
    if looked_at := [(one.case, one.said.get("victim", "")) for one in seen if one.said]:
        note_looks(request, looked_at, "rows that were set aside")
    said: dict[str, Any] = {"rows": seen, "page": page, "reason": reason, "asked": urlencode({"reason": reason})}
    return render(request, "data/rows.html", said)


@seen_by(able("records"))
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Where each row of a reason stands, as CSV: file, row and reason, and nothing of what stood in it."""
    version, reason = _version(), _reason(request)
    note(request, "disclosure", why=f"list of rows set aside: {reason or 'all'}")
    answer = StreamingHttpResponse(_lines(version, reason), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="set-aside-{version.number}.csv"'
    return answer


def _version() -> StoreVersion:
    return Store.open(settings.ENVIRONMENT.store).latest()


def _reason(request: HttpRequest) -> str:
    return request.GET.get("reason", "").replace("\x00", "")


class _Echo:
    """What csv writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(version: StoreVersion, reason: str) -> Iterator[str]:
    writer, first = csv.writer(_Echo()), 0
    yield "\ufeff" + writer.writerow(_HEADINGS)
    while found := aside.rows(version, reason, first, _AT_ONCE):
        for row in found:
            yield writer.writerow(map(as_text, (row.load, row.file, row.number, row.table, row.reason)))
        first += len(found)


def as_text(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: where it would, an apostrophe comes first."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
