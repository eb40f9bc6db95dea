"""Rows that break the contract: each goes to quarantine with a reason, and the rows around it load."""

import json
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.contract.tables import BY_NAME, TABLES
from kept.contract.vocabulary import standard
from kept.records.mapping import Mapping as RecordsMapping
from kept.records.schema import arrow_schema
from kept.records.staging import Staged, stage

NOW = datetime(2025, 1, 1, tzinfo=UTC)
AT, LATER = "2024-01-01T10:00:00Z", "2024-01-02T10:00:00Z"
EVENT = {
    "event_id": "e1",
    "kind": "victim_told",
    "victim": "v1",
    "occurred_at": AT,
    "entered_at": LATER,
    "value": "arrest",
}
FACT = {
    "fact_id": "f1", "subject_kind": "victim", "subject": "v1", "attribute": "enhanced", "value": "true",
    "valid_from": AT, "entered_at": LATER,
}  # fmt: skip
SOUND: dict[str, dict[str, str]] = {
    "investigations": {"investigation": "i1", "opened_at": AT, "entered_at": LATER},
    "crimes": {"crime": "c1", "reported_at": AT, "reporting_route": "999", "entered_at": LATER},
    "victims": {"victim": "v1", "crime": "c1", "age": "30", "nominee": "no", "sex": "female", "entered_at": LATER},
    "facts": FACT,
    "events": EVENT,
    "assessments": {
        "form": "needs_assessment", "version": "1", "victim": "v1", "field": "a", "made_at": AT,
        "entered_at": LATER,
    },
    "postings": {"investigation": "i1", "from": AT, "to": LATER},
    "staff": {"officer": "o1", "from": AT, "to": LATER},
    "restrictions": {"investigation": "i1", "marking": "secret"},
}  # fmt: skip
StageRows = Callable[..., Staged]


@pytest.fixture
def staged(tmp_path: Path) -> StageRows:
    """Stage rows of one table as Parquet text columns, a sound row first."""

    def run(table: str, *rows: Mapping[str, str | None]) -> Staged:
        shutil.rmtree(tmp_path / "extract", ignore_errors=True)
        (tmp_path / "extract").mkdir()
        names = [column.name for column in BY_NAME[table].columns]
        columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
        pq.write_table(pa.table(columns), tmp_path / "extract" / f"{table}.parquet")
        mapping = RecordsMapping.load("contract", standard())
        done = stage(mapping, tmp_path / "extract", tmp_path / "into", now=NOW)
        assert [count.holds for count in done.counts] == [True]
        return done

    return run


def accepted(done: Staged) -> list[dict[str, Any]]:
    [path] = done.tables.values()
    read: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return read


def quarantine(done: Staged) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(done.quarantine).to_pylist()
    return read


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_sound_row_is_accepted_as_the_contract_types_it(staged: StageRows, table: str) -> None:
    done = staged(table, SOUND[table])
    [row] = accepted(done)
    written = pq.read_schema(done.tables[table])
    assert [(field.name, field.type) for field in written] == [
        (field.name, field.type) for field in arrow_schema(table)
    ]
    assert (row["_file"], row["_row"]) == (f"{table}.parquet", 1)
    assert quarantine(done) == []


