"""Outcomes as the Home Office published them, as series: known figures, and nothing swallowed on the way."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept.measures.series.importing import Imported, import_file
from kept.measures.series.mapping import SeriesMapping
from kept.measures.series.stored import open_series, put_series
from kept.measures.series.values import Series, shares
from kept.records.store import Store

NOW = datetime(2026, 4, 1, tzinfo=UTC)
FILE = Path("published-stats", "ho_outcomes_2017-18_wm_region.csv.gz")
MAPPING = Path(__file__).parent / "series" / "west-midlands.yaml"


@pytest.fixture(scope="module")
def year(real_data: Path) -> Imported:
    return import_file(real_data / FILE, SeriesMapping.load(MAPPING), NOW)


@pytest.fixture(scope="module")
def quarters(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    text = MAPPING.read_text(encoding="utf-8")
    by_quarter = "period: {financial_year: financial_year, financial_quarter: financial_quarter}"
    mapping = tmp_path_factory.mktemp("mapping") / "quarters.yaml"
    mapping.write_text(text.replace("period: {financial_year: financial_year}", by_quarter), encoding="utf-8")
    return import_file(real_data / FILE, SeriesMapping.load(mapping), NOW)


def by_id(found: Imported) -> dict[str, Series]:
    return {one.id: one for one in found.series}


@pytest.mark.parametrize(
    ("outcome", "number", "share"),
    [(1, 24_256, 10.39), (14, 2_051, 0.88), (15, 19_828, 8.50), (16, 25_339, 10.86), (18, 146_908, 62.94)],
)
def test_the_published_figures_of_the_west_midlands(year: Imported, outcome: int, number: int, share: float) -> None:
    found = by_id(year)
    [whole] = found["offences"].standing
    [part] = found[f"outcome-{outcome}"].standing
    assert (whole.period.label, whole.value, part.value) == ("2017/18", 233_393, number)
    [proportion] = shares(found[f"outcome-{outcome}"], found["offences"]).values()
    assert proportion is not None
    assert round(100 * proportion.value, 2) == share


def test_every_row_is_accounted_for_counts_below_nought_and_cells_without_a_figure_too(year: Imported) -> None:
    taken = {one.figure: one for one in year.taken}
    for one in taken.values():
        assert one.rows == one.accepted + one.refused + one.outside == 13_093
        assert one.outside == 9_728
    assert (taken["offences"].accepted, taken["offences"].below_nought) == (3_365, 52)
    assert (taken["recorded"].accepted, taken["recorded"].below_nought) == (3_063, 1)
    [reason] = taken["recorded"].reasons
    assert (reason.why, reason.rows) == (
        "force_outcomes_recorded_in_quarter says “NA”: the figure is not known there.",
        302,
    )
    [recorded] = by_id(year)["recorded"].standing
    assert (recorded.value, recorded.missing) == (229_297, 302)


def test_the_outcomes_are_the_whole_and_the_quarters_are_the_year(year: Imported, quarters: Imported) -> None:
    of_year, of_quarters = by_id(year), by_id(quarters)
    outcomes = [one for name, one in of_year.items() if name.startswith("outcome-")]
    assert len(outcomes) == 21
    assert sum(one.standing[0].value for one in outcomes) == of_year["offences"].standing[0].value
    assert len(of_quarters["offences"].standing) == 4
    for name, one in of_quarters.items():
        assert sum(point.value for point in one.standing) == of_year[name].standing[0].value


def test_they_come_out_of_a_store_as_they_went_in(year: Imported, tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    put_series(store, year.series, NOW)
    assert all(open_series(store, one.id) == one for one in year.series)
