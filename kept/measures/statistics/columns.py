"""The intervals of `intervals` and `clusters` for all the cells of a table at once.

A table of 100,000 cells has its intervals in milliseconds. Columns are numpy arrays of one length, a row a cell; what
comes back is masked (null, in a table) where nothing was judged. Formulas and sources: see the functions for one cell,
with which these agree in every cell.
"""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from kept.errors import MeasureError
from kept.measures.statistics.clusters import Clusters
from kept.measures.statistics.values import CONFIDENCE, normal_quantile

Column = NDArray[np.float64]
Ends = tuple[
    "np.ma.MaskedArray[tuple[int], np.dtype[np.float64]]", "np.ma.MaskedArray[tuple[int], np.dtype[np.float64]]"
]
"""Low and high, each 0 to 1."""

SUMS = tuple(field.name for field in fields(Clusters))


def wilson_columns(part: Column, whole: Column, confidence: float = CONFIDENCE) -> Ends:
    """Return the low and the high of Wilson's interval of each part / whole.

    Raises MeasureError where a part is below zero or more than its whole.
    """
    _require_parts(part, whole)
    return _ends(part, whole, np.asarray(whole, dtype=float), confidence)


def clustered_columns(sums: Mapping[str, Column], confidence: float = CONFIDENCE) -> Ends:
    """Return the low and the high of the clustered interval of each row of sums, one column for each field of Clusters.

    Raises MeasureError where more is kept than judged, or a row has judged obligations and no victims.
    """
    victims, kept, judged, kept_squared, kept_judged, judged_squared = (
        np.asarray(sums[name], dtype=float) for name in SUMS
    )
    _require_parts(kept, judged)
    _require_parts(victims, judged)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = kept / judged
        squares = kept_squared - 2 * rate * kept_judged + rate**2 * judged_squared
        variance = victims / (victims - 1) * squares / judged**2
        effect = np.maximum(1.0, variance * (judged - 1) / (rate * (1 - rate)))
        worth = np.maximum(1.0, judged / effect * _few_victims(victims, judged, confidence))
        alike = (victims == 1) | (kept == 0) | (kept == judged)
        return _ends(kept, judged, np.where(alike, judged**2 / judged_squared, worth), confidence)


def _ends(part: Column, whole: Column, effective_n: Column, confidence: float) -> Ends:
    z = normal_quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, spread = np.asarray(part) / np.asarray(whole), z * z / effective_n
        centre = (share + spread / 2) / (1 + spread)
        half = z * np.sqrt(share * (1 - share) / effective_n + spread / effective_n / 4) / (1 + spread)
    nothing = np.asarray(whole) == 0
    low, high = np.maximum(0.0, np.minimum(share, centre - half)), np.minimum(1.0, np.maximum(share, centre + half))
    return np.ma.MaskedArray(low, nothing), np.ma.MaskedArray(high, nothing)


def _few_victims(victims: Column, judged: Column, confidence: float) -> Column:
    ratios = _quantile_of_t(judged - 1, confidence) / _quantile_of_t(victims - 1, confidence)
    return np.where(victims == judged, 1.0, ratios**2)


def _quantile_of_t(freedom: Column, confidence: float) -> Column:
    """Each worked out once: a table of many cells has few different sizes."""
    different, place = np.unique(freedom, return_inverse=True)
    quantiles: Column = np.asarray(stdtrit(np.maximum(different, 1), (1 + confidence) / 2))
    return quantiles[place]


def _require_parts(part: Column, whole: Column) -> None:
    right = (np.asarray(part) >= 0) & (np.asarray(part) <= np.asarray(whole))
    if not right.all():
        row = int(np.argmin(right))
        raise MeasureError(
            f"{part[row]:,.12g} of {whole[row]:,.12g} cannot be.",
            where=f"row {row}",
            why="a part is a number of zero or more, and no more than the whole",
            what_to_do="look at the query or the file that counted",
        )
