"""What a release says about itself: who made it, from which run, under which policy, and how to read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kept import __version__
from kept.errors import MeasureError
from kept.release.markers import MARKERS
from kept.release.policy import Policy
from kept.release.sheets import ReleaseTable


@dataclass(frozen=True, slots=True)
class About:
    """A release in words; MeasureError if its moment has no time zone, or it has no name.

    name      what the register knows it by
    run       the run that the figures come from, with its rulebook and the editions in it
    as_of     what had been entered by then was counted, ISO 8601
    made_at   when the release was made
    method    how the figures were made, as markdown below a heading of second level
    """

    name: str
    title: str
    run: str
    rulebook: str
    editions: tuple[str, ...]
    as_of: str
    made_at: datetime
    contact: str = ""
    method: str = ""

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise MeasureError("The moment of a release has no time zone.", self.name, what_to_do="Give it one.")
        if not self.name.strip() or not self.title.strip():
            raise MeasureError("A release has no name or no title.", what_to_do="Give it both.")

    def origin(self) -> list[str]:
        """Where the figures come from, a sentence each."""
        return [
            f"From run {self.run} under the rulebook {self.rulebook} (editions: {', '.join(self.editions) or 'none'}).",
            f"Counted is what had been entered by {self.as_of}.",
            f"Made on {self.made_at:%Y-%m-%d} with Kept {__version__}.",
        ]


def legend() -> list[str]:
    """The letters that stand instead of numbers, a sentence each."""
    return [f"{marker.shorthand} means {marker.meaning}." for marker in MARKERS]


def release_data(about: About, policy: Policy, tables: Sequence[ReleaseTable]) -> dict[str, Any]:
    """`release.json`: what made these files."""
    return {
        "name": about.name,
        "title": about.title,
        "run": about.run,
        "rulebook": about.rulebook,
        "editions": list(about.editions),
        "as_of": about.as_of,
        "made_at": about.made_at.isoformat(),
        "software": __version__,
        "policy": policy.as_data(),
        "tables": [
            {"title": table.title, "csv": f"table-{number}.csv", "rows": len(table.rows)}
            for number, table in enumerate(tables, 1)
        ],
    }


def method_note(about: About, policy: Policy, tables: Sequence[ReleaseTable]) -> str:
    """`method.md`: where the figures come from, what is not shown and why, and how to read the files."""
    parts = [
        f"# {about.title}: how these figures were made",
        *about.origin(),
        about.method.strip(),
        "## What is not shown",
        policy.sentence(),
        "A figure is suppressed as well where it would give away a small one: through a total, a rate, another table, "
        "or an earlier release. The letters do not say which of the two it is.",
        *(f"- {line}" for line in legend()),
        "## Tables",
        *(f"{number}. {table.title}" for number, table in enumerate(tables, 1)),
        "## Files",
        "`tables.ods` has every table on a sheet of its own, in the open format; `tables.xlsx` is the same workbook "
        "for Excel. Each `table-N.csv` has one table, and beside it what its columns mean, as CSV on the Web (W3C, "
        "2015). A text that a spreadsheet could take for a formula begins with an apostrophe in the CSV files. "
        "`SHA256SUMS` lets you check that the files are as they were published: `sha256sum --check SHA256SUMS`.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
