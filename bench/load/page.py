"""The section of the performance page that says how the service stood the load."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load.day import CHARGE_CHECK
from bench.page import GOALS, Goal, measured, table, write_between

MARKS = "<!-- load: written by the load test -->", "<!-- end of the load -->"
_MUST = {CHARGE_CHECK: 100.0}
_PAGE = 300.0  # milliseconds, for all others
APART = ("sign-in", "sign-in, sent", "styles and scripts")
"""Not clicks of a day: signing in spends its time on purpose, and styles are kept by the browser."""
_HEADINGS = ("page", "asked", "p50", "p95", "p99", "failed", "must")


@dataclass(frozen=True, slots=True)
class Page:
    """How a page stood the load: how often it was asked for, failures, and percentiles in milliseconds."""

    name: str
    asked: int
    failed: int
    p50: float
    p95: float
    p99: float

    @property
    def must(self) -> float:
        return _MUST.get(self.name, _PAGE)

    def row(self) -> tuple[str, ...]:
        percentiles = (f"{one:,.0f} ms" for one in (self.p50, self.p95, self.p99))
        held = "" if self.name in APART else ("reached" if self.p95 <= self.must else f"**missed** ({self.must:g} ms)")
        return (self.name, f"{self.asked:,}", *percentiles, str(self.failed), held)


def read_pages(stats: Path) -> list[Page]:
    """What locust wrote down of each page, by name; several ways of asking for one are named apart by it."""
    with stats.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Name"] != "Aggregated"]
    return sorted((_page(row) for row in rows), key=lambda one: (one.name in APART, one.name))


def _page(row: Mapping[str, str]) -> Page:
    percentiles = (float(row[name]) if row[name] not in ("", "N/A") else 0.0 for name in ("50%", "95%", "99%"))
    name = row["Name"] if row["Type"] == "GET" or row["Name"] in _MUST else f"{row['Name']}, sent"
    return Page(name, int(row["Request Count"]), int(row["Failure Count"]), *percentiles)


def write_section(results: Mapping[str, Any], page: Path) -> None:
    """Write the section between its marks in the page."""
    write_between(page, MARKS, "\n\n".join(_parts(results)))


def _parts(results: Mapping[str, Any]) -> Iterator[str]:
    for title, found in results.items():
        pages = [Page(**one) for one in found["pages"]]
        yield f"### {title}"
        yield (
            f"{found['people']} people for {found['seconds']:,} seconds on {found['victims']:,} victims, PostgreSQL; "
            f"{found['workers']} processes of {found['threads']} threads, at most {found['peak_mb']:,} MB together. "
            f"{measured(found)}"
        )
        yield table(GOALS, [goal.row() for goal in _goals(pages)])
        yield table(_HEADINGS, [one.row() for one in pages])
        if found["missing"]:
            yield f"Not there when this was measured: {', '.join(found['missing'])}."


def _goals(pages: list[Page]) -> Iterator[Goal]:
    of_people = [one.p95 for one in pages if one.name not in (*APART, CHARGE_CHECK)]
    of_checks = [one.p95 for one in pages if one.name == CHARGE_CHECK]
    yield Goal("pages, p95 of the slowest", max(of_people, default=None), _PAGE, _PAGE / 2, "ms")
    yield Goal("the check at charge, p95", max(of_checks, default=None), _MUST[CHARGE_CHECK], 50, "ms")
    yield Goal("failed", float(sum(one.failed for one in pages)), 0, 0, "")
