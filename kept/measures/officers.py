"""Figures by officer: within one team alone, by nothing else, on no chart, and in nothing that leaves.

Officers are no breakdown like others. What they hold differs and is little, so their figures are for whoever answers
for that team to talk about with them, and would be a league table anywhere else. Pages ask for more than this: that
who looks supervises the team (`kept.web.figures.officers`).
"""

from kept.errors import MeasureError
from kept.measures.catalogue import OFFICER, breakdowns
from kept.measures.model import Measure
from kept.measures.question import UNKNOWN, Question

WITHIN = "team"
"""The breakdown of which one value must be chosen."""
_LINE = "Officers are seen by themselves and their line: what they hold differs, and is little."


def is_by_officer(question: Question) -> bool:
    """Whether a question divides by officer."""
    return OFFICER in question.by


def may_be_divided(measure: Measure) -> bool:
    """Whether a measure can be divided by officer at all: not how records are kept, nor how much each one holds."""
    return measure.audience == "everyone" and measure.kind != "load" and WITHIN in breakdowns(measure)


def require_team(measure: Measure, question: Question) -> None:
    """Refuse a question by officer that is not of one team, or by something else as well; MeasureError."""
    if OFFICER in question.only:
        raise MeasureError(
            f"{measure.id} cannot be asked of one officer.", why=_LINE, what_to_do=f"Ask --by {OFFICER} of their team."
        )
    if not is_by_officer(question):
        return
    if not may_be_divided(measure):
        raise MeasureError(
            f"{measure.id} cannot be broken down by {OFFICER}.",
            why="It looks at how records are kept, or at how much is held, or knows no teams.",
            what_to_do=f"Choose from: {', '.join(breakdowns(measure))}.",
        )
    if question.only.get(WITHIN, UNKNOWN) == UNKNOWN:
        raise MeasureError(
            f"{measure.id} cannot be broken down by {OFFICER} beyond one team.",
            why=_LINE,
            what_to_do=f"Name the team: --only {WITHIN}=….",
        )
    if len(question.by) > 1:
        raise MeasureError(
            f"{measure.id} by {OFFICER} cannot be divided or compared further.",
            why="Of one officer there are few cases; divided again they are single victims.",
            what_to_do=f"Ask --by {OFFICER} alone.",
        )


def refuse_to_leave(measure: Measure, question: Question) -> None:
    """Refuse figures by officer in what leaves the force or its service; MeasureError."""
    if is_by_officer(question) or OFFICER in question.only:
        raise MeasureError(
            f"{measure.id} by {OFFICER} does not leave.",
            why=_LINE,
            what_to_do="Ask by team; who supervises a team sees its officers in the service.",
        )
