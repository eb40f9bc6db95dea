"""The needs assessment as it is entered here: what it asks, what is known already, and the events it makes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kept.code.model import Selector
from kept.engine.entries import Entry, Timeline
from kept.web.case.contact import CHANNEL_NAMES
from kept.web.entered.events import Event, filled_in

FORM, REVIEW = "needs_assessment", "needs_assessment_review"
Choices = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Field:
    """One question: its id in the records, what is asked, what may be answered, and the fact that may tell already.

    `finds`: the event that the records hold of a need, where the answer is one (any but `_NO_NEED`).
    """

    id: str
    asks: str | Promise
    choices: Choices
    fact: str = ""
    finds: Selector | None = None


_NO_NEED = ("", "no", "none")
_YES_NO: Choices = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
FIELDS = (
    Field(
        "preferred_contact",
        gettext_lazy("How do they like to be reached?"),
        {name: CHANNEL_NAMES[name] for name in ("phone", "text", "email", "letter", "in_person", "video", "portal")},
        "preferred_channel",
    ),
    Field("safe_contact", gettext_lazy("Is that way safe for them?"), _YES_NO),
    Field(
        "language",
        gettext_lazy("Which language do they speak best?"),
        {
            "en": gettext_lazy("English"),
            "cy": gettext_lazy("Welsh"),
            "ar": gettext_lazy("Arabic"),
            "bn": gettext_lazy("Bengali"),
            "pa": gettext_lazy("Punjabi"),
            "pl": gettext_lazy("Polish"),
            "ro": gettext_lazy("Romanian"),
            "ur": gettext_lazy("Urdu"),
            "other": gettext_lazy("Another language"),
        },
        "language",
    ),
    Field(
        "communication_needs",
        gettext_lazy("What helps them to understand and be understood?"),
        {
            "none": gettext_lazy("Nothing in particular"),
            "easy read": gettext_lazy("Easy read"),
            "hearing": gettext_lazy("Help with hearing"),
            "sight": gettext_lazy("Help with sight"),
            "autism": gettext_lazy("An adjustment for autism"),
            "other": gettext_lazy("Something else"),
        },
        finds=Selector("adjustment_need_found"),
    ),
    Field(
        "supporter",
        gettext_lazy("Do they want somebody with them?"),
        _YES_NO,
        finds=Selector("supporter_requested"),
    ),
    Field("enhanced_rights", gettext_lazy("Do they have Enhanced Rights?"), _YES_NO, "enhanced"),
    Field("repeat_victim", gettext_lazy("Were they a victim before?"), _YES_NO, "repeat_victim"),
    Field(
        "special_measures",
        gettext_lazy("Would they need special measures in court?"),
        _YES_NO,
        finds=Selector("need_found", value=("special_measures",)),
    ),
    Field(
        "support_wanted",
        gettext_lazy("Do they want help from a support service?"),
        _YES_NO,
        finds=Selector("need_found", value=("support",)),
    ),
    Field("personal_statement_offered", gettext_lazy("Was a Victim Personal Statement offered?"), _YES_NO),
    Field("compensation_information", gettext_lazy("Were they told about compensation?"), _YES_NO),
    Field("restorative_justice", gettext_lazy("Were they told about restorative justice?"), _YES_NO),
    Field(
        "update_frequency",
        gettext_lazy("How often do they want to hear from you?"),
        {
            "7": gettext_lazy("Every 7 days"),
            "14": gettext_lazy("Every 14 days"),
            "28": gettext_lazy("Every 28 days"),
            "42": gettext_lazy("Every 42 days"),
        },
        "contact_interval",
    ),
    Field(
        "risk",
        gettext_lazy("How great is the risk to them?"),
        {"standard": gettext_lazy("Standard"), "medium": gettext_lazy("Medium"), "high": gettext_lazy("High")},
    ),
)
"""What the assessment asks, in the order of the force's minimum standard (`force-standards/FS-NEEDS-STANDARD`).

