"""Every judged obligation goes one way, and the ways are the two ends of its rate."""

from hypothesis import given
from hypothesis import strategies as st

from kept.engine.states import COUNTED
from kept.measures.ledger.packed import ASIDE
from kept.measures.lost import NOTHING, SIDES, WAYS, Ways, together

ROWS = [
    {"state": state, "at_best": best, "entered_by_due": entered}
    for state in COUNTED
    for best in (False, True)
    for entered in (False, True)
    if (state != "met" or best) and (state != "not_done" or not best)  # what an engine never says
]
ways = st.builds(
    Ways,
    st.fixed_dictionaries({way.id: st.integers(0, 50) for way in WAYS}),
    st.fixed_dictionaries({state: st.integers(0, 50) for state in ASIDE}),
)


def test_whatever_is_judged_goes_exactly_one_way() -> None:
    for row in ROWS:
        assert sum(way.holds(row) for way in WAYS) == 1, row


def test_kept_and_what_the_record_cannot_tell_are_what_counts_at_best() -> None:
    for row in ROWS:
        side = next(way.side for way in WAYS if way.holds(row))
        assert (side in ("kept", "recording")) == row["at_best"], row
        assert (side == "kept") == (row["state"] == "met"), row


@given(ways)
def test_the_sides_are_all_that_was_judged(found: Ways) -> None:
    assert sum(found.of(side) for side in SIDES) == found.judged
    assert found.lost == found.judged - found.of("kept")
    assert found.owed - found.judged == sum(found.aside.values())
    assert found.of("kept") <= found.answered <= found.judged


@given(st.lists(ways, max_size=4))
def test_together_nothing_is_lost_and_nothing_counts_twice(several: list[Ways]) -> None:
    assert together(several).judged == sum(one.judged for one in several)
    assert together([*several, NOTHING]) == together(several)


@given(ways)
def test_without_a_limit_nothing_is_written_late_and_as_much_is_kept(found: Ways) -> None:
    without = found.with_no_time_to_write()
    assert without.went["written_late"] == 0
    assert (without.of("kept"), without.judged) == (found.of("kept"), found.judged)
