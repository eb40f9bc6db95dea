"""Telling victims of what happened: in time, late, or never; written down, or not."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from kept.demo import columns, moments
from kept.demo.case import Case
from kept.demo.moments import DAY, NEVER, Flags, Ints

CHANNELS = {"phone": 0.5, "email": 0.2, "letter": 0.1, "text": 0.1, "in_person": 0.1}
RESULTS = {"told": 0.92, "attempted": 0.07, "not_told": 0.01}
INFORMED_UNWRITTEN = 0.08
LINKED = 0.88  # the record says which suspect it was about


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, by whom, within how many days in general and under Enhanced Rights, for which duty.

    `unwritten` is the share that goes unrecorded in a team of ordinary silence.
    """

    value: str
    duty: str
    days: tuple[float, float] = (5.0, 1.0)
    by: str = "police"
    unwritten: float = 0.15
    links: tuple[str, ...] = field(default=("suspect",))


def tell(case: Case, telling: Telling, starts: Ints, crime: Ints, *, told_after: Ints | None = None,
         **links: pa.Array) -> tuple[Ints, Ints]:  # fmt: skip
    """Tell every victim of each of these crimes of what happened at its start (NEVER: it did not).

    Returns the victims, and when each was told.
    """
    happened = np.flatnonzero(starts < case.as_of)
    place, victim = case.victims_of(crime[happened])
    place = happened[place]
    answers = None if told_after is None else told_after[place]
    taken = {name: column.take(pa.array(place)) for name, column in links.items()}
    return victim, tell_victims(case, telling, starts[place], victim, answers, **taken)


def tell_victims(case: Case, telling: Telling, starts: Ints, victim: Ints, answers: Ints | None = None,
                 **links: pa.Array) -> Ints:  # fmt: skip
    """Tell victims who are named one by one, and return when; `answers` numbers the events they are told of."""
    start = moments.only(np.maximum(starts, case.victims.known[victim]), starts < NEVER)
    at = _told_at(case, telling, start, victim)
    silent = case.plans.silent(case.victims.leader[victim], at)
    unwritten = silent | case.ledger.gap("victim", victim, telling.unwritten)
    if "suspect" in links:
        links["suspect"] = _sometimes(case, links["suspect"], LINKED)
    if answers is not None:
        links["answers"] = _explicit(case, answers)
    case.ledger.add(
        "victim_told", at, "victim", victim, recorded=~unwritten, value=telling.value,
        result=case.draw(RESULTS, victim.size), channel=case.draw(CHANNELS, victim.size),
        by=case.by("victim", victim) if telling.by == "police" else telling.by,
        touchpoint={"police": "investigations", "witness_care": "witness_care"}.get(telling.by),
        source="witness_care" if telling.by == "witness_care" else "crime_system", **links,
    )  # fmt: skip
    _excuse(case, telling.duty, start, victim, (at >= NEVER) | unwritten)
    return at


def inform(case: Case, topic: str, victim: Ints, at: Ints, share: float, *, by: str | None = None) -> None:
    """Give a share of these victims information about a topic as they are told of something."""
    given = moments.only(at, case.chance(victim.size, share))
    unwritten = case.ledger.gap("victim", victim, INFORMED_UNWRITTEN)
    case.ledger.add(
        "information_given", given, "victim", victim, value=topic, recorded=~unwritten, channel="letter",
        result=case.draw({"posted": 0.96, "not_given": 0.04}, victim.size),
        by=by or case.by("victim", victim),
    )  # fmt: skip


def _told_at(case: Case, telling: Telling, start: Ints, victim: Ints) -> Ints:
    draw = case.rng.random((4, victim.size))
    limit = np.where(case.victims.gate[victim], telling.days[1], telling.days[0]) * DAY
    wait = np.where(draw[0] < 0.84, 0.75 * draw[1], 1.8 + 5 * draw[1]) * limit
    unreached = case.victims.out(victim, start) & (draw[2] < 0.5)
    told = (start < NEVER) & ~unreached & (draw[3] < 0.95)
    return moments.at_work(case.rng, moments.only(start + wait.astype(np.int64), told))


def _sometimes(case: Case, column: pa.Array, share: float) -> pa.Array:
    place = pa.array(np.arange(len(column)), mask=~case.chance(len(column), share))
    return column.take(place)


def _explicit(case: Case, answers: Ints) -> pa.Array:
    return columns.label("E", np.where(case.chance(answers.size, 0.3), answers, -1))


def _excuse(case: Case, duty: str, start: Ints, victim: Ints, missing: Flags) -> None:
    """Some who are not told have the force's good reason, or their own refusal, on record."""
    draw = case.rng.random(victim.size)
    for kind, wanted in (("good_reason", draw < 0.07), ("victim_declined", draw > 0.94)):
        at = case.later(start, 1.5, missing & wanted, 1.1)
        case.ledger.add(kind, at, "victim", victim, item=duty, by=case.by("victim", victim))
