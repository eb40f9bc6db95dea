"""Random entries of a timeline: whatever a subject's records may say, much of it about what some duties ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from kept.calendar import end_of_day, local_day
from kept.code.model import SELECTOR_FIELDS, Duty, Selector
from kept.engine.entries import Entry
from tests.agreement.duties import OWN_DEADLINE

LATE = (0, 0, 0, 0, 0.5, 3, 20, 40)
"""How many days after it happened a thing is entered."""
DAYS = (0, 0, 1, 2, 3, 5, 5, 6, 7, 8, 10, 14, 15, 21, 26, 27, 27, 28, 29, 31, 35)
HOURS = (0, 0, 0, 7, -8, -8.5, -9)
"""From nine in the morning; two of them lie about the change of the clocks, one is midnight in winter."""

SAID: tuple[tuple[str, dict[str, Any]], ...] = (
    ("victim_told", {"result": "told"}),
    ("victim_told", {"result": "told"}),
    ("victim_told", {"result": "told", "channel": "phone"}),
    ("victim_told", {"result": "attempted", "by": "O1"}),
    ("victim_told", {"result": "not_told"}),
    ("victim_contacted", {"result": "reached"}),
    ("victim_contacted", {"result": "reached"}),
    ("victim_contacted", {"result": "attempted"}),
    ("reason_told", {}),
    ("reassessment_offered", {"result": "declined"}),
    ("investigation_closed", {}),
    ("hearing", {"value": "first"}),
    ("hearing", {"value": "trial", "planned": True}),
    ("hearing", {"planned": True}),
    ("hearing_vacated", {}),
    ("crime_reported", {}),
    ("suspect_interviewed", {}),
    ("contact_agreed", {}),
    ("crime_recorded", {"by": "O3"}),
    *((("good_reason", {}),) * 6),
    *((("victim_declined", {}),) * 2),
)
FACTS: tuple[tuple[str, tuple[str | None, ...]], ...] = (
    *(
        (flag, ("true", "true", "true", "false", None))
        for flag in ("enhanced", "vulnerable", "domestic_abuse", "review_eligible", "opted_out", "summary_only")
    ),
    ("opted_out", ("true", "true", "false")),
    ("review_eligible", ("true", "false")),
    ("contact_interval", ("7", "10", "3", "0", "0.5", "7.9", None)),
    ("age", ("11", "12", "17", "17.5", "40", None)),
    ("offence_subgroup", ("rape", "robbery_personal", "fraud", None)),
    ("touchpoint", ("response", "crime_desk")),
)
LINKED = {
    "suspect": ("S1", "S2"),
    "hearing": ("H1", "H2"),
    "item": ("K1", "K2"),
    "crime": ("C1", "C2"),
    "victim": ("V1", "V2"),
    "source": ("custody", "crime system"),
}
ANSWERING = ("victim_told", "victim_contacted", "reason_told", "good_reason", "victim_declined", "review_decided")
ABOUT_DUTY = ("good_reason", "victim_declined")
CHANCE_OF_ASKED = 0.65
CHANCE_OF_FACT = 0.2


@dataclass(frozen=True, slots=True)
class Setting:
    """What entries are made in: from when, for which duties, and how many of them there are."""

    begins: datetime
    duties: tuple[Duty, ...]
    asked: tuple[Selector, ...]
    starting: frozenset[str]
    crowded: bool = False

    @staticmethod
    def of(begins: datetime, duties: Sequence[Duty], crowded: bool = False) -> "Setting":
        asked = [one for duty in duties for one in selectors(duty)]
        starting = frozenset(one.kind for duty in duties for one in duty.owed_when or duty.before)
        return Setting(begins, tuple(duties), tuple(asked), starting, crowded)

    def moment(self, chance: Random) -> datetime:
        """One of few moments in five weeks, some of them the last of a London day, some a little off."""
        at = self.begins + timedelta(days=chance.choice(DAYS), hours=chance.choice(HOURS))
        if self.crowded:
            at += timedelta(minutes=chance.randrange(600))
        how = chance.random()
        if how < 0.15:
            return end_of_day(at.date())
        return at + timedelta(microseconds=chance.choice((-1, 1, 999_999))) if how < 0.2 else at


def selectors(duty: Duty) -> list[Selector]:
    """Every event that a duty asks for; what starts and answers it most, so that it often arises."""
    found = [*(duty.owed_when or duty.before) * 3, *duty.extinguished_by]
    found += [one for name in SELECTOR_FIELDS for one in getattr(duty, name)]
    found += [one for answer in duty.answers() for one in (*answer.specific * 3, *answer.generic)]
    return found + list(duty.judged_at.stage if duty.judged_at else ())


def entries(numbers: Sequence[int], within: Setting) -> list[Entry]:
    """What one timeline holds; the entry of a number has it in its id. What was corrected has the same id twice."""
    chances = [Random(number) for number in numbers]
    made = [_entry(chance, f"e{number:x}", within) for number, chance in zip(numbers, chances, strict=True)]
    starts = [one for one in made if one.kind in within.starting]
    found: list[Entry] = []
    for chance, one in zip(chances, made, strict=True):
        about = _about(chance, one, starts) if starts and one.kind in ANSWERING else one
        found += _corrected(chance, about, within)
    return found


def _entry(chance: Random, ident: str, within: Setting) -> Entry:
    return (_fact if chance.random() < CHANCE_OF_FACT else _event)(chance, ident, within)


def _event(chance: Random, ident: str, within: Setting) -> Entry:
    asked = within.asked and chance.random() < CHANCE_OF_ASKED
    kind, said = _asked_for(chance, within.asked) if asked else chance.choice(SAID)
    fields = {**_links(chance), **said}
    planned = bool(fields.pop("planned", kind == "hearing" and chance.random() < 0.4))
    if kind in ABOUT_DUTY:
        fields["item"] = chance.choice(within.duties).id
    at = within.moment(chance)
    lead = timedelta(days=chance.choice((1, 5, 20)))
    entered = at - lead if planned else at + timedelta(days=chance.choice(LATE))
    return Entry(at, kind, ident, entered, planned=planned, **fields)


def _asked_for(chance: Random, asked: Sequence[Selector]) -> tuple[str, dict[str, Any]]:
    wanted = chance.choice(asked)
    return wanted.kind, {name: chance.choice(values) for name, values in wanted.fields().items()}


def _links(chance: Random) -> dict[str, Any]:
    """What it is about, and from where: every field may be missing."""
    return {
        name: chance.choice(values)
        for name, values in LINKED.items()
        if chance.random() < (0.2 if name in ("crime", "victim") else 0.5)
    }


def _fact(chance: Random, ident: str, within: Setting) -> Entry:
    attribute, values = chance.choice((*FACTS, (OWN_DEADLINE, ())))
    value = chance.choice(values) if values else within.moment(chance).isoformat()
    at = chance.choice((within.begins - timedelta(days=60), within.moment(chance)))
    about: dict[str, Any] = {name: chance.choice(LINKED[name]) for name in ("crime", "victim") if chance.random() < 0.2}
    entered = at + timedelta(days=chance.choice(LATE))
    return Entry(at, attribute, ident, entered, is_fact=True, value=value, **about)


def _about(chance: Random, made: Entry, starts: Sequence[Entry]) -> Entry:
    """An answer that sometimes comes at the last moment, or the next, and sometimes says which start it answers.

    Now and then that became known only later.
    """
    start = chance.choice(starts)
    if chance.random() < 0.4:
        at = _due(chance, start.at) + timedelta(microseconds=chance.choice((0, 0, 1)))
        made = made._replace(at=at, entered=at + timedelta(days=chance.choice(LATE)))
    if chance.random() > 0.25:
        return made
    since = made.entered + timedelta(days=chance.choice((1, 9))) if chance.random() < 0.2 else None
    return made._replace(answers=start.id, since=since)


def _due(chance: Random, start: datetime) -> datetime:
    """When one of the usual limits is due."""
    if chance.random() < 0.5:
        return start + timedelta(hours=chance.choice((12, 24, 72)))
    return end_of_day(local_day(start) + timedelta(days=chance.choice((0, 1, 5, 7, 10, 14))))


def _corrected(chance: Random, made: Entry, within: Setting) -> list[Entry]:
    """The entry; now and then withdrawn later, and then sometimes said again rightly."""
    if chance.random() > 0.12:
        return [made]
    corrected = (made.since or made.entered) + timedelta(days=chance.choice((1, 9, 30)))
    before = made._replace(withdrawn=corrected)
    if chance.random() < 0.4:
        return [before]
    rightly = (_fact if made.is_fact else _event)(chance, made.id, within)
    same = rightly if rightly.kind == made.kind else made._replace(at=within.moment(chance))
    return [before, same._replace(entered=corrected, since=None)]
