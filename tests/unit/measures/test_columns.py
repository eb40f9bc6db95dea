"""The intervals of a table are those of its cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.errors import MeasureError
from kept.measures.statistics.clusters import Clusters, clustered, clusters_of
from kept.measures.statistics.columns import SUMS, Ends, clustered_columns, wilson_columns
from kept.measures.statistics.intervals import wilson
from kept.measures.statistics.values import Interval

VICTIMS = st.lists(st.integers(0, 5).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=12)
TABLES = st.lists(VICTIMS, max_size=8).map(
    lambda cells: [clusters_of([k for k, _ in cell], [n for _, n in cell]) for cell in cells]
)


def columns(cells: list[Clusters]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return {name: np.array([getattr(cell, name) for cell in cells], dtype=float) for name in SUMS}


def same(ends: Ends, expected: list[Interval | None]) -> None:
    found = list(zip(*(end.tolist() for end in ends), strict=True))
    assert len(found) == len(expected)
    for (low, high), interval in zip(found, expected, strict=True):
        if interval is None:
            assert (low, high) == (None, None)
        else:
            assert (low, high) == pytest.approx((interval.low, interval.high))


@given(TABLES, st.sampled_from([0.8, 0.95, 0.998]))
def test_each_cell_has_its_own_interval(cells: list[Clusters], confidence: float) -> None:
    sums = columns(cells)
    plain = wilson_columns(sums["kept"], sums["judged"], confidence)
    same(plain, [wilson(cell.kept, cell.judged, confidence) for cell in cells])
    same(clustered_columns(sums, confidence), [clustered(cell, confidence) for cell in cells])


def test_what_cannot_be_is_named_by_its_row() -> None:
    with pytest.raises(MeasureError) as raised:
        wilson_columns(np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    assert raised.value.where == "row 1"
    with pytest.raises(MeasureError):
        clustered_columns(columns([clusters_of([1], [2])]) | {"kept": np.array([np.nan])})
