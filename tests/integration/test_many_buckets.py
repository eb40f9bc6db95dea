"""A force that lies in many buckets has the figures of one that lies in a single bucket."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kept.cli.command import main
from kept.measures import counts
from kept.measures.asked import opened
from kept.measures.cases import cases
from kept.measures.catalogue import breakdowns
from kept.measures.groups import Counted
from kept.measures.question import Question
from tests.support.demo import VICTIMS
from tests.support.members import MEASURES
from tests.support.runs import last_run

NUMBERED = (
    "kept.records.buckets",
    "kept.records.lookup",
    "kept.records.timelines",
    "kept.records.version",
    "kept.measures.members.bucket",
    "kept.measures.members.earlier",
    "kept.measures.members.made_by_run",
    "kept.measures.members.populated",
    "kept.measures.ledger.made",
    "kept.measures.ledger.stored",
)
"""The modules that know how many subjects are in a bucket."""
ALWAYS = ("whole-code", "right-6", "force-standards/FS-CONTACT-PLAN:investigations", "contact-overdue")
ASKED = [
    one
    for place, one in enumerate(MEASURES.values())
    if one.id in ALWAYS or (one.kind != "not_arisen" and (one.of != "obligations" or place % 9 == 0))
]


def figures(folder: Path) -> dict[str, list[Counted]]:
    run = last_run(folder / "store")
    with opened(run, run.as_of) as at:
        return {
            f"{one.id} {question.by}": [in_order(found) for found in counts.count(at.members, one, question)]
            for one in ASKED
            for question in (Question(), Question(("area",)), Question(("team",)))
            if {*question.by} <= {*breakdowns(one)}
        }


def in_order(found: Counted) -> Counted:
    """What was counted with its lists sorted, whose order says nothing."""
    return replace(
        found, counts={name: sorted(one) if isinstance(one, np.ndarray) else one for name, one in found.counts.items()}
    )


@pytest.fixture(scope="module")
def folders(force: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    many = tmp_path_factory.mktemp("many") / "force"
    with pytest.MonkeyPatch.context() as patch:
        for module in NUMBERED:
            patch.setattr(f"{module}.BUCKET", 97)
        assert main(["demo", str(many), "--victims", str(VICTIMS), "--json"]) == 0
        yield force, many


def test_every_figure_is_the_same(folders: tuple[Path, Path]) -> None:
    one, many = map(figures, folders)
    assert {name: (found, one[name]) for name, found in many.items() if found != one[name]} == {}
    assert len([*(folders[1] / "store").rglob("owed-*.arrow")]) > 4


def test_the_same_cases_are_listed(folders: tuple[Path, Path]) -> None:
    listed = []
    for folder in folders:
        run = last_run(folder / "store")
        with opened(run, run.as_of) as at:
            found = cases(at, MEASURES["whole-code"], Question(), most=100_000)
            listed.append(sorted((one.victim, str(one.day), one.team or "", one.state) for one in found))
    assert listed[0] == listed[1]
    assert listed[0]
