"""The states of an obligation, and the one table that decides them: the first row that holds.

Every engine follows this table; `kept code docs` prints it as `docs/reference/states.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from kept.code.model import State
from kept.engine.entries import Entry

COUNTED: tuple[State, ...] = ("met", "late", "not_done", "no_record", "reasoned")
"""The states that a rate is taken over."""
LOST: tuple[State, ...] = ("not_done", "no_record", "late")
"""The states in which the records do not show that an obligation was kept in time."""


class Evidence(NamedTuple):
    """What decides one obligation's state.

    deadline   the last moment at which an answer keeps it; None where an answer at any time does
    judged     from when it counts; None while that moment is not known
    limited    the law sets a limit, so that an answer after the deadline is late
    """

    as_of: datetime
    deadline: datetime | None = None
    judged: datetime | None = None
    limited: bool = False
    missing: str = ""
    answer: Entry | None = None
    ended: Entry | None = None
    declined: Entry | None = None
    reason: Entry | None = None
    not_done: Entry | None = None

    def answered_in_time(self) -> bool:
        return self.answer is not None and (self.deadline is None or self.answer.at <= self.deadline)

    def before_its_time(self, event: Entry | None) -> bool:
        """Whether the event came before the obligation was due or judged."""
        until = self.deadline or self.judged
        return event is not None and (until is None or event.at < until)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: the state, when it holds in words, and the same as a test."""

    state: State
    when: str
    holds: Callable[[Evidence], bool]


STATES: tuple[Row, ...] = (
    Row(
        "not_measurable",
        "a fact, or the event that starts the clock, is missing for this subject",
        lambda seen: bool(seen.missing),
    ),
    Row(
        "met",
        "answered, or a reason told that is enough, by the due moment (with no limit: by the stage)",
        lambda seen: seen.answered_in_time(),
    ),
    Row(
        "lapsed",
        "what it was for ended before it was due",
        lambda seen: seen.before_its_time(seen.ended),
    ),
    Row(
        "declined",
        "the victim did not want it, said so before it was due, or has opted out of a duty that an opt-out ends",
        lambda seen: seen.before_its_time(seen.declined),
    ),
    Row(
        "pending",
        "the moment from which it counts has not come",
        lambda seen: seen.judged is None or seen.as_of < seen.judged,
    ),
    Row("reasoned", "the force recorded its own good reason", lambda seen: seen.reason is not None),
    Row(
        "late",
        "answered after the due moment",
        lambda seen: seen.limited and seen.answer is not None,
    ),
    Row(
        "not_done",
        "the record says in so many words that it was not done",
        lambda seen: seen.not_done is not None,
    ),
    Row("no_record", "judged, and no evidence either way", lambda seen: True),
)

STATE_NAMES: tuple[State, ...] = tuple(row.state for row in STATES)
"""The states, in the order of the table."""

TURNING: tuple[State, ...] = ("reasoned", "late", "not_done", "no_record")
"""The states in which an obligation settles only by the clock: until it is judged, it is pending."""

WORST_FIRST: tuple[State, ...] = (
    "not_done", "no_record", "late", "reasoned", "pending", "not_measurable", "lapsed", "met", "declined",
)  # fmt: skip
"""The state of a whole made of parts is the first of these that one of its parts has."""


def settle(evidence: Evidence) -> State:
    """The state in which the evidence settles an obligation: its state, but for the time until it is judged."""
    return next(row.state for row in STATES if row.state != "pending" and row.holds(evidence))


def at_clock(settled: State, judged: datetime | None, clock: datetime) -> State:
    """The state at a moment of what settles in a state; the clock decides nothing else."""
    return "pending" if settled in TURNING and (judged is None or clock < judged) else settled


def of_whole(parts: list[State]) -> State:
    """The state of an `all_of` duty as a whole; a part that the victim declined does not spoil it."""
    return next(state for state in WORST_FIRST if state in parts)
