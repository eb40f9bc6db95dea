"""Funnel plots: which areas differ from all together by more than chance, and never which is first.

    chart = funnel([Area("North", 80, 100), …])
    chart.places             # each area: within, alert (outside 95 %) or alarm (outside 99.8 %), high or low
    chart.limits_at(250)     # the lines, at any size
    sentence(chart)

Of twenty areas that are alike, one lies outside 95 % by chance; of five hundred, one outside 99.8 %. The centre is that
of all areas together, so that an area with most of the cases can hardly lie outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kept.measures.statistics.funnel_limits import SHARES, FunnelLimits, Scale, widened
from kept.measures.statistics.values import require_counts, require_part

LEAST_AREAS = 10
"""Below this many areas it is not estimated how much they differ: two that differ would make it their own excuse."""

WINSORISED = 0.1
"""The share of areas at each end whose scores are pulled in before that estimate, so that outliers do not hide
themselves. Source: Spiegelhalter (2005), on over-dispersion."""

Standing = Literal["within", "alert", "alarm", "no cases", "no limits"]


@dataclass(frozen=True, slots=True)
class Area:
    """An area or a team: `counted` of `size` (cases of which it is a share, or what was expected).

    `effect` is the design effect of its cases: how many times less they are worth since one victim has several.
    """

    name: str
    counted: float
    size: float
    effect: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an area stands: its value (None without cases), its standing, 1 high or -1 low or 0, and its limits."""

    area: Area
    value: float | None
    standing: Standing
    side: int
    limits: FunnelLimits | None


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much areas differ beyond chance: φ is 1 by chance alone, τ² the variance between them on the scale."""

    phi: float
    between: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """The areas in the order given; `centre` is None, and there are no limits, where fewer than two have cases.

    `dispersion` is None where too few areas have cases to estimate it; limits are then those of chance alone. `effect`
    is the design effect that they allow for: 1 where nobody counts several times.
    """

    places: tuple[Place, ...]
    centre: float | None
    dispersion: Dispersion | None
    scale: Scale
    effect: float = 1.0

    def limits_at(self, size: float) -> FunnelLimits | None:
        """The lines at a size above 0; None where there are no limits."""
        return None if self.centre is None else _limits(self.scale, self.centre, size, self.dispersion, self.effect)


def funnel(areas: Sequence[Area], scale: Scale = SHARES, centre: float | None = None) -> Funnel:
    """Return where each area stands about the centre: that of all together, unless one is given (1 for `RATIOS`).

    All areas have one design effect, the mean of theirs by size: that of a small area alone is mostly chance, and one
    line at a size could not be drawn for several.

    Raises MeasureError for counts below zero, and for shares where an area has more counted than cases.
    """
    for area in areas:
        _require_area(area, scale)
    with_cases = [area for area in areas if area.size]
    if len(with_cases) < 2:
        return Funnel(tuple(_without_limits(area) for area in areas), None, None, scale)
    together = sum(area.counted for area in with_cases) / sum(area.size for area in with_cases)
    middle = together if centre is None else centre
    effect = max(1.0, sum(area.effect * area.size for area in with_cases) / sum(area.size for area in with_cases))
    spread = dispersion(with_cases, middle, scale, effect)
    places = tuple(_place(area, scale, middle, spread, effect) for area in areas)
    return Funnel(places, middle, spread, scale, effect)


def dispersion(areas: Sequence[Area], centre: float, scale: Scale = SHARES, effect: float = 1.0) -> Dispersion | None:
    """Return by how much areas with cases differ beyond chance; None where they are fewer than ten.

    Scores z on the scale, those beyond the 10th and 90th percentile set to it; φ = Σz² / I over I areas; with w = 4n,
    n being the size over the design effect, τ² = (Iφ - (I-1)) / (Σw - Σw² / Σw), 0 where that is below 0.
    Source: Spiegelhalter (2005), Stat. Med. 24:1185; DerSimonian and Laird (1986), Control. Clin. Trials 7:177.
    """
    if len(areas) < LEAST_AREAS:
        return None
    scores = np.array([scale.score(area.counted / area.size, centre, area.size / effect) for area in areas])
    pulled = np.clip(scores, *np.quantile(scores, [WINSORISED, 1 - WINSORISED]))
    phi, weights = float(np.mean(pulled**2)), 4 * np.array([area.size / effect for area in areas])
    excess = len(areas) * phi - (len(areas) - 1)
    return Dispersion(phi, max(0.0, excess / float(weights.sum() - (weights**2).sum() / weights.sum())))


def sentence(chart: Funnel, areas: str = "areas") -> str:
    """Return what the funnel shows: which areas lie outside which lines, and what the limits take into account."""
    if chart.centre is None:
        return f"No limits: fewer than two {areas} have cases, so that there is nothing to compare."
    outside = [place for place in chart.places if place.standing in ("alert", "alarm")]
    judged = sum(place.limits is not None for place in chart.places)
    return f"{_seen(outside, judged, areas)} {basis(chart, areas)}"


def basis(chart: Funnel, areas: str = "areas") -> str:
    """Return what the limits take into account: chance, how much areas differ, victims who count several times."""
    if chart.centre is None:
        return ""
    alike = " They allow for victims who count several times." if chart.effect > 1 else ""
    return _dispersed(chart.dispersion, areas) + alike


def _seen(outside: Sequence[Place], judged: int, areas: str) -> str:
    if not outside:
        return f"No signal: none of {judged} {areas} differs by more than chance from all together."
    worst = sorted(outside, key=lambda place: place.standing == "alert")  # by how sure, in the order given
    named = "; ".join(f"{place.area.name} {_SAYS[place.standing, place.side]}" for place in worst)
    return f"{len(outside)} of {judged} {areas} outside the limits: {named}."


_SAYS: dict[tuple[Standing, int], str] = {
    ("alarm", 1): "above the 99.8 % limit",
    ("alarm", -1): "below the 99.8 % limit",
    ("alert", 1): "above the 95 % limit",
    ("alert", -1): "below the 95 % limit",
}


def _dispersed(spread: Dispersion | None, areas: str) -> str:
    if spread is None:
        return (
            f"The limits are those of chance alone: fewer than {LEAST_AREAS} {areas} do not show how much they differ."
        )
    if spread.between:
        return f"The limits allow for {areas} that differ beyond chance (dispersion {spread.phi:.1f}, by chance 1)."
    return f"The limits are those of chance alone, beyond which {areas} do not differ."


def _place(area: Area, scale: Scale, centre: float, spread: Dispersion | None, effect: float) -> Place:
    if not area.size:
        return Place(area, None, "no cases", 0, None)
    value, limits = area.counted / area.size, _limits(scale, centre, area.size, spread, effect)
    if value not in limits.alarm:
        return Place(area, value, "alarm", 1 if value > centre else -1, limits)
    if value not in limits.alert:
        return Place(area, value, "alert", 1 if value > centre else -1, limits)
    return Place(area, value, "within", 0, limits)


def _limits(scale: Scale, centre: float, size: float, spread: Dispersion | None, effect: float) -> FunnelLimits:
    return widened(scale, centre, size, spread.between if spread else 0.0, effect)


def _without_limits(area: Area) -> Place:
    if not area.size:
        return Place(area, None, "no cases", 0, None)
    return Place(area, area.counted / area.size, "no limits", 0, None)


def _require_area(area: Area, scale: Scale) -> None:
    if scale.of_a_whole:
        require_part(area.counted, area.size)
    require_counts([(area.name, area.counted), (area.name, area.size)])
