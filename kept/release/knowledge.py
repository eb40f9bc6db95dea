"""All that an attacker holds after a release: its tables, those before, and how they bear upon each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import NamedTuple

from kept.errors import MeasureError
from kept.release.cells import Cell, Layout, Place, Table
from kept.release.differences import Difference, differences, related
from kept.release.markers import Suppressed
from kept.release.overlap import Overlap, others_of
from kept.release.periods import stretches
from kept.release.policy import Policy
from kept.release.register import Register, Released

INFINITE = float("inf")

LARGEST = 10**8
"""No count of people is larger, so that what is left over by a subtraction is never sought beyond it."""


class Group(NamedTuple):
    """The investigations of one pattern of an overlap, both by number."""

    overlap: int
    number: int


Unknown = Cell | tuple[Cell, Cell] | Group
"""A cell, what is left of the first when the second is taken away, or how many have a pattern."""

Terms = tuple[tuple[Unknown, int], ...]
"""An equation: unknowns, each times a number, that add up to nothing."""


class Span(NamedTuple):
    """The least and the greatest that an unknown can be; both ends included."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low

    def met_with(self, other: "Span") -> "Span":
        return Span(max(self.low, other.low), min(self.high, other.high))


@dataclass(slots=True)
class System:
    """What is known of every unknown.

    spans      what is known of each in any case: from earlier releases, and from the rules
    printed    what printing a cell of this release would tell of it besides
    truths     what each is, where that is known to us; cells of earlier releases may be missing
    equations  how they add up
    left_over  the differences among the unknowns, by their two cells
    familiar   the cells of this release that were suppressed as of an earlier moment
    """

    spans: dict[Unknown, Span] = field(default_factory=dict)
    printed: dict[Cell, Span] = field(default_factory=dict)
    truths: dict[Unknown, int] = field(default_factory=dict)
    equations: list[Terms] = field(default_factory=list)
    left_over: dict[Unknown, Difference] = field(default_factory=dict)
    familiar: set[Cell] = field(default_factory=set)

    def learn(self, unknown: Unknown, span: Span) -> None:
        """Narrow what is known of one unknown; MeasureError where two releases contradict each other."""
        known = self.spans.get(unknown, Span(-INFINITE, INFINITE)).met_with(span)
        if known.low > known.high:
            raise _contradiction(unknown)
        self.spans[unknown] = known

    def find(self, cell: Cell, truth: int) -> None:
        """Note what a cell is; MeasureError if it was something else before."""
        if self.truths.setdefault(cell, truth) != truth:
            raise _contradiction(cell)

    def knows(self, cell: Cell, hidden: frozenset[Cell] | set[Cell]) -> Span:
        """What is known of a cell once all of this release but the hidden cells is printed."""
        span = self.spans[cell]
        if cell not in self.printed or cell in hidden:
            return span
        both = span.met_with(self.printed[cell])
        if both.low > both.high:
            raise _contradiction(cell)
        return both


def name_of(unknown: Unknown) -> str:
    """An unknown in words."""
    if isinstance(unknown, Group):
        return f"pattern {unknown.number} of those that measures count together"
    return str(unknown) if isinstance(unknown, Cell) else f"[{unknown[0]}] less [{unknown[1]}]"


def _contradiction(unknown: Unknown) -> MeasureError:
    return MeasureError(
        "The same definition has two different figures.",
        name_of(unknown),
        "It stands in two tables, or was released before.",
        "Name in the measure what has changed, such as its rulebook, or release as of another moment.",
    )


def gather(tables: Sequence[Table], policy: Policy, register: Register, overlaps: Sequence[Overlap] = ()) -> System:
    """Everything that bears upon these tables; MeasureError where figures of one definition differ."""
    system = System()
    for table in tables:
        _gather_table(system, table, policy)
    others = list(others_of(tables, overlaps))
    for table in others:
        _gather_unprinted(system, table)
    layouts = [table.layout for table in (*tables, *others)]
    earlier = [released for released in register.tables if any(_bears(layout, released) for layout in layouts)]
    for released in earlier:
        _gather_released(system, released)
    for at, overlap in enumerate(overlaps):
        _gather_patterns(system, at, overlap)
    between = chain.from_iterable(overlap.differences(policy.threshold, register) for overlap in overlaps)
    for difference in chain(_all_differences(layouts, earlier), between):
        _gather_difference(system, difference)
    _gather_stretches(system)
    _gather_familiar(system, earlier)
    return system


