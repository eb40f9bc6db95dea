"""Tables for readers, filled from protected counts: rates only where both of their counts are printed."""

import pytest

from kept.errors import MeasureError
from kept.release.cells import RANGE, TOTAL, Place
from kept.release.disclosure import protect
from kept.release.filling import RANGE_RATES, Filling, filled
from kept.release.markers import NotApplicable, Suppressed
from kept.release.policy import Policy
from tests.unit.release.by_hand import AREA, SEX, table

POLICY = Policy("Westshire Police", "Publication scheme 2025, section 4")
TOLD = Filling(
    "Told of an arrest",
    "victims",
    across="kept",
    headings={"met": "Told in time", "at best": "Told in time at best", TOTAL: "Judged"},
    rates=RANGE_RATES,
)
COUNTS: dict[Place, int] = {
    ("North", "met"): 60, ("North", "silent"): 20, ("North", "missed"): 20,
    ("South", "met"): 40, ("South", "silent"): 3, ("South", "missed"): 57,
}  # fmt: skip


def test_each_row_has_its_counts_and_both_ends_of_its_rate() -> None:
    of = table({**COUNTS, ("South", "silent"): 30}, AREA, RANGE)
    made = filled(protect([of], POLICY), of, TOLD)
    assert [column.name for column in made.columns] == [
        "area", "Told in time", "Told in time at best", "Judged", "Evidenced", "At best",
    ]  # fmt: skip
    assert made.rows[0] == ("North", 60, 80, 100, 60.0, 80.0)
    assert [row[0] for row in made.rows] == ["North", "South", TOTAL]
    assert made.columns[4].made_of == ("Told in time", "Judged")


def test_a_rate_goes_with_its_counts() -> None:
    of = table(COUNTS, AREA, RANGE)
    made = filled(protect([of], POLICY), of, TOLD)
    for _, met, best, judged, evidenced, at_best in made.rows:
        assert (evidenced == Suppressed()) == (Suppressed() in (met, judged))
        assert (at_best == Suppressed()) == (Suppressed() in (best, judged))
    assert any(Suppressed() in row for row in made.rows)


def test_a_share_of_nobody_is_not_applicable() -> None:
    of = table({("North", "met"): 60, ("North", "missed"): 40}, AREA, RANGE)
    made = filled(protect([of], POLICY), of, TOLD)
    assert made.rows[1] == ("South", 0, 0, 0, NotApplicable(), NotApplicable())


def test_without_a_breakdown_across_there_is_one_column_of_counts() -> None:
    of = table({("North", "male"): 30}, AREA, SEX)
    made = filled(protect([of], POLICY), of, Filling("Victims", "victims", headings={TOTAL: "Victims"}))
    assert [column.name for column in made.columns] == ["area", "sex", "Victims"]
    assert made.rows[1] == ("North", "male", 30)
    assert len(made.rows) == 9


def test_what_is_not_in_the_table_is_refused() -> None:
    of = table(COUNTS, AREA, RANGE)
    protected = protect([of], POLICY)
    with pytest.raises(MeasureError, match='no breakdown "sex"'):
        filled(protected, of, Filling("Victims", "victims", across="sex"))
    with pytest.raises(MeasureError, match='No figure of "missed"'):
        filled(protected, of, Filling("Victims", "victims", across="kept", rates={"Missed": ("missed", TOTAL)}))
