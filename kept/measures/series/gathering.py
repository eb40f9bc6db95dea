"""Gathering rows into the points of their series, and why those that are refused are."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kept.measures.series import periods
from kept.measures.series.cells import READERS, RefusedError, sample
from kept.measures.series.mapping import SeriesMapping, Wanted
from kept.measures.series.periods import Period
from kept.measures.series.rows import Row
from kept.measures.series.values import Point, Series

_CONTRADICTED = "has several rows, which are not summed here: leave one, or narrow `where`."


@dataclass(frozen=True, slots=True)
class Found:
    """What an accepted row says."""

    row: int
    value: float
    n: int | None


class Gathered:
    """The rows for one figure of a mapping, as they are taken one after the other; `settle` comes last.

    `found` are the accepted rows by series and period, `missing` the number of those refused though their series and
    period could be read, `refused` the numbers of all refused rows by reason.
    """

    def __init__(self, wanted: Wanted, mapping: SeriesMapping) -> None:
        self.wanted, self.mapping = wanted, mapping
        self.titles: dict[str, str] = {}
        self.found: defaultdict[str, defaultdict[Period, list[Found]]] = defaultdict(lambda: defaultdict(list))
        self.missing: Counter[tuple[str, Period]] = Counter()
        self.refused: defaultdict[str, list[int]] = defaultdict(list)
        self._values: dict[str, str] = {}

    def take(self, row: Row) -> None:
        """Give a row to its series and period, or refuse it."""
        try:
            series, period = self._series(row.cells), self._period(row.cells)
        except RefusedError as error:
            self.refuse(row.number, str(error))
            return
        try:
            figure = self._figure(row)
        except RefusedError as error:
            self.missing[series, period] += 1
            self.refuse(row.number, str(error))
            return
        self.found[series][period].append(figure)

    def refuse(self, row: int, why: str) -> None:
        """Note that a row was refused."""
        self.refused[why].append(row)

    def settle(self) -> None:
        """Refuse the rows that contradict each other: several of one period where they are not summed."""
        if self.wanted.adds:
            return
        for by_period in self.found.values():
            for period in [period for period, rows in by_period.items() if len(rows) > 1]:
                for one in by_period.pop(period):
                    self.refuse(one.row, f"{period.label} {_CONTRADICTED}")

    def series(self, now: datetime) -> Iterator[Series]:
        """The series that were found, in the order of the file."""
        of = self.wanted
        for name, by_period in self.found.items():
            if not by_period:
                continue
            points = tuple(self._point(name, period, by_period[period], now) for period in sorted(by_period))
            title, source = self.titles[name], self.mapping.source
            yield Series(name, title, of.unit, source, of.direction, of.holds, of.of, points)

    def accepted(self) -> list[Found]:
        """Every row that was taken, in the order of the file."""
        rows = (one for by_period in self.found.values() for rows in by_period.values() for one in rows)
        return sorted(rows, key=lambda one: one.row)

    def _series(self, cells: Mapping[str, str]) -> str:
        """The id of the series to which a row belongs."""
        of = self.wanted
        if not of.each:
            self.titles[of.id] = of.title
            return of.id
        value = cells[of.each].strip()
        if of.titles and value not in of.titles:
            raise RefusedError(f"{of.each} says “{value}”, which `titles` does not name: add it there if it is wanted.")
        name = f"{of.id}-{_as_id(value)}"
        if not _as_id(value) or self._values.setdefault(name, value) != value:
            raise RefusedError(f"{of.each} says “{value}”, which gives no id of its own: change the word in the file.")
        self.titles[name] = of.titles.get(value, f"{of.title}: {value}")
        return name

    def _period(self, cells: Mapping[str, str]) -> Period:
        columns = self.mapping.period
        return periods.read(tuple(columns), tuple(cells[column] for column in columns.values()))

    def _figure(self, row: Row) -> Found:
        of = self.wanted
        value = READERS[of.holds](row.cells[of.value], of.value)
        return Found(row.number, value, sample(row.cells[of.n], of.n) if of.n else None)

    def _point(self, name: str, period: Period, rows: list[Found], now: datetime) -> Point:
        value = sum(one.value for one in rows)
        return Point(period, value, rows[0].n, len(rows), self.missing[name, period], now)


def _as_id(value: str) -> str:
    """A value as the end of an id: small letters of ASCII, numbers and hyphens."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")
