"""The reference evaluator: what every duty means, in plain Python, one function for each kind of duty.

It is slow and obvious on purpose. It reads one subject's timeline as of one moment and nothing else. A faster engine
follows the same steps under the same names, and must give the same rows. The steps: `starts` finds what makes an
obligation arise, `clock.py` when it is due, `matching.py` what answers it, `judging.py` its state.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from kept.calendar import local_day
from kept.code import conditions as c
from kept.code.model import Answer, Part
from kept.engine import matching
from kept.engine.case import Case, Start
from kept.engine.clock import clock_of, clocked, knowledge
from kept.engine.entries import Entry, Timeline, in_order
from kept.engine.judging import addressee, decided, judge
from kept.engine.matching import Answered, Match, Plan
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.reading import Knowledge, Reader
from kept.engine.rules import Rules
from kept.engine.states import COUNTED, at_clock, of_whole


def evaluate(timeline: Timeline, rules: Rules) -> Evaluation:
    """Every obligation of one subject as of its moment: rule by rule, start by start, a whole before its parts."""
    found = Evaluation()
    for rule in rules.arising(timeline.subject.kind, timeline.events):
        assert rule.duty.kind
        EVALUATORS[rule.duty.kind](Case(rules, rule, timeline, found))
    return found


# -- the four kinds -------------------------------------------------------------------------------------------------


def respond(case: Case) -> None:
    """After each start, an answer within the limit; with no limit, by the stage at which it is judged."""
    assert case.duty.answer
    for start in starts(case):
        row = judge(case, start, case.duty.answer, deadline(case, start), judged(case, start))
        case.found.obligations.append(row)


def before(case: Case) -> None:
    """An answer before the target happens. While the target is only planned it may move, or be vacated."""
    assert case.duty.answer
    for start in starts(case):
        case.found.obligations.append(judge(case, start, case.duty.answer, start.due, start.due))


def repeat(case: Case) -> None:
    """Contact at least every interval: each window is one obligation. A start while windows run adds none."""
    ran_until: datetime | None = None
    for event in starting_events(case):
        if ran_until is None or event.at > ran_until:
            ran_until = _windows(case, event)


def all_of(case: Case) -> None:
    """Several parts on one clock: each part an obligation of its own, and the whole."""
    for start in starts(case):
        latest, counts_from = deadline(case, start), judged(case, start)
        parts = (_part(case, start, part, latest, counts_from) for part in case.duty.parts)
        rows = [row for row in parts if row is not None]
        if rows:
            case.found.obligations.extend([_whole(rows, case.as_of), *rows])


EVALUATORS: dict[str, Callable[[Case], None]] = {
    "respond": respond,
    "before": before,
    "repeat": repeat,
    "all_of": all_of,
}


# -- what makes an obligation arise ---------------------------------------------------------------------------------


def starts(case: Case) -> Iterator[Start]:
    """The starts from which an obligation arises: in force, and where the duty applies or it cannot be told."""
    found = (owed(case, event) for event in starting_events(case))
    arising = [start for start in found if start is not None]
    if case.duty.which == "first":
        yield from arising[:1]
        return
    for place, start in enumerate(arising):
        later = next((one.event for one in arising[place + 1 :] if one.event.at > start.event.at), None)
        if later is None:
            yield start
            continue
        replaced = later if case.duty.which == "latest" else None
        yield start._replace(cancelled_by=start.cancelled_by or replaced, said_until=later.at)


def starting_events(case: Case) -> Sequence[Entry]:
    """The events that the duty is owed upon, in order; of one hearing or request only the first that stands.

    A `before` duty without a start of its own is owed upon its target, also while that is only planned.
    """
    events = [*case.timeline.select(case.duty.owed_when or case.duty.before)]
    plans = [] if case.duty.owed_when else _plans(case)
    events += [plan.event for plan in plans]
    events.sort(key=in_order)
    if case.duty.owed_to not in ("hearing", "request"):
        return events
    vacated = {plan.event.id for plan in plans if plan.vacated}
    first_of_each: dict[str, Entry] = {}
    for event in sorted(events, key=lambda one: one.id in vacated):
        first_of_each.setdefault(addressee(case.duty, event), event)
    return [event for event in events if first_of_each[addressee(case.duty, event)] is event]


def _plans(case: Case) -> list[Plan]:
    return matching.plans(case.timeline, case.duty.before, case.rules.vocabulary)


def owed(case: Case, event: Entry) -> Start | None:
    """What follows from a start, if anything is owed upon it; else None, and why not is counted by cause.

    Which edition holds is chosen by the day on which the clock starts.
    """
    if not case.rule.in_force(local_day(clock_of(case, event) or event.at)):
        return None
    known = _read_at(case, event)
    reader = case.reader()
    applies = reader.holds(case.duty.applies, known)
    if applies is False:
        case.found.not_arisen[(case.duty.id, _cause(reader, case.duty.applies, known))] += 1
        return None
    start = aimed(case, clocked(case, event))
    return start._replace(missing=reader.missing[0]) if applies is None else start


def _read_at(case: Case, event: Entry) -> Knowledge:
    """What was known when it is read whether the duty applies: at the start, or when it is due."""
    known = knowledge(case, event)
    if case.duty.applies_at == "start":
        return known
    moment = min(judged(case, aimed(case, clocked(case, event))) or case.as_of, case.as_of)
    return known._replace(at=moment, by=max(moment, known.by))


def aimed(case: Case, start: Start) -> Start:
    """A start of a `before` duty with its target's moment as its due moment, or what took the target away."""
    if case.duty.kind != "before":
        return start
    if not case.duty.owed_when:
        vacated = (plan.vacated for plan in _plans(case) if plan.event is start.event)
        return start._replace(due=start.event.at, cancelled_by=next(vacated, None))
    target = matching.target(case.timeline, case.duty.before, start.event, case.rules.vocabulary)
    return start._replace(due=target.event.at if target.event else None, cancelled_by=target.vacated)


