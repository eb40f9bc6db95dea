"""Disproportionality: how a group's rate compares with a reference group's, raw and with the offence mix held alike.

    found = disparity({"violence": {"White": one_each(80, 100), …}, "theft": …}, reference="White")

A ratio of 0.9 says that of this group nine were kept for every ten of the reference. It says that there is a
difference, and never why. Those whose group is not known are in no ratio, and always in the result: where they are
many, the ratios are of those who were asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kept.errors import MeasureError
from kept.measures.statistics.clusters import Clusters, clustered_share, together
from kept.measures.statistics.ratios import Pair, RateRatio, adjusted_ratio, rate_ratio
from kept.measures.statistics.values import CONFIDENCE, Counts, Estimate
from kept.measures.units import percent

UNKNOWN = "unknown"
ALL_OTHERS = "all others"

Strata = Mapping[str, Mapping[str, Clusters]]
"""Stratum (an offence group) → group → how many kept of how many, and how much victims count several times."""


@dataclass(frozen=True, slots=True)
class GroupRatio:
    """One group against the reference.

    rate        its own rate with its clustered interval; None without cases
    raw         the ratio as it is; None where the group or the reference has no cases
    adjusted    the ratio within strata, pooled; None where no stratum has both, or nothing or all was kept there
    compared    the share of the group's cases in strata that have both, 0 to 1; None without cases
    """

    group: str
    counts: Counts
    rate: Estimate | None
    raw: RateRatio | None
    adjusted: RateRatio | None
    compared: float | None


@dataclass(frozen=True, slots=True)
class Disparity:
    """Every known group but the reference, by name; the reference; and those whose group is not known."""

    groups: tuple[GroupRatio, ...]
    reference: str
    reference_rate: Estimate | None
    unknown: Counts
    unknown_share: float | None

    @property
    def words(self) -> str:
        """What to say beside the ratios, or in place of them."""
        if self.unknown_share is None:
            return "Nothing to compare: there are no cases."
        known = "No ratios: fewer than two groups are known. " if not any(group.raw for group in self.groups) else ""
        return f"{known}The group is not known in {percent(self.unknown_share, 1)} of cases, which are in no ratio."


def disparity(
    strata: Strata, reference: str | None = None, unknown: str = UNKNOWN, confidence: float = CONFIDENCE
) -> Disparity:
    """Return each group's rate ratio against the reference group, or against all other known groups if none is named.

    Raises MeasureError where the reference group is in no stratum, or is the unknown.
    """
    everyone = together(sums for groups in strata.values() for sums in groups.values())
    known = sorted({group for groups in strata.values() for group in groups} - {unknown})
    _require_reference(reference, known)
    pairs = {group: _pairs(strata, group, reference, unknown) for group in known if group != reference}
    not_known = _of_group(strata, unknown).counts
    return Disparity(
        tuple(_against(group, paired, confidence) for group, paired in pairs.items()),
        reference or ALL_OTHERS,
        clustered_share(_of_group(strata, reference), confidence) if reference else None,
        not_known,
        Counts(not_known.whole, everyone.judged).share,
    )


def _pairs(strata: Strata, group: str, reference: str | None, unknown: str) -> list[Pair]:
    def others(groups: Mapping[str, Clusters]) -> Clusters:
        if reference is not None:
            return groups.get(reference, Clusters())
        return together(sums for name, sums in groups.items() if name not in (group, unknown))

    return [(groups.get(group, Clusters()), others(groups)) for groups in strata.values()]


def _against(group: str, pairs: Sequence[Pair], confidence: float) -> GroupRatio:
    own, others = together(one for one, _ in pairs), together(other for _, other in pairs)
    compared = together(one for one, other in pairs if other.judged)
    return GroupRatio(
        group,
        own.counts,
        clustered_share(own, confidence),
        rate_ratio(own, others, confidence),
        adjusted_ratio(pairs, confidence),
        Counts(compared.judged, own.judged).share,
    )


def _of_group(strata: Strata, group: str) -> Clusters:
    return together(groups[group] for groups in strata.values() if group in groups)


def _require_reference(reference: str | None, known: Sequence[str]) -> None:
    if reference is not None and reference not in known:
        raise MeasureError(
            f"There is no group “{reference}” to compare with.",
            why=f"the known groups are {', '.join(known) or 'none'}",
            what_to_do="name one of them, or none to compare each with all others",
        )
