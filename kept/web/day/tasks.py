"""What is owed, as things to do: the parts of a duty together, the duties to a victim together. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from kept.code.model import Duty
from kept.code.plain_words import counts_as_done, why_owed
from kept.web.day.bands import BANDS, SOON, Band, band_of, days_until
from kept.web.law import Duties
from kept.web.worklist.reading import Owed

POLICE = frozenset({"police", "every_provider"})
"""The holders whose duties an officer keeps."""


@dataclass(frozen=True, slots=True)
class Task:
    """One duty that is owed to one victim, or in one case, with those of its parts that are missing.

    `days`: until it is due, by London's calendar; `late`: whether that moment has passed. `duty` is None where the
    rulebook at hand does not hold it.
    """

    missing: tuple[Owed, ...]
    days: int
    late: bool
    duty: Duty | None

    @property
    def first(self) -> Owed:
        """The part that is due first; all parts are of one victim, officer and start."""
        return self.missing[0]

    @property
    def due(self) -> datetime:
        return self.first.due

    @property
    def band(self) -> Band:
        return band_of(self.days)

    @property
    def title(self) -> str:
        return self.duty.title if self.duty else self.first.duty

    @property
    def why(self) -> str:
        return why_owed(self.duty) if self.duty else ""

    @property
    def ways(self) -> list[str]:
        """What counts as done: of a duty of parts, for each part that is missing."""
        if self.duty is None:
            return []
        return list(dict.fromkeys(way for part in self.missing for way in counts_as_done(self.duty, part.part)))

    @property
    def own_date(self) -> bool:
        """Whether the law sets no limit, so that the day is the force's own."""
        return self.duty is not None and self.duty.judged_at is not None and self.duty.judged_at.at == "maturity"

    @property
    def of_police(self) -> bool:
        return self.first.holder in POLICE


@dataclass(frozen=True, slots=True)
class Card:
    """All that is owed to one victim in a case, so that one call settles it; `victim` is blank for the case itself."""

    tasks: tuple[Task, ...]

    @property
    def first(self) -> Owed:
        return self.tasks[0].first

    @property
    def key(self) -> str:
        """Names it on a page."""
        return self.first.victim or self.first.investigation

    @property
    def enhanced(self) -> bool:
        return any(part.enhanced for task in self.tasks for part in task.missing)

    @property
    def moved(self) -> bool:
        return any(part.moved for task in self.tasks for part in task.missing)

    @property
    def soon(self) -> tuple[Task, ...]:
        """Those that are due today or in the next 7 days, the first one first."""
        return tuple(task for task in self.tasks if task.band.id in SOON)

    @property
    def overdue(self) -> tuple[Task, ...]:
        """Those that are overdue, the oldest first."""
        return tuple(task for task in self.tasks if task.band.overdue)

    @property
    def at_once(self) -> tuple[Task, ...]:
        """Those that a page shows without being asked: what is due soon, or else overdue, or else all there is."""
        return self.soon or self.overdue or self.tasks

    @property
    def band(self) -> Band:
        """Where it stands on a page: by what can still be kept, and where nothing can, by what is oldest."""
        return band_of(min((task.days for task in self.soon), default=self.tasks[0].days))


@dataclass(frozen=True, slots=True)
class Section:
    """The cards of one band."""

    band: Band
    cards: tuple[Card, ...]


def tasks(owed: Iterable[Owed], duties: Duties, at: datetime) -> list[Task]:
    """Everything owed as tasks, what is due first coming first."""
    parts: dict[tuple[object, ...], list[Owed]] = {}
    for one in owed:
        parts.setdefault((one.subject, one.edition, one.duty, one.start_at), []).append(one)
    found = [_task(sorted(each, key=lambda one: one.due), duties, at) for each in parts.values()]
    return sorted(found, key=lambda task: (task.due, task.first.investigation, task.first.victim, task.first.duty))


def _task(parts: list[Owed], duties: Duties, at: datetime) -> Task:
    first = parts[0]
    return Task(tuple(parts), days_until(first.due, at), first.overdue(at), duties.get((first.edition, first.duty)))


def cards(found: Iterable[Task]) -> list[Card]:
    """Tasks by victim and case, each card's in the order in which they came; the most pressing card first."""
    by_victim: dict[tuple[str, str], list[Task]] = {}
    for task in found:
        by_victim.setdefault((task.first.investigation, task.first.victim), []).append(task)
    made = [Card(tuple(each)) for each in by_victim.values()]
    return sorted(made, key=_pressing)


def _pressing(card: Card) -> tuple[int, datetime, str]:
    first = next(iter(card.soon), card.tasks[0])
    return (_PLACE[card.band.id], first.due, card.key)


def sections(made: Iterable[Card]) -> list[Section]:
    """Cards by band, in the order of the bands; a band without cards has no section."""
    ordered = sorted(made, key=_pressing)
    return [Section(band, tuple(found)) for band, found in groupby(ordered, key=lambda card: card.band)]


_PLACE: Mapping[str, int] = {band.id: place for place, band in enumerate(BANDS)}
