"""Real open data through its mappings: every row accounted for, and known figures found again."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from kept.contract.vocabulary import standard
from kept.records.mapping import Mapping
from kept.records.staging import Staged, stage

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EDITIONS = Path(__file__).parent / "editions"
Stage = Callable[..., Staged]


@pytest.fixture
def staged(real_data: Path, tmp_path: Path) -> Stage:
    def run(mapping: str | Path, *files: str) -> Staged:
        extract = tmp_path / "extract"
        shutil.rmtree(extract, ignore_errors=True)
        extract.mkdir()
        for file in files:
            shutil.copy(real_data / file, extract)
        done = stage(Mapping.load(mapping, standard()), extract, tmp_path / "into", now=NOW)
        assert all(count.holds for count in done.counts), done.counts
        return done

    return run


def rows(done: Staged, table: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(done.tables[table]).to_pylist()
    return read


def values(done: Staged, attribute: str) -> Counter[str]:
    facts = pq.read_table(done.tables["facts"])
    return Counter(facts.filter(pc.field("attribute") == attribute)["value"].to_pylist())


def test_every_row_of_a_month_of_west_midlands_crimes_is_accounted_for(staged: Stage) -> None:
    done = staged("police-uk-api", "police/wmp_2018-06_ward_crimes.csv.gz")
    assert done.rows_in == {"wmp_2018-06_ward_crimes.csv.gz": 25_094}
    crimes = next(count for count in done.counts if count.table == "crimes")
    assert (crimes.accepted, crimes.quarantined, crimes.skipped) == (20_630, 4_464, {})
    reasons = Counter(pq.read_table(done.quarantine)["reason"].to_pylist())
    [(reason, number)] = reasons.items()
    assert "an incident, not a crime" in reason
    assert number == 4_464
    outcomes = values(done, "police_uk.outcome")
    assert outcomes["Under investigation"] == 9_073
    assert outcomes["Investigation complete; no suspect identified"] == 8_001
    assert outcomes["Unable to prosecute suspect"] == 2_263
    assert outcomes["Awaiting court outcome"] == 985
    assert values(done, "outcome")["18"] == 8_001


def test_a_month_is_its_first_day_in_london_and_nothing_looks_back(staged: Stage) -> None:
    done = staged("police-uk-api", "police/wmp_2018-06_ward_crimes.csv.gz")
    crimes = pq.read_table(done.tables["crimes"])
    assert pc.unique(crimes["committed_at"]).to_pylist() == [datetime(2018, 5, 31, 23, tzinfo=UTC)]
    assert not done.looks_back
    assert any("first of its month" in one.because for one in done.cannot_supply)
    assert "victims" not in done.supplies.tables
    assert "crime_recorded" not in done.supplies.kinds


def test_street_and_outcomes_are_linked_by_the_crime(staged: Stage) -> None:
    month = "police/2024-06-metropolitan"
    done = staged("police-uk", f"{month}-street.burglary.csv.gz", f"{month}-outcomes.burglary.csv.gz")
    crimes = {row["crime"] for row in rows(done, "crimes")}
    outcomes = [row for row in rows(done, "facts") if row["attribute"] == "police_uk.outcome"]
    assert (len(crimes), len(outcomes)) == (3_869, 1_577)
    assert len({row["subject"] for row in outcomes} & crimes) == 1_514
    charged = [row for row in rows(done, "events") if row["kind"] == "suspect_charged"]
    assert len(charged) == 35
    assert done.quarantined == 0


def test_blank_crime_ids_of_the_real_layout_are_set_aside_with_their_reason(staged: Stage) -> None:
    done = staged("police-uk", "police/2024-01-west-midlands-street.sample.csv")
    crimes = next(count for count in done.counts if count.table == "crimes")
    assert (crimes.rows, crimes.accepted, crimes.quarantined) == (10, 7, 3)
    assert [row["row"] for row in pq.read_table(done.quarantine).to_pylist()] == [1, 2, 9]


def test_the_antibiotics_of_the_sepsis_log_are_those_that_others_counted(staged: Stage) -> None:
    done = staged(EDITIONS / "sepsis" / "mapping.yaml", "event-logs/sepsis.csv.gz")
    assert done.rows_in == {"sepsis.csv.gz": 15_214}
    first: dict[tuple[str, str], datetime] = {}
    events = sorted(rows(done, "events"), key=lambda row: row["occurred_at"])
    for row in events:
        first.setdefault((row["kind"], row["victim"]), row["occurred_at"])
    patients = {row["victim"] for row in rows(done, "victims")}
    triaged = {patient for patient in patients if ("sepsis.triage", patient) in first}
    given = {
        patient: first["sepsis.antibiotics", patient] - first["sepsis.triage", patient]
        for patient in triaged
        if ("sepsis.antibiotics", patient) in first
    }
    in_time = sum(wait <= timedelta(hours=1) for wait in given.values())
    assert (len(patients), len(patients - triaged)) == (1_050, 1)
    assert (in_time, len(given) - in_time, len(triaged) - len(given)) == (342, 481, 226)
    assert first["sepsis.registration", "A"] == datetime(2014, 10, 22, 9, 15, 41, tzinfo=UTC), "Amsterdam in summer"


def test_the_receipt_log_keeps_each_case_s_own_deadline(staged: Stage) -> None:
    done = staged(EDITIONS / "receipt" / "mapping.yaml", "event-logs/receipt.csv.gz")
    facts = [row for row in rows(done, "facts") if row["attribute"] == "receipt.deadline"]
    deadlines = {row["subject"]: datetime.fromisoformat(row["value"]) for row in facts}
    ended = {row["victim"]: row["occurred_at"] for row in rows(done, "events") if row["kind"] == "receipt.ended"}
    assert (len(deadlines), len(ended), len(deadlines) - len(ended)) == (1_434, 1_329, 105)
    assert sum(moment > deadlines[case] for case, moment in ended.items()) == 377


def test_a_log_says_the_same_as_csv_and_as_xes(staged: Stage) -> None:
    mapping = EDITIONS / "roadtraffic" / "mapping.yaml"
    told = []
    for file in ("roadtraffic100traces.csv", "roadtraffic100traces.xes"):
        done = staged(mapping, f"event-logs/{file}")
        told.append(sorted((row["event_id"], row["kind"], row["occurred_at"]) for row in rows(done, "events")))
        assert done.rows_in == {file: 390}
    assert told[0] == told[1]
    assert len(told[0]) == 386


def test_a_gzipped_log_without_zones_takes_the_stated_one(staged: Stage) -> None:
    file = "12_roadtraffic_1t_per_variant.xes.gz"
    done = staged(EDITIONS / "roadtraffic" / "mapping.yaml", f"event-logs/{file}")
    assert done.rows_in == {file: 1_891}
    made = {row["victim"]: row["occurred_at"] for row in rows(done, "events") if row["kind"] == "roadtraffic.created"}
    assert len(made) == 231
    assert made["A1"] == datetime(2006, 7, 23, 22, tzinfo=UTC), "midnight in Rome"
