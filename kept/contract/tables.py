"""The tables that a force supplies, each declared once.

A table is pseudonymous: names and contact details never enter it. Every moment is UTC once loaded. Only `crimes`,
`victims` and `events` are needed to start; what each of the others costs when absent is said in `without`.
"""

from dataclasses import dataclass
from typing import Literal

from kept.contract.vocabulary import LEVELS

Type = Literal["id", "text", "code", "number", "flag", "moment"]

CHANNELS = (
    "text",
    "email",
    "letter",
    "phone",
    "in_person",
    "video",
    "portal",
    "social_media",
    "live_chat",
)
MARKINGS = ("sensitive", "confidential", "secret")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `codes` closes what a code may say; `codes_from` names the attribute whose codes it takes."""

    name: str
    type: Type
    means: str
    required: bool = False
    codes: tuple[str, ...] = ()
    codes_from: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its grain, its key (two rows with one key are two versions of one thing), and its columns."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    needed: bool = False
    without: str = ""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _id(name: str, means: str, required: bool = False) -> Column:
    return Column(name, "id", means, required)


def _code(name: str, means: str, codes: tuple[str, ...] = (), of: str = "", required: bool = False) -> Column:
    return Column(name, "code", means, required, codes, of)


def _moment(name: str, means: str, required: bool = False) -> Column:
    return Column(name, "moment", means, required)


_SOURCE = _id("source", "The system the row comes from.")
_ENTERED = _moment("entered_at", "When it was written into the source.", required=True)

TABLES: tuple[Table, ...] = (
    Table(
        "investigations",
        "investigation",
        ("investigation",),
        (
            _id("investigation", "The investigation.", required=True),
            _moment("opened_at", "When it was opened."),
            Column("called", "text", "What the source calls it: its public reference."),
            _ENTERED,
            _SOURCE,
        ),
        without="Each crime is an investigation of its own.",
    ),
    Table(
        "crimes",
        "crime",
        ("crime",),
        (
            _id("crime", "The crime.", required=True),
            _id("investigation", "Its investigation; blank where the crime is its own."),
            _moment("committed_at", "When the offence was committed, or began."),
            _moment("reported_at", "When it was reported to the police."),
            _moment("recorded_at", "When it was recorded."),
            _code("reporting_route", "How it was reported.", of="reporting_route"),
            _code("touchpoint", "Where in the force it was first handled.", of="touchpoint"),
            Column("place", "text", "The police area."),
            _ENTERED,
            _SOURCE,
        ),
        needed=True,
    ),
    Table(
        "victims",
        "victim in a crime",
        ("victim",),
        (
            _id("victim", "The victim in this crime.", required=True),
            _id("crime", "The crime.", required=True),
            _id("person", "The person; the same in every crime. Blank where the source cannot tell."),
            _code("kind", "What kind of victim.", of="victim_kind"),
            Column("age", "number", "Age in whole years at the offence."),
            _code("sex", "Sex as recorded.", of="sex"),
            _code("ethnicity", "Ethnic group as recorded.", of="ethnicity"),
            _code("disability", "Whether disabled, as recorded.", of="disability"),
            Column("language", "text", "Language, an ISO 639-1 code."),
            Column("nominee", "flag", "Contact goes to a person whom the victim named."),
            _ENTERED,
            _SOURCE,
        ),
        needed=True,
    ),
    Table(
        "facts",
        "one value of one attribute of one subject",
        ("fact_id",),
        (
            _id("fact_id", "The fact; made from its content where the source has none."),
            _code("subject_kind", "What it is a fact of.", LEVELS, required=True),
            _id("subject", "Which person, victim, crime or investigation.", required=True),
            _code("attribute", "The attribute, from the vocabulary.", required=True),
            Column("value", "text", "Its value, written as the attribute's type is; blank ends the one before."),
            _moment("valid_from", "From when it held.", required=True),
            _ENTERED,
            _SOURCE,
            _id("supersedes", "The fact that this one corrects."),
            _id("voids", "The fact that this row withdraws; the row says nothing else."),
        ),
        without="No flags, reclassifications, opt-outs, agreed intervals or outcomes: duties that need them are "
        "not measurable.",
    ),
    Table(
        "events",
        "thing that happened or is planned",
        ("event_id",),
        (
            _id("event_id", "The event; made from its content where the source has none."),
            _code("kind", "What happened, from the vocabulary.", required=True),
            _id("investigation", "The investigation it concerns, where neither crime nor victim is named."),
            _id("crime", "The crime it concerns; all its victims, where none is named."),
            _id("victim", "The victim it concerns."),
            _moment("occurred_at", "When it happened; blank for what is only planned."),
            _moment("scheduled_for", "When it is planned."),
            _ENTERED,
            _SOURCE,
            _id("by", "Who did it: an officer, or an agency."),
            _code("channel", "Through what.", CHANNELS),
            _code("result", "What came of it, from the kind's results."),
            Column("value", "text", "What it was about, from the kind's values."),
            _id("suspect", "The suspect it is about."),
            _id("hearing", "The hearing it is about."),
            _id("item", "The request, document, claim or other thing it is about."),
            _id("answers", "The event that it answers, where the source says so."),
            _code("touchpoint", "Where in the force it was done.", of="touchpoint"),
            Column("note_digest", "text", "A digest of the free text, so that identical texts can be seen."),
            _id("supersedes", "The event that this one corrects."),
            _id(
                "voids",
                "The event, or version of a form (form.version@victim), that this row withdraws; it says no more.",
            ),
        ),
        needed=True,
    ),
    Table(
        "assessments",
        "one field of one version of a form",
        ("victim", "investigation", "form", "version", "field"),
        (
            _id("form", "The form: needs_assessment, needs_assessment_review, first_supervisor_review …", True),
            Column("version", "text", "Which version of the form for this subject.", required=True),
            _id("victim", "The victim it is about."),
            _id("investigation", "The investigation it is about, where it is about no single victim."),
            _id("field", "The field.", required=True),
            Column("value", "text", "What was written; blank where nothing was."),
            _moment("made_at", "When this version was made.", required=True),
            _ENTERED,
            _SOURCE,
        ),
        without="Needs assessments cannot be seen, nor how complete they are.",
    ),
    Table(
        "postings",
        "who held the investigation, from–to",
        ("investigation", "from"),
        (
            _id("investigation", "The investigation.", required=True),
            _moment("from", "From when.", required=True),
            _moment("to", "Until when; blank while it lasts."),
            _id("officer", "The officer; blank where it lay unallocated."),
            Column("team", "text", "The team."),
            Column("department", "text", "The department."),
            Column("area", "text", "The area."),
            _SOURCE,
        ),
        without="No duty can be credited to a team or officer.",
    ),
    Table(
        "staff",
        "officer in a post, from–to",
        ("officer", "from"),
        (
            _id("officer", "The officer.", required=True),
            _moment("from", "From when.", required=True),
            _moment("to", "Until when; blank while it lasts."),
            Column("rank", "text", "The rank."),
            Column("team", "text", "The team."),
            _SOURCE,
        ),
        without="Ranks and teams of officers are unknown.",
    ),
    Table(
        "restrictions",
        "restricted investigation and who is barred from it",
        ("investigation", "barred"),
        (
            _id("investigation", "The investigation.", required=True),
            _code("marking", "The marking.", MARKINGS, required=True),
            _id("barred", "A member of staff who may not see it; blank for the marking alone."),
            _SOURCE,
        ),
        without="No investigation is known to be restricted.",
    ),
)

BY_NAME = {table.name: table for table in TABLES}
