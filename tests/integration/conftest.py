"""What tests share: the invented force, a small one evaluated on one machine, where Spark's processes may listen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kept.cli.command import main
from kept.engine.results import Run
from kept.records.store import Store
from tests.support import spark as support
from tests.support.demo import at, force
from tests.support.once import once
from tests.support.runs import last_run, without_runs

__all__ = ["at", "force"]
"""Fixtures that stand for every test here; a module may have its own of the same name."""


@pytest.fixture(scope="session")
def small_force(shared: Path) -> Run:
    """A small force, loaded in many pieces and evaluated on this machine."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("ROWS", "BATCH"):
                patch.setattr(f"kept.records.row_groups.{name}", support.ROWS)
            assert main(["demo", str(folder), "--victims", "300", "--json"]) == 0

    return last_run(once(shared, "small-force", make) / "store")


@pytest.fixture
def small_store(small_force: Run, tmp_path: Path) -> Store:
    """Its store, not evaluated yet."""
    return without_runs(small_force.folder.parents[2], tmp_path / "store")


@pytest.fixture(scope="module")
def loopback() -> Iterator[None]:
    """Spark's processes listen on loopback only, start quickly, and find this Python and these tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in support.ENVIRONMENT.items():
            patch.setenv(name, value)
        yield
