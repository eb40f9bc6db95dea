"""Who held a member's investigation at the moment at which the member is judged.

Whoever held it first counts for what was before too. For a member without the moment, and where it is asked who waits,
it is who holds it at the clock: they are who can act.
"""

import re

from kept.measures.catalogue import CLOCK, HELD_BY, in_place, moment_of
from kept.measures.members.held import HELD_SINCE
from kept.measures.model import Measure
from kept.measures.question import Question

HELD_AT = """
    CREATE MACRO held_at(holders, since, moment) AS CASE WHEN len(since) = 0 THEN holders[1]
    ELSE holders[1 + len(list_filter(since, lambda changed: changed <= moment))] END"""
"""SQL for the macro that picks from the holders of an investigation, in order, the one at a moment."""
_WORD = re.compile(r"[a-z_]+")


def judged_members(measure: Measure, question: Question) -> str:
    """SQL for the members of a measure, each with those holders that are asked about as they were when it is judged."""
    asked = [name for name in HELD_BY if name in _read(measure, question)]
    if not asked or measure.of in in_place():
        return measure.of
    moment = CLOCK if measure.kind in ("bands", "soon") else moment_of(measure)
    at = moment if moment == CLOCK else f"coalesce({moment}, {CLOCK})"
    then = ", ".join(f"held_at({name}, {HELD_SINCE}, {at}) AS {name}" for name in asked)
    return f"(SELECT * REPLACE ({then}) FROM {measure.of})"


def _read(measure: Measure, question: Question) -> set[str]:
    """The words among which every column is that a query reads."""
    said = " ".join((measure.by, measure.where, measure.counts, *measure.parts.values()))
    rolled_up = {level for merged in question.merged.values() for level in merged.levels}
    return {*question.by, *question.only, *rolled_up, *_WORD.findall(said)}
