"""Random duties and random timelines, each a function of one seed, so that every engine can be given the same.

Moments come from few days and hours, so that ties in one second, answers on the due day and contacts at a closure are
common; much is entered late; links are missing, shared or in conflict.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from kept.calendar import end_of_day
from kept.code.model import Duty
from kept.engine.entries import Entry
from tests.support.engine import T, duty

STARTS = ("suspect_arrested", "suspect_released", "crime_recorded", "investigation_allocated")
TARGET = "hearing"
ENDS = ("investigation_closed", "crime_cancelled")
SPECIFIC = {"kind": "victim_told", "result": "told"}
NOT_TOLD = {"kind": "victim_told", "result": "not_told"}
CONTACT = {"kind": "victim_contacted", "result": "reached"}
LATE = (0, 0, 0, 0, 0.5, 3, 20, 40)
"""How many days after it happened a thing is entered."""

KINDS: tuple[tuple[str, dict[str, str]], ...] = (
    *((kind, {}) for kind in STARTS * 2),
    *((kind, {}) for kind in ENDS),
    *((("victim_told", {"result": "told"}),) * 5),
    *((("victim_told", {"result": "not_told"}),) * 2),
    *((("victim_contacted", {"result": "reached"}),) * 2),
    ("reason_told", {}),
    ("crime_reported", {}),
    ("contact_agreed", {}),
    ("contact_agreed", {}),
    ("hearing", {}),
    ("hearing", {"planned": "yes"}),
    ("hearing", {"planned": "yes"}),
    ("hearing_vacated", {}),
    ("good_reason", {"item": "D1"}),
    ("victim_declined", {"item": "D1"}),
    ("reassessment_offered", {"result": "declined"}),
)
FLAGS = ("enhanced", "vulnerable", "domestic_abuse", "review_eligible", "opted_out", "summary_only")
CONDITIONS: tuple[Any, ...] = (
    None,
    None,
    {"fact": "domestic_abuse"},
    {"not": {"fact": "domestic_abuse"}},
    {"fact": "review_eligible"},
    {"any": [{"fact": "review_eligible"}, {"fact": "summary_only"}]},
    {"all": [{"fact": "review_eligible", "known": True}, {"not": {"fact": "summary_only"}}]},
    {"start": {"result": ["told"]}},
    {"term": "enhanced"},
)
LIMITS: tuple[dict[str, Any], ...] = (
    {"hours": 24},
    {"hours": 72},
    {"days": 1},
    {"days": 5},
    {"days": 14},
    {"working_days": 1},
    {"working_days": 5},
    {"months": 1, "rounding": "down"},
)


# -- duties --------------------------------------------------------------------------------------------------------


def random_duty(chance: Random, kind: str | None = None) -> Duty:
    """A duty that the loader would accept, of any kind unless one is named."""
    kind = kind or chance.choice(("respond", "respond", "before", "repeat", "all_of"))
    words: dict[str, Any] = {"kind": kind, "owed_when": _starts(chance, kind)}
    words.update(_time(chance, kind))
    words.update(_answered(chance, kind))
    if kind != "repeat":
        words["which"] = chance.choice(("each", "each", "first", "latest"))
        words["applies_at"] = chance.choice(("start", "start", "due")) if "limit" in words else "start"
    words["applies"] = chance.choice(CONDITIONS)
    words["opt_out"] = chance.choice(("survives", "ends", "letter", "officer"))
    words["credit"] = chance.choice(("holder_at_start", "holder_at_due", "recorder", "agency"))
    words["ends"] = chance.sample(ENDS, chance.randint(1, 2))
    for name, found in _said_instead(chance).items():
        words[name] = found
    if kind == "repeat":
        words.pop("or_reason", None)
    return duty(**{name: value for name, value in words.items() if value is not None})


def _starts(chance: Random, kind: str) -> Any:
    if kind == "repeat":
        return ["contact_agreed"]
    if kind == "before" and chance.random() < 0.3:
        return None
    return chance.sample(STARTS, chance.choice((1, 1, 2)))


def _time(chance: Random, kind: str) -> dict[str, Any]:
    """When it is due and from when it counts."""
    if kind == "before":
        return {"before": TARGET, "judged_at": "due"}
    if kind == "repeat":
        days = chance.choice((7, 14, {"fact": "contact_interval"}))
        return {"limit": {"days": days}, "judged_at": "due"}
    how = chance.random()
    if how < 0.15:
        return {"limit": None, "judged_at": {"stage": ["investigation_closed"]}}
    if how < 0.25:
        return {"limit": None, "judged_at": {"maturity": {"days": 10}, "local": True}}
    limit = dict(chance.choice(LIMITS))
    if chance.random() < 0.5:
        limit["enhanced"] = {"hours": 12}
    clock = {"clock_from": ["crime_reported"]} if chance.random() < 0.2 else {}
    return {"limit": limit, "judged_at": "due", **clock, **_exception(chance)}


def _exception(chance: Random) -> dict[str, Any]:
    if chance.random() < 0.7:
        return {}
    different = {"when": {"fact": "summary_only"}, "limit": {"days": 3}, "priority": 1, "citation": {"source": "x"}}
    return {"exceptions": [different]}


def _answered(chance: Random, kind: str) -> dict[str, Any]:
    if kind == "repeat":
        return {"answer": {"specific": CONTACT}}
    if kind == "all_of":
        applies = chance.choice(({}, {"applies": {"fact": "review_eligible"}}, {"applies": {"fact": "summary_only"}}))
        first = {"id": "a", "title": "a", "answer": _answer(chance, kind), "not_done": NOT_TOLD}
        return {"answer": None, "parts": [first, {"id": "b", "title": "b", "answer": {"specific": CONTACT}, **applies}]}
    return {"answer": _answer(chance, kind)}


def _answer(chance: Random, kind: str) -> dict[str, Any]:
    return {
        "specific": SPECIFIC,
        **({"generic": CONTACT} if chance.random() < 0.6 else {}),
        "from": "first_ever" if kind == "before" and chance.random() < 0.6 else "first_after_start",
        "match": chance.choice(([], ["suspect"], ["suspect", "hearing"])),
        "unlinked": chance.random() < 0.7,
        "shared": chance.random() < 0.6,
    }


def _said_instead(chance: Random) -> dict[str, Any]:
    offers = {
        "or_reason": "reason_told",
        "not_done": NOT_TOLD,
        "declined": {"kind": "reassessment_offered", "result": "declined"},
    }
    return {name: offer for name, offer in offers.items() if chance.random() < 0.5}


# -- timelines -----------------------------------------------------------------------------------------------------


def random_entries(
    chance: Random, *, most: int = 14, kinds: Sequence[tuple[str, dict[str, str]]] = KINDS
) -> list[Entry]:
    """Events and facts about one victim, none of them entered before it happened unless it is planned."""
    events = [random_event(chance, f"e{n:02}", kinds) for n in range(chance.randint(1, most))]
    linked = [_linked(chance, one, events) for one in events]
    facts = [random_fact(chance, f"f{n:02}") for n in range(chance.randint(0, 6))]
    return [_withdrawn(chance, one) for one in [*linked, *facts]]


def random_event(chance: Random, ident: str, kinds: Sequence[tuple[str, dict[str, str]]] = KINDS) -> Entry:
    kind, fixed = chance.choice(kinds)
    fields = {name: value for name, value in fixed.items() if name != "planned"}
    at, planned = random_moment(chance), "planned" in fixed
    lead = timedelta(days=chance.choice((1, 5, 20)))
    entered = at - lead if planned else at + timedelta(days=chance.choice(LATE))
    return Entry(at, kind, ident, entered, planned=planned, **{**_links(chance), **fields})  # type: ignore[arg-type]


def random_fact(chance: Random, ident: str) -> Entry:
    attribute = chance.choice((*FLAGS, "contact_interval"))
    value = (
        chance.choice(("7", "10", "14"))
        if attribute == "contact_interval"
        else chance.choice(("true", "true", "false"))
    )
    at = chance.choice((T(-60), random_moment(chance)))
    entered = at + timedelta(days=chance.choice(LATE))
    return Entry(at, attribute, ident, entered, is_fact=True, value=value)


def random_moment(chance: Random) -> datetime:
    """One of few moments in five weeks: morning, evening, or the last of a London day."""
    at = T(chance.choice((0, 0, 1, 2, 3, 5, 5, 6, 7, 8, 10, 14, 15, 21, 28, 29, 31, 35)), chance.choice((0, 0, 0, 7)))
    return end_of_day(at.date()) if chance.random() < 0.08 else at


def _links(chance: Random) -> dict[str, str]:
    return {
        **({"suspect": chance.choice(("S1", "S2"))} if chance.random() < 0.5 else {}),
        **({"hearing": chance.choice(("H1", "H2"))} if chance.random() < 0.5 else {}),
    }


def _linked(chance: Random, one: Entry, events: Sequence[Entry]) -> Entry:
    """An answer sometimes says which event it answers; a plan and what vacates it always name a hearing."""
    if one.kind in ("hearing", "hearing_vacated") and one.hearing is None and chance.random() < 0.8:
        return one._replace(hearing=chance.choice(("H1", "H2")))
    if one.kind in ("victim_told", "victim_contacted", "reason_told") and chance.random() < 0.2:
        return one._replace(answers=chance.choice(events).id)
    return one


def _withdrawn(chance: Random, one: Entry) -> Entry:
    """A few entries were corrected away later."""
    return (
        one._replace(withdrawn=one.entered + timedelta(days=chance.choice((1, 9, 30))))
        if chance.random() < 0.08
        else one
    )
