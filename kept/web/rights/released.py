"""The rights of a quarter as a release: counted by area, protected together, set against the register, put in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.measures.model import Measure
from kept.measures.question import Question
from kept.release.about import About
from kept.release.cells import Period
from kept.release.disclosure import Protected, protect
from kept.release.filling import filled
from kept.release.published import about_run, overlaps_of, published
from kept.release.register import Register
from kept.release.sheets import ReleaseTable
from kept.release.tables import write_release
from kept.web.rights.made import Quarter

_DIVIDED: Sequence[tuple[str, ...]] = (("area",), ())
"""By what the tables are divided: by area, or not at all where that is too much to be protected together."""


def release(quarter: Quarter, at: Opened, measures: Mapping[str, Measure], register_at: Path) -> None:
    """Put the release of a quarter in place, and into the register: from then on it is shown, and so has left.

    Raises MeasureError where nothing was judged in the quarter, and where too much would have to be solved.
    """
    question = Question(since=quarter.first, until=quarter.last)
    rights = [one for one in quarter.rights().values() if at.figures(one, question)[0].n]
    if not rights:
        raise MeasureError("Nothing was judged in this quarter.")
    before = Register.load(register_at)
    protected, tables = _protected(quarter, at, measures, rights, before)
    about = About(
        name=_name(quarter, before),
        title=f"The rights of victims, {quarter.first:%-d %B %Y} to {quarter.last:%-d %B %Y}",
        made_at=datetime.now(UTC),
        **about_run(at),
    )
    write_release(tables, quarter.folder, about, protected, register_at)


def _protected(
    quarter: Quarter, at: Opened, measures: Mapping[str, Measure], rights: Sequence[Measure], before: Register
) -> tuple[Protected, list[ReleaseTable]]:
    """The tables, divided as finely as they can be protected; MeasureError where they cannot be at all.

    Why they could not be divided is put down beside them.
    """
    for by in _DIVIDED:
        try:
            found = [published(at, one, by, Period(quarter.first, quarter.last)) for one in rights]
            tables = [one.table for one in found]
            protected = protect(tables, quarter.rule, before, overlaps_of(at, measures, tables, before))
            return protected, [filled(protected, one.table, one.filling) for one in found]
        except MeasureError as error:
            if by == _DIVIDED[-1]:
                raise
            quarter.put_why_whole(" ".join(f"{one.what} {one.why}".strip() for one in error.faults))
    raise AssertionError("it was divided in no way")


def _name(quarter: Quarter, before: Register) -> str:
    """What the register knows it by: another name where the quarter was released before, by another run or rule."""
    name = f"rights-{quarter.first.isoformat()}"
    known = sum(one.startswith(name) for one in {table.release for table in before.tables})
    return f"{name}-{known + 1}" if known else name
