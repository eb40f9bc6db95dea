"""The same facts give the same run, its id and its rows, however they were loaded: `test_as_of_runs` has the facts."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.records.store import Store
from tests.agreement import recorded
from tests.agreement.cases import rulebook_of
from tests.integration import test_as_of_runs as known
from tests.support.runs import digest, obligations_of

Tables = recorded.Tables
FACTS = known.united([known.FIRST, known.SECOND])


def reordered(seed: int, tables: Tables = FACTS) -> Tables:
    """The same rows, and the same tables, in another order."""
    chance = random.Random(seed)
    names = chance.sample(sorted(tables), len(tables))
    return {name: chance.sample(tables[name], len(tables[name])) for name in names}


def backwards() -> list[Tables]:
    """Every table alone and backwards: crimes and victims first, since what is said of nobody is refused."""
    return [{name: FACTS[name][::-1]} for name in ("crimes", "victims", "postings", "facts", "events")]


WAYS: dict[str, Callable[[], list[Tables]]] = {
    "once more from empty": lambda: [FACTS],
    "in another order of rows": lambda: [reordered(1)],
    "in other batches": lambda: known.corrections_last(known.batches(7)),
    "table by table, backwards": backwards,
}


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store into which everything was loaded at once."""
    return known.store_of(tmp_path_factory.mktemp("once"), FACTS)


@pytest.mark.parametrize("way", WAYS)
def test_however_the_facts_were_loaded_the_run_is_the_same(at_once: Store, tmp_path: Path, way: str) -> None:
    other = known.store_of(tmp_path, *WAYS[way]())
    for as_of in (known.THEN, known.LAST):
        first, second = known.run(at_once, as_of), known.run(other, as_of)
        assert first.id == second.id
        assert digest(first) == digest(second)
        assert first.manifest["not_arisen"] == second.manifest["not_arisen"]


def test_random_facts_in_another_order_and_in_parts(tmp_path: Path) -> None:
    made, chance = recorded.case("canonical-1"), random.Random(1)
    book = rulebook_of(made)
    whole = recorded.united(made, book)
    ways = ([whole], [reordered(3, whole)], list(recorded.parts(chance, whole)))
    found: list[Run] = []
    for number, extracts in enumerate(ways):
        store = Store.create(tmp_path / f"store-{number}")
        for place, tables in enumerate(extracts):
            recorded.add(store, tmp_path / f"extract-{number}-{place}", tables)
        found.append(evaluate_store(store, store.latest(), book, made.begins + timedelta(days=120)))
    assert len(obligations_of(found[0])) > 20
    assert len({run.id for run in found}) == 1
    assert len({digest(run) for run in found}) == 1


def test_one_row_less_gives_another_digest_and_another_run(at_once: Store, tmp_path: Path) -> None:
    fewer = {**FACTS, "events": [row for row in FACTS["events"] if row["event_id"] != "C03-told"]}
    first, second = known.run(at_once, known.LAST), known.run(known.store_of(tmp_path, fewer), known.LAST)
    assert first.id != second.id
    assert digest(first) != digest(second)
