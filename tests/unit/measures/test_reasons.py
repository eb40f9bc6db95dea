"""Why there is no figure: the first reason that holds, in words."""

from typing import Any

import pytest

from kept.measures.figures import Figure
from kept.measures.reasons import why_none
from tests.support.members import MEASURES

NOTHING: dict[str, Any] = {"names": {"rules": []}, "not_measurable": [], "not_arisen": []}
LACKING = {"edition": "code-2020", "duty": "R4-6", "lacking": ["who is bereaved.\n"]}
CAUSES = [
    {"duty": "R4-6", "cause": "not so: bereaved", "count": 1200},
    {"duty": "R4-6", "cause": "R4-6a not so: asked for", "count": 3},
    {"duty": "R6-8", "cause": "not so: cps", "count": 9},
]


def figure(**more: int) -> Figure:
    return Figure((), None, 0, None, more=more)


@pytest.mark.parametrize(
    ("measure", "manifest", "of", "said"),
    [
        ("code-2020/R4-6", {}, figure(), "Nothing in these records has it arise."),
        (
            "code-2020/R4-6",
            {"not_measurable": [LACKING], "not_arisen": CAUSES},
            figure(),
            "These records cannot show it. What is lacking: who is bereaved.",
        ),
        (
            "code-2020/R4-6",
            {"not_arisen": CAUSES},
            figure(pending=2, lapsed=0, declined=1),
            "It arose, and is 2 pending and 1 declined.",
        ),
        (
            "code-2020/R4-6:R4-6a",
            {"not_arisen": CAUSES},
            figure(),
            "It did not arise: 1,200 times, not so: bereaved; 3 times, not so: asked for.",
        ),
        (
            "code-2020/R4-6:R4-6b",
            {"not_arisen": CAUSES},
            figure(),
            "It did not arise: 1,200 times, not so: bereaved.",
        ),
        (
            "right-8",
            {"names": {"rules": [{"right": 8, "holder": "court"}]}},
            figure(),
            "None of its duties is owed by the police; those of others have measures of their own.",
        ),
        (
            "right-8",
            {"names": {"rules": [{"right": 8, "holder": "police"}]}},
            figure(),
            "None of its duties that the police owe arose and could be judged.",
        ),
        ("needs-assessed", {}, figure(), ""),
    ],
)
def test_why_there_is_no_figure(measure: str, manifest: dict[str, Any], of: Figure, said: str) -> None:
    assert why_none(MEASURES[measure], [of], NOTHING | manifest) == said
