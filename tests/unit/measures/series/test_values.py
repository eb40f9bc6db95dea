"""Nothing that was once said is lost by a new import, and a share is a share or none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kept.measures.series.periods import of_months
from kept.measures.series.values import Point, Series, revise, shares
from kept.measures.statistics.intervals import wilson

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
JANUARY, FEBRUARY = of_months(2026, 1, 1), of_months(2026, 2, 1)
IMPORTS = st.lists(st.dictionaries(st.integers(1, 6), st.integers(-3, 3), max_size=6), min_size=1, max_size=5)


def series(values: dict[int, float], at: datetime = FIRST, name: str = "calls") -> Series:
    points = (Point(of_months(2026, month, 1), value, None, 1, 0, at) for month, value in sorted(values.items()))
    return Series(name, "Calls", "calls", "The control room", "neither", "counts", "", tuple(points))


def imported(*imports: dict[int, float]) -> Series:
    found: Series | None = None
    for number, values in enumerate(imports):
        now = FIRST + timedelta(days=number)
        found = revise(found, series(values, now), now)
    assert found is not None
    return found


def test_a_revised_point_is_kept_with_the_moments_between_which_it_stood() -> None:
    found = imported({1: 10, 2: 20}, {1: 10, 2: 21})
    assert [(point.value, point.since) for point in found.standing] == [(10, FIRST), (21, FIRST + timedelta(days=1))]
    [old] = found.revised
    assert (old.period, old.value, old.since, old.revised_at) == (FEBRUARY, 20, FIRST, FIRST + timedelta(days=1))


def test_a_point_that_a_new_import_no_longer_has_is_revised_away() -> None:
    found = imported({1: 10, 2: 20}, {2: 20})
    assert [point.period for point in found.standing] == [FEBRUARY]
    assert [point.period for point in found.revised] == [JANUARY]


def test_a_value_that_comes_back_stands_anew() -> None:
    found = imported({1: 10}, {1: 11}, {1: 10})
    assert [point.value for point in found.standing] == [10]
    assert [point.value for point in found.revised] == [10, 11]


@given(IMPORTS)
def test_the_last_import_stands_and_every_earlier_word_is_kept(imports: list[dict[int, float]]) -> None:
    found = imported(*imports)
    assert {point.period.first.month: point.value for point in found.standing} == imports[-1]
    said = {(month, value) for values in imports for month, value in values.items()}
    assert {(point.period.first.month, point.value) for point in found.points} == said


@given(IMPORTS)
def test_the_same_again_changes_nothing(imports: list[dict[int, float]]) -> None:
    assert imported(*imports) == imported(*imports, imports[-1])


def test_what_has_no_total_or_is_no_part_of_it_has_no_share() -> None:
    parts = series({1: 5, 2: 5, 3: -1, 4: 7, 5: 0, 6: 2})
    total = series({1: 20, 2: 0, 3: 10, 4: 6, 5: 3})
    found = {period.first.month: share and share.value for period, share in shares(parts, total).items()}
    assert found == {1: 0.25, 2: None, 3: None, 4: None, 5: 0, 6: None}
    assert shares(parts, None) == dict.fromkeys(shares(parts, total))


def test_a_percentage_is_a_share_of_its_n_with_its_interval() -> None:
    points = tuple(Point(of_months(2026, month, 1), 80, n, 1, 0, FIRST) for month, n in ((1, 50), (2, None)))
    found = shares(replace(series({}), holds="percentages", points=points), None)
    share = found[JANUARY]
    assert share is not None
    assert (share.value, share.interval) == (0.8, wilson(40, 50))
    assert found[FEBRUARY] is None


def test_a_mean_is_no_share() -> None:
    assert shares(replace(series({1: 3.3}), holds="numbers"), None) == {JANUARY: None}


def test_a_series_of_no_points_has_no_shares() -> None:
    assert shares(series({}), series({1: 5})) == {}


@given(st.integers(-5, 20), st.integers(-5, 20))
def test_a_share_lies_within_its_interval(part: int, whole: int) -> None:
    [share] = shares(series({1: part}), series({1: whole})).values()
    assert (share is not None) == (whole > 0 and 0 <= part <= whole)
    assert share is None or 0 <= share.interval.low <= share.value <= share.interval.high <= 1
