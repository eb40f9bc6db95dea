"""Random duties that use every word of the duty language, written as an edition's file would write them.

The words come from few kinds, links and moments, so that what is asked for is often there, and often only nearly.
"""

from random import Random
from typing import Any

from kept.code.model import Duty
from tests.support.engine import CITED, duty

Content = dict[str, Any]
"""What a field of an edition's file holds."""

OWN_DEADLINE = "test.own_deadline"
"""The moment that a case itself says, in the namespace of the tests' editions."""

STARTS: tuple[Any, ...] = (
    "suspect_arrested",
    "suspect_arrested",
    "suspect_charged",
    {"kind": "suspect_released", "value": ["police_bail", "without_charge"]},
    "crime_recorded",
    "investigation_allocated",
    "review_requested",
)
TARGETS: tuple[Any, ...] = ("hearing", "hearing", {"kind": "hearing", "value": ["first", "trial"]})
ANSWERS: tuple[Any, ...] = (
    {"kind": "victim_told", "result": "told"},
    {"kind": "victim_told", "result": ["told", "attempted"]},
    {"kind": "victim_told", "result": "told", "channel": ["phone", "in_person"]},
    {"kind": "victim_told", "by": ["O1", "O2"]},
    {"kind": "review_decided", "result": ["upheld", "overturned"]},
)
CONTACT = {"kind": "victim_contacted", "result": "reached"}
NOT_TOLD = {"kind": "victim_told", "result": "not_told"}
ENDS = ("investigation_closed", "crime_cancelled", "support_withdrawn")

LEAVES: tuple[Any, ...] = (
    {"fact": "domestic_abuse"},
    {"fact": "review_eligible"},
    {"fact": "review_eligible", "known": True},
    {"fact": "summary_only"},
    {"fact": "age", "below": 18},
    {"fact": "age", "at_least": 12, "below": 40},
    {"fact": "offence_subgroup", "is": ["rape", "robbery_personal"]},
    {"start": {"item": ["K1"]}},
    {"start": {"value": ["police_bail", "first"]}},
    {"start": {"source": ["custody"]}},
    {"term": "enhanced"},
    {"term": "enhanced_gate"},
)
LIMITS: tuple[Content, ...] = (
    {"hours": 12},
    {"hours": 24},
    {"hours": 72},
    {"days": 1},
    {"days": 5},
    {"days": 14},
    {"working_days": 1},
    {"working_days": 5},
    {"months": 1, "rounding": "down"},
    {"months": 1, "rounding": "up"},
    {"days": {"fact": "contact_interval"}},
    {"until": {"fact": OWN_DEADLINE}},
    {"until": {"fact": OWN_DEADLINE}, "to": "end_of_day"},
)
LENGTHS = tuple(limit for limit in LIMITS if "until" not in limit)
"""Of a window of contact, which cannot be due by a moment that the case itself says."""
LINKS = ((), ("suspect",), ("suspect", "hearing"), ("item",), ("suspect", "hearing", "item"))


def any_duty(chance: Random, ident: str) -> Duty:
    """A duty of any kind."""
    kind = chance.choice(("respond", "respond", "respond", "before", "repeat", "all_of"))
    words: Content = {"id": ident, "kind": kind, "owed_to": _owed_to(chance, kind)}
    words |= {"owed_when": _owed_when(chance, kind), **_time(chance, kind), **_answered(chance, kind)}
    words |= _said_instead(chance, kind)
    words["opt_out"] = chance.choice(("survives", "ends", "letter", "officer"))
    words["credit"] = chance.choice(("holder_at_start", "holder_at_due", "recorder", "agency"))
    words["ends"] = list(dict.fromkeys(["investigation_closed", chance.choice(ENDS)]))
    if chance.random() < 0.2:
        words["edition_ends"] = ["victim_died"]
    if chance.random() < 0.4:
        words["applies"] = condition(chance)
    if kind != "repeat":
        words["which"] = chance.choice(("each", "each", "first", "latest"))
        words["applies_at"] = chance.choice(("start", "start", "due"))
    return duty(**{name: value for name, value in words.items() if value is not None})


