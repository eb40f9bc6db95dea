"""Whether a case, as it was known on an earlier day, may be opened today."""

from __future__ import annotations

from kept.engine.alone import CaseFile
from kept.web.people.cases import cases
from kept.web.people.policy import Scope, may_open


def shut_now(file: CaseFile, scope: Scope) -> bool:
    """Whether a victim who was of the case at its as-of is now of one that this person may not open."""
    known = cases()
    for one in file.victims:
        victim = known.victim(one.subject.id)
        there = known.investigation(victim.investigation) if victim else None
        if there is None or not may_open(scope, there):
            return True
    return False
