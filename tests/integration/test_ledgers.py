"""What is counted of ledgers is what is counted of the run's obligations, one by one: by any breakdown and clock."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kept.cli.command import main
from kept.engine.results import Run
from kept.errors import MeasureError
from kept.measures import counts
from kept.measures.asked import opened
from kept.measures.cases import cases
from kept.measures.groups import Counts
from kept.measures.ledger.grouped import grouped
from kept.measures.model import Measure
from kept.measures.names import duties_in
from kept.measures.question import Question
from tests.support.members import MEASURES
from tests.support.runs import last_run

OBLIGATIONS = [one for one in MEASURES.values() if one.kind in ("duty", "all_kept")]
MOST = ("whole-code", "right-6", "right-4", "force-standards/FS-CONTACT-PLAN", "force-standards/FS-RECORDED")
WINDOWS = "force-standards/FS-CONTACT-PLAN:investigations"
BREAKDOWNS: tuple[tuple[str, ...], ...] = (
    (),
    ("sex",),
    ("area",),
    ("team", "offence"),
    ("enhanced_gate", "department"),
)
LATER = (timedelta(0), timedelta(days=45))


@pytest.fixture(scope="module")
def run(force: Path) -> Run:
    return last_run(force / "store")


@pytest.fixture(scope="module")
def obligations(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    """A row for each obligation of the run with whatever it may be divided by, not yet as at any clock."""
    with run.obligations() as connection, opened(run, run.as_of) as at:
        victims = at.connection.sql("FROM victims").to_arrow_table()
        investigations = at.connection.sql("FROM investigations").to_arrow_table()
        connection.register("victims", victims)
        connection.register("investigations", investigations)
        connection.execute("SET TimeZone = 'Europe/London'")
        connection.execute("""
            CREATE TEMP TABLE one_by_one AS
            SELECT s.*, w.crime, w.investigation AS case_of, h.area, h.department, h.team, h.officer, v.sex,
                v.enhanced_gate::VARCHAR AS enhanced_gate, v.offence
            FROM stated s JOIN subjects w ON w.subject = s.subject AND w.entered <= getvariable('as_of')
                AND coalesce(w.withdrawn > getvariable('as_of'), true)
            LEFT JOIN held h ON h.investigation = w.investigation AND h.place = s.posting
            LEFT JOIN victims v ON v.subject = s.subject""")
        yield connection


def expected(one_by_one: duckdb.DuckDBPyConnection, measure: Measure, question: Question, clock: datetime) -> Any:
    """What is counted, by group: obligations judged by the clock, added up for each victim, or each investigation."""
    keys = [*question.by]
    where = [_members(measure)]
    if question.period:
        keys.append(f"date_trunc('{question.period}', judged::DATE)::DATE")
        where.append("judged <= $clock::TIMESTAMPTZ")
    if question.since:
        where.append(f"judged::DATE >= DATE '{question.since}'")
    if question.until:
        where.append(f"judged::DATE <= DATE '{question.until}'")
    where += [f"{name} = '{value}'" for name, value in question.only.items()]
    unit = "case_of" if measure.id == WINDOWS else "subject"
    listed = ", ".join(f"{text} AS k{place}" for place, text in enumerate(keys))
    names = "".join(f"k{place}, " for place in range(len(keys)))
    rows = one_by_one.execute(
        f"""
        SELECT {names} sum(n), sum(k), sum(b), sum(r), sum(pending), sum(declined), sum(k * k), sum(k * n), sum(b * n),
            count(*) FILTER (n > 0), count(*) FILTER (n > 0 AND k = n), count(*) FILTER (n > 0 AND k + r = n),
            count(*) FILTER (n > 0 AND b = n) FROM (
        SELECT {listed + ", " if keys else ""} {unit} AS unit,
            count(*) FILTER (counted) AS n, count(*) FILTER (counted AND settled = 'met') AS k,
            count(*) FILTER (counted AND settled_at_best) AS b, count(*) FILTER (counted AND settled = 'reasoned') AS r,
            count(*) FILTER (NOT counted AND settled IN ('reasoned', 'late', 'not_done', 'no_record')) AS pending,
            count(*) FILTER (settled = 'declined') AS declined
        FROM (SELECT *, coalesce(judged <= $clock::TIMESTAMPTZ, false)
                AND settled IN ('met', 'late', 'not_done', 'no_record', 'reasoned') AS counted FROM one_by_one)
        WHERE {" AND ".join(where)} GROUP BY ALL) GROUP BY ALL""",
        {"clock": clock.isoformat()},
    ).fetchall()
    return {row[: len(keys)]: tuple(one or 0 for one in row[len(keys) :]) for row in rows}


def _members(measure: Measure) -> str:
    if measure.kind == "duty" or measure.id == WINDOWS:
        name, _, part = measure.id.partition(":")
        edition, duty = name.split("/")
        return f"edition = '{edition}' AND duty = '{duty}' AND part = '{'' if measure.id == WINDOWS else part}'"
    right = f'"right" = {measure.right}' if measure.right else '"right" IS NOT NULL'
    return f"{right} AND part = '' AND holder = 'police' AND crime IS NOT NULL"


def assert_alike(at: Any, one_by_one: duckdb.DuckDBPyConnection, measure: Measure, question: Question) -> None:
    wanted = expected(one_by_one, measure, question, at.clock)
    found = {
        (*one.values, *((one.period,) if one.period else ())): one.counts for one in at_counts(at, measure, question)
    }
    for group, (n, k, b, r, pending, declined, kk, kn, bn, victims, kept, excused, best) in wanted.items():
        got = found.pop(group)
        if measure.kind == "duty":
            names = (
                "judged",
                "met",
                "best",
                "reasoned",
                "pending",
                "declined",
                "met_squared",
                "met_judged",
                "best_judged",
            )
            assert [got[name] for name in names] == [n, k, b, r, pending, declined, kk, kn, bn], (
                measure.id,
                question,
                group,
            )
            assert got["victims"] == victims
        else:
            assert [got[name] for name in ("judged", "met", "met_or_reasoned", "best")] == [
                victims,
                kept,
                excused,
                best,
            ]
    assert all(not any(one.values()) for one in found.values()), (measure.id, question, found)


def at_counts(at: Any, measure: Measure, question: Question) -> Counts:
    return counts.count(at.members, measure, question)


@pytest.mark.parametrize("later", LATER, ids=["as of", "later"])
def test_every_measure_counts_what_the_run_holds(
    run: Run, obligations: duckdb.DuckDBPyConnection, later: timedelta
) -> None:
    with opened(run, run.as_of + later) as at:
        for measure in OBLIGATIONS:
            if measure.id.endswith(":investigations") and measure.id != WINDOWS:
                continue
            for period in ("", "month"):
                assert_alike(at, obligations, measure, Question(period=period))


@pytest.mark.parametrize("later", LATER, ids=["as of", "later"])
@pytest.mark.parametrize("measure", [*MOST, WINDOWS])
def test_whatever_is_asked_is_what_the_run_holds(
    run: Run, obligations: duckdb.DuckDBPyConnection, measure: str, later: timedelta
) -> None:
    since, until = date(2025, 10, 1), date(2026, 3, 31)
    with opened(run, run.as_of + later) as at:
        for by, period in product(BREAKDOWNS, ("", "month", "quarter", "year")):
            assert_alike(at, obligations, MEASURES[measure], Question(by, period))
            assert_alike(at, obligations, MEASURES[measure], Question(by, period, since, until, {"sex": "female"}))


@pytest.mark.parametrize("measure", ["whole-code", "force-standards/FS-CONTACT-PLAN", WINDOWS])
def test_what_a_team_owes_is_counted_by_officer(run: Run, obligations: duckdb.DuckDBPyConnection, measure: str) -> None:
    with opened(run, run.as_of) as at:
        for team, period in product([*at.members.owed.codes.names["team"]][::6], ("", "quarter")):
            assert_alike(at, obligations, MEASURES[measure], Question(("officer",), period, only={"team": team}))


@pytest.mark.parametrize("measure", ["force-standards/FS-CONTACT-PLAN", "force-standards/FS-RECORDED"])
def test_a_duty_is_counted_by_the_week_and_between_any_days(
    run: Run, obligations: duckdb.DuckDBPyConnection, measure: str
) -> None:
    with opened(run, run.as_of) as at:
        for by in BREAKDOWNS:
            assert_alike(at, obligations, MEASURES[measure], Question(by, "week"))
            assert_alike(at, obligations, MEASURES[measure], Question(by, "month", date(2025, 10, 9), date(2026, 2, 3)))


@pytest.mark.parametrize(
    "question", [Question(period="week"), Question(since=date(2026, 1, 2)), Question(until=date(2026, 1, 30))]
)
def test_who_had_all_kept_is_not_counted_by_less_than_a_month(run: Run, question: Question) -> None:
    with opened(run, run.as_of) as at, pytest.raises(MeasureError, match="counted by the month"):
        at_counts(at, MEASURES["whole-code"], question)


@pytest.mark.parametrize("later", LATER, ids=["as of", "later"])
def test_the_sql_of_a_measure_says_what_is_counted(run: Run, later: timedelta) -> None:
    clock = run.as_of + later
    with opened(run, clock) as at, run.obligations(clock) as connection:
        connection.execute("CREATE TEMP TABLE worked_out AS FROM obligations")  # once, not for each measure
        connection.execute("CREATE OR REPLACE TEMP VIEW obligations AS FROM worked_out")
        for measure in (*OBLIGATIONS, MEASURES["audit-2021"]):
            found = connection.execute(counts.query_of(measure))
            said = dict(zip([column[0] for column in found.description or ()], found.fetchall()[0], strict=True))
            (counted,) = at_counts(at, measure, Question())
            assert {name: counted.counts[name] for name in said} == said, measure.id


@pytest.mark.parametrize("later", LATER, ids=["as of", "later"])
def test_obligations_that_are_alike_are_all_the_run_holds(run: Run, later: timedelta) -> None:
    clock, since = run.as_of + later, date(2025, 10, 9)
    question = Question(("duty", "team"), "month", since)
    with opened(run, clock) as at, run.obligations(clock) as connection:
        connection.execute("SET TimeZone = 'Europe/London'")
        duties = duties_in(at.members.owed.names["measure"])
        table = grouped(at.members.owed, duties, question)
        found = at.connection.sql("""
            SELECT duty, team, period, state, answered, entered_by_due, repeats, sum(times)::BIGINT FROM "table"
            GROUP BY ALL ORDER BY ALL""").fetchall()
        wanted = connection.execute(
            f"""
            SELECT s.edition || '/' || s.duty, h.team, date_trunc('month', s.judged::DATE)::DATE, s.state, CASE
                WHEN NOT coalesce(s.answered_at > s.clock_at AND s.due > s.clock_at, false) THEN NULL
                WHEN s.answered_at <= s.due THEN
                    CASE WHEN s.due - s.answered_at <= (s.due - s.clock_at) / 12 THEN 'in the last twelfth'
                        ELSE 'early' END
                WHEN s.answered_at - s.due <= (s.due - s.clock_at) / 12 THEN 'in as much time after'
                ELSE 'later' END, s.entered_by_due = 1, s.repeats, count(*)
            FROM stated s JOIN subjects w ON w.subject = s.subject AND w.entered <= getvariable('as_of')
                AND coalesce(w.withdrawn > getvariable('as_of'), true)
            LEFT JOIN held h ON h.investigation = w.investigation AND h.place = s.posting
            WHERE s.part = '' AND s.judged <= getvariable('clock') AND s.judged::DATE >= DATE '{since}'
            GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
        assert table.num_rows >= len(found)
    assert found == wanted
    assert len({row[4] for row in found}) == 5


