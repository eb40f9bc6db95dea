"""An evaluation on Spark is the evaluation on one machine, row for row; its tasks and its faults are said plainly."""

from collections.abc import Iterator
from typing import Any

import pytest

from kept.code import loader
from kept.engine import spark
from kept.engine.results import Run
from kept.engine.spark_session import opened
from kept.records.store import Store
from tests.support import spark as support

pytestmark = support.UNCLOSED


@pytest.fixture(scope="module")
def session(loopback: None) -> Iterator[Any]:
    support.require_spark()
    with opened(master="local[2]") as session:
        yield session


def test_the_rows_are_those_of_one_machine(session: Any, small_force: Run, small_store: Store) -> None:
    heard: list[int] = []
    run = support.evaluate(small_store, small_force, spark.on_session(session), heard)
    assert support.same(small_store, small_force)
    told = ("id", "subjects", "obligations", "not_arisen")
    assert [run.manifest[name] for name in told] == [small_force.manifest[name] for name in told]


@pytest.mark.parametrize("name", loader.SHIPPED)
def test_every_worked_example_holds(session: Any, name: str) -> None:
    assert support.faults_of_examples(session, name) == []
