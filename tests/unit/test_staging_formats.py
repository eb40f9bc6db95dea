"""Parquet, workbooks, event logs and queries, read through a mapping."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.errors import MappingError, RecordsError
from tests.support.staging import ENTERED, NOW, Stage, crimes, mapping_of, parquet, quarantine

# -- Parquet ---------------------------------------------------------------------------------------------------


def test_parquet_moments_without_a_zone_need_one(staged: Stage, tmp_path: Path) -> None:
    table = pa.table(
        {"crime": ["c1"], "place": [None], "entered_at": pa.array([datetime(2024, 7, 1, 9)], pa.timestamp("us"))}
    )
    files = {"crimes.parquet": parquet(table, tmp_path)}
    [row] = quarantine(staged(files))
    assert "without a time zone" in row["reason"]
    zoned = mapping_of("files: [crimes.parquet]").replace("mapping: one\n", "mapping: one\nzone: Europe/London\n")
    assert crimes(staged(files, zoned), "entered_at") == [datetime(2024, 7, 1, 8, tzinfo=UTC)]


def test_parquet_numbers_and_flags_may_be_text_or_decimals(staged: Stage, tmp_path: Path) -> None:
    ages = pa.array([12, 13], pa.int8())
    table = pa.table(
        {
            "victim": ["v1", "v2"],
            "crime": ["c1", "c1"],
            "age": ages,
            "nominee": ["Yes", "0"],
            "entered_at": [ENTERED] * 2,
        }
    )
    decimal = table.set_column(2, "age", pa.array(["12.0", "13"]))
    for one in (table, decimal, table.set_column(2, "age", ages.cast(pa.decimal128(9, 2)))):
        done = staged({"victims.parquet": parquet(one, tmp_path)})
        rows = pq.read_table(done.tables["victims"]).to_pylist()
        assert [(row["age"], row["nominee"]) for row in rows] == [(12.0, True), (13.0, False)]


def test_ids_that_are_numbers_become_text(staged: Stage, tmp_path: Path) -> None:
    table = pa.table({"crime": pa.array([7], pa.int64()), "entered_at": pa.array([NOW], pa.timestamp("ns", tz="UTC"))})
    assert crimes(staged({"crimes.parquet": parquet(table, tmp_path)}), "crime") == ["7"]


# -- XLSX, XES, SQL --------------------------------------------------------------------------------------------


def workbook(folder: Path, *rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(folder / "made.xlsx")
    return (folder / "made.xlsx").read_bytes()


XLSX = mapping_of("files: [x.xlsx]").replace("entry_times", "zone: Europe/London\nentry_times")


def test_a_sheet_is_read_with_its_dates_and_numbers(staged: Stage, tmp_path: Path) -> None:
    content = workbook(
        tmp_path, ("crime", "place", "entered_at"), (12.0, "a", datetime(2024, 7, 1, 9)), (None, None, None),
        ("c2", True, datetime(2024, 1, 1)), (None, None, None), (None, None, None),
    )  # fmt: skip
    done = staged({"x.xlsx": content}, XLSX)
    assert crimes(done, "crime", "place", "_row") == [("12", "a", 1), ("c2", "true", 3)]
    assert crimes(done, "entered_at")[0] == datetime(2024, 7, 1, 8, tzinfo=UTC)
    assert [row["row"] for row in quarantine(done)] == [2]


def test_a_serial_number_is_told_from_a_date(staged: Stage, tmp_path: Path) -> None:
    content = workbook(tmp_path, ("crime", "place", "entered_at"), ("c1", "a", 45474.375))
    [row] = quarantine(staged({"x.xlsx": content}, XLSX))
    assert "spreadsheet's serial number" in row["reason"]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"<html>", b"crime,place\n"])
def test_what_is_no_workbook_says_so(staged: Stage, content: bytes) -> None:
    with pytest.raises(RecordsError, match="no XLSX workbook"):
        staged({"x.xlsx": content}, XLSX)


LOG = (
    "mapping: log\nextends: event-log\nzone: Europe/Rome\nentry_times: none\nsources: {log: {files: ['*.xes*']}}\n"
    "event_log: {activities: {Told: victim_contacted}, otherwise: skip}\n"
)
XES = (
    '<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/"><global scope="event">'
    '<string key="concept:name" value="none"/></global>'
    '<trace><string key="concept:name" value="A"/><event><string key="concept:name" value="Told"/>'
    '<date key="time:timestamp" value="2024-07-01T10:00:00"/></event>'
    '<event><string key="concept:name" value="Else"/><date key="time:timestamp" value="2024-07-02T10:00:00Z"/>'
    '</event></trace><trace><string key="concept:name" value="B"/></trace></log>'
)  # fmt: skip


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_a_log_is_read_with_its_traces(staged: Stage, name: str) -> None:
    content = gzip.compress(XES.encode()) if name.endswith("gz") else XES.encode()
    done = staged({name: content}, LOG)
    [event] = pq.read_table(done.tables["events"]).to_pylist()
    assert (event["kind"], event["victim"]) == ("victim_contacted", "A")
    assert event["occurred_at"] == event["entered_at"] == datetime(2024, 7, 1, 8, tzinfo=UTC)
    told = [count for count in done.counts if count.table == "events"]
    assert [(count.rows, count.accepted, dict(count.skipped)) for count in told] == [
        (3, 1, {"concept:name is not mapped": 1})
    ]
    assert not done.looks_back


@pytest.mark.parametrize("content", [XES[:400], "no xml", "<log/>", '<!DOCTYPE a [<!ENTITY b "c">]><log>&d;</log>'])
def test_what_is_no_log_says_so(staged: Stage, content: str) -> None:
    with pytest.raises(RecordsError, match=r"export it again"):
        staged({"log.xes": content.encode()}, LOG)


def test_a_query_joins_other_sources(staged: Stage) -> None:
    mapping = (
        "mapping: joined\nentry_times: column\n"
        "sources:\n  a: {files: [a*.csv]}\n  b: {files: [b.csv]}\n"
        "  both: {format: sql, query: 'SELECT a.id, b.place, a.at FROM a LEFT JOIN b USING (id) ORDER BY id'}\n"
        "rows: {crimes: [{from: both, columns: {crime: id, place: place, entered_at: at}}]}\n"
    )
    files = {"a1.csv": f"id,at\n1,{ENTERED}\n", "a2.csv": f"id,at\n2,{ENTERED}\n", "b.csv": "id,place\n2,here\n"}
    done = staged({name: text.encode() for name, text in files.items()}, mapping)
    assert crimes(done, "crime", "place", "_file") == [("1", None, "both"), ("2", "here", "both")]
    assert set(done.digests) == set(files)
    with pytest.raises(MappingError, match="Source 'both'"):
        staged({}, mapping.replace("USING (id)", "USING (nothing)"))


def test_what_nobody_mapped_is_not_kept_in_quarantine(staged: Stage) -> None:
    files = {"crimes.csv": b"crime,place,entered_at,victim_name\nc1,here,not a moment,Jane Example\n"}
    [row] = quarantine(staged(files))
    assert "not a moment" in row["raw"]
    assert "Jane" not in row["raw"]
