"""An invented force for tests of what is made of its figures: written, loaded and evaluated once for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kept.cli.command import main
from kept.measures.asked import Opened, opened
from tests.support.runs import last_run

VICTIMS = 400


@pytest.fixture(scope="session")
def force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the force; what a test adds to its store must be nothing that another looks at."""
    folder: Path = tmp_path_factory.mktemp("demo") / "force"
    assert main(["demo", str(folder), "--victims", str(VICTIMS), "--json"]) == 0
    return folder


@pytest.fixture(scope="module")
def at(force: Path) -> Iterator[Opened]:
    """Its last run, opened for figures as of its own moment."""
    run = last_run(force / "store")
    with opened(run, run.as_of) as made:
        yield made
