"""Judging one obligation: gathering the evidence, deciding its state, and writing the row."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kept.code.model import Answer, Duty, Part, Selector, State
from kept.contract.vocabulary import LINKS
from kept.engine import matching
from kept.engine.case import Case, Start
from kept.engine.entries import Entry, in_order
from kept.engine.matching import Answered, Match
from kept.engine.obligation import Obligation
from kept.engine.states import COUNTED, Evidence, at_clock, settle


def judge(
    case: Case,
    start: Start,
    answer: Answer,
    latest: datetime | None,
    counts_from: datetime | None,
    part: Part | None = None,
) -> Obligation:
    """Find what answers a start and decide its state. `latest` is the last moment that keeps it."""
    found = matching.answer(case.timeline, answer, start.event, case.used, case.duty.or_reason)
    cancelled = _cancelled(start, latest or counts_from)
    if cancelled and found.specific and found.specific.event.at > cancelled.at:
        found = Answered(None, found.generic)
    row = decided(case, start, answer, found, latest, counts_from, part)
    if found.specific and not answer.shared and row.settled in ("met", "late"):
        case.used.add(found.specific.event.id)
    return row


def decided(
    case: Case,
    start: Start,
    answer: Answer,
    found: Answered,
    latest: datetime | None,
    counts_from: datetime | None,
    part: Part | None = None,
) -> Obligation:
    """Decide the state of an obligation whose answer has been found; `part` where it is one of an `all_of` duty."""
    duty = case.duty
    evidence = Evidence(
        as_of=case.as_of,
        deadline=latest,
        judged=counts_from,
        limited=duty.limit is not None or duty.kind == "before",
        missing=start.missing,
        answer=found.specific.event if found.specific else None,
    )
    if not (evidence.missing or evidence.answered_in_time()):
        # What else is on record decides only where nothing answered in time.
        evidence = evidence._replace(
            ended=_ended(case, start, found.specific, latest or counts_from),
            declined=_declined(case, start, answer, latest or counts_from),
            reason=_reason(case, start, answer),
            not_done=_first(case, part.not_done if part else duty.not_done, start, answer),
        )
    return _row(case, start, evidence, found, part.id if part else "")


def addressee(duty: Duty, event: Entry) -> str:
    """Which hearing or request a start is about: its link, or else the event itself."""
    return (event.hearing if duty.owed_to == "hearing" else event.item) or event.id


def opted_out(case: Case, start: Start, at: datetime) -> Entry | None:
    """The fact by which the victim is opted out of contact at a moment."""
    facts = [one for one in case.timeline.facts.get("opted_out", ()) if one.at <= at]
    if not facts:
        return None
    known = start.known._replace(at=at, by=case.as_of)
    return facts[-1] if case.reader().value("opted_out", known) == "true" else None


# -- evidence -------------------------------------------------------------------------------------------------------


def _ended(case: Case, start: Start, answered: Match | None, until: datetime | None) -> Entry | None:
    """The first event that extinguishes the obligation.

    The edition's own (death, cancellation) do so whenever they came; the duty's, since the obligation began. What
    cancels its start does too, unless it was answered first.
    """
    ends = [
        *case.timeline.select(case.duty.extinguished_by),
        *(one for one in case.timeline.select(case.duty.ends) if one.at >= start.begins),
    ]
    ends = [one for one in ends if matching.compatible(case.timeline, start.event, one, LINKS)]
    cancelled = _cancelled(start, until)
    if cancelled and not answered:
        ends.append(cancelled)
    return min(ends, key=in_order, default=None)


def _cancelled(start: Start, until: datetime | None) -> Entry | None:
    """What cancelled the start before the obligation was due: a vacated hearing, a further start."""
    event = start.cancelled_by
    return event if event and (until is None or event.at < until) else None


def _declined(case: Case, start: Start, answer: Answer, until: datetime | None) -> Entry | None:
    """The first of: the victim declined; the opt-out in force when the obligation fell due."""
    said = [_first(case, case.duty.declined, start, answer), *_about_duty(case, "victim_declined", start, answer)[:1]]
    if case.duty.opt_out == "ends":
        said.append(opted_out(case, start, min(until or case.as_of, case.as_of)))
    return min(filter(None, said), key=in_order, default=None)


def _reason(case: Case, start: Start, answer: Answer) -> Entry | None:
    """The good reason entered first."""
    reasons = _about_duty(case, "good_reason", start, answer)
    return min(reasons, key=lambda one: (one.entered, one.at, one.id), default=None)


def _first(case: Case, selectors: Sequence[Selector], start: Start, answer: Answer) -> Entry | None:
    """The first of these events about this start: since it began, or whenever, as its answers may come."""
    for event in case.timeline.select(selectors):
        if _in_order(event, start, answer) and matching.linked(
            case.timeline, start.event, event, answer.match, answer.unlinked
        ):
            return event
    return None


def _about_duty(case: Case, kind: str, start: Start, answer: Answer) -> list[Entry]:
    """The `good_reason` or `victim_declined` events that name this duty, and no other start.

    One that names no start is about the latest start before it: one word cannot excuse a history.
    """
    return [
        event
        for event in case.timeline.events.get(kind, ())
        if event.item == case.duty.id
        and _in_order(event, start, answer)
        and (event.answers == start.event.id or start.said_until is None or event.at < start.said_until)
        and matching.linked(case.timeline, start.event, event, ("suspect", "hearing"), True)
    ]


def _in_order(event: Entry, start: Start, answer: Answer) -> bool:
    return answer.first_ever or event.at >= start.begins


# -- the row --------------------------------------------------------------------------------------------------------


def _row(case: Case, start: Start, evidence: Evidence, found: Answered, part: str) -> Obligation:
    """The obligation: its state, and everything that the state rests on."""
    settled = settle(evidence)
    state = at_clock(settled, evidence.judged, case.as_of)
    answer, generic = found.specific, found.generic
    until = evidence.deadline or evidence.judged
    subject, duty = case.subject, case.duty
    credited_to, officer = _credit(case, start, until)
    return Obligation(
        subject=subject.number,
        subject_kind=duty.owed_to,
        subject_id=addressee(duty, start.event) if duty.owed_to in ("hearing", "request") else subject.id,
        investigation=subject.investigation,
        crime=subject.crime or start.event.crime,
        victim=subject.victim or start.event.victim,
        person=subject.person,
        duty=duty.id,
        part=part,
        right=duty.right,
        edition=duty.edition,
        holder=duty.holder,
        start_id=start.event.id,
        start_at=start.event.at,
        clock_at=start.clock,
        limit=start.limit.says() if start.limit else "",
        due=start.due,
        judged=evidence.judged,
        state=state,
        settled=settled,
        missing=start.missing,
        answer_id=answer.event.id if answer else None,
        answered_at=answer.event.at if answer else None,
        answer_entered=answer.event.entered if answer else None,
        answered_by=answer.role if answer else "",
        linked=answer.linked if answer else "",
        generic_id=generic.event.id if generic else None,
        generic_at=generic.event.at if generic else None,
        late_by=_late_by(state, evidence),
        at_best=_at_best(state, evidence, generic),
        entered_by_due=_entered_by_due(state, evidence),
        reason_id=evidence.reason.id if evidence.reason else None,
        reason_after_due=evidence.reason.entered > until if evidence.reason and until else None,
        ended_by=_ended_by(state, evidence),
        moved_to=_moved_to(case, start),
        enhanced_flag=start.enhanced_flag,
        enhanced_gate=start.enhanced_gate,
        credited_to=credited_to,
        credited_officer=officer,
    )


def _late_by(state: State, evidence: Evidence) -> int | None:
    """By how much the answer was late, in whole seconds; kept also where a good reason hides the lateness."""
    if (
        state not in ("late", "reasoned")
        or evidence.answer is None
        or evidence.deadline is None
        or not evidence.limited
    ):
        return None
    return (evidence.answer.at - evidence.deadline) // timedelta(seconds=1)


def _at_best(state: State, evidence: Evidence, generic: Match | None) -> bool:
    """Whether it counts as met at best: no record, or a general contact in time that may have included it.

    Not where the record says in so many words that it was not done.
    """
    if state in ("met", "no_record"):
        return True
    if state not in COUNTED or state == "not_done" or generic is None:
        return False
    return evidence.deadline is None or generic.event.at <= evidence.deadline


def _entered_by_due(state: State, evidence: Evidence) -> bool | None:
    """Whether what was done in time was also written down in time; None where nothing says by when."""
    if state != "met" or evidence.answer is None or evidence.deadline is None:
        return None
    return evidence.answer.entered <= evidence.deadline


def _ended_by(state: State, evidence: Evidence) -> str | None:
    event = {"lapsed": evidence.ended, "declined": evidence.declined}.get(state)
    return event.id if event else None


def _moved_to(case: Case, start: Start) -> str:
    """Where an opt-out moves the duty: to a letter or to the officer."""
    if case.duty.opt_out not in ("letter", "officer"):
        return ""
    return case.duty.opt_out if opted_out(case, start, min(start.due or case.as_of, case.as_of)) else ""


def _credit(case: Case, start: Start, until: datetime | None) -> tuple[str, str | None]:
    """Who answers for it: the team and officer that held the investigation, who recorded it, or an agency."""
    how = case.duty.credit
    if how == "agency":
        return case.duty.holder, None
    if how == "recorder":
        recorded = case.timeline.events.get("crime_recorded")
        return case.reader().value("touchpoint", start.known) or "", recorded[0].by if recorded else None
    posting = case.timeline.holder(start.event.at if how == "holder_at_start" else min(until or case.as_of, case.as_of))
    if posting is None:
        return "", None
    return (posting.team or "", posting.officer) if posting.officer else ("unallocated", None)