def condition(chance: Random, depth: int = 2) -> Content:
    """A condition of facts and of the start, now and then of other conditions."""
    how = chance.random()
    if depth == 0 or how < 0.4:
        return dict(chance.choice(LEAVES))
    if how < 0.7:
        return {"not": condition(chance, depth - 1)}
    return {chance.choice(("any", "all")): [condition(chance, depth - 1) for _ in range(chance.randint(1, 3))]}


def _owed_to(chance: Random, kind: str) -> str:
    others = ("investigation",) if kind == "repeat" else ("investigation", "request", "hearing")
    return str(chance.choice(("victim", "victim", "victim", *others)))


def _owed_when(chance: Random, kind: str) -> list[Any] | None:
    if kind == "repeat":
        return ["contact_agreed"]
    if kind == "before" and chance.random() < 0.4:
        return None
    return chance.sample((*STARTS, "hearing"), chance.choice((1, 1, 2)))


def _time(chance: Random, kind: str) -> Content:
    """When it is due and from when it counts."""
    if kind == "before":
        return {"before": [chance.choice(TARGETS)], "limit": None}
    if kind == "repeat":
        length = chance.choice(({"days": 7}, {"days": 3}, {"working_days": 5}, {"days": {"fact": "contact_interval"}}))
        return {"limit": _lengths(chance, length, LENGTHS), **_exceptions(chance, LENGTHS)}
    how = chance.random()
    if how < 0.15:
        stage = chance.sample(("investigation_closed", "suspect_charged", "investigation_allocated"), 2)
        return {"limit": None, "judged_at": {"stage": stage}, **_clock(chance, 0.3)}
    if how < 0.25:
        return {"limit": None, "judged_at": {"maturity": {"days": 10}, "local": True}, **_clock(chance, 0.3)}
    return {"limit": _lengths(chance, chance.choice(LIMITS)), **_exceptions(chance), **_clock(chance, 0.3)}


def _lengths(chance: Random, general: Content, others: tuple[Content, ...] = LIMITS) -> Content:
    return {**general, "enhanced": dict(chance.choice(others))} if chance.random() < 0.5 else dict(general)


def _exceptions(chance: Random, others: tuple[Content, ...] = LIMITS) -> Content:
    """Up to two other limits, of which the one with the higher priority wins, in either order."""
    priorities = chance.sample((1, 2), chance.choice((0, 0, 1, 2)))
    return {
        "exceptions": [
            {"when": condition(chance, 1), "limit": dict(chance.choice(others)), "priority": one, "citation": CITED}
            for one in priorities
        ]
    }


def _clock(chance: Random, share: float) -> Content:
    return (
        {"clock_from": chance.choice((["crime_reported"], ["crime_reported", "suspect_interviewed"]))}
        if (chance.random() < share)
        else {}
    )


def _answered(chance: Random, kind: str) -> Content:
    if kind == "repeat":
        generic = {"generic": {"kind": "victim_contacted", "result": "attempted"}} if chance.random() < 0.5 else {}
        return {"answer": {"specific": CONTACT, **generic}}
    if kind == "all_of":
        return {"answer": None, "parts": [_part(chance, name) for name in ("b", "a", "c")[: chance.randint(1, 3)]]}
    return {"answer": _answer(chance)}


def _part(chance: Random, name: str) -> Content:
    part: Content = {"id": name, "title": name, "answer": _answer(chance)}
    if chance.random() < 0.4:
        part["applies"] = condition(chance, 1)
    if chance.random() < 0.5:
        part["not_done"] = NOT_TOLD
    return part


def _answer(chance: Random) -> Content:
    return {
        "specific": chance.sample(ANSWERS, chance.choice((1, 1, 2))),
        **({"generic": [CONTACT]} if chance.random() < 0.6 else {}),
        "from": chance.choice(("first_ever", "first_after_start", "first_after_start")),
        "match": list(chance.choice(LINKS)),
        "unlinked": chance.random() < 0.7,
        "shared": chance.random() < 0.6,
    }


def _said_instead(chance: Random, kind: str) -> Content:
    offers: Content = {
        "or_reason": "reason_told",
        "not_done": NOT_TOLD,
        "declined": {"kind": "reassessment_offered", "result": "declined"},
    }
    if kind == "repeat":
        del offers["or_reason"]
    return {name: offer for name, offer in offers.items() if chance.random() < 0.5}
