"""From a start to its due moment: which event starts the clock, what was then known, which limit holds."""

from datetime import UTC, datetime
from math import isfinite

from kept.calendar import end_of_day, local_day
from kept.code import conditions as c
from kept.code.model import Limit
from kept.engine import matching
from kept.engine.case import Case, Start
from kept.engine.entries import Entry
from kept.engine.reading import Knowledge

_FLAG, _GATE, _ENHANCED = c.FactIs("enhanced", ("true",)), c.Term("enhanced_gate"), c.Term("enhanced")


def clocked(case: Case, event: Entry) -> Start:
    """The start with its clock, both readings of Enhanced Rights, its limit and its due moment."""
    clock, known = clock_of(case, event), knowledge(case, event)
    limit, flag, gate = _limit(case, known)
    due, missing = None, ""
    if clock is None:
        missing = case.duty.clock_from[0].kind
    elif limit is not None:
        due, missing = _due(case, limit, clock, known)
    return Start(event, clock, known, limit, due, missing, flag, gate)


def knowledge(case: Case, event: Entry) -> Knowledge:
    """What was known of a start: what had been entered when it was, or when the victim was, if later."""
    entered = max(event.at, event.entered, case.subject.entered)
    return Knowledge(event.at, entered, event, event.crime, event.victim)


def clock_of(case: Case, event: Entry) -> datetime | None:
    """When the clock starts: at the latest of its events at or before the start, else at the first after it."""
    if not case.duty.clock_from:
        return event.at
    clocks = case.timeline.select(case.duty.clock_from)
    clocks = [one for one in clocks if matching.compatible(case.timeline, event, one, ())]
    earlier = [one for one in clocks if one.at <= event.at]
    if earlier:
        return earlier[-1].at
    return clocks[0].at if clocks else None


def _limit(case: Case, known: Knowledge) -> tuple[Limit | None, bool | None, bool | None]:
    """The limit that holds, and whether Enhanced Rights do by the flag and by the gates.

    The general limit, unless an exception holds; the limit under Enhanced Rights is the exception of priority 0.
    An exception of which that cannot be told does not hold.
    """
    reader, duty, terms = case.reader(), case.duty, case.rule.edition.terms
    holding = [
        (exception.priority or 0, exception.limit)
        for exception in duty.exceptions
        if reader.holds(exception.when, known)
    ]
    flag = reader.holds(_FLAG, known) if "enhanced" in terms else None
    gate = reader.holds(_GATE, known) if "enhanced_gate" in terms else None
    if duty.enhanced_limit and reader.holds(_ENHANCED, known):
        holding.append((0, duty.enhanced_limit))
    return (max(holding, key=lambda one: one[0])[1] if holding else duty.limit), flag, gate


def _due(case: Case, limit: Limit, clock: datetime, known: Knowledge) -> tuple[datetime | None, str]:
    """When a limit that runs from `clock` is due; or None and the attribute that is missing."""
    value = case.reader().value(limit.attribute, known) if limit.attribute else None
    if limit.unit == "until":
        if value is None:
            return None, limit.attribute
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return (end_of_day(local_day(moment)) if limit.to_end_of_day else moment), ""
    amount = _whole(value) if limit.attribute else limit.amount
    if amount is None:
        return None, limit.attribute
    return case.rules.calendar.after(clock, amount, limit.unit, limit.rounding), ""


def _whole(value: str | None) -> int | None:
    """The length that a fact states, a whole number above nought; None where it states none that can be used."""
    number = float(value) if value is not None else 0.0
    return int(number) if isfinite(number) and number >= 1 else None
