"""What a first supervisor's review looks at, and what the record says of each. Pure functions over timelines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.code.model import Selector
from kept.contract.vocabulary import Vocabulary
from kept.engine.entries import Entry, Timeline, in_order
from kept.engine.wording import what_in_words

_ASSESSMENT = Selector("assessment_made", value=("needs_assessment",))
_VIEWS = ("outcome", "support_prosecution", "disposal", "special_measures", "contact_in_gaps")
_BLANK = (Selector("assessment_field", result=("blank",)),)


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a review looks at. Of each of its `looks` at events the latest is shown, and its facts."""

    id: str
    title: str | Promise
    looks: tuple[tuple[Selector, ...], ...] = ()
    facts: tuple[str, ...] = ()


TOPICS = (
    Topic(
        "view",
        gettext_lazy("The victim's view"),
        (*((Selector("views_asked", value=(one,)),) for one in _VIEWS), (Selector("support_withdrawn"),)),
    ),
    Topic(
        "assessment",
        gettext_lazy("Needs assessment: done, complete, reviewed by the officer"),
        ((_ASSESSMENT,), (Selector("action_noted", value=("needs_assessment",)),)),
    ),
    Topic("enhanced", gettext_lazy("Enhanced Rights"), facts=("enhanced", "enhanced_reason")),
    Topic("evidence_led", gettext_lazy("Evidence-led prosecution considered"), facts=("evidence_led",)),
    Topic(
        "safeguarding",
        gettext_lazy("Safeguarding"),
        ((Selector("risk_assessed"),), (Selector("need_found", value=("safeguarding",)),)),
        ("active_threat",),
    ),
    Topic(
        "special_measures",
        gettext_lazy("Special measures"),
        (
            (Selector("need_found", value=("special_measures",)),),
            (Selector("special_measures_requested"),),
            (Selector("special_measures_decided"),),
        ),
    ),
    Topic(
        "contact",
        gettext_lazy("Last contact with the victim"),
        ((Selector("victim_contacted"), Selector("victim_told")),),
    ),
)
"""What a first review looks at, in the order of its page (board paper of 28 April 2026, 4.3.1 and 6.5.1)."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the record says to a topic: of which victim, what, since when, when it was entered, and as which entry."""

    victim: str
    says: str
    at: datetime
    entered: datetime
    entry: str


def recorded(topic: Topic, timelines: Iterable[Timeline], vocabulary: Vocabulary) -> list[Recorded]:
    """What the record says to a topic, victim by victim; empty where it says nothing."""
    return [
        Recorded(timeline.subject.victim or "", _says(entry, timeline, vocabulary), entry.at, entry.entered, entry.id)
        for timeline in timelines
        for entry in _latest(topic, timeline)
    ]


def _latest(topic: Topic, timeline: Timeline) -> Iterator[Entry]:
    found: list[Sequence[Entry]] = [timeline.select(selectors) for selectors in topic.looks]
    found += [timeline.facts.get(name, ()) for name in topic.facts]
    yield from sorted((entries[-1] for entries in found if entries), key=in_order)


def _says(entry: Entry, timeline: Timeline, vocabulary: Vocabulary) -> str:
    if entry.kind != _ASSESSMENT.kind:
        return what_in_words(entry, vocabulary)
    blank = sum(one.at == entry.at for one in timeline.select(_BLANK))
    return f"needs assessment done; fields left blank: {blank or 'none'}"
