"""How long entries took to be written, counted in one pass: held against the measure's own SQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.engine.compiled.columns import microseconds
from kept.errors import StoreError
from kept.measures import counts
from kept.measures.figures import figures
from kept.measures.members.reading import Members
from kept.measures.question import Merged, Question
from kept.measures.written import lags
from kept.measures.written.lags import can_count, count_lags
from kept.measures.written.stored import COLUMNS, Written
from tests.support.members import MEASURES

LAG = MEASURES["entry-lag"]
CLOCK = datetime(2026, 4, 2, tzinfo=UTC)
Named = dict[str, str | None]
HELD: list[Named] = [
    {"area": "North", "department": "CID", "team": "a", "officer": "O1"},
    {"area": "North", "department": "CID", "team": "b", "officer": "O2"},
    {"area": None, "department": None, "team": "c", "officer": None},
    {"area": None, "department": None, "team": None, "officer": None},
]
WHAT: list[Named] = [
    {"kind": kind, "source": source, "touchpoint": None}
    for kind, source in [("hearing", "court"), ("hearing", None), ("victim_told", "rms")]
]
MOMENTS = st.datetimes(datetime(2025, 10, 20), datetime(2026, 4, 1), timezones=st.just(UTC))
ENTRIES = st.lists(
    st.tuples(
        MOMENTS | st.sampled_from([datetime(2025, 10, 25, 23, 30, tzinfo=UTC), CLOCK - timedelta(hours=24)]),
        st.sampled_from([timedelta(0), timedelta(hours=24), timedelta(hours=24, microseconds=1)])
        | st.sampled_from([timedelta(microseconds=-1), timedelta(seconds=-1)])
        | st.timedeltas(timedelta(days=-1), timedelta(days=3)),
        st.integers(0, len(HELD) - 1),
        st.integers(0, len(WHAT) - 1),
    ).filter(lambda one: one[0] + one[1] <= CLOCK),
    max_size=12,
)
ROLLED_UP = Merged(("area", "team"), {("North", "a"): "North", ("North", "b"): "North", ("unknown", "c"): "unknown"})
QUESTIONS = st.sampled_from(
    [
        Question(),
        Question(("area",), "month"),
        Question(("kind", "team"), "week"),
        Question(("source",), "quarter", since=date(2025, 10, 26), until=date(2026, 3, 28)),
        Question((), "year", only={"area": "unknown"}),
        Question(("team",), only={"kind": "hearing", "area": "North"}),
        Question(("team",), "month", merged={"team": ROLLED_UP}),
    ]
)
Entry = tuple[datetime, timedelta, int, int]


@contextmanager
def stored(entries: Sequence[Entry], folder: Path) -> Iterator[tuple[Written, duckdb.DuckDBPyConnection]]:
    """The entries as they are stored, and a connection in which they are the population that measures are of."""
    written = Written(folder)
    in_order = sorted((microseconds(at + lag), microseconds(at), held, what) for at, lag, held, what in entries)
    columns = [*zip(*in_order, strict=True)] or [()] * len(COLUMNS)
    for (name, kind), column in zip(COLUMNS.items(), columns, strict=True):
        np.save(written.path(name), np.array(column, kind))
    for name, rows in (("held", HELD), ("what", WHAT)):
        schema = pa.schema([(column, pa.string()) for column in rows[0]])
        pq.write_table(pa.Table.from_pylist(rows, schema), written.names(name))
    said = [{"happened_at": at, "entered_at": at + lag, **HELD[held], **WHAT[what]} for at, lag, held, what in entries]
    moment = pa.timestamp("us", tz="UTC")
    types = {"happened_at": moment, "entered_at": moment}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in (*types, *HELD[0], *WHAT[0])])
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Europe/London'")
        connection.execute("SET VARIABLE clock = $1::TIMESTAMPTZ", [CLOCK.isoformat()])
        connection.register("said", pa.Table.from_pylist(said, schema))
        connection.execute("CREATE VIEW entries AS SELECT *, getvariable('clock') AS clock FROM said")
        yield written, connection


@settings(max_examples=40)
@given(ENTRIES, QUESTIONS, st.integers(1, 4))
def test_it_comes_to_what_the_sql_of_the_measure_comes_to(
    entries: list[Entry], question: Question, at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(lags, "_AT_ONCE", at_once)
        with stored(entries, Path(folder)) as (written, connection):
            meant = counts.of_views(Members(connection), LAG, question)
            found = count_lags(written, connection, LAG, question, microseconds(CLOCK))
            assert figures(LAG, found) == figures(LAG, meant)


@settings(max_examples=25)
@given(ENTRIES, st.sampled_from(["area", "team", "kind", "source"]))
def test_the_parts_make_the_whole(entries: list[Entry], by: str) -> None:
    with TemporaryDirectory() as folder, stored(entries, Path(folder)) as (written, connection):
        whole, parts, months = (
            count_lags(written, connection, LAG, question, microseconds(CLOCK))
            for question in (Question(), Question((by,)), Question((by,), "month"))
        )
        for name in ("n", "before", "over", "within"):
            (all_of_them,) = whole.counts[name].tolist()
            assert sum(parts.counts[name].tolist()) == sum(months.counts[name].tolist()) == all_of_them
        assert sum(sum(times) for times in months.counts["times"].tolist()) == whole.counts["n"].tolist()[0]


@pytest.mark.parametrize(
    "change",
    [{"where": "kind = 'hearing'"}, {"at": "happened_at"}, {"within": "7 days"}, {"since": "clock"}, {"of": "victims"}],
    ids=str,
)
def test_what_else_a_measure_may_ask_is_left_to_its_sql(change: dict[str, Any]) -> None:
    assert can_count(LAG)
    assert can_count(replace(LAG, within=""))
    assert not can_count(replace(LAG, **change))


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("how", ["gone", "cut off", "of another type", "longer"])
def test_a_damaged_column_is_named(tmp_path: Path, name: str, how: str) -> None:
    with stored([(CLOCK - timedelta(days=2), timedelta(hours=1), 0, 0)], tmp_path) as (written, connection):
        path = written.path(name)
        if how == "gone":
            path.unlink()
        elif how == "cut off":
            path.write_bytes(path.read_bytes()[:-1])
        else:
            np.save(path, np.zeros(*((1, np.float32) if how == "of another type" else (2, COLUMNS[name]))))
        with pytest.raises(StoreError, match="cannot be read"):
            count_lags(written, connection, LAG, Question(), microseconds(CLOCK))


@pytest.mark.parametrize("name", ["held", "what"])
def test_a_place_that_there_is_not_is_refused(tmp_path: Path, name: str) -> None:
    with stored([(CLOCK - timedelta(days=2), timedelta(hours=1), 0, 0)], tmp_path) as (written, connection):
        np.save(written.path(name), np.array([9], COLUMNS[name]))
        with pytest.raises(StoreError, match="is not among those"):
            count_lags(written, connection, LAG, Question(), microseconds(CLOCK))
