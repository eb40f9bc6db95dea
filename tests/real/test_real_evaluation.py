"""Real event logs, judged by small editions of other fields, and a real month of crimes: no Python written for them."""

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from kept.cli import main

EDITIONS = Path(__file__).parent / "editions"


def judged(real_data: Path, folder: Path, name: str) -> Counter[tuple[str, str, bool]]:
    """Load and evaluate a log by commands alone; rows by duty, state, and whether answered before the start."""
    store, rows = folder / "store", folder / "rows.parquet"
    extract = folder / "extract"
    extract.mkdir()
    (extract / f"{name}.csv.gz").symlink_to((real_data / "event-logs" / f"{name}.csv.gz").resolve())
    mapping = str(EDITIONS / name / "mapping.yaml")
    assert main(["load", str(extract), "--mapping", mapping, "--store", str(store)]) == 0
    rulebook = str(EDITIONS / name)
    assert main(["evaluate", "--store", str(store), "--rulebook", rulebook, "--out", str(rows)]) == 0
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT duty, state, coalesce(answered_at < start_at, false), count(*) FROM read_parquet(?) GROUP BY ALL",
            [str(rows)],
        ).fetchall()
    return Counter({(duty, state, before): count for duty, state, before, count in found})


def test_sepsis_care_is_judged_as_published(real_data: Path, tmp_path: Path) -> None:
    found = judged(real_data, tmp_path, "sepsis")
    antibiotics = {state: found["ANTIBIOTICS", state, False] for state in ("met", "late", "no_record")}
    assert antibiotics == {"met": 342, "late": 481, "no_record": 226}
    after = {state: found["LACTIC-ACID", state, False] for state in ("met", "late", "no_record")}
    assert after == {"met": 711, "late": 28, "no_record": 310}
    ever = {state: found["LACTIC-ACID-EVER", state, False] for state in ("met", "late", "no_record")}
    assert ever == {"met": 709, "late": 11, "no_record": 190}
    assert found["LACTIC-ACID-EVER", "met", True] == 139
    without_a_start = 1_050 - sum(antibiotics.values())
    assert without_a_start == 1


def test_requests_are_judged_by_their_own_deadlines(real_data: Path, tmp_path: Path) -> None:
    found = judged(real_data, tmp_path, "receipt")
    totals: Counter[tuple[str, str]] = Counter()
    for (duty, state, _), count in found.items():
        totals[duty, state] += count
    assert totals["BY-THE-INSTANT", "late"] == 377
    assert totals["BY-THE-DAY", "late"] == 309
    assert totals["BY-THE-INSTANT", "no_record"] == totals["BY-THE-DAY", "no_record"] == 105
    assert totals["BY-THE-INSTANT", "met"] == 1_329 - 377


@pytest.mark.parametrize("name", ["sepsis", "receipt"])
def test_the_editions_of_other_fields_hold(name: str) -> None:
    assert main(["code", "check", str(EDITIONS / name)]) == 0


def test_a_month_of_west_midlands_crimes_loads_with_every_row_accounted_for(
    real_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extract = tmp_path / "extract"
    extract.mkdir()
    source = real_data / "police" / "wmp_2018-06_ward_crimes.csv.gz"
    (extract / source.name).symlink_to(source.resolve())
    store = tmp_path / "store"
    assert main(["load", str(extract), "--mapping", "police-uk-api", "--store", str(store)]) == 0
    printed = capsys.readouterr().out
    assert "25,094    20,630          0        4,464        0" in printed
    with duckdb.connect() as connection:
        outcomes = dict(
            connection.execute(
                "SELECT value, count(*) FROM read_parquet(?) WHERE attribute = 'police_uk.outcome' GROUP BY ALL",
                [str(store / "gen-0001" / "tables" / "facts" / "*.parquet")],
            ).fetchall()
        )
    counted = {name.lower().replace("_", " "): count for name, count in outcomes.items()}
    assert 9_073 in counted.values()
    assert 8_001 in counted.values()
    assert 2_263 in counted.values()
    assert 985 in counted.values()
