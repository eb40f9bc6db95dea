"""What one figure counts, exactly, and how the figures of a table hang together.

A cell is known by its definition, not by its table: the same area counted in two tables, or in this release and in an
earlier one, is one cell. That is how tables which share margins, and releases which follow each other, are held
together (linked tables: Hundepool et al., *Statistical Disclosure Control*, 2012, section 4.3).
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, NamedTuple

from kept.errors import Fault, MeasureError
from kept.release.basis import Basis

TOTAL = "Total"
"""Stands for all values of a breakdown together."""

MOST_BREAKDOWNS = 4
"""Three that the reader sees, and one into kept and not."""

Conditions = tuple[tuple[str, str], ...]
"""What all that is counted has in common: pairs of name and value, sorted."""

Place = tuple[str, ...]
"""Where a cell stands in a table: a value of each breakdown, TOTAL among them."""


class Period(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last

    def within(self, other: "Period") -> bool:
        return other.first <= self.first and self.last <= other.last


@dataclass(frozen=True, slots=True)
class Scope:
    """What all cells of a table have in common.

    measure     the id of the measure, with its rulebook where that may change
    period      the days counted
    as_of       the moment by which it had been entered, ISO 8601 with a time zone; kept in UTC
    population  the filters set before anything was counted: pairs of name and value
    """

    measure: str
    period: Period
    as_of: str
    population: Conditions = ()

    def __post_init__(self) -> None:
        if self.period.last < self.period.first:
            raise MeasureError("A period ends before it begins.", self.measure, f"{self.period}", "Swap its two days.")
        object.__setattr__(self, "as_of", _in_utc(self.as_of, self.measure))
        object.__setattr__(self, "population", tuple(sorted(set(self.population))))


def _in_utc(said: str, measure: str) -> str:
    """One spelling for one moment, so that the same cell is known as the same."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        remedy = "Write it as 2025-04-01T00:00:00+01:00."
        raise MeasureError(f'"{said}" is no moment with a time zone.', measure, what_to_do=remedy)
    return moment.astimezone(UTC).isoformat()


