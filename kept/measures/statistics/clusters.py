"""Intervals of a rate of obligations where one victim has several, which are alike.

Ten obligations of one victim say less than ten of ten victims. Six numbers hold what the interval needs, and they add
up, so that an aggregate can hold them for each cell and a sum over cells is as good as the cases themselves, so long
as no victim stands in two of the cells. A victim who does counts there as two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from kept.errors import MeasureError
from kept.measures.statistics.intervals import wilson_of
from kept.measures.statistics.values import (
    CONFIDENCE,
    Counts,
    Estimate,
    Interval,
    normal_quantile,
    require_counts,
    require_part,
)


@dataclass(frozen=True, slots=True)
class Clusters:
    """Sums over victims, of whom each had n judged obligations and k of them kept.

    victims          Σ1, those with at least one judged
    kept, judged     Σk, Σn
    kept_squared     Σk²
    kept_judged      Σkn
    judged_squared   Σn²

    Raises MeasureError for sums that no victims can have.
    """

    victims: int = 0
    kept: int = 0
    judged: int = 0
    kept_squared: int = 0
    kept_judged: int = 0
    judged_squared: int = 0

    def __post_init__(self) -> None:
        require_counts((name, getattr(self, name)) for name in self.__slots__)
        require_part(self.kept, self.judged)
        if not _can_be(self):
            raise MeasureError(
                f"No victims can have these sums: {self}.",
                why="each of them has at least one judged obligation, and none has more kept than judged",
                what_to_do="sum k, n, k², kn and n² over victims, not over obligations",
            )

    def __add__(self, other: "Clusters") -> "Clusters":
        return Clusters(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def counts(self) -> Counts:
        """How many obligations were kept of how many judged."""
        return Counts(self.kept, self.judged)


def together(several: Iterable[Clusters]) -> Clusters:
    """All of them; sums of nothing where there are none."""
    return sum(several, Clusters())


def one_each(kept: int, judged: int) -> Clusters:
    """The sums where every victim has one obligation, or where what is counted are victims themselves."""
    return Clusters(judged, kept, judged, kept, kept, judged)


def clusters_of(kept: Sequence[int], judged: Sequence[int]) -> Clusters:
    """Return the sums over victims of how many were kept and how many judged, one number a victim.

    Victims with nothing judged are left out. Raises MeasureError where the two differ in length, or a victim has more
    kept than judged.
    """
    if len(kept) != len(judged):
        raise MeasureError(f"{len(kept)} counts of kept, and {len(judged)} of judged.", why="each victim needs both")
    for k, n in zip(kept, judged, strict=True):
        require_part(k, n)
    pairs = [(k, n) for k, n in zip(kept, judged, strict=True) if n]
    squares = ((k, n, k * k, k * n, n * n) for k, n in pairs)
    return Clusters(len(pairs), *(sum(column) for column in zip(*squares, strict=True)))


def design_effect(clusters: Clusters) -> float | None:
    """Return how many times the variance is that of as many independent obligations: 1 or more; None of nothing.

    The rate p = Σk/Σn is a ratio, with variance v = m/(m-1) · Σ(k - pn)² / (Σn)² over m victims; as many independent
    obligations would have p(1-p)/(Σn-1). Their quotient is the design effect, exactly 1 where every victim has one.
    Below 1 it is chance more often than not, and is taken as 1, so that no interval is narrower than the plain one.
    Where one victim has all, or none or all was kept, nothing shows how alike a victim's obligations are; they are
    then taken as wholly alike, which gives Σn²/Σn.
    Source: Cochran (1977), Sampling Techniques, §§2.11, 3.12; Kish (1965), Survey Sampling, §§5.4, 8.2.
    """
    found = estimated_effect(clusters)
    return None if found is None else max(1.0, found)


def estimated_effect(clusters: Clusters) -> float | None:
    """Return the design effect as estimated, which chance may put below 1: for sums of several; None of nothing."""
    if not clusters.judged:
        return None
    rate = clusters.kept / clusters.judged
    if clusters.victims == 1 or rate in (0, 1):
        return clusters.judged_squared / clusters.judged
    squares = clusters.kept_squared - 2 * rate * clusters.kept_judged + rate**2 * clusters.judged_squared
    variance = clusters.victims / (clusters.victims - 1) * squares / clusters.judged**2
    return variance * (clusters.judged - 1) / (rate * (1 - rate))


def effective_n(clusters: Clusters, confidence: float = CONFIDENCE) -> float | None:
    """Return how many independent obligations these are worth: 1 to Σn; None of nothing.

    Σn over the design effect, times (t_{Σn-1} / t_{m-1})², because few victims say little about how much victims
    differ. The second factor is 1 where every victim has one.
    Source: Korn and Graubard (1998), Survey Methodology 24:193; Dean and Pagano (2015), J. Surv. Stat. Methodol. 3:484.
    """
    effect = design_effect(clusters)
    if effect is None:
        return None
    worth = clusters.judged / effect
    if clusters.kept in (0, clusters.judged):
        return worth
    return max(1.0, worth * few_victims(clusters, confidence))


def clustered(clusters: Clusters, confidence: float = CONFIDENCE) -> Interval | None:
    """Return Wilson's interval of the rate Σk/Σn on the effective n; None where nothing was judged.

    Equal to `wilson(kept, judged)` where every victim has one obligation, and never narrower.
    Source: Dean and Pagano (2015), J. Surv. Stat. Methodol. 3:484, the modified Wilson interval.
    """
    worth = effective_n(clusters, confidence)
    return wilson_of(clusters.kept / clusters.judged, worth, confidence) if worth is not None else None


def clustered_share(clusters: Clusters, confidence: float = CONFIDENCE) -> Estimate | None:
    """Return the rate with its clustered interval; None where nothing was judged."""
    interval = clustered(clusters, confidence)
    return Estimate(clusters.kept / clusters.judged, interval) if interval else None


def few_victims(clusters: Clusters, confidence: float) -> float:
    """Return by how much less few victims count, 0 to 1: (t_{Σn-1} / t_{m-1})², 1 where each, or only one, has any."""
    normal_quantile(confidence)  # refuses what is no confidence
    if clusters.victims in (1, clusters.judged):
        return 1.0
    tail = (1 + confidence) / 2
    many, few = stdtrit(clusters.judged - 1, tail), stdtrit(clusters.victims - 1, tail)
    return float(many / few) ** 2


def _can_be(sums: Clusters) -> bool:
    in_order = sums.kept_squared <= sums.kept_judged <= sums.judged_squared
    fit = sums.victims <= sums.judged <= sums.judged_squared <= sums.judged**2
    return in_order and fit and sums.kept <= sums.kept_squared
