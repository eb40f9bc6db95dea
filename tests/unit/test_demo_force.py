"""The invented force: reproducible, within the record contract, and rich enough for every duty."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kept.contract.tables import CHANNELS, TABLES, Table
from kept.contract.vocabulary import standard
from kept.demo import AS_OF, Force, make
from kept.demo.columns import schema
from kept.errors import UsageError


@pytest.fixture(scope="module")
def db(made: Force) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in TABLES:
        connection.execute(f"create view {table.name} as from '{made.extract}/{table.name}.parquet'")
    for table_name in ("events", "assessments", "victims"):
        connection.execute(f"create view true_{table_name} as from '{made.truth}/{table_name}.parquet'")
    connection.execute(f"create view listed as from '{made.witness_care}/personal-statements.csv'")
    connection.execute("set timezone = 'UTC'")
    return connection


def one(db: duckdb.DuckDBPyConnection, query: str) -> int:
    answer: int = db.execute(query).fetchall()[0][0]
    return answer


def digests(folder: Path) -> Mapping[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes_and_another_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make(tmp_path / name, victims=300, seed=seed)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a")["extract/events.parquet"] != digests(tmp_path / "c")["extract/events.parquet"]


def test_as_of_moves_the_whole_force(tmp_path: Path) -> None:
    early = datetime(2024, 3, 1, 9, tzinfo=UTC)
    force = make(tmp_path, victims=300, as_of=early)
    entered = pq.read_table(force.extract / "events.parquet")["entered_at"].to_pylist()
    assert max(entered) <= early
    assert max(entered) > early - timedelta(days=7)


def test_every_table_has_the_contract_s_columns(made: Force) -> None:
    for table in TABLES:
        assert pq.read_schema(made.extract / f"{table.name}.parquet").equals(schema(table.name)), table.name


def test_there_are_as_many_victims_as_asked_for_and_about_25_events_each(made: Force) -> None:
    assert made.rows["victims"] == made.victims
    assert 23 <= made.rows["events"] / made.victims <= 28


def table_columns(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def test_required_columns_are_filled_and_keys_are_unique(db: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES:
        for column in table.columns:
            if column.required:
                waived = " and voids is null" if "voids" in table_columns(table) else ""
                blank = one(db, f'select count(*) from {table.name} where "{column.name}" is null{waived}')
                assert blank == 0, (table.name, column.name)
        key = ", ".join(f'"{name}"' for name in table.key)
        repeated = one(db, f"select count(*) from (select 1 from {table.name} group by {key} having count(*) > 1)")
        assert repeated == 0, table.name


def test_codes_of_tables_are_the_vocabulary_s(db: duckdb.DuckDBPyConnection) -> None:
    attributes = standard().attributes
    for table in TABLES:
        for column in table.columns:
            codes = attributes[column.codes_from].codes if column.codes_from else column.codes
            if codes:
                said = {row[0] for row in db.execute(f'select distinct "{column.name}" from {table.name}').fetchall()}
                assert said - {None} <= set(codes), (table.name, column.name)


def test_every_event_says_what_its_kind_may_say(db: duckdb.DuckDBPyConnection) -> None:
    kinds = standard().kinds
    query = """select distinct kind, value, result, channel, scheduled_for is not null,
      suspect is not null, hearing is not null from events where voids is null"""
    for kind, value, result, channel, planned, suspect, hearing in db.execute(query).fetchall():
        declared = kinds[kind]
        assert not declared.made_from, kind
        assert value is None or declared.open_values or value in declared.values, (kind, value)
        assert result is None or result in declared.results, (kind, result)
        assert channel is None or channel in CHANNELS, channel
        assert declared.plannable or not planned, kind
        assert not suspect or "suspect" in declared.links, kind
        assert not hearing or "hearing" in declared.links, kind


def test_every_fact_is_of_its_attribute_s_level_and_type(db: duckdb.DuckDBPyConnection) -> None:
    attributes = standard().attributes
    query = "select distinct attribute, subject_kind, value from facts where voids is null and value is not null"
    for attribute, level, value in db.execute(query).fetchall():
        declared = attributes[attribute]
        assert not declared.made_from, attribute
        assert level == declared.of, attribute
        assert declared.type != "flag" or value in ("true", "false"), (attribute, value)
        assert declared.type != "code" or value in declared.codes, (attribute, value)
        assert declared.type != "number" or float(value) > 0, (attribute, value)


def test_events_name_one_known_subject_and_corrections_a_known_event(db: duckdb.DuckDBPyConnection) -> None:
    of = "(investigation is not null)::int + (crime is not null)::int + (victim is not null)::int"
    assert one(db, f"select count(*) from events where {of} <> (voids is null)::int") == 0
    for name in ("investigation", "crime", "victim"):
        assert one(db, f"select count(*) from events where {name} not in (select {name} from {name}s)") == 0
    for name in ("answers", "supersedes", "voids"):
        assert one(db, f"select count(*) from events where {name} not in (select event_id from events)") == 0
    assert one(db, "select count(*) from events where supersedes is not null and voids is not null") == 0


def test_tables_refer_to_what_there_is(db: duckdb.DuckDBPyConnection) -> None:
    def unknown(table: str, column: str, there: str, named: str) -> int:
        return one(db, f"select count(*) from {table} where {column} not in (select {named} from {there})")

    for table, column, there in (
        ("crimes", "investigation", "investigations"),
        ("victims", "crime", "crimes"),
        ("crimes", "crime", "victims"),
        ("assessments", "victim", "victims"),
        ("assessments", "investigation", "investigations"),
        ("postings", "officer", "staff"),
    ):
        assert unknown(table, column, there, column) == 0, (table, column)
    for level in ("victim", "crime", "investigation"):
        assert unknown(f"(from facts where subject_kind = '{level}')", "subject", f"{level}s", level) == 0
    merged = "(from facts where attribute = 'merged_into')"
    assert unknown(merged, "subject", "victims", "person") == unknown(merged, "value", "victims", "person") == 0


def test_moments_are_in_order(db: duckdb.DuckDBPyConnection) -> None:
    now = AS_OF.astimezone(UTC).isoformat()
    wrong = {
        "crimes": "not (committed_at <= reported_at and reported_at <= recorded_at and recorded_at <= entered_at)",
        "events": f"occurred_at > entered_at or entered_at > '{now}' or scheduled_for <= entered_at",
        "facts": f"valid_from > entered_at or entered_at > '{now}'",
        "assessments": f"made_at > entered_at or entered_at > '{now}'",
        "victims": f"entered_at > '{now}'",
        "postings": '"to" <= "from"',
        "staff": '"to" <= "from"',
    }
    for table, condition in wrong.items():
        assert one(db, f"select count(*) from {table} where {condition}") == 0, table


def test_nothing_happens_to_a_suspect_before_the_crime_is_reported(db: duckdb.DuckDBPyConnection) -> None:
    early = """select count(*) from events e join crimes c using (crime)
      where e.kind like 'suspect_%' and e.occurred_at < c.reported_at"""
    assert one(db, early) == 0


def test_postings_of_one_investigation_follow_each_other(db: duckdb.DuckDBPyConnection) -> None:
    overlap = """select count(*) from postings a join postings b using (investigation)
      where a."from" < b."from" and (a."to" is null or a."to" > b."from")"""
    assert one(db, overlap) == 0


def test_about_half_of_all_victims_get_no_text(db: duckdb.DuckDBPyConnection, made: Force) -> None:
    texted = one(
        db, "select count(distinct victim) from events where kind = 'written_confirmation' and channel = 'text'"
    )
    assert 0.42 <= texted / made.victims <= 0.52


def test_whatever_is_recorded_is_in_the_truth_and_nothing_else_is_marked_so(db: duckdb.DuckDBPyConnection) -> None:
    first = "select event_id from events where supersedes is null and voids is null"
    marked = "select event_id from true_events where recorded"
    assert one(db, f"select count(*) from ({first} except {marked})") == 0
    assert one(db, f"select count(*) from ({marked} except {first})") == 0
    assert one(db, "select count(*) from true_events where recorded <> (recorded_at is not null)") == 0
    assert (
        one(db, "select count(*) from true_events t join events e using (event_id) where t.recorded_at <> e.entered_at")
        == 0
    )
    shown = "select distinct victim from assessments where form = 'needs_assessment'"
    assert one(db, f"select count(*) from true_assessments where recorded <> (victim in ({shown}))") == 0


def test_silent_teams_leave_more_unwritten(db: duckdb.DuckDBPyConnection) -> None:
    rates = db.execute(
        """select team, avg(recorded::int) from true_events t join victims v using (victim)
        join crimes c on c.crime = v.crime
        join postings p on p.investigation = c.investigation and p.officer is not null
        where t.kind = 'victim_told' group by team having count(*) > 50 order by 2"""
    ).fetchall()
    assert rates[-1][1] - rates[0][1] > 0.1


def test_broken_rows_come_only_when_asked_for(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole", victims=200)
    broken = make(tmp_path / "broken", victims=200, broken=True)
    more = {table: broken.rows[table] - whole.rows[table] for table in whole.rows}
    assert more["events"] == 14 * 12 + 24 + 12
    assert (more["facts"], more["victims"], more["postings"]) == (36, 12, 12)
    ids = pq.read_table(broken.extract / "events.parquet")["event_id"].to_pylist()
    assert sum(name.startswith("X-") for name in ids) == more["events"]


def test_planted_tables_are_part_of_the_extract_and_of_the_shares(tmp_path: Path) -> None:
    entered = [datetime(2025, 1, 1, tzinfo=UTC)] * 40
    ids = [f"planted-{n}" for n in range(40)]

    def table(name: str, **columns: list[object]) -> pa.Table:
        empty = schema(name)
        return pa.table({one.name: pa.array(columns.get(one.name, [None] * 40), one.type) for one in empty}, empty)

    planted = {
        "crimes": table("crimes", crime=[*ids], recorded_at=[*entered], entered_at=[*entered]),
        "victims": table("victims", victim=[*ids], crime=[*ids], entered_at=[*entered]),
    }
    force = make(tmp_path, victims=2_000, planted=planted)
    assert force.rows["victims"] == 2_040
    shares = {share.name: share for share in force.shares}
    assert shares["needs_assessed"].count == round(0.911 * shares["needs_assessed"].n)
    assert shares["reference_complaints_and_compensation"].count == round(0.451 * 2_040)


@pytest.mark.parametrize("wrong", [{"victims": 0}, {"victims": 5, "as_of": datetime(2026, 1, 1)}])
def test_a_force_that_cannot_be_made_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        make(tmp_path, **wrong)  # type: ignore[arg-type]


def test_the_smallest_force_is_made(tmp_path: Path) -> None:
    assert make(tmp_path, victims=1).rows["victims"] == 1
