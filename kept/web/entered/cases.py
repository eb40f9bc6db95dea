"""Reading one case for pages: as it is known now, with what was entered here, or as it was known on an earlier day."""

from __future__ import annotations

from datetime import datetime

from kept.engine.alone import CaseFile, read_case
from kept.web import law
from kept.web.clock import now
from kept.web.entered import rows
from kept.web.worklist.index import indexed


def case_file(investigation: str, as_of: datetime | None = None) -> CaseFile:
    """A case as of a moment, or now. AsOfError and NotFoundError where the records do not know it by then."""
    version = indexed()
    fresh = rows.fresh(investigation, version.number)
    return read_case(version, law.rules(), investigation, as_of or now(), fresh)
