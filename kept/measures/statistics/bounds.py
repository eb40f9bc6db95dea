"""The range from records: what they evidence, the same without what had a reason, and what can be at best.

Silence has two readings, so that a rate from records has two ends (`docs/explanation/rates-are-ranges.md`). Around each
end lies the interval that chance leaves it. They are two different doubts: more cases narrow the intervals, and only
better records narrow the range.
"""

from dataclasses import dataclass

from kept.errors import MeasureError
from kept.measures.statistics.clusters import Clusters, clustered_share
from kept.measures.statistics.intervals import share_of
from kept.measures.statistics.values import CONFIDENCE, Estimate, Interval, require_part


@dataclass(frozen=True, slots=True)
class Range:
    """The rate of `judged` obligations as a range; each end is a share of 0 to 1, or None where nothing was judged.

    evidenced           met ÷ judged
    without_reasoned    met ÷ (judged - reasoned); None also where all had a reason
    at_best             met, silence and general answers ÷ judged
    """

    judged: int
    reasoned: int
    evidenced: Estimate | None
    without_reasoned: Estimate | None
    at_best: Estimate | None

    @property
    def outer(self) -> Interval | None:
        """From the low of what is evidenced to the high of what is at best: covers both doubts.

        Source: Horowitz and Manski (2000), J. Am. Stat. Assoc. 95:77, an interval for a rate known to lie in a range.
        """
        if self.evidenced is None or self.at_best is None:
            return None
        return Interval(self.evidenced.interval.low, self.at_best.interval.high)


def range_from_records(met: int, at_best: int, judged: int, reasoned: int = 0, confidence: float = CONFIDENCE) -> Range:
    """Return the range of a rate over cases that are one a victim, with Wilson's intervals.

    `judged` counts met, late, not done, no record and reasoned; `at_best` counts the met too. Always 0 ≤ evidenced ≤
    at best ≤ 1. Raises MeasureError unless 0 ≤ met ≤ at_best ≤ judged and met + reasoned ≤ judged.
    """
    require_part(at_best, judged)
    require_part(met, at_best)
    require_part(reasoned, judged - met)
    return Range(
        judged,
        reasoned,
        share_of(met, judged, confidence),
        share_of(met, judged - reasoned, confidence),
        share_of(at_best, judged, confidence),
    )


def range_by_victim(
    met: Clusters, at_best: Clusters, without_reasoned: Clusters, confidence: float = CONFIDENCE
) -> Range:
    """Return the range of a rate over obligations, of which a victim may have several, with clustered intervals.

    `met` and `at_best` are sums over the same judged obligations, `without_reasoned` those of the met over what is left
    of them without the reasoned. Raises MeasureError where they are not.
    """
    _require_same(met, at_best, without_reasoned)
    return Range(
        met.judged,
        met.judged - without_reasoned.judged,
        clustered_share(met, confidence),
        clustered_share(without_reasoned, confidence),
        clustered_share(at_best, confidence),
    )


def _require_same(met: Clusters, at_best: Clusters, without_reasoned: Clusters) -> None:
    same_judged = (met.victims, met.judged, met.judged_squared) == (
        at_best.victims,
        at_best.judged,
        at_best.judged_squared,
    )
    fewer = without_reasoned.judged <= met.judged and without_reasoned.kept == met.kept
    if not (same_judged and fewer and met.kept <= at_best.kept):
        raise MeasureError(
            f"These are not the ends of one range: {met}, {at_best}, {without_reasoned}.",
            why="both ends are taken over the same judged obligations, and what is at best holds what is met",
            what_to_do="take all three sums from one query",
        )
