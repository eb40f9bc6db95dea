"""Whether a right is kept alike for everybody: groups compared by what people are, small groups put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kept.measures.answers import Answer
from kept.measures.asked import Opened
from kept.measures.compared import compared_answer
from kept.measures.model import Measure
from kept.measures.question import Merged, Question
from kept.measures.rolled import LEAST
from kept.measures.statistics.rollup import Group, Shown, roll_up

COMPARED = ("sex", "age_band", "ethnicity", "disability", "language")
"""By what people are compared, as the papers ask."""
_EVERYBODY = "everybody"
_NOT_A_GROUP = (None, "refused", "not_asked")


def compared_by(at: Opened, measure: Measure, question: Question) -> Answer:
    """Each group of the question's one breakdown against all others, with what was put together said beneath."""
    (by,) = question.by
    sizes = {
        str(one.values[0]): one.n
        for one in at.figures(measure, question)
        if one.values[0] not in _NOT_A_GROUP and one.n
    }
    names = _together(sizes)
    small = sorted(value for value, name in names.items() if name != value)
    if not small:
        return compared_answer(at, measure, question, "")
    merged = Merged((by,), {(value,): name for value, name in names.items()})
    found = compared_answer(at, measure, replace(question, merged={by: merged}), "")
    said = f"Of fewer than {LEAST} each: {', '.join(small)}."
    return replace(found, words=(*found.words, said))


def _together(sizes: Mapping[str, int]) -> dict[str, str]:
    """The name under which each group is shown: its own, or that of the small groups together."""
    shown = roll_up([Group((value, _EVERYBODY), n) for value, n in sizes.items()], LEAST)
    return {path[0]: _called(one) for one in shown for path in (one.rolled_up or (one.path,))}


def _called(one: Shown) -> str:
    if not one.rolled_up:
        return one.path[0]
    return "1 small group" if len(one.rolled_up) == 1 else f"{len(one.rolled_up)} small groups together"
