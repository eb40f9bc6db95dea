"""One subject's timeline in memory: its events and the values of its facts, in time order, as of one moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from kept.code.model import Selector


class Entry(NamedTuple):
    """An event (`kind` is its kind) or a value of a fact (`kind` is the attribute, `at` from when it held).

    It was known from `entered` up to, not including, `withdrawn`; with a `since`, its link to what it answers was
    known from then on. All moments are UTC.
    """

    at: datetime
    kind: str
    id: str
    entered: datetime
    is_fact: bool = False
    planned: bool = False
    withdrawn: datetime | None = None
    crime: str | None = None
    victim: str | None = None
    source: str | None = None
    by: str | None = None
    channel: str | None = None
    result: str | None = None
    value: str | None = None
    suspect: str | None = None
    hearing: str | None = None
    item: str | None = None
    answers: str | None = None
    touchpoint: str | None = None
    since: datetime | None = None

    def seen(self, as_of: datetime) -> bool:
        return (self.since or self.entered) <= as_of and (self.withdrawn is None or as_of < self.withdrawn)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose timeline it is: a victim in a crime, or an investigation, and what was known of it.

    `entered` is when the records first held it.
    """

    number: int
    kind: str
    id: str
    investigation: str
    entered: datetime
    crime: str | None = None
    victim: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """Who held an investigation from one moment up to another. No officer: it lay unallocated."""

    start: datetime
    end: datetime | None
    officer: str | None = None
    team: str | None = None
    department: str | None = None
    area: str | None = None


_Wanted = tuple[Sequence[Entry], Sequence[Entry]]
_NOTHING: _Wanted = ((), ())


class Timeline:
    """What concerns one subject as of a moment: `events` by kind and `facts` by attribute, each in total order."""

    __slots__ = ("_asked", "as_of", "events", "facts", "postings", "subject", "terms")

    def __init__(
        self, subject: Subject, entries: Iterable[Entry], postings: Sequence[Posting], as_of: datetime
    ) -> None:
        self.subject = subject
        self.postings = postings
        self.as_of = as_of
        self.events: dict[str, list[Entry]] = {}
        self.facts: dict[str, list[Entry]] = {}
        self._asked: dict[int, tuple[Sequence[Selector], _Wanted]] = {}
        self.terms: dict[tuple[object, ...], tuple[bool | None, list[str]]] = {}
        seen = [entry for entry in entries if entry.seen(as_of)]
        for entry in sorted(seen, key=in_order):
            store = self.facts if entry.is_fact else self.events
            store.setdefault(entry.kind, []).append(entry)

    def entries(self) -> list[Entry]:
        """Everything on it, events and facts, in order."""
        found = [entry for by_kind in (self.events, self.facts) for some in by_kind.values() for entry in some]
        return sorted(found, key=in_order)

    def select(self, selectors: Sequence[Selector]) -> Sequence[Entry]:
        """The events that happened and that one of the selectors wants, in order."""
        return self._wanted(selectors)[0]

    def planned(self, selectors: Sequence[Selector]) -> Sequence[Entry]:
        """The events that are planned and that one of the selectors wants, in order."""
        return self._wanted(selectors)[1]

    def _wanted(self, selectors: Sequence[Selector]) -> _Wanted:
        """What happened and what is planned; remembered, since a duty asks the same for each start and part."""
        if not selectors:
            return _NOTHING
        known = self._asked.get(id(selectors))
        if known is None:
            # The selectors are kept with the answer, so that their id stays theirs.
            known = self._asked[id(selectors)] = (selectors, self._find(selectors))
        return known[1]

    def _find(self, selectors: Sequence[Selector]) -> _Wanted:
        of_kind: dict[str, list[Selector]] = {}
        for selector in selectors:
            if selector.kind in self.events:
                of_kind.setdefault(selector.kind, []).append(selector)
        found = [event for kind, wanted in of_kind.items() for event in _fitting(self.events[kind], wanted)]
        if not found:
            return _NOTHING
        if len(of_kind) > 1:
            found.sort(key=in_order)
        planned = [event for event in found if event.planned]
        return ([event for event in found if not event.planned] if planned else found), planned

    def holder(self, at: datetime) -> Posting | None:
        """Who held the investigation at a moment; None where the records do not say."""
        holding = [one for one in self.postings if one.start <= at and (one.end is None or at < one.end)]
        return holding[-1] if holding else None


def _fitting(events: Sequence[Entry], selectors: Sequence[Selector]) -> list[Entry]:
    if len(selectors) == 1:  # nearly always
        return [event for event in events if fits(event, selectors[0])]
    return [event for event in events if any(fits(event, selector) for selector in selectors)]


def fits(event: Entry, selector: Selector) -> bool:
    """Whether the event has, in each field that the selector restricts, one of the values it allows."""
    return (
        (not selector.item or event.item in selector.item)  # first, since it tells most events apart
        and (not selector.value or event.value in selector.value)
        and (not selector.result or event.result in selector.result)
        and (not selector.channel or event.channel in selector.channel)
        and (not selector.by or event.by in selector.by)
    )


def in_order(event: Entry) -> tuple[datetime, str, str]:
    """The one order of a timeline, which also decides between events of one moment."""
    return (event.at, event.kind, event.id)
