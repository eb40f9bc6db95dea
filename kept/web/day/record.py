"""One case as the records have it now, with what was entered here since they were loaded."""

from __future__ import annotations

from functools import lru_cache

from kept.engine.alone import CaseFile, read_case
from kept.engine.coverage import coverage, supplied
from kept.engine.rules import Rules, prepare
from kept.web import latest, law
from kept.web.clock import now
from kept.web.entered import rows


def case_file(investigation: str) -> CaseFile:
    """The case as it is known now.

    NotFoundError where the records do not know the investigation; StoreError where they cannot be read.
    """
    version = latest.version()
    rules = _rules(law.book().digest, supplied(version))
    return read_case(version, rules, investigation, now(), rows.fresh(investigation, version.number))


@lru_cache(maxsize=4)
def _rules(digest: str, words: frozenset[str]) -> Rules:
    """The latest rulebook made ready for records that speak in these words; `digest` is the rulebook's."""
    book = law.book()
    assert book.digest == digest
    covered = coverage(book, words)
    return prepare(book, [one.name for one in covered if not one.measurable])
