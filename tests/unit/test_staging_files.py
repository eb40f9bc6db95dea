"""Files that are not as they should be: each row and each file is accounted for, and says what to do."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.contract.vocabulary import standard
from kept.errors import KeptError, MappingError, RecordsError
from kept.records.mapping import Mapping as RecordsMapping
from kept.records.staging import stage
from tests.support.staging import ENTERED, HEADER, NOW, Stage, crimes, csv, mapping_of, parquet, quarantine

# -- CSV -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(staged: Stage, end: str) -> None:
    done = staged({"crimes.csv": csv(f"c1,here,{ENTERED}", f"c2,there,{ENTERED}", end=end)})
    assert crimes(done, "crime", "place", "_row") == [("c1", "here", 1), ("c2", "there", 2)]


def test_line_ends_may_be_mixed_in_one_file(staged: Stage) -> None:
    text = f"{HEADER}\nc1,a,{ENTERED}\r\nc2,b,{ENTERED}\rc3,c,{ENTERED}\n"
    assert crimes(staged({"crimes.csv": text.encode()}), "crime") == ["c1", "c2", "c3"]


def test_a_byte_order_mark_is_not_part_of_the_first_name(staged: Stage) -> None:
    done = staged({"crimes.csv": b"\xef\xbb\xbf" + csv(f"c1,a,{ENTERED}")})
    assert crimes(done, "crime") == ["c1"]


def test_utf_16_is_known_by_its_mark(staged: Stage) -> None:
    done = staged({"crimes.csv": csv(f"c1,Caffè Nerò,{ENTERED}").decode().encode("utf-16")})
    assert crimes(done, "place") == ["Caffè Nerò"]


def test_a_stated_encoding_is_used(staged: Stage) -> None:
    done = staged(
        {"x.csv": csv(f"c1,Café,{ENTERED}").decode().encode("cp1252")},
        mapping_of("files: [x.csv], encoding: cp1252"),
    )
    assert crimes(done, "place") == ["Café"]


def test_a_line_in_another_encoding_goes_to_quarantine_and_the_rest_loads(staged: Stage) -> None:
    content = csv(f"c1,a,{ENTERED}") + f"c2,Café,{ENTERED}\n".encode("latin-1") + f"c3,c,{ENTERED}\n".encode()
    done = staged({"crimes.csv": content})
    assert crimes(done, "crime", "_row") == [("c1", 1), ("c3", 3)]
    [row] = quarantine(done)
    assert (row["file"], row["row"]) == ("crimes.csv", 2)
    assert "not utf-8 text" in row["reason"]
    assert row["raw"].startswith("c2,Caf")


def test_a_value_may_run_over_lines(staged: Stage) -> None:
    done = staged({"crimes.csv": csv(f'c1,"one\ntwo, ""three""",{ENTERED}', f"c2,b,{ENTERED}")})
    assert crimes(done, "place", "_row") == [('one\ntwo, "three"', 1), ("b", 2)]


def test_rows_are_numbered_as_in_the_file_however_many_are_broken(staged: Stage) -> None:
    lines = [f"c{i},a,{ENTERED}" + (",more" if i in (1, 2, 5, 9) else "") for i in range(1, 10)]
    done = staged({"crimes.csv": csv(*lines)})
    assert crimes(done, "crime", "_row") == [(f"c{i}", i) for i in (3, 4, 6, 7, 8)]
    assert [row["row"] for row in quarantine(done)] == [1, 2, 5, 9]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"c2,a,{ENTERED},more", "more values than the file has columns"),
        ("c2,a", "fewer values than the file has columns"),
        (f'c2,"a"b,{ENTERED}', "A quote is opened"),
    ],
)
def test_a_broken_line_goes_to_quarantine_as_it_stands(staged: Stage, line: str, reason: str) -> None:
    done = staged({"crimes.csv": csv(f"c1,a,{ENTERED}", line, f"c3,c,{ENTERED}")})
    assert crimes(done, "crime") == ["c1", "c3"]
    [row] = quarantine(done)
    assert reason in row["reason"]
    assert row["raw"] == line


def test_a_quote_that_is_never_closed_costs_its_own_line_only(staged: Stage) -> None:
    lines = [f"c{i},a,{ENTERED}" for i in range(1, 4000)]
    lines[1] = f'c2,"open,{ENTERED}'
    done = staged({"crimes.csv": csv(*lines)})
    assert len(crimes(done, "crime")) == 3998
    [row] = quarantine(done)
    assert (row["row"], row["raw"]) == (2, f'c2,"open,{ENTERED}')
    assert "quote" in row["reason"]
    assert crimes(done, "crime", "_row")[1] == ("c3", 3)