FAULTY: list[tuple[str, dict[str, str | None], str]] = [
    ("crimes", {"crime": None}, "crime is blank"),
    ("crimes", {"crime": "  "}, "crime is blank"),
    ("crimes", {"entered_at": None}, "entered_at is blank"),
    ("crimes", {"reported_at": "2024-01-01 10:00"}, 'reported_at says "9999-99-99 99:99", a time without a time zone'),
    ("crimes", {"reported_at": "2024-01-01"}, "a time without a time zone"),
    ("crimes", {"reported_at": "last week"}, 'reported_at says "aaaa aaaa", which is no moment'),
    ("crimes", {"reported_at": "2024-02-30T10:00:00Z"}, "no moment"),
    ("crimes", {"reported_at": "1899-12-30T00:00:00Z"}, "reported_at lies outside 1900 to 2100"),
    ("crimes", {"reported_at": "infinity"}, "no moment"),
    ("crimes", {"reported_at": "2024-03-01T10:00:00Z"}, "reported_at lies after entered_at"),
    ("crimes", {"entered_at": "2025-01-01T00:00:01Z"}, "entered_at lies in the future"),
    ("crimes", {"reporting_route": "pigeon"}, 'reporting_route says "pigeon", which is none of its codes (999,'),
    ("investigations", {"opened_at": "2024-03-01T10:00:00Z"}, "opened_at lies after entered_at"),
    ("victims", {"crime": None}, "crime is blank"),
    ("victims", {"age": "x"}, 'age says "x", which is no number'),
    ("victims", {"age": "nan"}, "no number"),
    ("victims", {"age": "1e999"}, "no number"),
    ("victims", {"nominee": "perhaps"}, "neither true nor false"),
    ("victims", {"sex": "F"}, 'sex says "F"'),
    ("events", {"kind": None}, "kind is blank"),
    ("events", {"kind": "teleported"}, 'kind says "teleported", which is not in the vocabulary'),
    ("events", {"kind": "crime_reported", "value": None, "victim": None, "crime": "c1"}, "loading makes it from"),
    ("events", {"value": "lunch"}, 'value says "lunch", which "victim_told" does not know'),
    ("events", {"kind": "victim_contacted"}, 'value says "arrest", which "victim_contacted" does not know'),
    ("events", {"result": "shouted"}, 'result says "shouted"'),
    ("events", {"channel": "fax"}, 'channel says "fax"'),
    ("events", {"touchpoint": "moon"}, 'touchpoint says "moon"'),
    ("events", {"victim": None}, "names no investigation, crime or victim"),
    ("events", {"kind": "suspect_arrested", "value": None}, '"suspect_arrested" concerns all of a crime'),
    ("events", {"occurred_at": None}, "Neither occurred_at nor scheduled_for"),
    ("events", {"occurred_at": None, "scheduled_for": AT}, '"victim_told" cannot be planned'),
    ("events", {"scheduled_for": AT}, "Both occurred_at and scheduled_for"),
    ("events", {"occurred_at": "2024-06-01T10:00:00Z"}, "so it occurred in the future"),
    ("events", {"occurred_at": "soon"}, "no moment"),
    ("events", {"supersedes": "e0", "voids": "e0"}, "both supersedes and voids"),
    ("events", {"voids": "e0"}, "voids another says more"),
    ("facts", {"attribute": "shoe_size"}, 'attribute says "shoe_size", which is not in the vocabulary'),
    ("facts", {"attribute": "age", "value": "3"}, "loading makes it from"),
    ("facts", {"subject_kind": "officer"}, 'subject_kind says "officer"'),
    ("facts", {"subject_kind": "crime"}, '"enhanced" is not an attribute of a "crime"'),
    ("facts", {"value": "maybe"}, '"enhanced" says "maybe", which is no flag'),
    ("facts", {"attribute": "contact_interval", "value": "weekly"}, "no number"),
    ("facts", {"attribute": "preferred_channel", "value": "fax"}, '"preferred_channel" says "fax", which is none'),
    ("facts", {"valid_from": None}, "valid_from is blank"),
    ("facts", {"voids": "f0"}, "voids another says more"),
    ("facts", {"supersedes": "f0", "voids": "f0"}, "both supersedes and voids"),
    ("assessments", {"victim": None}, "neither a victim nor an investigation"),
    ("assessments", {"made_at": "2024-06-01T10:00:00Z"}, "made_at lies after entered_at"),
    ("postings", {"from": LATER, "to": AT}, "to lies before from"),
    ("staff", {"from": LATER, "to": AT}, "to lies before from"),
    ("restrictions", {"marking": "hush"}, 'marking says "hush"'),
]


@pytest.mark.parametrize(
    ("table", "change", "reason"), FAULTY, ids=[f"{t}-{'-'.join(c)}-{i}" for i, (t, c, _) in enumerate(FAULTY)]
)
def test_a_faulty_row_goes_to_quarantine_with_its_reason(
    staged: StageRows, table: str, change: dict[str, str | None], reason: str
) -> None:
    done = staged(table, SOUND[table], {**SOUND[table], **change}, SOUND[table])
    assert [row["_row"] for row in accepted(done)] == [1, 3]
    [row] = quarantine(done)
    assert (row["table"], row["file"], row["row"]) == (table, f"{table}.parquet", 2)
    assert reason in row["reason"]
    assert row["reason"].endswith("."), "a sentence"
    assert ": " in row["reason"], "and what to do"
    assert {key: value for key, value in json.loads(row["raw"]).items() if key in change} == change


def test_a_row_with_two_faults_says_both_and_counts_once(staged: StageRows) -> None:
    done = staged("events", {**EVENT, "channel": "fax", "result": "shouted"})
    [row] = quarantine(done)
    assert "channel" in row["reason"]
    assert "result" in row["reason"]
    assert (done.accepted, done.quarantined) == (0, 1)


def test_what_is_only_planned_needs_a_kind_that_can_be(staged: StageRows) -> None:
    hearing = {
        "event_id": "h",
        "kind": "hearing",
        "crime": "c1",
        "scheduled_for": "2026-05-01T10:00:00Z",
        "entered_at": LATER,
    }
    [row] = accepted(staged("events", hearing))
    assert row["scheduled_for"] == datetime(2026, 5, 1, 10, tzinfo=UTC)


