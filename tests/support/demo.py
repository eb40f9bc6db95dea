"""Invented forces for tests of what is made of them: written, loaded and evaluated once for all processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kept.cli.command import main
from kept.measures.asked import Opened, opened
from tests.support.once import once
from tests.support.runs import last_run

VICTIMS = 400
LARGE = 5_000
"""The least size, and so the hardest, at which the examples of every state are planted."""


def invented(shared: Path, victims: int = VICTIMS) -> Path:
    """The folder of an invented force of so many victims; who adds to its store does so in a copy."""

    def make(folder: Path) -> None:
        assert main(["demo", str(folder), "--victims", str(victims), "--json"]) == 0

    return once(shared, f"force-of-{victims}", make)


@pytest.fixture(scope="session")
def force(shared: Path) -> Path:
    """The folder of the force that most tests of figures look at."""
    return invented(shared)


@pytest.fixture(scope="module")
def at(force: Path) -> Iterator[Opened]:
    """Its last run, opened for figures as of its own moment."""
    run = last_run(force / "store")
    with opened(run, run.as_of) as made:
        yield made