That somebody speaks another language is no need yet: who needs an interpreter, and for what, is not asked here.
"""
SPOKE = {
    "reached": gettext_lazy("Yes"),
    "attempted": gettext_lazy("I tried, and did not reach them"),
    "no": gettext_lazy("No"),
}
"""Whether the officer spoke to the victim for a review."""
_MADE = (Selector("assessment_made", value=(FORM,)),)
_ANSWERED = (Selector("assessment_field", result=("answered",)),)
_TRUTHS = {"true": "yes", "false": "no"}


def last(timeline: Timeline) -> Entry | None:
    """The assessment that was made last; None where there is none."""
    found = timeline.select(_MADE)
    return found[-1] if found else None


def known(timeline: Timeline) -> dict[str, str]:
    """What is known already of each question: as the last assessment that asked it has it, else as the records do."""
    said = {field.id: _TRUTHS.get(text, text) for field in FIELDS if (text := _fact(timeline, field.fact))}
    answers = {str(one.item): str(one.value) for one in timeline.select(_ANSWERED)}
    return said | {field.id: answers[item] for field in FIELDS if (item := f"{FORM}.{field.id}") in answers}


def _fact(timeline: Timeline, name: str) -> str:
    said = [one for one in timeline.facts.get(name, ()) if one.at <= timeline.as_of]
    return (said[-1].value or "") if said else ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody found: each question's answer, blank where it was not asked; at a review, whether they spoke.

    `form` is the id of the form that was sent; `spoke` is blank at a first assessment.
    """

    form: str
    at: datetime
    given: Mapping[str, str]
    spoke: str = ""
    channel: str = ""


def events_of(found: Answers, timeline: Timeline) -> Iterator[Event]:
    """The events of an assessment, or of a review of the last one, which makes a new one where it changes anything."""
    before = known(timeline)
    amended = {name: text for name, text in found.given.items() if text != before.get(name, "")}
    if last(timeline):
        yield from _review(found, timeline, bool(amended))
    if amended or not last(timeline):
        yield _form(FORM, found, timeline, found.given)
    yield from _needs(found, timeline)


def said_by(form: str, what: str) -> str:
    """The id of an event that an answer of a form makes; `form` is the id under which the form was sent."""
    return f"kept.{form}.said.{what}"


def follows(event: Event, known: Iterable[str]) -> list[str]:
    """Those of some ids of events that the answers of a form made: what is taken back with it. None of other events."""
    sent = event.fields.get("item", "").partition(f"{FORM}.kept-")[2] if event.answers else ""
    return [one for one in known if sent and one.startswith(said_by(sent, ""))]


def _needs(found: Answers, timeline: Timeline) -> Iterator[Event]:
    """The needs that were found and that the records do not hold yet: what is owed upon them begins now."""
    for field in FIELDS:
        need = field.finds
        if need and found.given[field.id] not in _NO_NEED and not timeline.select((need,)):
            ident, subject = said_by(found.form, field.id), timeline.subject
            said = {"value": need.value[0]} if need.value else {}
            yield Event(ident, subject.investigation, need.kind, found.at, victim=subject.id, fields=said)


def _review(found: Answers, timeline: Timeline, amended: bool) -> Iterator[Event]:
    yield _event("action_noted", found, timeline, value=FORM)
    if found.spoke in ("reached", "attempted"):
        yield _event("victim_contacted", found, timeline, result=found.spoke, channel=found.channel)
    spoken, changed = ("yes" if each else "no" for each in (found.spoke == "reached", amended))
    answers = {"victim_spoken_to": spoken, "amended": changed, "record_checked": "yes"}
    yield _form(REVIEW, found, timeline, answers)


def _form(form: str, found: Answers, timeline: Timeline, answers: Mapping[str, str]) -> Event:
    subject = timeline.subject
    return filled_in(form, f"kept-{found.form}", subject.investigation, subject.id, found.at, answers)


def _event(kind: str, found: Answers, timeline: Timeline, **fields: str) -> Event:
    subject, ident = timeline.subject, f"kept.{found.form}.{kind}"
    return Event(ident, subject.investigation, kind, found.at, victim=subject.id, fields=fields)
