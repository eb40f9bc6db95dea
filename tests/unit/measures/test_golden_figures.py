"""Figures of the board papers, exactly, from case-level data made to their counts."""

from collections.abc import Iterator

import duckdb
import pytest

from kept.code import loader
from kept.measures.answers import answer
from kept.measures.catalogue import shipped
from kept.measures.counts import of_views, query_of
from kept.measures.figures import Figure, figures
from kept.measures.groups import Counted
from kept.measures.kinds import BANDS, counting
from kept.measures.made import all_measures
from kept.measures.members.reading import Members
from kept.measures.printed import row
from kept.measures.question import Question

THEMES = {
    "rape": (694, 1_275, 54.4),
    "other sexual offences": (587, 1_399, 42.0),
    "stalking and harassment": (5_613, 13_448, 41.7),
    "domestic abuse": (12_338, 17_478, 70.6),
}
"""Outcome 16 of how many crimes, in per cent: row 59 of the papers."""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("SET TimeZone = 'Europe/London'")
        made.execute("SET VARIABLE clock = TIMESTAMPTZ '2026-04-28 12:00:00+01:00'")
        yield made


def asked(connection: duckdb.DuckDBPyConnection, measure: str) -> list[Figure]:
    one = shipped()[measure]
    return figures(one, of_views(Members(connection), one, Question()))


def test_outcome_16_by_themes_that_overlap(connection: duckdb.DuckDBPyConnection) -> None:
    """Half of the sexual offences and 4,000 of the stalking are domestic abuse too, so that a crime counts twice."""
    connection.execute("CREATE TABLE crimes (offence VARCHAR, domestic_abuse BOOLEAN, outcome VARCHAR)")
    abuse = {"16": 12_338, "18": 17_478 - 12_338}
    for offence, theme in (
        ("rape", "rape"),
        ("other_sexual", "other sexual offences"),
        ("stalking_and_harassment", "stalking and harassment"),
    ):
        of_16, of_all, _ = THEMES[theme]
        for outcome, number in (("16", of_16), ("18", of_all - of_16)):
            both = number // 2 if offence != "stalking_and_harassment" else min(number, 2_000)
            abuse[outcome] -= both
            connection.execute(
                "INSERT INTO crimes SELECT $1, i < $2, $3 FROM range($4) t(i)", [offence, both, outcome, number]
            )
    for outcome, number in abuse.items():
        connection.execute(
            "INSERT INTO crimes SELECT 'violence_with_injury', true, $1 FROM range($2)", [outcome, number]
        )
    connection.execute("INSERT INTO crimes SELECT 'rape', true, NULL FROM range(99)")  # no outcome yet: not counted
    found = {one.values[-1]: one for one in asked(connection, "outcome-16-by-theme")}
    for theme, (of_16, of_all, percent) in THEMES.items():
        figure = found[theme]
        assert (figure.more["counted"], figure.n) == (of_16, of_all)
        assert figure.value is not None
        assert round(100 * figure.value, 1) == percent


def test_contact_outstanding_in_bands_that_are_never_shown_in_part(connection: duckdb.DuckDBPyConnection) -> None:
    """Row 53: 235 of about 30,000 open investigations outstanding by 1 to 7 days, and what that leaves out."""
    made = {"due today": (0, 40), "1–7 days": (5, 235), "8–14 days": (9, 61), "15–28 days": (20, 17)}
    connection.execute("CREATE TABLE investigations (open BOOLEAN, contact_due_at TIMESTAMPTZ, clock TIMESTAMPTZ)")
    clock = "getvariable('clock')"
    for days, number in [*made.values(), (400, 8), (-3, 900), (-40, 28_739)]:
        connection.execute(
            f"INSERT INTO investigations SELECT true, {clock} - to_days({days}::INTEGER), {clock} FROM range({number})"
        )
    connection.execute(f"INSERT INTO investigations SELECT false, {clock} - to_days(4), {clock} FROM range(77)")
    (figure,) = asked(connection, "contact-overdue")
    assert {band: figure.more[band] for band in BANDS} == {
        **{name: number for name, (_, number) in made.items()},
        "29 and more days": 8,
    }
    assert figure.value == sum(number for _, number in made.values()) + 8
    (soon,) = asked(connection, "contact-due-soon")
    assert soon.value == 900


