"""Shares that hold exactly: each chunk takes what is still wanting, so the whole is right to within one."""

from dataclasses import dataclass

import numpy as np

from kept.demo.moments import Flags, Floats, Ints

NEEDS_ASSESSED = "needs_assessed"
KEPT_INFORMED = "kept_informed"
STATEMENT_OFFERED = "personal_statement_offered_at_recording"
INFORMATION = "reference_complaints_and_compensation"
OVERDUE = "contact_overdue_1_to_7_days"
WITHDRAWN = "outcome_16"
TARGETS: dict[str, float] = {
    NEEDS_ASSESSED: 0.911,
    KEPT_INFORMED: 0.81,
    STATEMENT_OFFERED: 0.05,
    INFORMATION: 0.451,
    OVERDUE: 0.0078,
    f"{WITHDRAWN}_rape": 0.544,
    f"{WITHDRAWN}_other_sexual": 0.42,
    f"{WITHDRAWN}_stalking_and_harassment": 0.417,
    f"{WITHDRAWN}_domestic_abuse": 0.706,
}


@dataclass(slots=True)
class Quota:
    """How many of how many have a thing so far, and the share of all that shall."""

    share: float
    n: int = 0
    count: int = 0

    def take(self, size: int) -> int:
        """How many of `size` more shall have it; they are counted at once."""
        self.n += size
        taken = min(max(round(self.share * self.n) - self.count, 0), size)
        self.count += taken
        return taken

    def put(self, size: int, count: int) -> None:
        """Count `size` of which `count` have it, settled elsewhere."""
        self.n += size
        self.count += count


def lowest(score: Floats, among: Flags, wanted: int) -> Flags:
    """Mark the `wanted` members of `among` with the lowest scores (all of them, if fewer)."""
    chosen = np.zeros(among.size, np.bool_)
    members = np.flatnonzero(among)
    order = members[np.argsort(score[members], kind="stable")]
    chosen[order[:wanted]] = True
    return chosen


def in_groups(score: Floats, group: Ints, wanted: int) -> Flags:
    """Mark `wanted` rows such that rows of one group are marked together.

    Groups of several rows come in by their score as far as they fit; groups of one make up the number.
    """
    size = np.bincount(group, minlength=group.size)[group]
    first = np.unique(group, return_index=True)[1]
    several = first[size[first] > 1]
    several = several[np.argsort(score[several], kind="stable")]
    share = wanted / max(group.size, 1)
    taken = several[: int(share * several.size)]
    taken = taken[np.cumsum(size[taken]) <= wanted]
    marked = np.isin(group, group[taken]) & (size > 1)
    return marked | lowest(score, size == 1, wanted - int(marked.sum()))
