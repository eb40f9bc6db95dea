"""From a start to its due moment: which event starts the clock, what was then known, which limit holds."""

from dataclasses import replace
from datetime import UTC, datetime

from kept.calendar import end_of_day, local_day
from kept.code import conditions as c
from kept.code.model import Limit
from kept.engine import matching
from kept.engine.case import Case, Start
from kept.engine.entries import Entry
from kept.engine.reading import Knowledge


def clocked(case: Case, event: Entry) -> Start:
    """The start with its clock, both readings of Enhanced Rights, its limit and its due moment."""
    clock, known = _clock(case, event), knowledge(case, event)
    limit, flag, gate = _limit(case, known)
    start = Start(event, clock, known, limit, enhanced_flag=flag, enhanced_gate=gate)
    if clock is None:
        return replace(start, missing=case.duty.clock_from[0].kind)
    if limit is None:
        return start
    due, missing = _due(case, limit, clock, known)
    return replace(start, due=due, missing=missing)


def knowledge(case: Case, event: Entry) -> Knowledge:
    """What was known of a start: what had been entered when it was, or when the victim was, if later."""
    subject = case.subject
    entered = max(event.at, event.entered, subject.entered)
    if subject.kind == "victim":
        return Knowledge(event.at, entered, event, subject.crime, subject.victim)
    return Knowledge(event.at, entered, event, event.crime, event.victim)


def _clock(case: Case, event: Entry) -> datetime | None:
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
    flag = gate = None
    if "enhanced" in terms:
        flag = reader.holds(c.FactIs("enhanced", ("true",)), known)
        gate = reader.holds(c.Term("enhanced_gate"), known) if "enhanced_gate" in terms else None
    if duty.enhanced_limit and reader.holds(c.Term("enhanced"), known):
        holding.append((0, duty.enhanced_limit))
    return (max(holding, key=lambda one: one[0])[1] if holding else duty.limit), flag, gate


def _due(case: Case, limit: Limit, clock: datetime, known: Knowledge) -> tuple[datetime | None, str]:
    """When a limit that runs from `clock` is due; or None and the attribute that is missing."""
    value = case.reader().value(limit.attribute, known) if limit.attribute else None
    if limit.attribute and value is None:
        return None, limit.attribute
    if limit.unit == "until":
        assert value is not None
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return (end_of_day(local_day(moment)) if limit.to_end_of_day else moment), ""
    amount = int(float(value)) if value is not None else limit.amount
    assert amount is not None
    return case.rules.calendar.after(clock, amount, limit.unit, limit.rounding), ""
