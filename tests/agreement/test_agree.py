"""The compiled evaluator gives the reference's rows on random rulebooks of every word, small enough for every run.

In memory, and through the store; `make agree` does the same at length.
"""

from pathlib import Path

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from kept.engine.obligation import Evaluation
from kept.engine.rules import prepare
from kept.engine.states import WORST_FIRST
from tests.agreement import recorded
from tests.agreement.cases import SCENES, Case, as_ofs, case, rulebook_of, smallest, subjects_of
from tests.agreement.comparing import SAID, DisagreementError, Tally, compare, of_reference, require_equal
from tests.agreement.duties import OWN_DEADLINE
from tests.support.engine import BASE, duty, event, run

NUMBERS = st.integers(0, 2**32)


def several(numbers: st.SearchStrategy[int], most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(numbers, min_size=1, max_size=most, unique=True).map(tuple)


CASES = st.builds(
    Case,
    st.integers(0, len(SCENES) - 1),
    several(NUMBERS, 5),
    st.lists(several(NUMBERS, 14), min_size=1, max_size=4).map(tuple),
)


@settings(max_examples=settings().max_examples * 3 // 5)
@given(CASES)
def test_random_rulebooks_on_random_timelines(made: Case) -> None:
    note(str(rulebook_of(made).chosen))
    compare(made, Tally())


@pytest.mark.parametrize("seed", [f"memory-{number}" for number in range(40)])
def test_cases_as_they_are_made_at_length(seed: str) -> None:
    compare(case(seed), Tally())


def test_a_crowd_of_starts() -> None:
    crowded = next(made for made in (case(f"crowd {number}") for number in range(200)) if len(made.timelines) == 1)
    compare(crowded, Tally())


def test_through_the_store(tmp_path: Path) -> None:
    tally = Tally()
    recorded.compare(recorded.case("store-1"), tmp_path, tally)
    assert tally.seen["incremental runs"] >= 2


# -- the comparison is about something -----------------------------------------------------------------------------


def test_a_difference_is_said_in_its_columns() -> None:
    found = run(duty(), [event("suspect_arrested", 0), event("victim_told", 1)])
    other = Evaluation([found.obligations[0]._replace(state="late", late_by=3)], found.not_arisen)
    require_equal(found, found, BASE)
    with pytest.raises(DisagreementError, match=r"state: 'met' by the reference, 'late' found\n  late_by: None .*, 3"):
        require_equal(found, other, BASE)
    with pytest.raises(DisagreementError, match="Only the reference has row 0"):
        require_equal(found, Evaluation([], found.not_arisen), BASE)


def test_a_number_of_obligations_that_did_not_arise_is_compared() -> None:
    condition = {"fact": "domestic_abuse"}
    found = run(duty(applies=condition), [event("suspect_arrested", 0)])
    assert found.not_arisen.total() == 1
    with pytest.raises(DisagreementError, match=r"not so: domestic abuse'.: 1 by the reference, 0 found"):
        require_equal(found, Evaluation([], type(found.not_arisen)()), BASE)


def test_a_failing_case_is_made_small() -> None:
    made = case("memory-3")
    wanted = made.timelines[1][0]
    small = smallest(made, lambda one: any(wanted in numbers for numbers in one.timelines))
    assert small.timelines == ((wanted,),)
    assert len(small.duties) == 1


FEW = 5
OFTEN = (
    *(f"kind {kind}" for kind in ("respond", "before", "repeat", "all_of")),
    *(f"owed to {whom}" for whom in ("victim", "investigation", "request", "hearing")),
    *(f"linked {how}" for how in ("explicit", "same", "unlinked")),
    *(f"moved_to {where}" for where in ("letter", "officer")),
    *(f"missing {what}" for what in ("crime_reported", "review_eligible", "age", "contact_interval", OWN_DEADLINE)),
    *("answered_by reason", "edition edition-1", "part a", "not arisen", *SAID),
)
"""What at least a few rows must say, in the words of `comparing.Tally`."""


def test_the_cases_reach_what_a_row_can_say() -> None:
    tally = Tally()
    for number in range(100):
        made = case(f"memory-{number}")
        book = rulebook_of(made)
        kinds = {duty.id: str(duty.kind) for duty, _ in book.duties()}
        known = subjects_of(made, book)
        for as_of in as_ofs(made, known, ()):
            tally.add(of_reference([one(as_of) for one in known], prepare(book)), len(known), kinds)
    assert set(tally.rows) == set(WORST_FIRST)
    assert [word for word in OFTEN if tally.seen[word] < FEW] == []
