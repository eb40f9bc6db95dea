"""Both sources of the invented force stage without a fault, and its broken rows are all found."""

from collections import Counter
from datetime import UTC
from pathlib import Path

import pyarrow.parquet as pq

from kept.contract.vocabulary import standard
from kept.demo import AS_OF, make
from kept.demo.faults import EACH, EVENT_FAULTS, FACT_FAULTS
from kept.records.mapping import Mapping
from kept.records.staging import stage

ACROSS_TABLES = {"unknown_crime", "unknown_victim", "corrects_unknown"}  # found by loading, not by staging


def quarantined(mapping: str | Path, folder: Path, into: Path) -> list[str]:
    """The raw rows that staging puts into quarantine."""
    stage(Mapping.load(mapping, standard()), folder, into, now=AS_OF.astimezone(UTC))
    rows: list[str] = pq.read_table(into / "quarantine.parquet")["raw"].to_pylist()
    return rows


def test_nothing_of_either_source_is_quarantined(tmp_path: Path) -> None:
    force = make(tmp_path, victims=1_500)
    assert quarantined("contract", force.extract, tmp_path / "a") == []
    assert quarantined(force.witness_care / "mapping.yaml", force.witness_care, tmp_path / "b") == []


def test_every_fault_that_one_row_shows_is_found(tmp_path: Path) -> None:
    force = make(tmp_path, victims=200, broken=True)
    rows = quarantined("contract", force.extract, tmp_path / "staged")
    names = {*EVENT_FAULTS, *FACT_FAULTS, "ends_before_start"} - ACROSS_TABLES
    found = Counter(name for row in rows for name in names if f"X-{name}" in row)
    assert found == dict.fromkeys(names, EACH)
    assert len(rows) == EACH * len(names)