def test_a_void_says_only_what_it_withdraws(staged: StageRows) -> None:
    void = {"event_id": "e2", "voids": "e1", "entered_at": LATER, "source": "connect"}
    [row] = accepted(staged("events", void))
    assert (row["voids"], row["kind"], row["source"]) == ("e1", None, "connect")
    [row] = accepted(staged("events", {**void, "kind": "victim_told"}))
    assert (row["voids"], row["kind"]) == ("e1", "victim_told"), "what is required may be repeated"
    [row] = accepted(staged("facts", {**FACT, "value": None, "fact_id": "f2", "voids": "f1"}))
    assert row["attribute"] == "enhanced"
    [row] = accepted(staged("facts", {"fact_id": "f2", "voids": "f1", "entered_at": LATER}))
    assert row["voids"] == "f1"


def test_a_value_is_written_as_its_attribute_is_typed(staged: StageRows) -> None:
    for said, written in (("Yes", "true"), ("0", "false"), ("TRUE", "true")):
        assert [row["value"] for row in accepted(staged("facts", {**FACT, "value": said}))] == [written]
    [row] = accepted(staged("facts", {**FACT, "attribute": "contact_interval", "value": " 7 "}))
    assert row["value"] == "7"


def test_a_blank_value_ends_the_one_before(staged: StageRows) -> None:
    assert [row["value"] for row in accepted(staged("facts", {**FACT, "value": None}))] == [None]


def test_an_offset_is_honoured_at_both_clock_changes(staged: StageRows) -> None:
    moments = {"2024-10-27T01:30:00+01:00": 0, "2024-10-27T01:30:00+00:00": 1, "2024-10-27 01:30:00.000Z": 1}
    for text, hour in moments.items():
        [row] = accepted(staged("crimes", {**SOUND["crimes"], "reported_at": text, "entered_at": "2024-11-01T00:00Z"}))
        assert row["reported_at"] == datetime(2024, 10, 27, hour, 30, tzinfo=UTC)


def test_an_id_is_made_from_content_where_there_is_none(staged: StageRows) -> None:
    def made(table: str, row: Mapping[str, str], key: str) -> str:
        [made] = accepted(staged(table, {name: value for name, value in row.items() if name != key}))
        return str(made[key])

    for table, row, key in (("events", EVENT, "event_id"), ("facts", FACT, "fact_id")):
        moment = "occurred_at" if table == "events" else "valid_from"
        subject = "victim" if table == "events" else "subject"
        first = made(table, row, key)
        assert first == made(table, {**row, "entered_at": "2024-03-01T00:00:00Z"}, key), "entered again: the same event"
        assert first == made(table, {**row, moment: "2024-01-01T11:00:00+01:00"}, key), "the same moment"
        others = [{**row, moment: "2023-01-01T00:00:00Z"}, {**row, subject: "v2"}, {**row, "source": "niche"}]
        assert len({first, *(made(table, other, key) for other in others)}) == 4


def test_a_row_without_a_source_takes_the_mapping_s_name(staged: StageRows) -> None:
    assert accepted(staged("events", EVENT))[0]["source"] == "contract"
    assert accepted(staged("events", {**EVENT, "source": "niche"}))[0]["source"] == "niche"


def test_what_can_be_supplied_is_what_the_columns_can_say(tmp_path: Path) -> None:
    (tmp_path / "crimes.csv").write_text(f"crime,reported_at,entered_at\nc1,{AT},{LATER}\n", encoding="utf-8")
    (tmp_path / "victims.csv").write_text(f"victim,crime,age,entered_at\nv1,c1,3,{LATER}\n", encoding="utf-8")
    mapping = RecordsMapping.load("contract", standard())
    few = stage(mapping, tmp_path, tmp_path / "into", now=NOW).supplies
    assert few.tables == {"crimes", "victims"}
    assert few.kinds == {"crime_reported"}
    assert few.attributes == {"age"}
    (tmp_path / "events.csv").write_text("event_id,kind,victim,occurred_at,entered_at\n", encoding="utf-8")
    more = stage(mapping, tmp_path, tmp_path / "into", now=NOW).supplies
    made = {name for name, kind in standard().kinds.items() if kind.made_from}
    assert more.kinds == (standard().kinds.keys() - made) | {"crime_reported"}


def test_a_day_after_now_is_the_future(staged: StageRows) -> None:
    late = (NOW + timedelta(days=1)).isoformat()
    [row] = quarantine(staged("events", {**EVENT, "entered_at": late, "occurred_at": late}))
    assert "entered_at lies in the future" in row["reason"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Nadia Przykład", "Aaaaa Aaaaaaaa"),
        ("SMITHSON", "AAAAAAAA"),
        ("07700 900123", "99999 999999"),
        ("nadia@example.org", "aaaaa@aaaaaaa.aaa"),
        ("14/02/1987", "99/99/9999"),
        ("arest_made", "arest_made"),
        ("18b", "18b"),
        ("DA", "DA"),
    ],
)
def test_a_refused_value_is_shown_only_where_it_looks_like_a_code(staged: StageRows, value: str, shown: str) -> None:
    done = staged("events", {**SOUND["events"], "kind": value})
    [row] = quarantine(done)
    assert f'"{shown}"' in row["reason"]
    assert value == shown or value not in row["reason"]
