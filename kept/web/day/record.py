"""One case as the records have it now, with what was entered here since they were loaded."""

from __future__ import annotations

from kept.engine.alone import CaseFile, read_case
from kept.web import latest, law
from kept.web.clock import now
from kept.web.entered import rows


def case_file(investigation: str) -> CaseFile:
    """The case as it is known now.

    NotFoundError where the records do not know the investigation; StoreError where they cannot be read.
    """
    version = latest.version()
    return read_case(version, law.rules(), investigation, now(), rows.fresh(investigation, version.number))
