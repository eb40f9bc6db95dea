"""What must hold of every duty on every timeline, whatever they are. The generators' worlds are in `worlds.py`."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.code.model import Duty, State
from kept.engine.entries import Entry, Posting
from kept.engine.obligation import Obligation
from kept.engine.states import COUNTED, WORST_FIRST
from tests.agreement.worlds import SPECIFIC, STARTS, random_duty, random_entries, random_event
from tests.support.engine import T, duty, fact, rows, run

SEEDS = st.integers(0, 2**32)
KINDS = ("respond", "before", "repeat", "all_of")
EACH = 6
"""Worlds for each seed that Hypothesis draws."""

POSTINGS = (
    Posting(T(-90), T(4), "O1", "team 1"),
    Posting(T(4), T(12), None, None),
    Posting(T(12), None, "O2", "team 2"),
)
Key = tuple[str, datetime, str, str]


def worlds(seed: int, *kinds: str) -> Iterator[tuple[Random, Duty, list[Entry]]]:
    """Some duties of these kinds (any, if none), each with a timeline."""
    for number in range(EACH):
        chance = Random(f"{seed}.{number}")
        yield chance, random_duty(chance, chance.choice(kinds) if kinds else None), random_entries(chance)


def key(row: Obligation) -> Key:
    return (row.duty, row.start_at, row.start_id or "", row.part)


def by_key(found: list[Obligation]) -> dict[Key, Obligation]:
    return {key(row): row for row in found}


# -- order ---------------------------------------------------------------------------------------------------------


@given(SEEDS)
def test_the_order_of_entries_changes_nothing(seed: int) -> None:
    for chance, what, entries in worlds(seed):
        shuffled = chance.sample(entries, len(entries))
        assert run(what, entries, postings=POSTINGS) == run(what, shuffled, postings=POSTINGS)


@given(SEEDS)
def test_rows_stand_in_the_order_of_their_starts_and_each_only_once(seed: int) -> None:
    for _, what, entries in worlds(seed):
        found = rows(what, entries)
        assert all(one.start_at <= following.start_at for one, following in pairwise(found))
        assert len(by_key(found)) == len(found)
        parts = ["", *(part.id for part in what.parts)]
        for start in {row.start_id for row in found}:
            of_start = [parts.index(row.part) for row in found if row.start_id == start and row.part]
            assert of_start == sorted(of_start)


# -- what an as-of sees --------------------------------------------------------------------------------------------


def as_then(entries: list[Entry], as_of: float) -> list[Entry]:
    """The entries as they stood at a moment: later ones absent, later corrections not yet made."""
    seen = [one for one in entries if one.entered <= T(as_of)]
    return [one._replace(withdrawn=None) if one.withdrawn and one.withdrawn > T(as_of) else one for one in seen]


@given(SEEDS, st.sampled_from((0, 1, 5, 8, 14, 30, 41)))
def test_what_is_entered_or_corrected_later_changes_no_earlier_run(seed: int, as_of: float) -> None:
    for _, what, entries in worlds(seed):
        assert run(what, entries, as_of) == run(what, as_then(entries, as_of), as_of)


MAY_FOLLOW_PENDING = ("pending", "no_record", "not_done", "reasoned")
"""What the clock alone makes of a pending obligation; an answer, an end or a refusal would have been entered."""


def settled(entries: list[Entry], as_of: float) -> list[Entry]:
    """What was entered by a moment and never corrected, facts of the future left out."""
    kept = [one._replace(withdrawn=None) for one in as_then(entries, as_of)]
    return [one for one in kept if not (one.is_fact and one.at > T(as_of))]


def of_wholes(found: list[Obligation], duty_kind: str) -> dict[Key, Obligation]:
    """The rows of duties as wholes of several parts."""
    return by_key([row for row in found if duty_kind == "all_of" and not row.part])


def of_single_answers(found: list[Obligation], duty_kind: str) -> dict[Key, Obligation]:
    """The rows that have one answer: of parts, and of duties without parts."""
    return by_key([row for row in found if duty_kind != "all_of" or row.part])


@pytest.mark.parametrize(
    "rows_of",
    [
        of_single_answers,
        of_wholes,
    ],
)
@given(seed=SEEDS, first=st.sampled_from((1, 5, 8, 14, 29)), more=st.sampled_from((0.4, 1, 6, 90)))
def test_the_clock_alone_changes_only_what_was_pending(
    rows_of: Callable[[list[Obligation], str], dict[Key, Obligation]], seed: int, first: float, more: float
) -> None:
    for _, what, entries in worlds(seed):
        known = settled(entries, first)
        before, after = (rows_of(rows(what, known, as_of), str(what.kind)) for as_of in (first, first + more))
        assert set(before) <= set(after)
        assert what.kind == "repeat" or set(before) == set(after)
        for place, row in before.items():
            if row.state != "pending":
                assert unaccounted(row) == unaccounted(after[place])
            else:
                assert after[place].state in MAY_FOLLOW_PENDING


def unaccounted(row: Obligation) -> Obligation:
    """The row without who answers for it where nothing says by when, and so nothing says who."""
    return row if row.judged else row._replace(credited_to="", credited_officer=None, moved_to="")


# -- a further answer ----------------------------------------------------------------------------------------------

BETTER: dict[State, tuple[State, ...]] = {
    "not_done": ("late", "met"),
    "no_record": ("late", "met"),
    "late": ("met",),
    "reasoned": ("met",),
    "pending": ("met",),
    "declined": ("met",),
    "lapsed": ("met",),
    "met": (),
    "not_measurable": (),
}
"""The states that a further answer may turn each state into, besides itself."""


def no_worse(before: Obligation, after: Obligation, whole: bool) -> bool:
    """Whether a further answer left the state, or bettered it; a whole may go up by one part at a time."""
    if after.state == before.state or after.state in BETTER[before.state]:
        return True
    return whole and WORST_FIRST.index(after.state) > WORST_FIRST.index(before.state)


def further_answer(chance: Random, entries: list[Entry]) -> Entry:
    """An answer that is no start, stop or condition of any of the duties; of some it is the only one."""
    told = random_event(chance, "added", [(str(SPECIFIC["kind"]), {"result": "told"})])
    starts = [one.id for one in entries if one.kind in STARTS]
    return told._replace(answers=chance.choice(starts)) if starts and chance.random() < 0.3 else told


@given(SEEDS)
def test_a_further_answer_makes_no_state_worse(seed: int) -> None:
    for chance, what, entries in worlds(seed, "respond", "before", "all_of"):
        before = by_key(rows(what, entries))
        after = by_key(rows(what, [*entries, further_answer(chance, entries)]))
        assert set(before) == set(after)
        for place, row in before.items():
            assert no_worse(row, after[place], what.kind == "all_of" and not row.part), (row, after[place])


def steady_plan(chance: Random) -> Duty:
    """Windows of one length: where the interval changes, a contact also decides from when the new one holds."""
    interval = {"days": chance.choice((1, 3, 7, 10))}
    contact = {"specific": {"kind": "victim_contacted", "result": "reached"}}
    ends = ["investigation_closed"] if chance.random() < 0.7 else []
    return duty(kind="repeat", owed_when=["contact_agreed"], limit=interval, answer=contact, ends=ends)


PLAN_KINDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("contact_agreed", {}),
    ("victim_contacted", {"result": "reached"}),
    ("victim_contacted", {"result": "reached"}),
    ("victim_contacted", {"result": "attempted"}),
    ("investigation_closed", {}),
)


@given(SEEDS, st.sampled_from((5, 14, 36, 60)))
def test_a_further_contact_adds_no_missed_window(seed: int, as_of: float) -> None:
    for number in range(EACH):
        chance = Random(f"{seed}.{number}")
        what = steady_plan(chance)
        entries = [unlinked_event(chance, f"e{n}", PLAN_KINDS) for n in range(chance.randint(1, 9))]
        contact = unlinked_event(chance, "added", PLAN_KINDS[1:2])
        assert missed(rows(what, [*entries, contact], as_of)) <= missed(rows(what, entries, as_of))


def unlinked_event(chance: Random, ident: str, kinds: Sequence[tuple[str, dict[str, str]]]) -> Entry:
    return random_event(chance, ident, kinds)._replace(suspect=None, hearing=None)


def missed(found: list[Obligation]) -> int:
    return sum(row.state in COUNTED and row.state != "met" for row in found)


# -- Enhanced Rights -----------------------------------------------------------------------------------------------


@given(SEEDS)
def test_failing_to_flag_changes_nothing_where_a_gate_is_open(seed: int) -> None:
    for _, what, entries in worlds(seed):
        known = [one for one in entries if one.kind != "vulnerable"] + [fact("vulnerable", "true", -200)]
        flagged = rows(what, [*known, fact("enhanced", "true", -200, id="flag")])
        unflagged = rows(what, [one for one in known if one.kind != "enhanced"])
        assert [row._replace(enhanced_flag=None) for row in flagged] == [
            row._replace(enhanced_flag=None) for row in unflagged
        ]


# -- the properties are about something ----------------------------------------------------------------------------

EVERY_STATE = set(WORST_FIRST)


@pytest.mark.parametrize("kind", KINDS)
def test_the_worlds_reach_every_state(kind: str) -> None:
    reached: set[State] = set()
    for seed in range(800):
        chance = Random(seed)
        what, entries = random_duty(chance, kind), random_entries(chance)
        for as_of in (5, 30, 1000):
            reached.update(row.state for row in rows(what, entries, as_of))
    never = {"late"} if kind == "repeat" else set()
    assert reached == EVERY_STATE - never


REACHED: dict[str, Callable[[Obligation], bool]] = {
    "linked explicitly": lambda row: row.linked == "explicit",
    "linked by what both name": lambda row: row.linked == "same",
    "answered without a link": lambda row: row.linked == "unlinked",
    "answered by a reason": lambda row: row.answered_by == "reason",
    "met at best by a general contact": lambda row: row.state in ("late", "reasoned") and row.at_best,
    "met but written down late": lambda row: row.entered_by_due is False,
    "a reason after the due moment": lambda row: row.reason_after_due is True,
    "moved to a letter": lambda row: row.moved_to == "letter",
    "credited to nobody": lambda row: row.credited_to == "unallocated",
    "enhanced by a gate alone": lambda row: row.enhanced_gate is True and row.enhanced_flag is False,
}


def test_the_worlds_reach_what_a_row_can_say() -> None:
    found: list[Obligation] = []
    for seed in range(900):
        chance = Random(seed)
        found.extend(rows(random_duty(chance), random_entries(chance), postings=POSTINGS))
    assert [name for name, holds in REACHED.items() if not any(map(holds, found))] == []
