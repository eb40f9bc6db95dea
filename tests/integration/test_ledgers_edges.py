"""Ledgers at their edges: nothing owed, a great many names, files that are gone, and questions that are none."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kept.cli.command import main
from kept.code import loader
from kept.engine.results import Run
from kept.engine.run import evaluate_store
from kept.errors import AsOfError, MeasureError, StoreError
from kept.measures import counts
from kept.measures.asked import opened
from kept.measures.cases import cases
from kept.measures.catalogue import breakdowns
from kept.measures.ledger import counted, grouped
from kept.measures.ledger.stored import Ledger
from kept.measures.members.making import members_of
from kept.measures.names import duties_in
from kept.measures.question import Question
from kept.measures.rolled import rolled_up
from tests.support.forces import GrowingForce, crimes, day, event, victims
from tests.support.members import MEASURES

BOOK = loader.rulebook(loader.DEFAULT_RULEBOOK)
OWED = [one for one in MEASURES.values() if one.kind in ("duty", "all_kept")]
RECORDED = "force-standards/FS-RECORDED"
QUESTIONS = (Question(), Question(("team",)), Question((), "month"), Question(("team", "area"), "month"))


def run_of(force: GrowingForce, at: float = 40) -> Run:
    return evaluate_store(force.store, force.latest(), BOOK, day(at))


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> GrowingForce:
    made = GrowingForce(tmp_path_factory.mktemp("edges") / "force")
    held = [
        {"investigation": f"c{name}", "from": day(0), "team": f"Team {name}", "area": "North", "source": "hr"}
        for name in ("1", "2")
    ]
    told = [event(f"e{name}", name, kind="crime_reported", occurred_at=day(1)) for name in ("1", "2", "3")]
    made.load(crimes=crimes("1", "2", "3"), victims=victims("1", "2", "3"), postings=held, events=told)
    return made


@pytest.fixture
def run(force: GrowingForce) -> Iterator[Run]:
    """A run whose members are made anew for each test, which may spoil them."""
    yield (found := run_of(force))
    for folder in [*members_of(found).parent.iterdir()]:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def test_where_nothing_at_all_is_owed_there_is_nothing_to_count(tmp_path: Path) -> None:
    force = GrowingForce(tmp_path / "force")
    force.load(crimes=crimes("1"))
    run = run_of(force)
    assert run.manifest["obligations"] == 0
    with opened(run, run.as_of) as at:
        for one in OWED:
            assert [len(counts.count(at.members, one, question)) for question in QUESTIONS[1:]] == [0, 0, 0]
            (nothing,) = counts.count(at.members, one, Question())
            assert not any(nothing.counts.values())
        assert grouped.grouped(at.members.owed, {RECORDED: False}, Question(("duty",), "month")).num_rows == 0


def test_a_column_may_have_more_names_than_16_bits_can_number(tmp_path: Path) -> None:
    force = GrowingForce(tmp_path / "force")
    teams = [
        {"investigation": "c1", "from": day(number / 1e5), "team": f"Team {number}", "source": "hr"}
        for number in range(66_000)
    ]
    told = [event("e1", "1", kind="crime_reported", occurred_at=day(1))]
    force.load(crimes=crimes("1"), victims=victims("1"), postings=teams, events=told)
    run = run_of(force)
    with opened(run, run.as_of) as at:
        (one,) = counts.count(at.members, MEASURES[RECORDED], Question(("team",)))
    assert one.values == ("Team 65999",)


def test_a_table_with_more_places_than_slots_counts_the_same(force: GrowingForce, monkeypatch: Any) -> None:
    run = run_of(force)
    with opened(run, run.as_of + timedelta(days=400)) as at:

        def everything() -> list[Any]:
            owed = [[*counts.count(at.members, one, question)] for one in OWED for question in QUESTIONS]
            duties = duties_in(at.members.owed.names["measure"])
            return [*owed, grouped.grouped(at.members.owed, duties, Question(("duty", "team"), "week")).to_pylist()]

        plainly = everything()
        for module in (counted, grouped):
            monkeypatch.setattr(module, "_OWN_SLOTS", 0)
        assert everything() == plainly
    assert any(one.counts["judged"] for found in plainly[:-1] for one in found)


def test_a_team_that_somebody_called_unknown_is_rolled_up_with_what_is_not_known(tmp_path: Path) -> None:
    force = GrowingForce(tmp_path / "force")
    names = ("1", "2")
    told = [event(f"e{name}", name, kind="crime_reported", occurred_at=day(1)) for name in names]
    held = [{"investigation": "c1", "from": day(0), "team": "unknown", "source": "hr"}]
    force.load(crimes=crimes(*names), victims=victims(*names), events=told, postings=held)
    run = run_of(force)
    with opened(run, run.as_of) as at:
        (one,) = rolled_up(at, MEASURES[RECORDED], Question(("team",)), 1).figures
    assert (one.values, one.n) == ((None,), 2)


def damaged(path: Path, how: str) -> None:
    if how == "gone":
        path.unlink()
    elif how == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(path.read_bytes()[:-40] if path.suffix != ".json" else b"{")


@pytest.mark.parametrize("how", ["gone", "empty", "cut off"])
@pytest.mark.parametrize(
    "name", ["names.json", "owed-00000.arrow", "known-00000.arrow", "measures-00000.arrow", "victims-00000.parquet"]
)
def test_a_file_of_members_that_cannot_be_read_is_named(run: Run, name: str, how: str) -> None:
    path = members_of(run) / name
    damaged(path, how)
    with pytest.raises(StoreError) as found:
        ask(run)
    assert str(path) in str(found.value)


@pytest.mark.parametrize(
    ("table", "column", "number"),
    [
        ("owed", "subject", 10**9),
        ("owed", "subject", -1),
        ("owed", "holder", 10**9),
        ("owed", "code", 10**9),
        ("measures", "end", 10**9),
        ("later", "place", 10**9),
        ("codes", "code", 1 << 10),
        ("known", "sex", 10**9),
    ],
)
def test_a_file_of_members_that_points_at_what_there_is_not_is_refused(
    run: Run, table: str, column: str, number: int
) -> None:
    folder = members_of(run)
    path = folder / f"{table}-00000.arrow"
    rows = pa.ipc.open_file(str(path)).read_all()
    wrong = pa.array([number] * max(len(rows), 1), rows.schema.field(column).type)
    path.unlink()
    Ledger(folder, 0).write(
        table, {name: wrong if name == column else _as_many(rows, name) for name in rows.schema.names}
    )
    with pytest.raises(StoreError, match="elete the folder"):
        ask(run)


def _as_many(rows: pa.Table, name: str) -> pa.Array:
    """A column as it is; of no rows one."""
    column = rows.column(name).combine_chunks()
    return column if len(column) else pa.array([0], column.type)


def ask(run: Run) -> None:
    with opened(run, run.as_of) as at:
        counts.count(at.members, MEASURES[RECORDED], Question(("sex",)))
        at.connection.execute("SELECT count(sex) FROM victims")


def test_every_table_of_a_ledger_is_among_its_files(run: Run) -> None:
    folder = members_of(run)
    assert {*folder.glob("*.arrow")} == {*Ledger(folder, 0).files()}


def test_whoever_is_slower_takes_the_members_that_are_there(run: Run) -> None:
    inner: list[Path] = []
    found = members_of(run, lambda done: inner.append(members_of(run)))
    assert [found] == inner
    assert [path.name for path in found.parent.iterdir()] == [found.name]


def test_a_run_is_not_read_by_a_clock_before_it(run: Run) -> None:
    with pytest.raises(AsOfError, match="cannot be read as at"), opened(run, run.as_of - timedelta(days=1)):
        pass


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(1899, 1, 1), date(1899, 12, 31)),
        (date(2100, 1, 1), date.max),
        (None, date.min.replace(day=31)),
        (date.max.replace(day=1), None),
    ],
)
def test_there_is_nothing_in_a_time_before_or_after_everything(
    run: Run, since: date | None, until: date | None
) -> None:
    with opened(run, run.as_of) as at:
        for one in (MEASURES["whole-code"], MEASURES[RECORDED], MEASURES["audit-2021"]):
            assert not len(counts.count(at.members, one, Question(("team",), "month", since, until)))


def test_until_the_last_of_all_days_is_everything(run: Run) -> None:
    with opened(run, run.as_of) as at:
        for period in ("", "month"):
            everything = [*counts.count(at.members, MEASURES["whole-code"], Question((), period))]
            asked = [*counts.count(at.members, MEASURES["whole-code"], Question((), period, date.min, date.max))]
            assert asked == everything


def test_what_is_outside_by_every_breakdown_is_outside(run: Run) -> None:
    one = MEASURES[RECORDED]
    only = dict.fromkeys(breakdowns(one), "not there")
    assert len(only) > 16
    with opened(run, run.as_of) as at:
        assert not len(counts.count(at.members, one, Question(("team",), only=only)))
        assert cases(at, one, Question(only=only)) == []


@pytest.mark.parametrize("measure", [RECORDED, "audit-2021", "whole-code"])
def test_a_breakdown_is_named_once(run: Run, measure: str) -> None:
    with opened(run, run.as_of) as at, pytest.raises(MeasureError, match="by one breakdown twice: sex, sex"):
        counts.count(at.members, MEASURES[measure], Question(("sex", "sex")))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["whole-code", "--state", "met"], "whole-code has no cases in a state"),
        (["whole-code", "--most", "0"], "0 cases cannot be listed"),
        ([RECORDED, "--most", "-5"], "-5 cases cannot be listed"),
    ],
)
def test_cases_that_cannot_be_listed_are_refused(
    run: Run, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cases", *arguments, "--store", str(run.folder.parents[2])]) != 0
    assert says in capsys.readouterr().err


def test_a_table_of_several_duties_has_only_the_columns_that_are_asked_for(run: Run) -> None:
    with opened(run, run.as_of) as at:
        counts.count(at.members, MEASURES["audit-2021"], Question(("sex",), only={"team": "Team 1"}))
        (shown,) = at.connection.execute(
            "SELECT list(column_name) FROM duckdb_columns() WHERE table_name LIKE 'owed under%'"
        ).fetchall()
    assert {"sex", "team"} <= {*shown[0]}
    assert not {"age_band", "offence", "area"} & {*shown[0]}


def test_cases_of_those_without_a_posting_name_no_team(run: Run) -> None:
    with opened(run, run.as_of + timedelta(days=400)) as at:
        found = {(one.crime, one.team) for one in cases(at, MEASURES["force-standards/FS-RECORDED"], Question())}
    assert found == {("c1", "Team 1"), ("c2", "Team 2"), ("c3", None)}
