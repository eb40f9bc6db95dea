"""The rights of a period as a release: tables protected together, and the folder that they leave in."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.measures.model import Measure
from kept.release.about import About
from kept.release.cells import Period
from kept.release.disclosure import Protected, protect
from kept.release.filling import filled
from kept.release.policy import Policy
from kept.release.published import about_run, overlaps_of, published
from kept.release.register import Register
from kept.release.sheets import ReleaseTable
from kept.release.tables import write_release


@dataclass(frozen=True, slots=True)
class Released:
    """The tables of some rights by their numbers, what they were protected with, and what they say of themselves."""

    tables: Mapping[int, ReleaseTable]
    protected: Protected
    about: About

    def rows(self) -> Iterator[tuple[int, tuple[str | int | float, ...]]]:
        """Of each right its row as printed."""
        for number, one in self.tables.items():
            (row,) = one.printed()
            yield number, tuple(row)

    def packed(self) -> bytes:
        """The folder of the release as one zip file; MeasureError if its tables give anything away."""
        file = io.BytesIO()
        with tempfile.TemporaryDirectory() as beside, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
            folder = Path(beside) / self.about.name
            write_release([*self.tables.values()], folder, self.about, self.protected)
            for path in sorted(folder.iterdir()):
                into.write(path, f"{self.about.name}/{path.name}")
        return file.getvalue()


def released(
    at: Opened, measures: Mapping[str, Measure], rights: Mapping[int, Measure], first: date, last: date, rule: Policy
) -> Released:
    """The tables of some rights over some days, protected together by a rule.

    Raises MeasureError where there is no right with figures, and where too much would have to be solved.
    """
    if not rights:
        raise MeasureError("Nothing was judged in this quarter.")
    found = {number: published(at, one, (), Period(first, last)) for number, one in rights.items()}
    tables, register = [each.table for each in found.values()], Register()
    protected = protect(tables, rule, register, overlaps_of(at, measures, tables, register))
    about = About(
        name=f"rights-{first.isoformat()}",
        title=f"The rights of victims, {first:%-d %B %Y} to {last:%-d %B %Y}",
        made_at=datetime.now(UTC),
        **about_run(at),
    )
    filling = {number: filled(protected, each.table, each.filling) for number, each in found.items()}
    return Released(filling, protected, about)
