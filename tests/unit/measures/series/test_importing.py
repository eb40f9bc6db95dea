"""Rows in = accepted + refused + outside; every refusal has its reason, and what cannot be read at all says so."""

import gzip
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kept.errors import KeptError, MappingError, MeasureError, RecordsError
from kept.measures.series.importing import Imported, Taken

Import = Callable[[str | bytes, str], Imported]

HEAD = "mapping: calls\nsource: The control room\nperiod: {month: Month}\n"
COUNTS = HEAD + "series:\n  - {id: calls, title: Calls, unit: calls, holds: counts, value: Calls}\n"
SHARES = HEAD + 'series:\n  - {id: good, title: Good, unit: "%", holds: percentages, value: Good, n: Calls}\n'
EACH = COUNTS.replace("value: Calls", "value: Calls, each: Team")


def points(found: Imported) -> dict[str, list[tuple[str, float]]]:
    return {one.id: [(point.period.label, point.value) for point in one.points] for one in found.series}


def refused(found: Imported) -> dict[str, tuple[int, ...]]:
    return {one.why: one.examples for one in found.taken[0].reasons}


def holds(one: Taken) -> bool:
    return (
        one.rows
        == one.accepted + one.refused + one.outside
        == one.outside + one.accepted + sum(reason.rows for reason in one.reasons)
    )


def test_counts_of_one_period_are_summed_and_those_below_nought_are_told(bring_in: Import) -> None:
    found = bring_in("Month,Calls\n2026-01,10\n2026-01,-3\n2026-02,5\n", COUNTS)
    assert points(found) == {"calls": [("2026-01", 7), ("2026-02", 5)]}
    assert [point.rows for point in found.series[0].points] == [2, 1]
    [taken] = found.taken
    assert (taken.rows, taken.accepted, taken.refused, taken.below_nought, taken.examples) == (3, 3, 0, 1, (2,))


def test_what_is_refused_has_its_reason_and_is_missing_from_its_sum(bring_in: Import) -> None:
    found = bring_in("Month,Calls\n2026-01,10\n2026-01,NA\n2026-02,many\n2026-03,NA\nlater,4\n", COUNTS)
    assert points(found) == {"calls": [("2026-01", 10)]}
    assert found.series[0].points[0].missing == 1
    assert refused(found) == {
        "Calls says “NA”: the figure is not known there.": (2, 4),
        "Calls says “many”, which is not a number: write it as 1234 or 12.5.": (3,),
        "“later” is not a month: write it as 2026-03 or March 2026.": (5,),
    }
    assert all(map(holds, found.taken))


def test_a_percentage_of_895_is_refused_and_the_rest_is_taken(bring_in: Import) -> None:
    found = bring_in("Month,Good,Calls\n2026-01,79.8%,40\n2026-02,895,\n2026-03,81,NA\n", SHARES)
    assert points(found) == {"good": [("2026-01", 79.8), ("2026-03", 81)]}
    assert [point.n for point in found.series[0].points] == [40, None]
    [(why, rows)] = refused(found).items()
    assert "“895”: a percentage lies between 0 and 100" in why
    assert rows == (2,)


def test_two_percentages_of_one_period_contradict_each_other(bring_in: Import) -> None:
    found = bring_in("Month,Good,Calls\n2026-01,79,4\n2026-01,81,4\n2026-02,80,5\n", SHARES)
    assert points(found) == {"good": [("2026-02", 80)]}
    [(why, rows)] = refused(found).items()
    assert why == "2026-01 has several rows, which are not summed here: leave one, or narrow `where`."
    assert rows == (1, 2)
    assert all(map(holds, found.taken))


def test_counts_contradict_each_other_too_where_the_mapping_says_so(bring_in: Import) -> None:
    found = bring_in("Month,Calls\n2026-01,1\n2026-01,2\n2026-02,3\n", COUNTS.replace("value:", "sum: false, value:"))
    assert points(found) == {"calls": [("2026-02", 3)]}
    assert found.taken[0].refused == 2


def test_only_the_rows_asked_for_are_looked_at(bring_in: Import) -> None:
    mapping = HEAD + "where: {Force: [Ours, Theirs]}\n" + COUNTS.removeprefix(HEAD)
    found = bring_in("Month,Force,Calls\n2026-01,Ours,1\n2026-01, Theirs ,2\nNA,Others,NA\n", mapping)
    assert points(found) == {"calls": [("2026-01", 3)]}
    assert found.taken[0].outside == 1
    assert found.taken[0].reasons == ()


def test_each_value_of_a_column_is_a_series_of_its_own(bring_in: Import) -> None:
    found = bring_in("Month,Team,Calls\n2026-01,North East,1\n2026-01,Tŷ,2\n2026-01,north-east,4\n2026-01,,8\n", EACH)
    assert points(found) == {"calls-north-east": [("2026-01", 1)], "calls-ty": [("2026-01", 2)]}
    assert [one.title for one in found.series] == ["Calls: North East", "Calls: Tŷ"]
    assert [why.partition(":")[0] for why in refused(found)] == [
        "Team says “north-east”, which gives no id of its own",
        "Team says “”, which gives no id of its own",
    ]


