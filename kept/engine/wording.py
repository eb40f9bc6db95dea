"""Moments, lengths of time and events in plain words, in London time."""

from datetime import datetime

from kept.calendar import LONDON
from kept.contract.vocabulary import LINKS, Vocabulary
from kept.engine.entries import Entry


def at_moment(at: datetime) -> str:
    """A moment as `Monday 11 March 2024, 23:59`."""
    there = at.astimezone(LONDON)
    return f"{there:%A} {there.day} {there:%B %Y, %H:%M}"


def short_moment(at: datetime) -> str:
    """A moment as `2024-03-11 23:59`."""
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def span_in_words(seconds: int) -> str:
    """A length of time as `2 days and 3 hours`, to the two largest units that are not nought."""
    amounts = (("day", seconds // 86_400), ("hour", seconds // 3600 % 24), ("minute", seconds // 60 % 60))
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for unit, count in amounts if count][:2]
    return " and ".join(said) or "less than a minute"


def event_in_words(event: Entry, vocabulary: Vocabulary) -> str:
    """What happened, with what the record says of it, and when: `suspect arrested (suspect S1), Monday …`."""
    planned = "planned for " if event.planned else ""
    return f"{what_in_words(event, vocabulary)}, {planned}{at_moment(event.at)}"


def what_in_words(event: Entry, vocabulary: Vocabulary) -> str:
    """What happened, or what was so, without when."""
    said = event.kind.replace("_", " ")
    if event.is_fact:
        return f"{said}: {_fact_value(event)}"
    kind = vocabulary.kinds[event.kind]
    about = kind.values.get(event.value or "", event.value or "")
    details = [
        event.result and event.result.replace("_", " "),
        event.channel and f"by {event.channel.replace('_', ' ')}",
    ]
    details += [f"{name} {getattr(event, name)}" for name in LINKS if getattr(event, name)]
    told = f"{said}: {about}" if about else said
    in_brackets = ", ".join(filter(None, details))
    return f"{told} ({in_brackets})" if in_brackets else told


def _fact_value(fact: Entry) -> str:
    return {"true": "yes", "false": "no", "": "no longer known", None: "no longer known"}.get(
        fact.value, fact.value or ""
    )