def _cause(reader: Reader, condition: c.Condition | None, known: Knowledge) -> str:
    """The first condition that fails, in words."""
    parts = condition.of if isinstance(condition, c.All) else (condition,)
    failing = next(part for part in parts if reader.holds(part, known) is False)
    assert failing is not None
    return f"not so: {failing.says()}"


# -- from when it counts --------------------------------------------------------------------------------------------


def deadline(case: Case, start: Start) -> datetime | None:
    """The last moment at which an answer keeps the duty: due, or its stage; none where only a maturity is set."""
    assert case.duty.judged_at
    if case.duty.judged_at.at == "maturity":
        return None
    return start.due if case.duty.judged_at.at == "due" else _stage(case, start)


def judged(case: Case, start: Start) -> datetime | None:
    """From when the obligation counts; None while that is not known."""
    assert case.duty.judged_at
    if case.duty.judged_at.at == "maturity":
        return case.rules.calendar.after(start.clock or start.event.at, case.duty.judged_at.days, "days")
    return deadline(case, start)


def _stage(case: Case, start: Start) -> datetime | None:
    """When the first event of the stage came, at or after the start; the start itself may be it."""
    assert case.duty.judged_at
    stages = case.timeline.select(case.duty.judged_at.stage)
    fitting = (one for one in stages if matching.compatible(case.timeline, start.event, one, ("suspect", "item")))
    return next((one.at for one in fitting if one.at >= start.event.at), None)


# -- parts ----------------------------------------------------------------------------------------------------------


def _part(
    case: Case, start: Start, part: Part, latest: datetime | None, counts_from: datetime | None
) -> Obligation | None:
    """One part of an `all_of` duty; None where it does not apply, which is counted by cause."""
    reader = case.reader()
    applies = reader.holds(part.applies, start.known)
    if applies is False:
        cause = f"{part.id} {_cause(reader, part.applies, start.known)}"
        case.found.not_arisen[(case.duty.id, cause)] += 1
        return None
    if applies is None and not start.missing:
        start = start._replace(missing=reader.missing[0])
    return judge(case, start, part.answer, latest, counts_from, part)


def _whole(parts: list[Obligation], as_of: datetime) -> Obligation:
    """The duty as a whole: in the worst state of its parts, answered when the last of them was."""
    settled = of_whole([part.settled for part in parts])
    state = at_clock(settled, parts[0].judged, as_of)
    counted = [part for part in parts if part.state in COUNTED]
    shown = [part for part in parts if part.settled == settled]
    last = max(shown, key=lambda part: (part.answered_at or part.start_at, part.part))
    in_time = [part.entered_by_due for part in counted]
    return last._replace(
        part="",
        state=state,
        settled=settled,
        at_best=state in COUNTED and all(part.at_best for part in counted),
        entered_by_due=all(in_time) if state == "met" and None not in in_time else None,
    )


# -- windows --------------------------------------------------------------------------------------------------------


def _windows(case: Case, first: Entry) -> datetime:
    """Judge one window after another from a start; returns the moment until which they ran.

    A window is due its interval after the last qualifying contact, else after the last due moment. One that the end
    cuts short lapses: it never fell due.
    """
    assert case.duty.answer
    ends = [one.at for one in case.timeline.select(case.duty.ends) if one.at >= first.at]
    ends += [one.at for one in case.timeline.select(case.duty.extinguished_by)]
    ended = min(ends, default=None)
    contacts = _contacts(case, case.duty.answer, "specific", ended)
    generic = _contacts(case, case.duty.answer, "generic", ended)
    opens = first
    while True:
        window = owed(case, opens)
        start = window or clocked(case, opens)
        cut_short = ended is not None and start.due is not None and ended < start.due
        inside = [] if cut_short else _between(contacts, opens.at, start.due)
        if window:
            in_general = [] if cut_short else _between(generic, opens.at, start.due)
            found = Answered(next(iter(inside), None), next(iter(in_general), None))
            window = window._replace(said_until=start.due + (start.due - opens.at) if start.due else None)
            case.found.obligations.append(decided(case, window, case.duty.answer, found, start.due, start.due))
        if start.due is None:
            return opens.at
        if cut_short or start.due == ended or (start.due > case.as_of and not inside):
            return ended or case.as_of
        last = inside[-1].event if inside else opens._replace(at=start.due)
        opens = first._replace(id=last.id, at=last.at, entered=last.entered)


def _contacts(case: Case, answer: Answer, role: str, ended: datetime | None) -> list[Match]:
    """The contacts that qualify, up to the end."""
    events = case.timeline.select(answer.specific if role == "specific" else answer.generic)
    return [Match(one, role, "unlinked") for one in events if ended is None or one.at <= ended]


def _between(contacts: list[Match], after: datetime, until: datetime | None) -> list[Match]:
    return [one for one in contacts if until is not None and after < one.event.at <= until]