def test_a_file_with_names_only_has_no_rows_and_no_fault(staged: Stage) -> None:
    done = staged({"crimes.csv": f"{HEADER}\n".encode()})
    assert crimes(done, "crime") == []
    assert done.rows_in == {"crimes.csv": 0}


def test_blanks_around_values_and_names_do_not_count(staged: Stage) -> None:
    done = staged({"crimes.csv": f" crime , place,entered_at\n c1 ,  ,\t{ENTERED}\n".encode()})
    assert crimes(done, "crime", "place") == [("c1", None)]


def test_a_column_name_that_stands_twice_is_refused_only_where_it_is_needed(staged: Stage) -> None:
    spare = staged({"crimes.csv": f"crime,note,note,entered_at\nc1,x,y,{ENTERED}\n".encode()})
    assert crimes(spare, "crime") == ["c1"]
    with pytest.raises(MappingError, match="'crime' twice"):
        staged({"crimes.csv": f"crime,crime,entered_at\nc1,c2,{ENTERED}\n".encode()})


def test_gzip_is_known_by_its_content(staged: Stage) -> None:
    content = gzip.compress(csv(f"c1,a,{ENTERED}"))
    assert crimes(staged({"crimes.csv": content}), "crime") == ["c1"]


def test_the_wrong_delimiter_is_guessed_at_in_the_fault(staged: Stage) -> None:
    with pytest.raises(MappingError, match="is the `delimiter` right") as caught:
        staged({"crimes.csv": csv(f"c1,a,{ENTERED}").replace(b",", b";")})
    assert {"crime", "entered_at"} <= {word for fault in caught.value.faults for word in fault.what.split("'")}


def test_delimiter_decimal_and_quote_are_as_stated(staged: Stage) -> None:
    mapping = (
        "mapping: one\nentry_times: column\n"
        'sources: {it: {files: [x.txt], delimiter: "|", quote: "\'", decimal: ","}}\n'
        "rows: {victims: [{from: it, columns: {victim: v, crime: c, age: a, entered_at: e}}]}\n"
    )
    done = staged({"x.txt": f"v|c|a|e\n'v|1'|c1|12,5|{ENTERED}\n".encode()}, mapping)
    [row] = pq.read_table(done.tables["victims"]).to_pylist()
    assert (row["victim"], row["age"]) == ("v|1", 12.5)


# -- whole files -----------------------------------------------------------------------------------------------

GOOD = {"crimes.csv": csv(f"c1,a,{ENTERED}")}
TABLE = pa.table({"victim": ["v"] * 5000, "crime": [f"c{i}" for i in range(5000)]})