def test_a_value_that_no_title_names_is_refused(bring_in: Import) -> None:
    mapping = EACH.replace("each: Team", "each: Team, titles: {1: North}")
    found = bring_in("Month,Team,Calls\n2026-01,1,1\n2026-01,2,2\n", mapping)
    assert [one.title for one in found.series] == ["North"]
    assert "Team says “2”, which `titles` does not name" in next(iter(refused(found)))


def test_a_line_that_is_no_row_is_refused_with_its_number(bring_in: Import) -> None:
    found = bring_in("Month,Calls\n2026-01,1\n2026-01,2,3\n2026-01,4\n", COUNTS)
    assert points(found) == {"calls": [("2026-01", 5)]}
    [(why, rows)] = refused(found).items()
    assert "more values than the file has columns" in why
    assert rows == (2,)
    assert all(map(holds, found.taken))


def test_another_encoding_another_delimiter_and_gzip(bring_in: Import) -> None:
    mapping = "encoding: cp1252\ndelimiter: ';'\n" + COUNTS.replace("Calls}", "Appels reçus}")
    content = "Month;Appels reçus\n2026-01;7\n".encode("cp1252")
    assert points(bring_in(gzip.compress(content), mapping)) == {"calls": [("2026-01", 7)]}


@pytest.mark.parametrize(
    ("content", "mapping", "error", "says"),
    [
        ("", COUNTS, RecordsError, "The file is empty"),
        (b"\x1f\x8b\x08 and no more", COUNTS, RecordsError, "cut short"),
        (
            "Mois,Appels reçus\n1,1\n".encode("cp1252"),
            COUNTS,
            RecordsError,
            "not utf-8 text: state the file's `encoding`",
        ),
        ("Mois,Appels\n1,1\n", "encoding: utf-16\n" + COUNTS, RecordsError, "not utf-16 text"),
        (bytes(range(256)) * 9, COUNTS, RecordsError, "cannot be read"),
        ("Month,Calls\n", COUNTS, MeasureError, "no rows"),
        ("Month,Calls\n2026-01,NA\n", COUNTS, MeasureError, "1 × Calls says “NA”"),
        ("Month,calls\n2026-01,1\n", COUNTS, MappingError, "Did you mean “calls”?"),
        ("Month;Calls\n2026-01;1\n", COUNTS, MappingError, "as its only one"),
        ("Month,Number\n2026-01,1\n", COUNTS, MappingError, "It has: Month, Number."),
        ("Month,Calls,Calls\n2026-01,1,2\n", COUNTS, MappingError, "several columns “Calls”"),
        ("Month,Calls\n2026-01,1\n", COUNTS + "where: {Month: 2026-1}\n", MappingError, "has for example: 2026-01"),
        (
            "Month,Calls\n2026-01,1\n2026-02,2\n",
            COUNTS + "where: {Month: 2026-01, Calls: 2}\n",
            MappingError,
            "No row has all",
        ),
        (
            "Month,Team,Calls\n2026-01,1,1\n",
            EACH + "  - {id: calls-1, title: One, unit: calls, holds: counts, value: Calls}\n",
            MappingError,
            "Two series would be called calls-1.",
        ),
    ],
)
def test_what_cannot_be_imported_is_a_sentence_that_says_what_to_do(
    bring_in: Import, content: str | bytes, mapping: str, error: type[KeptError], says: str
) -> None:
    with pytest.raises(error) as raised:
        bring_in(content, mapping)
    assert says in str(raised.value)
    assert "figures.csv" in str(raised.value.where)


def test_a_file_in_another_encoding_than_stated_is_refused_by_its_lines(bring_in: Import) -> None:
    with pytest.raises(MeasureError, match="state the file's `encoding`"):
        bring_in("Month,Calls\nFévrier,1\n".encode("cp1252"), COUNTS)


def test_every_missing_column_is_told(bring_in: Import) -> None:
    with pytest.raises(MappingError) as raised:
        bring_in("a,b\n1,2\n", SHARES)
    assert len(raised.value.faults) == 3


MONTHS, CALLS = st.sampled_from(["2026-01", "2026-02", "soon"]), st.sampled_from(["-1", "0", "2", "NA", "x"])


@given(st.lists(st.tuples(MONTHS, CALLS)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_rows_in_are_rows_out_and_the_accepted_are_in_the_sums(bring_in: Import, rows: list[tuple[str, str]]) -> None:
    given_rows = [("2026-03", "5"), *rows]
    found = bring_in("Month,Calls\n" + "".join(f"{month},{calls}\n" for month, calls in given_rows), COUNTS)
    taken = [int(calls) for month, calls in given_rows if month != "soon" and calls not in ("NA", "x")]
    assert all(map(holds, found.taken))
    assert found.taken[0].rows == len(given_rows)
    assert found.taken[0].accepted == len(taken)
    assert sum(value for values in points(found).values() for _, value in values) == sum(taken)
