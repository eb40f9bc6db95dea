"""The check at charge: of each victim whether the records show what should have been done by now, as pure functions.

A check says `pass`, `missing` or `unknown`. It passes only on evidence, an event of the victim's own timeline; where
the records could not show such an event if there were one, their silence is `unknown` and not `missing`. It is
advice: nothing here stops a charge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from kept.code.model import Citation, State
from kept.engine.case import Case
from kept.engine.entries import Entry, Timeline, in_order
from kept.engine.obligation import Evaluation, Obligation
from kept.engine.reading import Knowledge
from kept.engine.reference import evaluate
from kept.web.charge.asked import Ask, Law, Laws

Result = Literal["missing", "unknown", "pass"]
RESULTS: tuple[Result, ...] = get_args(Result)
"""The worst first: a check with several steps has the result of its worst."""

BECAUSE: dict[str, tuple[Result, str]] = {
    "evidenced": ("pass", "The records show it."),
    "declined": ("pass", "The victim did not want it."),
    "not_due_yet": ("pass", "The first contact has not fallen due yet."),
    "not_done": ("missing", "The records say that it was not done."),
    "reasoned": ("missing", "It was not done; the force recorded its reason."),
    "silence": ("missing", "The records do not show it."),
    "overdue": ("missing", "Contact is overdue: the agreed interval ran out with none on record."),
    "not_supplied": ("unknown", "The records loaded here cannot show it."),
    "not_told": ("unknown", "The records do not say whether this victim is owed it."),
    "no_interval": ("unknown", "No interval of contact is on record, so none can be judged."),
    "not_known": ("unknown", "The records do not know this victim yet."),
}
"""Why a step has its result: each reason with its result, and in words."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one step: a key of `BECAUSE`, the event that shows it, and where the law stands."""

    step: str
    because: str
    evidence: Entry | None
    law: tuple[Citation, ...]

    @property
    def result(self) -> Result:
        return BECAUSE[self.because][0]


@dataclass(frozen=True, slots=True)
class Check:
    """One question, with what was found of each of its steps that this victim is owed."""

    ask: Ask
    found: tuple[Found, ...]

    @property
    def result(self) -> Result:
        return min((one.result for one in self.found), key=RESULTS.index)

    @property
    def laws(self) -> tuple[Citation, ...]:
        """Where it stands, each place once."""
        return tuple(dict.fromkeys(law for one in self.found for law in one.law))


def checked(timeline: Timeline, laws: Laws) -> tuple[Check, ...]:
    """What the records of one victim show as of their timeline's moment. What they are not owed is left out."""
    by_now = _by_now(timeline)
    checks = (Check(ask, tuple(_found(by_now, laws, steps))) for ask, steps in laws.asked)
    return tuple(one for one in checks if one.found)


def nothing_known(laws: Laws) -> tuple[Check, ...]:
    """The checks of a victim whom the records do not know."""
    return tuple(
        Check(ask, tuple(Found(law.step.id, "not_known", None, _cited(law)) for law in steps))
        for ask, steps in laws.asked
    )


def worst(checks: Sequence[Check]) -> Result:
    """The result of several checks together; of none at all nothing is known."""
    return min((one.result for one in checks), key=RESULTS.index, default="unknown")


def _by_now(timeline: Timeline) -> Timeline:
    """The timeline without what is only planned, or is said to happen later: neither shows that anything was done."""
    entries = [one for several in (timeline.events, timeline.facts) for found in several.values() for one in found]
    happened = [one for one in entries if not one.planned and one.at <= timeline.as_of]
    return Timeline(timeline.subject, happened, timeline.postings, timeline.as_of)


def _found(timeline: Timeline, laws: Laws, steps: Sequence[Law]) -> Iterator[Found]:
    before: Entry | None = None
    for law in steps:
        owed = _owed(timeline, laws, law)
        if owed is False:
            continue
        read = _contact if law.duty.kind == "repeat" else _step
        because, evidence = read(timeline, laws, law, before)
        if owed is None and BECAUSE[because][0] == "missing":
            because = "not_told"
        yield Found(law.step.id, because, evidence, _cited(law))
        before = evidence


def _owed(timeline: Timeline, laws: Laws, law: Law) -> bool | None:
    """Whether the leading duty applies to this victim by what is known now; None where that cannot be told."""
    case = Case(laws.prepared, law.rules[0], timeline, Evaluation())
    now = Entry(timeline.as_of, "charge_check", "", timeline.as_of)
    return case.reader().holds(law.duty.applies, Knowledge(timeline.as_of, timeline.as_of, now))


_Read = tuple[str, Entry | None]


def _step(timeline: Timeline, laws: Laws, law: Law, before: Entry | None) -> _Read:
    """One event is enough, at or after the evidence of the step `before` it."""
    done = [one for one in timeline.select(law.wants) if before is None or one.at >= before.at]
    if done:
        return "evidenced", done[0]
    if refused := _about(timeline, "victim_declined", law):
        return "declined", refused
    if said := timeline.select(law.not_done):
        return "not_done", said[-1]
    if reason := _about(timeline, "good_reason", law):
        return "reasoned", reason
    return ("not_supplied" if law.silent else "silence"), None


def _contact(timeline: Timeline, laws: Laws, law: Law, before: Entry | None) -> _Read:
    """What became of the last window that was answered or ran out, as the evaluator judges it."""
    windows = evaluate(timeline, laws.prepared).obligations
    if not windows:
        return ("not_supplied" if law.silent else "no_interval"), None
    if windows[-1].state == "not_measurable":
        return "no_interval", None
    ended = [one for one in windows if one.state not in ("pending", "lapsed") or one.settled == "met"]
    if not ended:
        return "not_due_yet", _event(timeline, windows[-1].start_id)
    because = _OF_WINDOWS[ended[-1].settled]
    if because == "overdue" and law.silent:
        return "not_supplied", None
    return because, _evidence(timeline, law, ended[-1])


_OF_WINDOWS: dict[State, str] = {
    "met": "evidenced",
    "late": "evidenced",
    "declined": "declined",
    "reasoned": "reasoned",
    "not_done": "not_done",
    "no_record": "overdue",
    "not_measurable": "no_interval",
}
"""Why a check of contact has its result, by what its last window came to."""


def _evidence(timeline: Timeline, law: Law, row: Obligation) -> Entry | None:
    if row.settled == "declined":
        return _about(timeline, "victim_declined", law)
    return _event(timeline, row.answer_id or row.reason_id)


def _event(timeline: Timeline, ident: str | None) -> Entry | None:
    return next((one for events in timeline.events.values() for one in events if one.id == ident), None)


def _about(timeline: Timeline, kind: str, law: Law) -> Entry | None:
    """The first thing said of the duties themselves: declined by the victim, or not done for a reason."""
    said = timeline.events.get(kind, ())
    return min((one for one in said if one.item in law.named), key=in_order, default=None)


def _cited(law: Law) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(rule.duty.citation for rule in law.rules))