def damaged(folder: Path) -> dict[str, bytes]:
    whole = parquet(TABLE, folder)
    zipped = gzip.compress(
        b"victim,crime,entered_at\n" + b"".join(b"v%d,c%d,x\n" % (i, i * 7919 % 99991) for i in range(20000))
    )
    return {
        "victims.parquet": whole[: len(whole) // 2],
        "victims.csv.gz": zipped[: len(zipped) // 2],
        "victims.csv": b"",
    }


@pytest.mark.parametrize("name", ["victims.parquet", "victims.csv.gz", "victims.csv"])
def test_a_damaged_file_is_set_aside_whole_and_the_others_load(staged: Stage, tmp_path: Path, name: str) -> None:
    done = staged({**GOOD, name: damaged(tmp_path)[name]})
    assert crimes(done, "crime") == ["c1"]
    [row] = quarantine(done)
    assert (row["table"], row["file"], row["row"]) == ("victims", name, 0)
    assert "export it again" in row["reason"]
    assert done.rows_in[name] == 1
    assert "victims" not in done.supplies.tables


@pytest.mark.parametrize("name", ["victims.parquet", "victims.csv.gz", "victims.csv"])
def test_where_no_file_can_be_read_that_is_an_error(staged: Stage, tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordsError, match=name):
        staged({name: damaged(tmp_path)[name]})


def test_a_parquet_file_damaged_inside_is_set_aside_whole(staged: Stage, tmp_path: Path) -> None:
    rows = pa.table({"victim": [f"v{i * 7919 % 99991}" for i in range(50_000)], "crime": ["c1"] * 50_000})
    entered = pa.array([NOW] * 50_000, pa.timestamp("us", tz="UTC"))
    content = bytearray(parquet(rows.append_column("entered_at", entered), tmp_path))
    content[100:4000] = b"\xff" * 3900
    done = staged({**GOOD, "victims.parquet": bytes(content)})
    assert [row["row"] for row in quarantine(done)] == [0]
    assert crimes(done, "crime") == ["c1"]


def test_a_folder_without_any_file_of_the_mapping_says_what_it_looked_for(staged: Stage) -> None:
    with pytest.raises(RecordsError, match=r"crimes\.parquet"):
        staged({"other.csv": b"a\n1\n"})


def test_a_source_that_is_not_optional_must_be_there(staged: Stage) -> None:
    with pytest.raises(RecordsError, match="No file of source 'it'"):
        staged({"other.csv": b"a\n1\n"}, mapping_of("files: [x.csv]"))


def test_every_missing_column_of_every_file_is_named_at_once(staged: Stage) -> None:
    with pytest.raises(MappingError) as caught:
        staged({"crimes.csv": b"crimes,place\nc1,a\n", "victims.csv": b"victim,age\nv1,3\n"})
    said = str(caught.value)
    assert all(name in said for name in ("'crime'", "'entered_at'", "crimes.csv", "victims.csv"))
    assert "Did you mean 'crimes'?" in said


def test_a_now_without_a_zone_is_refused(staged: Stage, tmp_path: Path) -> None:
    with pytest.raises(KeptError, match="time zone"):
        stage(RecordsMapping.load("contract", standard()), tmp_path, tmp_path / "into", now=datetime(2025, 1, 1))


# -- the work itself -------------------------------------------------------------------------------------------


def test_staging_again_gives_the_same_bytes_and_leaves_nothing_behind(staged: Stage) -> None:
    files = {"crimes.csv": csv(f"c1,a,{ENTERED}", "c2,b,never")}
    first = [path.read_bytes() for path in sorted(staged(files).folder.glob("*"))]
    again = staged(files)
    assert [path.read_bytes() for path in sorted(again.folder.glob("*"))] == first
    assert {path.name for path in again.folder.iterdir()} == {"crimes.parquet", "quarantine.parquet"}


def test_a_full_disk_is_said(staged: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from kept.errors import DiskError
    from kept.records import staging

    def full(*_: Any) -> None:
        raise duckdb.IOException("IO Error: Could not write: No space left on device")

    monkeypatch.setattr(staging._Staging, "_write_quarantine", full)
    with pytest.raises(DiskError, match="disk is full"):
        staged(GOOD)


# -- mappings that do not fit ----------------------------------------------------------------------------------

EXPRESSION = (
    "mapping: one\nentry_times: column\nsources: {it: {files: ['*.csv']}}\n"
    'rows: {crimes: [{from: it, where: "WHERE", because: why, '
    "columns: {crime: {expression: CRIME}, entered_at: entered_at}}]}\n"
)


@pytest.mark.parametrize(
    ("crime", "where"),
    [
        ("nonesuch", "true"),
        ('"max(crime)"', "true"),
        ('"crime) , (place"', "true"),
        ("crime", "place"),
        ("crime", "x = 1"),
    ],
)
def test_an_expression_that_does_not_fit_the_file_is_the_mapping_s_fault(staged: Stage, crime: str, where: str) -> None:
    with pytest.raises(MappingError, match=r"An expression does not fit crimes\.csv"):
        staged(GOOD, EXPRESSION.replace("CRIME", crime).replace("WHERE", where))


def test_an_expression_that_fails_on_a_value_says_how_to_write_it(staged: Stage) -> None:
    done = staged(GOOD, EXPRESSION.replace("CRIME", '"CAST(place AS INTEGER)::VARCHAR"').replace("WHERE", "true"))
    assert [row["row"] for row in quarantine(done)] == [0]
    assert "use TRY_CAST" in quarantine(done)[0]["reason"]


def test_rows_that_a_block_does_not_take_are_counted_or_set_aside(staged: Stage) -> None:
    files = {"crimes.csv": csv(f"c1,a,{ENTERED}", f"c2,b,{ENTERED}", f"c3,,{ENTERED}")}
    text = EXPRESSION.replace("CRIME", "crime").replace("WHERE", "place = 'a'").replace("why", "it is elsewhere")
    assert [count.skipped for count in staged(files, text).counts] == [{"it is elsewhere": 2}]
    aside = staged(files, text.replace("because", "rest: quarantine, because"))
    assert [(row["row"], row["reason"]) for row in quarantine(aside)] == [
        (2, "it is elsewhere"),
        (3, "it is elsewhere"),
    ]
    assert (aside.accepted, aside.quarantined) == (1, 2)


def test_one_row_per_crime_loses_no_row_without_one(staged: Stage) -> None:
    text = mapping_of("files: [crimes.csv]").replace("from: it", "from: it, one_per: crime, first_by: entered_at")
    later = "2024-06-01T10:00:00Z"
    done = staged({"crimes.csv": csv(f"c1,b,{later}", f"c1,a,{ENTERED}", f",x,{ENTERED}", f",y,{ENTERED}")}, text)
    assert crimes(done, "crime", "place") == [("c1", "a")]
    assert [row["row"] for row in quarantine(done)] == [3, 4]
    assert [dict(count.skipped) for count in done.counts] == [{"another row stands for the same crime": 1}]


def test_codes_are_translated_or_set_aside(staged: Stage) -> None:
    files = {"crimes.csv": csv(f"c1,A,{ENTERED}", f"c2,B,{ENTERED}", f"c3,C,{ENTERED}", f"c4,,{ENTERED}")}
    values = "{column: place, values: {A: alpha, B: null}OTHERWISE}"
    text = mapping_of("files: [crimes.csv]", values)
    strict = staged(files, text.replace("OTHERWISE", ""))
    assert crimes(strict, "crime", "place") == [("c1", "alpha"), ("c2", None), ("c4", None)]
    assert 'place comes from "C", which the mapping does not name' in quarantine(strict)[0]["reason"]
    for otherwise, expected in (("null", None), ("other", "other")):
        done = staged(files, text.replace("OTHERWISE", f", otherwise: {otherwise}"))
        assert crimes(done, "place") == ["alpha", None, expected, None]
    skipped = staged(files, text.replace("OTHERWISE", ", otherwise: skip"))
    assert crimes(skipped, "crime") == ["c1", "c2", "c4"]
    assert [count.skipped for count in skipped.counts] == [{"place is not mapped": 1}]


def test_without_entry_times_a_row_was_entered_when_it_happened(staged: Stage) -> None:
    text = (
        "mapping: one\nentry_times: none\nsources: {it: {files: [x.csv]}}\nrows: {events: [{from: it, columns: "
        "{kind: kind, crime: crime, occurred_at: at, scheduled_for: planned}}]}\n"
    )
    lines = "kind,crime,at,planned\nhearing,c1,2024-01-01T10:00Z,\nhearing,c2,,2026-01-01T10:00Z\nhearing,c3,soon,\n"
    done = staged({"x.csv": lines.encode()}, text)
    entered = {row["crime"]: row["entered_at"] for row in pq.read_table(done.tables["events"]).to_pylist()}
    assert entered == {"c1": datetime(2024, 1, 1, 10, tzinfo=UTC), "c2": NOW}
    assert [row["reason"].count("entered_at") for row in quarantine(done)] == [0]


@pytest.mark.parametrize("stated", ["utf-8", "utf-16"])
def test_column_names_in_another_encoding_than_stated_are_refused(staged: Stage, stated: str) -> None:
    content = "crime,entered_at,café\n".encode("cp1252")
    with pytest.raises(RecordsError, match=f"not {stated} text: state the file's `encoding`"):
        staged({"crimes.csv": content}, mapping_of(f"files: [crimes.csv], encoding: {stated}"))


def test_zero_bytes_are_no_text(staged: Stage) -> None:
    with pytest.raises(RecordsError, match="zero bytes"):
        staged({"crimes.csv": csv(f"c1,a,{ENTERED}").decode().encode("utf-16-le")})


def test_a_parquet_column_that_stands_twice_is_refused(staged: Stage, tmp_path: Path) -> None:
    table = pa.Table.from_arrays(
        [pa.array(["a"]), pa.array(["b"]), pa.array([ENTERED])], ["crime", "crime", "entered_at"]
    )
    with pytest.raises(MappingError, match="'crime' twice"):
        staged({"crimes.parquet": parquet(table, tmp_path)})


def test_names_of_files_may_hold_anything(staged: Stage) -> None:
    names = ["it's [1].csv", "b c*.csv", "d;e.csv"]
    text = mapping_of("files: ['*.csv']")
    done = staged({name: csv(f"c{i},a,{ENTERED}") for i, name in enumerate(names)}, text)
    assert sorted(crimes(done, "_file")) == sorted(names)


def test_times_without_an_offset_are_read_as_the_how_to_says(staged: Stage) -> None:
    text = mapping_of("files: [crimes.csv]").replace("entry_times", "zone: Europe/London\nentry_times")
    twice, skipped, summer = "2024-10-27 01:30", "2024-03-31 01:30", "2024-07-01"
    done = staged({"crimes.csv": csv(f"c1,a,{twice}", f"c2,b,{skipped}", f"c3,c,{summer}")}, text)
    assert crimes(done, "entered_at") == [
        datetime(2024, 10, 27, 1, 30, tzinfo=UTC),
        datetime(2024, 3, 31, 1, 30, tzinfo=UTC),
        datetime(2024, 6, 30, 23, 0, tzinfo=UTC),
    ]
