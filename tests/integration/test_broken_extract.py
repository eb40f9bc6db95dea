"""An extract with every fault: each broken row ends in quarantine with its reason, and no row is lost."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from deltalake import DeltaTable

from kept.cli.command import main
from kept.demo import Force, make
from kept.demo.faults import EACH, EVENT_FAULTS, FACT_FAULTS

WHY = {
    "unknown_kind": "tea_offered",
    "unknown_value": "horoscope",
    "unknown_result": "splendid",
    "unknown_channel": "pigeon",
    "without_moment": "occurred_at",
    "two_moments": "scheduled_for",
    "planned_but_not_plannable": "plan",
    "occurred_in_the_future": "future",
    "entered_in_the_future": "future",
    "unknown_crime": "crime that is not in the records",
    "unknown_victim": "victim that is not in the records",
    "void_that_says_more": "void",
    "supersedes_and_voids": "supersedes",
    "corrects_unknown": "not in the records",
    "same_id_other_content": "same",
    "cycle": "circle",
    "unknown_attribute": "shoe_size",
    "wrong_type": "fortnightly",
    "unknown_code": "telepathy",
    "victim_without_crime": "crime that is not in the records",
    "ends_before_start": "before",
}
"""What each fault's reason has to say."""


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Force:
    return make(tmp_path_factory.mktemp("broken") / "force", victims=300, broken=True)


def test_each_fault_is_turned_away_with_its_reason(
    force: Force, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    assert main(["load", str(force.extract), "--store", str(store), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    for row in report["rows"]:
        assert row["rows"] == row["accepted"] + row["unchanged"] + row["quarantined"] + row["skipped"], row
        assert row["rows"] == force.rows[row["table"]]
    turned = DeltaTable(str(next(store.rglob("tables/quarantine")))).to_pyarrow_table().to_pylist()
    found, reasons = Counter[str](), defaultdict[str, set[str]](set)
    for one in turned:
        fault = next((name for name in WHY if f"X-{name}" in one["raw"]), "sound")
        found[fault] += 1
        reasons[fault].add(one["reason"])
    assert set(WHY) >= {*EVENT_FAULTS, *FACT_FAULTS}
    assert found == {name: 2 * EACH if name == "same_id_other_content" else EACH for name in WHY}
    silent = {name: reasons[name] for name, word in WHY.items() if not all(word in why for why in reasons[name])}
    assert silent == {}