class Cell(NamedTuple):
    """The definition of one figure; equal where the same is counted. A breakdown that is not named is summed over."""

    measure: str
    conditions: Conditions
    period: Period
    as_of: str

    def __str__(self) -> str:
        those = ", ".join(f"{name} {value}" for name, value in self.conditions) or "all"
        return f"{self.measure}: {those}, {self.period.first} to {self.period.last}, as of {self.as_of}"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A way to divide what is counted, such that each unit has exactly one of the values.

    groups     values taken together under a name of their own: an area of its teams, at best of met and silent
    unprinted  values, groups or TOTAL that the table leaves out, though they can be worked out from what it prints
    """

    name: str
    values: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unprinted: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if found := _breakdown_faults(self):
            raise MeasureError.of(found)

    def sums(self) -> dict[str, tuple[str, ...]]:
        """The values that make up each group, and TOTAL."""
        return {**self.groups, TOTAL: self.values}

    def headings(self) -> tuple[str, ...]:
        """Values, groups and TOTAL, in this order."""
        return (*self.values, *self.sums())


def _breakdown_faults(breakdown: Breakdown) -> list[Fault]:
    where = f'breakdown "{breakdown.name}"'
    names = [*breakdown.values, *breakdown.groups]
    doubled = sorted({name for name in names if names.count(name) > 1 or name == TOTAL})
    strange = sorted({value for parts in breakdown.groups.values() for value in parts} - set(breakdown.values))
    faults = [Fault(f'"{name}" is taken.', where, what_to_do="Give it another name.") for name in doubled]
    faults += [Fault(f'A group has "{name}", which is no value.', where) for name in strange]
    if not breakdown.values:
        faults.append(Fault("A breakdown has no values.", where, what_to_do="Leave it out, or name its values."))
    return faults


RANGE = Breakdown(
    "kept", ("met", "silent", "missed"), {"at best": ("met", "silent")}, frozenset({"silent", "missed"})
)  # fmt: skip
"""The breakdown of a rate as a range: a table prints met, at best and judged (the total). Met and judged give away how
many were missed, and at best less met how many are silent, so that all of them are in it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The cells of a table and how they add up, without their numbers.

    basis   what is counted, by definition; without it nobody can tell what the table shares with another measure's
    """

    scope: Scope
    breakdowns: tuple[Breakdown, ...]
    basis: Basis | None = None

    def __post_init__(self) -> None:
        names = [breakdown.name for breakdown in self.breakdowns]
        if len(names) > MOST_BREAKDOWNS or len(set(names)) < len(names):
            raise MeasureError(
                f"A table cannot be broken down by {', '.join(names)}.",
                self.scope.measure,
                what_to_do=f"Name at most {MOST_BREAKDOWNS} different breakdowns.",
            )

    def places(self) -> Iterator[Place]:
        """Every place in the table, printed or not, in the order of its headings."""
        return product(*(breakdown.headings() for breakdown in self.breakdowns))

    def innermost(self) -> Iterator[Place]:
        """The places of values alone, from which all others follow."""
        return product(*(breakdown.values for breakdown in self.breakdowns))

    def is_printed(self, place: Place) -> bool:
        """Whether the table has room for a figure there."""
        return all(at not in by.unprinted for by, at in zip(self.breakdowns, place, strict=True))

    def printed(self) -> Iterator[Place]:
        """Every place that the table has room for, in the order of its headings."""
        return filter(self.is_printed, self.places())

    def cell(self, place: Place) -> Cell:
        """The definition of the cell at a place; a group is a condition of its own name."""
        pairs = zip(self.breakdowns, place, strict=True)
        values = [(by.name, at) for by, at in pairs if at != TOTAL]
        scope = self.scope
        return Cell(scope.measure, tuple(sorted({*scope.population, *values})), scope.period, scope.as_of)

    def sums(self) -> Iterator[tuple[Place, tuple[Place, ...]]]:
        """Each total or group with the places that add up to it."""
        for axis, breakdown in enumerate(self.breakdowns):
            others = [by.headings() if at != axis else ("",) for at, by in enumerate(self.breakdowns)]
            for place, (name, parts) in product(product(*others), breakdown.sums().items()):
                yield _set(place, axis, name), tuple(_set(place, axis, part) for part in parts)


def _set(place: Place, axis: int, value: str) -> Place:
    return (*place[:axis], value, *place[axis + 1 :])


@dataclass(frozen=True, slots=True)
class Table:
    """True counts over the places of a layout, totals included. It must not leave as it is.

    MeasureError if a place has no count, or a total is not the sum of its parts.
    """

    layout: Layout
    counts: Mapping[Place, int]

    def __post_init__(self) -> None:
        places = dict.fromkeys(self.layout.places())
        if found := [fault for place in places for fault in _count_faults(place, self.counts.get(place), places)]:
            raise MeasureError.of(found)
        if found := [_sum_fault(whole) for whole, parts in self.layout.sums() if not self._adds_up(whole, parts)]:
            raise MeasureError.of(found)

    def _adds_up(self, whole: Place, parts: tuple[Place, ...]) -> bool:
        return self.counts[whole] == sum(self.counts[part] for part in parts)

    @classmethod
    def of(
        cls, scope: Scope, breakdowns: tuple[Breakdown, ...], counts: Mapping[Place, int], basis: Basis | None = None
    ) -> "Table":
        """A table from the counts of its innermost places; those not named count nobody. Totals are added up here.

        MeasureError if a count is no whole number from 0 up, or stands at no place of the table.
        """
        layout = Layout(scope, breakdowns, basis)
        innermost = dict.fromkeys(layout.innermost(), 0)
        if found := [fault for place, count in counts.items() for fault in _count_faults(place, count, innermost)]:
            raise MeasureError.of(found)
        return cls(layout, _with_totals(layout, {**innermost, **counts}))


def _count_faults(place: Place, count: Any, known: Container[Place]) -> list[Fault]:
    where = " × ".join(place) or "the whole table"
    faults = []
    if place not in known:
        faults.append(Fault("A count stands at no place of the table.", where, what_to_do="Name a value of each."))
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        faults.append(Fault(f"{count!r} is no count.", where, what_to_do="Give a whole number from 0 up."))
    return faults


def _sum_fault(whole: Place) -> Fault:
    remedy = "Each must be counted in exactly one value of a breakdown; give values that overlap a table each."
    return Fault("A total is not the sum of its parts.", " × ".join(whole), what_to_do=remedy)


def _with_totals(layout: Layout, innermost: Mapping[Place, int]) -> dict[Place, int]:
    """One breakdown after the other, each adds its groups and its total to what is there."""
    counts = dict(innermost)
    for axis, breakdown in enumerate(layout.breakdowns):
        sums = breakdown.sums()
        added: dict[Place, int] = {}
        for place, count in counts.items():
            for name in (name for name, parts in sums.items() if place[axis] in parts):
                at = _set(place, axis, name)
                added[at] = added.get(at, 0) + count
        for place in {_set(place, axis, name) for place in counts for name in sums}:
            counts[place] = added.get(place, 0)
    return counts
