"""Disproportionality: how a group's rate compares with a reference group's, raw and with the offence mix held alike.

    found = disparity({"violence": {"White": Counts(80, 100), …}, "theft": …}, reference="White")

A ratio of 0.9 says that of this group nine were kept for every ten of the reference. It says that there is a
difference, and never why. Those whose group is not known are in no ratio, and always in the result: where they are
many, the ratios are of those who were asked.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kept.errors import MeasureError
from kept.measures.statistics.intervals import share_of
from kept.measures.statistics.values import CONFIDENCE, Counts, Estimate, Interval, normal_quantile, total

UNKNOWN = "unknown"
ALL_OTHERS = "all others"

_HALF = Counts(0.5, 1)
"""Added to a group where a cell is 0: half a case kept and half a case not."""

Strata = Mapping[str, Mapping[str, Counts]]
"""Stratum (an offence group) → group → how many kept of how many."""


@dataclass(frozen=True, slots=True)
class RateRatio:
    """A ratio with its interval; `corrected` where half a case was added to each cell because one was 0."""

    estimate: Estimate
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class GroupRatio:
    """One group against the reference.

    rate        its own rate with Wilson's interval; None without cases
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
        return f"{known}The group is not known in {self.unknown_share:.1%} of cases, which are in no ratio."


def disparity(
    strata: Strata, reference: str | None = None, unknown: str = UNKNOWN, confidence: float = CONFIDENCE
) -> Disparity:
    """Return each group's rate ratio against the reference group, or against all other known groups if none is named.

    Raises MeasureError where the reference group is in no stratum, or is the unknown.
    """
    everyone = [counts for groups in strata.values() for counts in groups.values()]
    known = sorted({group for groups in strata.values() for group in groups} - {unknown})
    _require_reference(reference, known)
    pairs = {group: _pairs(strata, group, reference, unknown) for group in known if group != reference}
    not_known = _of_group(strata, unknown)
    return Disparity(
        tuple(_against(group, paired, confidence) for group, paired in pairs.items()),
        reference or ALL_OTHERS,
        _rate(_of_group(strata, reference), confidence) if reference else None,
        not_known,
        Counts(not_known.whole, total(everyone).whole).share,
    )


def rate_ratio(group: Counts, reference: Counts, confidence: float = CONFIDENCE) -> RateRatio | None:
    """Return the ratio of two rates, (a/n₁) / (b/n₀), with its interval; None where either has no cases.

    The interval is symmetric for the logarithm, with variance 1/a - 1/n₁ + 1/b - 1/n₀. Where nothing or all was kept in
    either, half a case is added to each of the four cells, and said.
    Source: Katz and others (1978), Biometrics 34:469; for the half, Cochrane Handbook (2023), §10.4.4.2.
    """
    if not (group.whole and reference.whole):
        return None
    corrected = _has_zero(group) or _has_zero(reference)
    one, other = (group + _HALF, reference + _HALF) if corrected else (group, reference)
    ratio = (one.part / one.whole) / (other.part / other.whole)
    variance = 1 / one.part - 1 / one.whole + 1 / other.part - 1 / other.whole
    return RateRatio(_on_log(ratio, variance, confidence), corrected)


def adjusted_ratio(pairs: Sequence[tuple[Counts, Counts]], confidence: float = CONFIDENCE) -> RateRatio | None:
    """Return the rate ratio of (group, reference) pairs, one a stratum, with what differs between strata held alike.

    Mantel and Haenszel's R/S with R = Σ a n₀/N, S = Σ b n₁/N; the logarithm's variance is Σ (n₁n₀(a+b) - abN)/N² ÷ RS.
    Equal to `rate_ratio` where there is one stratum. Strata without both say nothing. None where no stratum has both,
    or nothing or all was kept in one of the two throughout: there is no ratio to pool.
    Source: Rothman, Greenland and Lash (2008), Modern Epidemiology, ch. 15; Greenland and Robins (1985), Biometrics
    41:55.
    """
    both = [(one, other) for one, other in pairs if one.whole and other.whole]
    if not both or any(_has_zero(total(side)) for side in zip(*both, strict=True)):
        return None
    above = sum(one.part * other.whole / (one.whole + other.whole) for one, other in both)
    below = sum(other.part * one.whole / (one.whole + other.whole) for one, other in both)
    variance = sum(_stratum_variance(one, other) for one, other in both) / (above * below)
    return RateRatio(_on_log(above / below, variance, confidence))


def _stratum_variance(one: Counts, other: Counts) -> float:
    everyone = one.whole + other.whole
    return (one.whole * other.whole * (one.part + other.part) - one.part * other.part * everyone) / everyone**2


def _on_log(ratio: float, variance: float, confidence: float) -> Estimate:
    reach = math.exp(normal_quantile(confidence) * math.sqrt(max(0.0, variance)))
    return Estimate(ratio, Interval(ratio / reach, ratio * reach))


def _has_zero(counts: Counts) -> bool:
    return counts.part in (0, counts.whole)


def _pairs(strata: Strata, group: str, reference: str | None, unknown: str) -> list[tuple[Counts, Counts]]:
    def others(groups: Mapping[str, Counts]) -> Counts:
        if reference is not None:
            return groups.get(reference, Counts(0, 0))
        return total(counts for name, counts in groups.items() if name not in (group, unknown))

    return [(groups.get(group, Counts(0, 0)), others(groups)) for groups in strata.values()]


def _against(group: str, pairs: Sequence[tuple[Counts, Counts]], confidence: float) -> GroupRatio:
    own, others = total(one for one, _ in pairs), total(other for _, other in pairs)
    compared = total(one for one, other in pairs if other.whole)
    return GroupRatio(
        group,
        own,
        _rate(own, confidence),
        rate_ratio(own, others, confidence),
        adjusted_ratio(pairs, confidence),
        Counts(compared.whole, own.whole).share,
    )


def _of_group(strata: Strata, group: str) -> Counts:
    return total(groups[group] for groups in strata.values() if group in groups)


def _rate(counts: Counts, confidence: float) -> Estimate | None:
    return share_of(counts.part, counts.whole, confidence)


def _require_reference(reference: str | None, known: Sequence[str]) -> None:
    if reference is not None and reference not in known:
        raise MeasureError(
            f"There is no group “{reference}” to compare with.",
            why=f"the known groups are {', '.join(known) or 'none'}",
            what_to_do="name one of them, or none to compare each with all others",
        )
