"""How tables of different measures count the same people, so that they are protected together.

Of two measures nothing says which cell of one is a part of which cell of the other. So it is counted: an investigation
has a pattern, which is at which innermost places of the tables it counts, and how often at each. A cell is the sum of
the patterns that count in it. Whoever reads is taken to know which patterns there are, and of none how many: all that
follows from one measure being a part, the complement or an overlap of others then follows from the equations (linked
tables: Hundepool et al., *Statistical Disclosure Control*, 2012, section 4.3).

A release is held against each earlier one in turn: there is an overlap for each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from kept.errors import MeasureError
from kept.release.cells import Layout, Place, Table
from kept.release.differences import Difference
from kept.release.register import Register, Released

MOST_PATTERNS = 6_000
"""A quarter of a force year by area has some 4,000, and takes seconds to minutes; with more it may take hours."""

Pattern = tuple[tuple[int, Place, int], ...]
"""Where one investigation counts: the number of a table, an innermost place of it, and how often it counts there."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Tables as of one moment, and how many investigations have each pattern; MeasureError if there are too many.

    Earlier tables are among them as they would be counted now. Those are not printed.
    """

    tables: tuple[Table, ...] = ()
    patterns: Mapping[Pattern, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        many = len(self.patterns)
        if many > MOST_PATTERNS:
            raise MeasureError(
                "These measures together are too much to be checked.",
                ", ".join(sorted({table.layout.scope.measure for table in self.tables})),
                f"What they count of the same people has {many} patterns, and the limit is {MOST_PATTERNS}.",
                "Name fewer breakdowns or measures, or a period in which fewer of them were released.",
            )

    def counted(self) -> Iterator[tuple[Table, Place, list[tuple[int, int]]]]:
        """Each innermost place at which somebody counts, with the numbers of its patterns and how often each counts."""
        found: dict[tuple[int, Place], list[tuple[int, int]]] = {}
        for number, pattern in enumerate(self.patterns):
            for at, place, times in pattern:
                found.setdefault((at, place), []).append((number, times))
        for (at, place), counting in found.items():
            yield self.tables[at], place, counting

    def differences(self, threshold: int, register: Register) -> Iterator[Difference]:
        """Cells of two measures of which one counts all that the other does, and fewer than a threshold besides."""
        times = [_times(table, at, self.patterns) for at, table in enumerate(self.tables)]
        for one, other in combinations(range(len(self.tables)), 2):
            first, second = self.tables[one].layout, self.tables[other].layout
            if _comparable(first, second):
                yield from _nested(self.tables[one], times[one], self.tables[other], times[other], threshold, register)


def _comparable(one: Layout, other: Layout) -> bool:
    units = {layout.basis.unit if layout.basis else "" for layout in (one, other)}
    return one.scope.measure != other.scope.measure and len(units) == 1


def _times(table: Table, at: int, patterns: Mapping[Pattern, int]) -> Any:
    """How often each pattern (a column) counts in each cell (a row, in the order of places)."""
    rows = {place: row for row, place in enumerate(table.layout.places())}
    found = [
        (rows[above], number, times)
        for number, pattern in enumerate(patterns)
        for which, place, times in pattern
        if which == at
        for above in _above(table.layout, place)
    ]
    row, column, much = zip(*found, strict=True) if found else ((), (), ())
    return csr_array((np.array(much, float), (row, column)), shape=(len(rows), len(patterns)))


def _above(layout: Layout, innermost: Place) -> Iterator[Place]:
    """The places that an innermost one counts in: itself, its groups and its totals."""
    values = ((at, *(name for name, parts in by.sums().items() if at in parts)) for by, at in _axes(layout, innermost))
    return product(*values)


def _axes(layout: Layout, place: Place) -> Iterable[tuple[Any, str]]:
    return zip(layout.breakdowns, place, strict=True)


def _nested(
    one: Table, ours: Any, other: Table, theirs: Any, threshold: int, register: Register
) -> Iterator[Difference]:
    release = _release_of(other.layout, register) or _release_of(one.layout, register)
    places, others = list(one.layout.places()), list(other.layout.places())
    counts, against = (np.array([table.counts[at] for at in table.layout.places()]) for table in (one, other))
    apart = np.subtract.outer(counts, against)
    large = np.minimum.outer(counts, against) >= threshold
    near = np.argwhere(large & (apart != 0) & (abs(apart) < threshold))
    for row, column in near:
        more, sign = ours[[row]] - theirs[[column]], 1 if apart[row, column] > 0 else -1
        if (sign * more.data >= 0).all():
            pair = one.layout.cell(places[row]), other.layout.cell(others[column])
            wider, narrower = pair if sign > 0 else reversed(pair)
            yield Difference(wider, narrower, "of another measure", True, release)


def _release_of(layout: Layout, register: Register) -> str | None:
    return next((known.release for known in register.tables if same_table(known.layout, layout)), None)


def same_table(one: Layout, other: Layout) -> bool:
    """Whether two layouts count the same, be it as of different moments."""
    return one.basis == other.basis and (one.scope.measure, one.scope.period, one.scope.population) == (
        other.scope.measure,
        other.scope.period,
        other.scope.population,
    )


def to_be_overlapped(layouts: Sequence[Layout], register: Register) -> list[Released]:
    """The earlier tables of other measures that may count the same people, each once however often it left."""
    found: list[Released] = []
    for known in register.tables:
        bears = any(may_share(known.layout, layout) for layout in layouts)
        seen = any(same_table(known.layout, one) for one in (*layouts, *(each.layout for each in found)))
        if bears and not seen:
            found.append(known)
    return found


def may_share(one: Layout, other: Layout) -> bool:
    """Whether two tables are of different measures and may count the same people. Without a basis it cannot be told."""
    return (
        None not in (one.basis, other.basis)
        and one.scope.measure != other.scope.measure
        and one.scope.period.overlaps(other.scope.period)
    )


def others_of(tables: Sequence[Table], overlaps: Iterable[Overlap]) -> Iterator[Table]:
    """The tables of overlaps that are not among those that leave, each once."""
    scopes = {(table.layout.scope, table.layout.basis) for table in tables}
    for table in (table for overlap in overlaps for table in overlap.tables):
        if (known := (table.layout.scope, table.layout.basis)) not in scopes:
            scopes.add(known)
            yield table


def left_out(layouts: Sequence[Layout], overlaps: Sequence[Overlap], register: Register) -> list[Layout]:
    """Tables that may share people with those of a release, and were not counted with them."""
    earlier = [known.layout for known in to_be_overlapped(layouts, register)]
    pairs = [pair for pair in (*combinations(layouts, 2), *product(layouts, earlier)) if may_share(*pair)]
    return [other for one, other in pairs if not any(_counts_both(overlap, one, other) for overlap in overlaps)]


def _counts_both(overlap: Overlap, one: Layout, other: Layout) -> bool:
    return all(any(same_table(table.layout, each) for table in overlap.tables) for each in (one, other))