def test_a_share_of_nobody_is_said_in_words(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE crimes (outcome VARCHAR, outcome_reason VARCHAR)")
    (figure,) = asked(connection, "outcome-16")
    assert (figure.n, figure.value, figure.interval) == (0, None, None)
    assert figure.words == "There is nobody to count."
    assert asked(connection, "outcomes") == []


def test_no_rate_is_printed_of_too_few(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE crimes AS SELECT '14' AS outcome, 'reprisal' AS outcome_reason FROM range(99)")
    (figure,) = asked(connection, "outcome-reasons")
    assert figure.value is None
    assert figure.words == "Not yet large enough: 99, and no rate is printed below 100."
    connection.execute("INSERT INTO crimes VALUES ('14', 'personal')")
    assert [one.value for one in asked(connection, "outcome-reasons")] == [0.01, 0.99]


def test_what_is_unknown_is_neither_yes_nor_no(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE victims (digital BOOLEAN, recorded_at TIMESTAMP DEFAULT now())")
    connection.execute("INSERT INTO victims (digital) VALUES (true), (true), (false), (NULL)")
    (figure,) = asked(connection, "no-digital-channel")
    assert (figure.n, figure.more["counted"], figure.more["unknown"]) == (3, 1, 1)
    assert (figure.more["at_least"], figure.more["at_most"]) == (0.25, 0.5)
    connection.execute("DELETE FROM victims WHERE digital IS NOT NULL")
    (figure,) = asked(connection, "no-digital-channel")
    assert (figure.value, figure.words) == (None, "Of nobody is it known.")


def test_who_is_not_there_yet_is_counted_as_waiting_and_within_is_of_all_whose_time_has_run_out(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Of ten allocated: two reached in time, one late, one only before; five wait, one of them not a week yet."""
    clock = "getvariable('clock')"
    gaps = "to_days(2), to_days(5), to_days(9), -to_days(1), NULL, NULL, NULL, NULL"
    connection.execute(
        f"CREATE TABLE victims AS SELECT {clock} AS clock, since AS allocated_at, since + gap AS contacted_at "
        f"FROM (SELECT {clock} - to_days(30) AS since, unnest([{gaps}]) AS gap)"
    )
    connection.execute(f"INSERT INTO victims VALUES ({clock}, {clock} - to_days(3), NULL), ({clock}, NULL, NULL)")
    (figure,) = asked(connection, "allocate-to-contact")
    assert (figure.n, figure.more["waiting"], figure.more["before"]) == (8, 5, 1)
    assert figure.more["within"] == 2 / 7
    assert (figure.value, figure.words) == (None, "No median yet: of 8, half or more are still waiting.")
    assert (figure.more["p10"], figure.more["p25"], figure.more["p90"]) == (2, 5, None)
    assert row(shipped()["allocate-to-contact"], figure, Question())[4] == "5.0"
    assert row(shipped()["allocate-to-contact"], figure, Question())[6] == "not yet"


def test_a_median_counts_those_who_wait_with_what_they_have_waited(connection: duckdb.DuckDBPyConnection) -> None:
    """Of nine reached after 1 to 9 days the median is 5; with three more who have waited 30 days it is 6.5."""
    clock = "getvariable('clock')"
    connection.execute(
        f"CREATE TABLE victims AS SELECT {clock} AS clock, {clock} - to_days(30) AS allocated_at, "
        f"{clock} - to_days(30) + to_days(i::INTEGER) AS contacted_at FROM range(1, 10) t(i)"
    )
    (without,) = asked(connection, "allocate-to-contact")
    connection.execute(f"INSERT INTO victims SELECT {clock}, {clock} - to_days(30), NULL FROM range(3)")
    (figure,) = asked(connection, "allocate-to-contact")
    assert (without.value, figure.value, figure.n) == (5, 6.5, 12)


def test_the_figure_of_a_matrix_is_of_those_to_whom_the_facts_give_the_status(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("CREATE TABLE victims (enhanced BOOLEAN, enhanced_gate BOOLEAN)")
    connection.execute("INSERT INTO victims SELECT true, true FROM range(3)")
    connection.execute("INSERT INTO victims VALUES (false, true), (true, false), (true, NULL)")
    connection.execute("INSERT INTO victims SELECT false, false FROM range(90)")
    (figure,) = asked(connection, "enhanced-computed-against-recorded")
    assert (figure.n, figure.value) == (4, 0.75)
    assert [figure.more[name] for name in ("both", "first_only", "second_only", "neither", "unknown")] == [
        3,
        1,
        1,
        90,
        1,
    ]


def test_both_readings_of_the_audit_of_2021_are_of_the_same_victims(connection: duckdb.DuckDBPyConnection) -> None:
    """Row 61: of 1,000 victims 720 have all six; 180 lack only that they were told of the Code, 60 of them by silence.

    Of 40 others nothing is on record, and 60 lost another. To ten more nothing was owed but what is not judged yet.
    """
    audit = all_measures(loader.rulebook(loader.DEFAULT_RULEBOOK))["audit-2021"]
    connection.execute("""
        CREATE TABLE obligations (subject INTEGER, edition VARCHAR, duty VARCHAR, part VARCHAR, state VARCHAR,
            at_best BOOLEAN, judged TIMESTAMPTZ)""")
    confirmed, told = "force-standards/FS-CONFIRMATION", "code-2020/R3-3:R3-3a"
    clock = "getvariable('clock')"

    def add(first: int, last: int, measure: str, state: str) -> None:
        duty, _, part = measure.partition(":")
        row = [first, last, *duty.split("/"), part, state, state in ("met", "no_record"), state == "pending"]
        connection.execute(
            f"""INSERT INTO obligations
            SELECT i, $3, $4, $5, $6, $7, {clock} + CASE WHEN $8 THEN 1 ELSE -1 END * INTERVAL 1 DAY
            FROM range($1, $2) t(i)""",
            row,
        )

    def found() -> list[Figure]:
        names, rows = list(counting(audit).of_group), connection.execute(query_of(audit)).fetchall()
        return figures(audit, [Counted((), None, dict(zip(names, rows[0], strict=True)))])

    add(0, 900, confirmed, "met")
    add(900, 940, confirmed, "no_record")
    add(940, 1_000, confirmed, "late")
    add(0, 720, told, "met")
    add(720, 840, told, "not_done")
    add(840, 900, told, "no_record")
    add(900, 1_000, told, "met")
    add(2_000, 2_010, confirmed, "pending")
    add(3_000, 3_010, "force-standards/another", "met")
    listed, included = found()
    assert (listed.values, included.values) == (("all 6 listed",), ("5, without told of the Code",))
    assert (listed.n, listed.value, listed.at_best) == (1_000, 0.72, 0.82)
    assert (included.n, included.value, included.at_best) == (1_000, 0.9, 0.94)
    said = answer(audit, Question(), [listed, included])
    assert said.columns[0] == "reading"
    assert said.words[0].startswith("all 6 listed: acknowledged; updated in time;")
    assert "told of the Code;" not in said.words[1]
    connection.execute("DELETE FROM obligations WHERE state <> 'pending'")
    for nobody in found():
        assert (nobody.n, nobody.value, nobody.words) == (0, None, "Nothing was judged.")


def test_a_month_in_which_nothing_was_asked_for_counts_as_none(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE reviews (requested_at TIMESTAMPTZ, clock TIMESTAMPTZ)")
    for month in ("2025-11", "2026-02"):
        connection.execute("INSERT INTO reviews VALUES ($1::TIMESTAMPTZ, getvariable('clock'))", [f"{month}-07"])
    one = shipped()["reviews-a-month"]
    found = figures(one, of_views(Members(connection), one, Question(period="month")))
    assert [(str(figure.period), figure.value) for figure in found] == [
        ("2025-11-01", 1),
        ("2025-12-01", 0),
        ("2026-01-01", 0),
        ("2026-02-01", 1),
    ]
