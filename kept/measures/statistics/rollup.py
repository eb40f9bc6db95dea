"""Groups too small to show on their own, shown together as part of what they belong to, with nobody lost.

    shown = roll_up([Group(("Officer 1", "Team A", "North", "Force"), 3), …], minimum=10)

Three cases of one officer say little about the officer and may say who the victims were. They are put with the other
small groups of the same team; if those together are still too few, with those of the same department, and so on up. A
group that is large enough stays as it is, so that the groups shown are a partition of all: they add up to the total.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kept.errors import MeasureError
from kept.measures.statistics.values import require_counts

Path = tuple[str, ...]
"""A group and what it belongs to, nearest first: (officer, team, department, area, force)."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many cases one group has; each path stands once."""

    path: Path
    n: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: a group itself, or the small groups of what the path names.

    rolled_up   the paths of the groups that are in it without being named by it; empty for a group as it is
    whole       whether everything of the path is in it; else it is "others of" it
    too_small   no parent was large enough: not to be shown at all, and left to disclosure control
    """

    path: Path
    n: int
    rolled_up: tuple[Path, ...]
    whole: bool
    too_small: bool

    @property
    def words(self) -> str:
        """The group by name, and what was rolled up: "others of Team A (3 small groups together)"."""
        if not self.rolled_up:
            return self.path[0]
        name = self.path[0] if self.whole else f"others of {self.path[0]}"
        return f"{name} ({len(self.rolled_up)} small {'group' if len(self.rolled_up) == 1 else 'groups'} together)"


def roll_up(groups: Sequence[Group], minimum: int) -> list[Shown]:
    """Return what to show, largest first: each at least the minimum, but for what is small even at the top.

    A group without cases is rolled up too, and so still counted among those that are in what is shown. Raises
    MeasureError for a path that is empty or stands twice, a count below zero, or a minimum below 1.
    """
    _require(groups, minimum)
    sizes = {group.path: group.n for group in groups}
    pools = {group.path: [group.path] for group in groups}
    for depth in range(max((len(path) for path in pools), default=1), 1, -1):
        pools = _raised(pools, sizes, depth, minimum)
    totals = _totals(groups)
    shown = [_shown(path, members, sizes, totals[path], minimum) for path, members in pools.items()]
    return sorted(shown, key=lambda one: (-one.n, one.path))


def _raised(
    pools: Mapping[Path, list[Path]], sizes: Mapping[Path, int], depth: int, least: int
) -> dict[Path, list[Path]]:
    """The pools, with those at a depth that are too small put into their parents'."""
    raised: dict[Path, list[Path]] = {}
    for path, members in pools.items():
        small = len(path) == depth and _size(members, sizes) < least
        raised.setdefault(path[1:] if small else path, []).extend(members)
    return raised


def _totals(groups: Sequence[Group]) -> dict[Path, int]:
    """How many cases there are in every group and everything that it belongs to."""
    totals: Counter[Path] = Counter()
    for group in groups:
        totals.update({group.path[level:]: group.n for level in range(len(group.path))})
    return dict(totals)


def _shown(path: Path, members: Sequence[Path], sizes: Mapping[Path, int], within: int, minimum: int) -> Shown:
    n = _size(members, sizes)
    rolled_up = tuple(sorted(member for member in members if member != path))
    return Shown(path, n, rolled_up, whole=n == within, too_small=n < minimum)


def _size(members: Iterable[Path], sizes: Mapping[Path, int]) -> int:
    return sum(sizes[member] for member in members)


def _require(groups: Sequence[Group], minimum: int) -> None:
    require_counts((" in ".join(group.path), group.n) for group in groups)
    times = Counter(group.path for group in groups)
    twice = sorted(path for path, count in times.items() if count > 1)
    if twice or () in times:
        raise MeasureError(
            f"A group stands twice: {' in '.join(twice[0])}." if twice else "A group has no name.",
            why="each group is counted once, under its own path",
            what_to_do="add the counts of a group together, and name its parents from the nearest up",
        )
    if minimum < 1:
        raise MeasureError(f"A minimum of {minimum} is none.", what_to_do="give 1 or more; 10 is usual")
