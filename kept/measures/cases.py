"""The cases behind a figure: obligations of a measure one by one, those judged longest ago first."""

from collections.abc import Collection

from kept.engine.states import LOST, STATE_NAMES
from kept.errors import MeasureError
from kept.measures.asked import Opened
from kept.measures.counts import check, require_months
from kept.measures.ledger.listing import Case, listed
from kept.measures.model import MOST_CASES, Measure
from kept.measures.question import Question


def cases(
    at: Opened, measure: Measure, question: Question, states: Collection[str] = LOST, most: int = MOST_CASES
) -> list[Case]:
    """The cases that a question counts, in any of some states; of a right, those for whom something was lost.

    Raises MeasureError for a measure that counts no obligations, for a breakdown it does not allow, an unknown state,
    states of what has several, and fewer than one to list.
    """
    _check(measure, question, states, most)
    return listed(at.members.owed, measure.id, question, frozenset(states), most)


def _check(measure: Measure, question: Question, states: Collection[str], most: int) -> None:
    if measure.kind not in ("duty", "all_kept"):
        raise MeasureError(
            f"{measure.id} has no cases to list.",
            why="It counts what the records say, and no obligations.",
            what_to_do="Choose a duty, a right or the whole Code; kept measures list names them.",
        )
    check(measure, question)
    require_months(measure, question)
    wrong = sorted(set(states) - {*STATE_NAMES})
    if wrong:
        raise MeasureError(f"There is no state {wrong[0]}.", what_to_do=f"Choose from: {', '.join(STATE_NAMES)}.")
    if measure.kind == "all_kept" and {*states} != {*LOST}:
        raise MeasureError(
            f"{measure.id} has no cases in a state.",
            why="It is of several obligations together, each in a state of its own; listed is where not all was kept.",
            what_to_do="Leave the states out, or ask for the cases of one of its duties.",
        )
    if most < 1:
        raise MeasureError(f"{most} cases cannot be listed.", what_to_do=f"Ask for 1 or more; {MOST_CASES} is usual.")