def _bears(layout: Layout, released: Released) -> bool:
    new, old = layout.scope, released.layout.scope
    return new == old or related(new, old) is not None


def _gather_table(system: System, table: Table, policy: Policy) -> None:
    layout = table.layout
    for place in layout.places():
        cell, truth = layout.cell(place), table.counts[place]
        system.find(cell, truth)
        if not layout.is_printed(place):
            system.learn(cell, Span(0, INFINITE))
        elif truth < policy.floor:
            system.learn(cell, Span(0, 0))
        else:
            system.learn(cell, Span(policy.floor, INFINITE))
            system.printed[cell] = Span(*policy.meant(policy.rounded(truth)))
    _gather_sums(system, layout)


def _gather_unprinted(system: System, table: Table) -> None:
    """A table that is not released, but that others tell of."""
    for place in table.layout.places():
        cell = table.layout.cell(place)
        system.find(cell, table.counts[place])
        system.learn(cell, Span(0, INFINITE))
    _gather_sums(system, table.layout)


def _gather_patterns(system: System, at: int, overlap: Overlap) -> None:
    """Each cell in which somebody counts is the sum of those patterns; of the others nothing is said."""
    for number, investigations in enumerate(overlap.patterns.values()):
        system.learn(Group(at, number), Span(0, INFINITE))
        system.truths[Group(at, number)] = investigations
    for table, place, counting in overlap.counted():
        terms = [(Group(at, number), -times) for number, times in counting]
        system.equations.append(((table.layout.cell(place), 1), *terms))


def _gather_released(system: System, released: Released) -> None:
    layout, policy = released.layout, released.policy
    for place in layout.places():
        system.learn(layout.cell(place), _span_released(released, place))
        figure = released.figures.get(place)
        if isinstance(figure, int) and policy.rounding_base is None:
            system.find(layout.cell(place), figure)
    _gather_sums(system, layout)


def _span_released(released: Released, place: Place) -> Span:
    figure = released.figures.get(place)
    if figure is None:
        return Span(0, INFINITE)
    if isinstance(figure, Suppressed):
        return Span(released.policy.floor, INFINITE)
    return Span(*released.policy.meant(figure))


def _gather_sums(system: System, layout: Layout) -> None:
    for whole, parts in layout.sums():
        terms = ((layout.cell(whole), 1), *((layout.cell(part), -1) for part in parts))
        system.equations.append(terms)


def _gather_stretches(system: System) -> None:
    for cell, parts in list(stretches(cell for cell in system.spans if isinstance(cell, Cell))):
        for part in parts:
            system.learn(part, Span(0, INFINITE))
        system.equations.append(((cell, 1), *((part, -1) for part in parts)))


def _gather_familiar(system: System, earlier: Iterable[Released]) -> None:
    suppressed = {
        released.layout.cell(place)
        for released in earlier
        for place, figure in released.figures.items()
        if isinstance(figure, Suppressed)
    }
    for difference in system.left_over.values():
        if difference.relation == "as of another moment":
            pair = {difference.wider, difference.narrower}
            system.familiar |= pair - suppressed if pair & suppressed else set()


def _all_differences(layouts: Sequence[Layout], earlier: Iterable[Released]) -> Iterator[Difference]:
    for new, other in combinations(layouts, 2):
        yield from differences(new, other, None)
    for released in earlier:
        for layout in layouts:
            yield from differences(layout, released.layout, released.release)


def _gather_difference(system: System, difference: Difference) -> None:
    wider, narrower = difference.wider, difference.narrower
    rest = (wider, narrower)
    if rest in system.left_over:
        return
    system.left_over[rest] = difference
    system.learn(rest, Span(0 if difference.nested else -LARGEST, LARGEST))
    system.equations.append(((wider, 1), (narrower, -1), (rest, -1)))
    if wider in system.truths and narrower in system.truths:
        system.truths[rest] = system.truths[wider] - system.truths[narrower]
