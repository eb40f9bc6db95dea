"""From protected counts to a table for readers: one row for each combination of values, rates from what is printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from kept.errors import MeasureError
from kept.release.cells import TOTAL, Breakdown, Place, Table
from kept.release.disclosure import Protected
from kept.release.markers import share
from kept.release.sheets import Column, ReleaseTable, Value

RANGE_RATES: Mapping[str, tuple[str, str]] = {"Evidenced": ("met", TOTAL), "At best": ("at best", TOTAL)}
"""The two ends of a rate over the breakdown `cells.RANGE`."""


@dataclass(frozen=True, slots=True)
class Filling:
    """How a table is laid out for readers.

    across    the breakdown whose values become columns, the others rows; empty for one column of counts
    headings  what a column of counts is called instead of its value
    rates     further columns, in per cent: the heading, and the values of `across` whose counts are part and whole
    """

    title: str
    unit: str
    across: str = ""
    headings: Mapping[str, str] | None = None
    rates: Mapping[str, tuple[str, str]] | None = None
    notes: tuple[str, ...] = ()
    source: str = ""

    def heading(self, value: str) -> str:
        return (self.headings or {}).get(value, value)


def filled(protected: Protected, table: Table, filling: Filling) -> ReleaseTable:
    """Lay out one of the protected tables; MeasureError if a breakdown or a value that is named has no figure in it."""
    down = [by for by in table.layout.breakdowns if by.name != filling.across]
    across = [by for by in table.layout.breakdowns if by.name == filling.across]
    values = _printed(across[0]) if across else [TOTAL]
    _check(filling, bool(across), values)
    return ReleaseTable(
        filling.title,
        tuple(_columns(filling, [by.name for by in down], values)),
        tuple(_rows(protected, table, filling, values)),
        filling.notes,
        filling.source,
    )


def _printed(breakdown: Breakdown) -> list[str]:
    return [value for value in breakdown.headings() if value not in breakdown.unprinted]


def _check(filling: Filling, found: bool, values: list[str]) -> None:
    if filling.across and not found:
        raise MeasureError(f'The table has no breakdown "{filling.across}".', filling.title)
    wanted = {value for rate in (filling.rates or {}).values() for value in rate}
    if missing := sorted(wanted - set(values)):
        raise MeasureError(
            f'No figure of "{missing[0]}" is printed.', filling.title, what_to_do="Print it, or drop the rate."
        )


def _columns(filling: Filling, down: list[str], values: list[str]) -> Iterator[Column]:
    yield from (Column(name, "text") for name in down)
    yield from (Column(filling.heading(value), "count", filling.unit) for value in values)
    for name, parts in (filling.rates or {}).items():
        yield Column(name, "rate", "per cent", made_of=tuple(dict.fromkeys(map(filling.heading, parts))))


def _rows(protected: Protected, table: Table, filling: Filling, values: list[str]) -> Iterator[tuple[Value, ...]]:
    breakdowns = table.layout.breakdowns
    shown = [[""] if by.name == filling.across else _printed(by) for by in breakdowns]
    for place in product(*shown):
        figures = {value: protected.figure(table, _at(place, value)) for value in values}
        rates = [share(figures[part], figures[whole]) for part, whole in (filling.rates or {}).values()]
        yield (*filter(None, place), *figures.values(), *rates)


def _at(place: Place, value: str) -> Place:
    """The place with the value where the row leaves room for it."""
    return tuple(at or value for at in place)
