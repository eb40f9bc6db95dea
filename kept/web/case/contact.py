"""What an officer can say they did for a victim: the ways of keeping what is owed, as events. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.code.model import Duty, Selector
from kept.contract.tables import CHANNELS
from kept.contract.vocabulary import LINKS, Vocabulary
from kept.engine.alone import CaseFile, Evaluated
from kept.engine.entries import Entry
from kept.engine.obligation import Obligation
from kept.web.case.keys import key_of
from kept.web.case.told import title_of
from kept.web.day.tasks import POLICE
from kept.web.entered.events import Event
from kept.web.law import Duties
from kept.web.worklist.owing import by_when, owed_now

CHANNEL_NAMES: dict[str, str | Promise] = {
    "phone": gettext_lazy("Telephone"),
    "in_person": gettext_lazy("In person"),
    "text": gettext_lazy("Text message"),
    "email": gettext_lazy("Email"),
    "letter": gettext_lazy("Letter"),
    "video": gettext_lazy("Video call"),
    "portal": gettext_lazy("Online portal"),
    "live_chat": gettext_lazy("Live chat"),
    "social_media": gettext_lazy("Social media"),
}
"""The channels of the record contract, in the order in which they are offered."""
assert set(CHANNEL_NAMES) == set(CHANNELS)


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be said to have been done: its name in the form, what it is called, by when it was due.

    `owed`: whether it is owed now; `said` are the fields of its event.
    """

    name: str
    title: str | Promise
    kind: str
    said: dict[str, str]
    due: datetime | None = None
    owed: bool = True


GENERAL = (
    Way("contact", gettext_lazy("I spoke to them about something else"), "victim_contacted", {"result": "reached"}),
    Way("attempt", gettext_lazy("I tried, and did not reach them"), "victim_contacted", {"result": "attempted"}),
)
"""What can always be said."""


def ways(file: CaseFile, victim: str, duties: Duties, holders: Collection[str] = POLICE) -> list[Way]:
    """What can be said to have been done for a victim by some holders: first what is owed now, then all else."""
    one = next((each for each in file.victims if each.subject.id == victim), None)
    found = [*_of_victim(one, file, duties, holders)] if one else []
    return [*{way.name: way for way in [*_first_of_each(found), *GENERAL]}.values()]


def event_of(way: Way, ident: str, file: CaseFile, victim: str, at: datetime, channel: str) -> Event:
    """The event that says so."""
    fields = {**way.said, "channel": channel}
    return Event(
        ident,
        file.investigation,
        way.kind,
        at,
        victim=victim,
        fields={name: text for name, text in fields.items() if text},
    )


def _of_victim(one: Evaluated, file: CaseFile, duties: Duties, holders: Collection[str]) -> Iterator[Way]:
    owed = owed_now(one.obligations, duties, file.as_of)
    others = [row for row in one.obligations if row not in owed]
    starts = {entry.id: entry for entry in one.timeline.entries()}
    for row in [*owed, *others]:
        duty = duties.get((row.edition, row.duty))
        if duty and row.holder in holders:
            yield from _way(row, duty, starts.get(row.start_id or ""), file.rules.vocabulary, row in owed)


def _way(row: Obligation, duty: Duty, start: Entry | None, vocabulary: Vocabulary, owed: bool) -> Iterator[Way]:
    """The first answer to it that may be entered; none where only a form or another agency can keep it."""
    answers = [part.answer for part in duty.parts if part.id == row.part] if duty.parts else duty.answers()
    for selector in (each for answer in answers for each in answer.specific):
        kind = vocabulary.kinds.get(selector.kind)
        if kind and not kind.made_from:
            said = {**_said(selector), **(_links(start, kind.links) if duty.kind != "repeat" else {})}
            yield Way(key_of(row), title_of(row, duty), kind.name, said, by_when(row), owed)
            return


def _said(selector: Selector) -> dict[str, str]:
    return {name: values[0] for name, values in selector.fields().items() if name not in ("by", "channel")}


def _links(start: Entry | None, links: Iterable[str]) -> dict[str, str]:
    """What ties the event to what it answers."""
    if start is None or start.is_fact:
        return {}
    shared = {name: getattr(start, name) or "" for name in LINKS if name in links}
    return {**{name: text for name, text in shared.items() if text}, "answers": start.id}


def _first_of_each(found: Iterable[Way]) -> Iterator[Way]:
    """Of those that are called the same and say the same, the first."""
    seen = set()
    for way in found:
        same = (str(way.title), way.kind, tuple(sorted(way.said.items())))
        if same not in seen:
            seen.add(same)
            yield way
