"""Which events find which start: answers, targets and plans.

An answer finds its start by an explicit link, by a shared suspect, hearing or item, or, where the duty allows it,
without a link. Of the answers that fit, the earliest counts, so that a further answer can never make a state worse; the
closer link breaks a tie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kept.code.model import Answer, Selector
from kept.contract.vocabulary import LINKS, Vocabulary
from kept.engine.entries import Entry, Timeline, in_order

CLOSENESS = ("explicit", "same", "unlinked")


class Match(NamedTuple):
    """An event that answers a start (`specific`: the thing itself; `reason`; `generic`), and how it is linked."""

    event: Entry
    role: str
    linked: str


class Answered(NamedTuple):
    """The answer that counts, and the first general one."""

    specific: Match | None
    generic: Match | None


@dataclass(frozen=True, slots=True)
class Target:
    """What an answer must come before: the event, or the event that cancelled the last plan for it."""

    event: Entry | None
    vacated: Entry | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned event that has not come about, and the event that vacated it."""

    event: Entry
    vacated: Entry | None


def answer(timeline: Timeline, sought: Answer, start: Entry, used: set[str], reasons: Sequence[Selector]) -> Answered:
    """The answer of a start. `used` are answers given to earlier starts; `reasons` are as good as the thing itself."""
    specific = _matches(timeline, sought.specific, sought, start, "specific")
    told = _matches(timeline, reasons, sought, start, "reason")
    generic = _matches(timeline, sought.generic, sought, start, "generic")
    return Answered(_earliest([match for match in specific + told if match.event.id not in used]), _earliest(generic))


def linked(timeline: Timeline, start: Entry, event: Entry, match: Sequence[str], unlinked: bool) -> str:
    """How an event is linked with a start: one of CLOSENESS, or blank where it cannot be its answer.

    An event that says which one it answers answers no other.
    """
    if event.id == start.id or not compatible(timeline, start, event, match):
        return ""
    if event.answers is not None:
        return "explicit" if event.answers == start.id else ""
    if any(_shared(start, event, link) for link in match):
        return "same"
    return "unlinked" if unlinked else ""


def compatible(timeline: Timeline, start: Entry, event: Entry, links: Sequence[str]) -> bool:
    """Whether two events can be about the same thing: no link that both carry differs.

    On an investigation's timeline they must not name different crimes or victims either; on a victim's own timeline
    everything concerns that victim.
    """
    names = (*links, "crime", "victim") if timeline.subject.kind == "investigation" else links
    for name in names:
        mine, theirs = getattr(start, name), getattr(event, name)
        if mine is not None and theirs is not None and mine != theirs:
            return False
    return True


def target(timeline: Timeline, sought: Sequence[Selector], start: Entry, vocabulary: Vocabulary) -> Target:
    """The first target at or after the start that happened, or is planned and not vacated."""
    fitting = [one for one in plans(timeline, sought, vocabulary) if compatible(timeline, start, one.event, LINKS)]
    held = [one for one in timeline.select(sought) if compatible(timeline, start, one, LINKS)]
    standing = [*held, *(one.event for one in fitting if one.vacated is None)]
    after = [one for one in standing if one.at >= start.at]
    if after:
        return Target(min(after, key=in_order), None)
    cancelled = [one.vacated for one in fitting if one.vacated is not None and one.vacated.at >= start.at]
    return Target(None, cancelled[-1] if cancelled else None)


def plans(timeline: Timeline, sought: Sequence[Selector], vocabulary: Vocabulary) -> list[Plan]:
    """The plans that have not come about, each with what vacated it. One whose day has passed stands as planned."""
    held = timeline.select(sought)
    return [
        Plan(plan, _vacated(timeline, plan, vocabulary))
        for plan in timeline.planned(sought)
        if not any(_same_thing(timeline, plan, one) for one in held)
    ]


def _vacated(timeline: Timeline, plan: Entry, vocabulary: Vocabulary) -> Entry | None:
    """The event that cancelled this plan: entered after it, of the same hearing or item."""
    kind = vocabulary.kinds[plan.kind].vacated_by
    cancelling = timeline.events.get(kind, ())
    return next((one for one in cancelling if _same_thing(timeline, plan, one) and one.entered > plan.entered), None)


def _same_thing(timeline: Timeline, plan: Entry, event: Entry) -> bool:
    """Whether two events share a link and contradict each other in none."""
    return compatible(timeline, plan, event, LINKS) and any(_shared(plan, event, link) for link in LINKS)


def _shared(one: Entry, other: Entry, link: str) -> bool:
    value = getattr(one, link)
    return value is not None and value == getattr(other, link)


def _matches(timeline: Timeline, selectors: Sequence[Selector], sought: Answer, start: Entry, role: str) -> list[Match]:
    found = []
    for event in timeline.select(selectors):
        if sought.first_ever or event.at >= start.at:
            how = linked(timeline, start, event, sought.match, sought.unlinked)
            if how:
                found.append(Match(event, role, how))
    return found


def _earliest(matches: Sequence[Match]) -> Match | None:
    return min(matches, key=_rank) if matches else None


def _rank(match: Match) -> tuple[object, ...]:
    return (match.event.at, CLOSENESS.index(match.linked), match.role != "specific", in_order(match.event))