@pytest.mark.parametrize("later", LATER, ids=["as of", "later"])
@pytest.mark.parametrize("states", [("late", "not_done", "no_record"), ("pending",), ("met", "declined", "lapsed")])
def test_the_cases_of_a_duty_are_the_obligations_in_those_states(
    run: Run, later: timedelta, states: tuple[str, ...]
) -> None:
    measure, clock = MEASURES["force-standards/FS-CONTACT-PLAN"], run.as_of + later
    with opened(run, clock) as at, run.obligations(clock) as connection:
        found = {(one.subject, one.row, one.state) for one in cases(at, measure, Question(), states, 100_000)}
        wanted = connection.execute(
            "SELECT subject, row, state FROM obligations WHERE duty = 'FS-CONTACT-PLAN' AND part = '' "
            "AND (list_contains($states, state)) AND NOT (state = 'met' AND judged > $clock::TIMESTAMPTZ)",
            {"states": list(states), "clock": clock.isoformat()},
        ).fetchall()
    assert found == set(wanted)
    assert found or states == ("pending",)


def test_the_cases_of_a_right_are_the_months_in_which_something_was_lost(run: Run) -> None:
    with opened(run, run.as_of) as at:
        (counted,) = counts.count(at.members, MEASURES["right-6"], Question())
        found = cases(at, MEASURES["right-6"], Question(), most=100_000)
    assert len({one.subject for one in found}) == counted.counts["judged"] - counted.counts["met"]
    assert all(one.crime and one.victim for one in found)


def test_cases_are_listed_in_a_terminal_and_as_data(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(run.folder.parents[2])
    assert main(["cases", "whole-code", "--store", store, "--most", "3"]) == 0
    assert "3 cases, those judged longest ago first. There may be more: --most 6" in capsys.readouterr().out
    assert main(["cases", "whole-code", "--store", store, "--most", "3", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["cases"]) == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["outcomes"], "outcomes has no cases to list"),
        (["right-6", "--state", "gone"], "There is no state gone"),
        (["right-6", "--since", "2026-01-05"], "counted by the month"),
        (["right-6", "--only", "officer=o1"], "cannot be asked of one officer"),
        (["right-6", "--only", "area"], "names no value"),
    ],
)
def test_what_cannot_be_listed_is_refused_in_words(
    run: Run, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cases", *arguments, "--store", str(run.folder.parents[2])]) != 0
    assert says in capsys.readouterr().err
